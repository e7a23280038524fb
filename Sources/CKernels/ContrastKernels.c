#include "ContrastKernels.h"

#include <math.h>
#include <stddef.h>

#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define DISPATCHED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define DISPATCHED
#endif
// Inlined into every clone of its caller, so that it is compiled for the same processor.
#define INLINED static inline __attribute__((always_inline))

// Sixteen lanes with explicit partial sums: the compiler may not reassociate a plain float sum by itself. Candidates
// go four at a time so that each load of the prediction serves four products.
#define LANES 16

#define DEFINE_CANDIDATE_LOOPS(SUFFIX, T)                                                                             \
  typedef T lanes_##SUFFIX __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T))));                       \
  /* score_j = p . z_j for the positive (j = 0) and the drawn negatives. */                                           \
  INLINED void candidate_scores_##SUFFIX(                                                                             \
      const T *p, const T *latents, int32_t d, int32_t positive, const int32_t *drawn, int32_t n, T *scores) {        \
    const int32_t whole = d - d % LANES;                                                                              \
    for (int32_t j = 0; j <= n; j += 4) {                                                                             \
      const T *z[4];                                                                                                  \
      for (int32_t i = 0; i < 4; i++) {                                                                               \
        const int32_t candidate = j + i <= n ? j + i : n;                                                             \
        z[i] = latents + (size_t)(candidate == 0 ? positive : drawn[candidate - 1]) * d;                              \
      }                                                                                                               \
      lanes_##SUFFIX a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0};                                                          \
      for (int32_t c = 0; c < whole; c += LANES) {                                                                    \
        const lanes_##SUFFIX v = *(const lanes_##SUFFIX *)(p + c);                                                    \
        a0 += v * *(const lanes_##SUFFIX *)(z[0] + c);                                                                \
        a1 += v * *(const lanes_##SUFFIX *)(z[1] + c);                                                                \
        a2 += v * *(const lanes_##SUFFIX *)(z[2] + c);                                                                \
        a3 += v * *(const lanes_##SUFFIX *)(z[3] + c);                                                                \
      }                                                                                                               \
      T sum[4] = {0, 0, 0, 0};                                                                                        \
      for (int32_t l = 0; l < LANES; l++) {                                                                           \
        sum[0] += a0[l], sum[1] += a1[l], sum[2] += a2[l], sum[3] += a3[l];                                           \
      }                                                                                                               \
      for (int32_t i = 0; i < 4 && j + i <= n; i++) {                                                                 \
        for (int32_t c = whole; c < d; c++) sum[i] += p[c] * z[i][c];                                                 \
        scores[j + i] = sum[i];                                                                                       \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  /* dp = sum_j q_j z_j, dz_j += q_j p. */                                                                            \
  INLINED void candidate_gradients_##SUFFIX(                                                                          \
      const T *p, const T *latents, int32_t d, int32_t positive, const int32_t *drawn, int32_t n, const T *q, T *dp,  \
      T *dLatents) {                                                                                                  \
    const int32_t whole = d - d % LANES;                                                                              \
    for (int32_t c = 0; c < d; c++) dp[c] = 0;                                                                        \
    for (int32_t j = 0; j <= n; j++) {                                                                                \
      const size_t offset = (size_t)(j == 0 ? positive : drawn[j - 1]) * d;                                           \
      const T *z = latents + offset;                                                                                  \
      T *dz = dLatents + offset;                                                                                      \
      for (int32_t c = 0; c < whole; c += LANES) {                                                                    \
        *(lanes_##SUFFIX *)(dp + c) += q[j] * *(const lanes_##SUFFIX *)(z + c);                                       \
        *(lanes_##SUFFIX *)(dz + c) += q[j] * *(const lanes_##SUFFIX *)(p + c);                                       \
      }                                                                                                               \
      for (int32_t c = whole; c < d; c++) {                                                                           \
        dp[c] += q[j] * z[c];                                                                                         \
        dz[c] += q[j] * p[c];                                                                                         \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  INLINED int32_t first_is_highest_##SUFFIX(const T *scores, int32_t n) {                                             \
    int32_t first = 1;                                                                                                \
    for (int32_t j = 1; j <= n; j++) first &= scores[0] > scores[j];                                                  \
    return first;                                                                                                     \
  }

#define DEFINE_INFONCE_ROWS(SUFFIX, T, EXP)                                                                           \
  DISPATCHED void fd_infonce_rows_##SUFFIX(                                                                           \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t rows, int32_t share, int32_t n, T weight, T *scores, T *dPredictions, T *dLatents, double *loss,        \
      int32_t *correct) {                                                                                             \
    for (int32_t row = 0; row < rows; row++) {                                                                        \
      const T *p = predictions + (size_t)row * d;                                                                     \
      const int32_t *drawn = negatives + (size_t)(row / share) * n;                                                   \
      candidate_scores_##SUFFIX(p, latents, d, positives[row], drawn, n, scores);                                     \
      correct[row] = first_is_highest_##SUFFIX(scores, n);                                                            \
      T highest = scores[0];                                                                                          \
      for (int32_t j = 1; j <= n; j++) {                                                                              \
        if (scores[j] > highest) highest = scores[j];                                                                 \
      }                                                                                                               \
      const T positive = scores[0];                                                                                   \
      T total = 0;                                                                                                    \
      for (int32_t j = 0; j <= n; j++) total += scores[j] = EXP(scores[j] - highest);                                 \
      *loss += log((double)total) + (double)highest - (double)positive;                                               \
      const T scale = weight / total;                                                                                 \
      for (int32_t j = 0; j <= n; j++) scores[j] *= scale;                                                            \
      scores[0] -= weight;                                                                                            \
      candidate_gradients_##SUFFIX(                                                                                   \
          p, latents, d, positives[row], drawn, n, scores, dPredictions + (size_t)row * d, dLatents);                 \
    }                                                                                                                 \
  }

#define DEFINE_LOGISTIC_ROWS(SUFFIX, T, EXP)                                                                          \
  DISPATCHED void fd_logistic_rows_##SUFFIX(                                                                          \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t rows, int32_t share, int32_t n, T logNoise, T weight, T *scores, T *dPredictions, T *dLatents,          \
      double *loss, int32_t *correct) {                                                                               \
    for (int32_t row = 0; row < rows; row++) {                                                                        \
      const T *p = predictions + (size_t)row * d;                                                                     \
      const int32_t *drawn = negatives + (size_t)(row / share) * n;                                                   \
      candidate_scores_##SUFFIX(p, latents, d, positives[row], drawn, n, scores);                                     \
      correct[row] = first_is_highest_##SUFFIX(scores, n);                                                            \
      for (int32_t j = 0; j <= n; j++) {                                                                              \
        /* Of the wrong answer; exp only ever sees what is not positive. */                                           \
        const T wrong = j == 0 ? logNoise - scores[0] : scores[j] - logNoise;                                         \
        const T e = EXP(wrong > 0 ? -wrong : wrong);                                                                  \
        *loss += (wrong > 0 ? (double)wrong : 0) + log1p((double)e);                                                  \
        const T share_of_wrong = (wrong > 0 ? 1 : e) / (1 + e);                                                       \
        scores[j] = j == 0 ? -weight * share_of_wrong : weight * share_of_wrong;                                      \
      }                                                                                                               \
      candidate_gradients_##SUFFIX(                                                                                   \
          p, latents, d, positives[row], drawn, n, scores, dPredictions + (size_t)row * d, dLatents);                 \
    }                                                                                                                 \
  }

#define DEFINE_SOFTMAX_CONTRAST(SUFFIX, T, EXP)                                                                       \
  DISPATCHED void fd_softmax_contrast_##SUFFIX(                                                                       \
      T *scores, int32_t rows, int32_t columns, const int32_t *own, const int32_t *anchorItems, const int32_t *items, \
      const double *weights, int32_t itemCount, double temperature, double scale, T *targets, double *loss,           \
      int32_t *counted, int32_t *correct) {                                                                           \
    const T inverse = (T)(1 / temperature);                                                                           \
    for (int32_t row = 0; row < rows; row++) {                                                                        \
      T *s = scores + (size_t)row * columns;                                                                          \
      const int32_t item = anchorItems[row];                                                                          \
      if (weights) {                                                                                                  \
        const double *m = weights + (size_t)item * itemCount;                                                         \
        for (int32_t a = 0; a < columns; a++) targets[a] = (T)m[items[a]];                                            \
      } else {                                                                                                        \
        for (int32_t a = 0; a < columns; a++) targets[a] = items[a] == item ? 1 : 0;                                  \
      }                                                                                                               \
      if (own[row] >= 0) targets[own[row]] = -1;                                                                      \
      T highest = -INFINITY, other = -INFINITY;                                                                       \
      double positives = 0;                                                                                           \
      for (int32_t a = 0; a < columns; a++) {                                                                         \
        if (targets[a] > 0) {                                                                                         \
          positives += targets[a];                                                                                    \
          highest = s[a] > highest ? s[a] : highest;                                                                  \
        } else if (targets[a] == 0) {                                                                                 \
          other = s[a] > other ? s[a] : other;                                                                        \
        }                                                                                                             \
      }                                                                                                               \
      if (positives <= 0) {                                                                                           \
        for (int32_t a = 0; a < columns; a++) s[a] = 0;                                                               \
        continue;                                                                                                     \
      }                                                                                                               \
      *counted += 1;                                                                                                  \
      *correct += highest > other;                                                                                    \
      const T top = highest > other ? highest : other;                                                                \
      double partition = 0, positive = 0;                                                                             \
      for (int32_t a = 0; a < columns; a++) {                                                                         \
        const T logit = (s[a] - top) * inverse;                                                                       \
        if (targets[a] > 0) positive += (double)targets[a] * (double)logit;                                           \
        s[a] = targets[a] < 0 ? 0 : EXP(logit);                                                                       \
        partition += (double)s[a];                                                                                    \
      }                                                                                                               \
      *loss += scale * (log(partition) - positive / positives);                                                       \
      const T share = (T)(scale / temperature / partition), pull = (T)(scale / temperature / positives);              \
      for (int32_t a = 0; a < columns; a++) s[a] = share * s[a] - (targets[a] > 0 ? pull * targets[a] : 0);           \
    }                                                                                                                 \
  }

DEFINE_CANDIDATE_LOOPS(f32, float)
DEFINE_CANDIDATE_LOOPS(f64, double)
DEFINE_INFONCE_ROWS(f32, float, expf)
DEFINE_INFONCE_ROWS(f64, double, exp)
DEFINE_LOGISTIC_ROWS(f32, float, expf)
DEFINE_LOGISTIC_ROWS(f64, double, exp)
DEFINE_SOFTMAX_CONTRAST(f32, float, expf)
DEFINE_SOFTMAX_CONTRAST(f64, double, exp)
