#include "ContrastKernels.h"

#include <math.h>
#include <stddef.h>

#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define DISPATCHED __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define DISPATCHED
#endif

// Sixteen lanes with explicit partial sums: the compiler may not reassociate a plain float sum by itself. Candidates
// go four at a time so that each load of the prediction serves four products.
#define LANES 16

#define DEFINE_INFONCE_ROWS(NAME, T, EXP)                                                                             \
  typedef T NAME##_lanes __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T))));                         \
  DISPATCHED void NAME(                                                                                               \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t rows, int32_t share, int32_t n, T weight, T *scores, T *dPredictions, T *dLatents, double *loss,        \
      int32_t *correct) {                                                                                             \
    const int32_t whole = d - d % LANES;                                                                              \
    for (int32_t row = 0; row < rows; row++) {                                                                        \
      const T *p = predictions + (size_t)row * d;                                                                     \
      const int32_t *drawn = negatives + (size_t)(row / share) * n;                                                   \
      for (int32_t j = 0; j <= n; j += 4) {                                                                           \
        const T *z[4];                                                                                                \
        for (int32_t i = 0; i < 4; i++) {                                                                             \
          const int32_t candidate = j + i <= n ? j + i : n;                                                           \
          z[i] = latents + (size_t)(candidate == 0 ? positives[row] : drawn[candidate - 1]) * d;                      \
        }                                                                                                             \
        NAME##_lanes a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0};                                                          \
        for (int32_t c = 0; c < whole; c += LANES) {                                                                  \
          const NAME##_lanes v = *(const NAME##_lanes *)(p + c);                                                      \
          a0 += v * *(const NAME##_lanes *)(z[0] + c);                                                                \
          a1 += v * *(const NAME##_lanes *)(z[1] + c);                                                                \
          a2 += v * *(const NAME##_lanes *)(z[2] + c);                                                                \
          a3 += v * *(const NAME##_lanes *)(z[3] + c);                                                                \
        }                                                                                                             \
        T sum[4] = {0, 0, 0, 0};                                                                                      \
        for (int32_t l = 0; l < LANES; l++) {                                                                         \
          sum[0] += a0[l], sum[1] += a1[l], sum[2] += a2[l], sum[3] += a3[l];                                         \
        }                                                                                                             \
        for (int32_t i = 0; i < 4 && j + i <= n; i++) {                                                               \
          for (int32_t c = whole; c < d; c++) sum[i] += p[c] * z[i][c];                                               \
          scores[j + i] = sum[i];                                                                                     \
        }                                                                                                             \
      }                                                                                                               \
      T highest = scores[0];                                                                                          \
      int32_t first = 1;                                                                                              \
      for (int32_t j = 1; j <= n; j++) {                                                                              \
        first &= scores[0] > scores[j];                                                                               \
        if (scores[j] > highest) highest = scores[j];                                                                 \
      }                                                                                                               \
      const T positive = scores[0];                                                                                   \
      T total = 0;                                                                                                    \
      for (int32_t j = 0; j <= n; j++) total += scores[j] = EXP(scores[j] - highest);                                 \
      *loss += log((double)total) + (double)highest - (double)positive;                                               \
      correct[row] = first;                                                                                           \
      if (!dPredictions) continue;                                                                                    \
      const T scale = weight / total;                                                                                 \
      T *dp = dPredictions + (size_t)row * d;                                                                         \
      for (int32_t c = 0; c < d; c++) dp[c] = 0;                                                                      \
      for (int32_t j = 0; j <= n; j++) {                                                                              \
        const size_t offset = (size_t)(j == 0 ? positives[row] : drawn[j - 1]) * d;                                   \
        const T q = j == 0 ? scores[0] * scale - weight : scores[j] * scale;                                          \
        const T *z = latents + offset;                                                                                \
        T *dz = dLatents + offset;                                                                                    \
        for (int32_t c = 0; c < whole; c += LANES) {                                                                  \
          *(NAME##_lanes *)(dp + c) += q * *(const NAME##_lanes *)(z + c);                                            \
          *(NAME##_lanes *)(dz + c) += q * *(const NAME##_lanes *)(p + c);                                            \
        }                                                                                                             \
        for (int32_t c = whole; c < d; c++) {                                                                         \
          dp[c] += q * z[c];                                                                                          \
          dz[c] += q * p[c];                                                                                          \
        }                                                                                                             \
      }                                                                                                               \
    }                                                                                                                 \
  }

DEFINE_INFONCE_ROWS(fd_infonce_rows_f32, float, expf)
DEFINE_INFONCE_ROWS(fd_infonce_rows_f64, double, exp)
