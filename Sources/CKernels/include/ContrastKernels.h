#pragma once
#include <stdint.h>

// InfoNCE over the rows of one sequence in one pass: scores, softmax, loss and gradients while a row is in cache.
//
// A row is one prediction p (d numbers). Its candidates are latents: the positive, then `n` negatives given as row
// numbers of `latents`. `share` consecutive rows use the same n negatives (1: every row has its own).
//
//   score_j = p . z_j        loss_row = log sum_j exp(score_j) - score_0        q = softmax(score) - [j = 0]
//   dPrediction = weight * sum_j q_j z_j (written)        dLatent_j += weight * q_j p (added)
//
// `scores` is room for n + 1 numbers. `loss` receives the added sum of loss_row, `correct[row]` becomes 1 where the
// positive's score is strictly the highest. With `dPredictions` null only loss and correct are made.
void fd_infonce_rows_f32(
    const float *predictions, const float *latents, int32_t d, const int32_t *positives, const int32_t *negatives,
    int32_t rows, int32_t share, int32_t n, float weight, float *scores, float *dPredictions, float *dLatents,
    double *loss, int32_t *correct);
void fd_infonce_rows_f64(
    const double *predictions, const double *latents, int32_t d, const int32_t *positives, const int32_t *negatives,
    int32_t rows, int32_t share, int32_t n, double weight, double *scores, double *dPredictions, double *dLatents,
    double *loss, int32_t *correct);
