#pragma once
#include <stdint.h>

// Predictions against candidates over the rows of one sequence in one pass: scores, loss and gradients while a row is
// in cache.
//
// A row is one prediction p of d numbers. Its candidates are latents: the positive, then `n` negatives given as row
// numbers of `latents`. Rows of `latents` and `dLatents` are `stride` numbers, d and zeros behind them up to a multiple of
// FD_CANDIDATE_STRIDE; vectors are loaded faster where both begin at a multiple of 64 bytes. `share` consecutive
// predictions use the same n negatives (1, as in fd_infonce_rows: every one has its own); fd_infonce_groups takes
// `groups` times `share` of them, `tile` at a time: 2 or 8 (the last four or fewer by four), see fd_candidate_tile.
//
//   score_j = p . z_j        dPrediction = weight * sum_j q_j z_j (written)        dLatent_j += weight * q_j p (added)
//
// infonce:   loss_row = log sum_j exp(score_j) - score_0        q = softmax(score) - [j = 0]
// logistic:  loss_row = sum_j log(1 + exp(y_j (logNoise - score_j))), y_0 = 1, else -1
//            q = sigmoid(score - logNoise) - [j = 0]
//
// `work` is room for 16 stride + 8 n + 16 numbers. `loss` receives the added sum of loss_row, `ranks[row]` how many
// negatives score at least as high as the positive: 0 where it is strictly the highest.
#define FD_CANDIDATE_LANES 16
#define FD_CANDIDATE_STRIDE (2 * FD_CANDIDATE_LANES)

#define FD_DECLARE_CANDIDATES(SUFFIX, T)                                                                              \
  void fd_infonce_rows_##SUFFIX(                                                                                      \
      const T *predictions, int32_t d, const T *latents, int32_t stride, const int32_t *positives,                    \
      const int32_t *negatives, int32_t rows, int32_t n, T weight, T *work, T *dPredictions, T *dLatents,             \
      double *loss, int32_t *ranks);                                                                                  \
  void fd_infonce_groups_##SUFFIX(                                                                                    \
      const T *predictions, int32_t d, const T *latents, int32_t stride, const int32_t *positives,                    \
      const int32_t *negatives, int32_t groups, int32_t share, int32_t n, int32_t tile, T weight, T *work,            \
      T *dPredictions, T *dLatents, double *loss, int32_t *ranks);                                                    \
  void fd_logistic_rows_##SUFFIX(                                                                                     \
      const T *predictions, int32_t d, const T *latents, int32_t stride, const int32_t *positives,                    \
      const int32_t *negatives, int32_t rows, int32_t share, int32_t n, T logNoise, T weight, T *work,                \
      T *dPredictions, T *dLatents, double *loss, int32_t *ranks);

// The tile whose sums fit into this processor's vector registers: 8 with 32 of 64 bytes. With 16 of 32 bytes tiles of eight
// take twice as long as tiles of two.
int32_t fd_candidate_tile(void);

FD_DECLARE_CANDIDATES(f32, float)
FD_DECLARE_CANDIDATES(f64, double)
