#pragma once
#include <stdint.h>

// Contrast of rows by the matrix of their similarities.
#define FD_DECLARE_CONTRAST(SUFFIX, T)                                                                                \
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
