#pragma once
#include <stdint.h>

// Predictions against candidates over the rows of one sequence in one pass: scores, loss and gradients while a row is
// in cache.
//
// A row is one prediction p (d numbers). Its candidates are latents: the positive, then `n` negatives given as row
// numbers of `latents`. `share` consecutive rows use the same n negatives (1, as in fd_infonce_rows: every row has its
// own); fd_infonce_groups takes `groups` times `share` rows.
//
//   score_j = p . z_j        dPrediction = weight * sum_j q_j z_j (written)        dLatent_j += weight * q_j p (added)
//
// infonce:   loss_row = log sum_j exp(score_j) - score_0        q = softmax(score) - [j = 0]
// logistic:  loss_row = sum_j log(1 + exp(y_j (logNoise - score_j))), y_0 = 1, else -1
//            q = sigmoid(score - logNoise) - [j = 0]
//
// `scores` is room for n + 1 numbers, `work` for share (n + 1) + n d. `loss` receives the added sum of loss_row,
// `ranks[row]` how many negatives score at least as high as the positive: 0 where it is strictly the highest.
#define FD_DECLARE_CONTRAST(SUFFIX, T)                                                                                \
  void fd_infonce_rows_##SUFFIX(                                                                                      \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t rows, int32_t n, T weight, T *scores, T *dPredictions, T *dLatents, double *loss, int32_t *ranks);      \
  void fd_infonce_groups_##SUFFIX(                                                                                    \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t groups, int32_t share, int32_t n, T weight, T *work, T *dPredictions, T *dLatents, double *loss,        \
      int32_t *ranks);                                                                                                \
  void fd_logistic_rows_##SUFFIX(                                                                                     \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t rows, int32_t share, int32_t n, T logNoise, T weight, T *scores, T *dPredictions, T *dLatents,          \
      double *loss, int32_t *ranks);                                                                                  \
  /* Softmax contrast of each anchor with the candidates of a matrix of similarities, in place.                       \
                                                                                                                      \
     Anchor i has `scores[i, 0 ..< columns]`. Candidate a counts with m_ia = weights[anchorItems[i], items[a]], or,   \
     with `weights` null, 1 where the items are equal, else 0; it is left out where m_ia < 0 and where a = own[i].    \
                                                                                                                      \
       loss += scale * (log sum_a exp(s_ia / tau) - sum_a m_ia s_ia / (tau sum_a m_ia))                               \
       s_ia <- scale / tau * (softmax(s_i / tau)_a - m_ia / sum_a m_ia), 0 where left out                             \
                                                                                                                      \
     An anchor whose m sum to nothing adds nothing and has a gradient of 0. `targets` is room for `columns` numbers.  \
     `ranks[i]` becomes the number of negatives, m_ia = 0, at least as similar as the most similar positive, or -1    \
     where an anchor has none. */                                                                                     \
  void fd_softmax_contrast_##SUFFIX(                                                                                  \
      T *scores, int32_t rows, int32_t columns, const int32_t *own, const int32_t *anchorItems, const int32_t *items, \
      const double *weights, int32_t itemCount, double temperature, double scale, T *targets, double *loss,           \
      int32_t *ranks);                                                                                                \
  /* Triplets of rows from their similarities s = z . z', d(a, b) = s_aa + s_bb - 2 s_ab; rows of equal groups are    \
     positives.                                                                                                       \
                                                                                                                      \
       loss += sum max(0, d(a, p) - d(a, n) + margin)        gradient += its derivative by s                          \
                                                                                                                      \
     mining 0: every (a, p) with the negative of number `draws[pair]` among those of a, pairs counted anchor by       \
     anchor; 1: every (a, p) with the nearest negative farther than p, else the farthest; 2: the farthest positive    \
     and the nearest negative of every a. `triplets` and `right` receive the added numbers of all, and of those with  \
     d(a, p) < d(a, n). */                                                                                            \
  void fd_triplets_##SUFFIX(                                                                                          \
      const T *similarities, int32_t rows, const int32_t *groups, int32_t mining, double margin,                      \
      const int32_t *draws, double *loss, int64_t *triplets, int64_t *right, T *gradient);

FD_DECLARE_CONTRAST(f32, float)
FD_DECLARE_CONTRAST(f64, double)
