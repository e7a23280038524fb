#include "ContrastKernels.h"
#include "VectorClones.h"
#include "VectorMath.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

// Sixteen lanes with explicit partial sums: the compiler may not reassociate a plain float sum by itself. Candidates
// go four at a time so that each load of the prediction serves four products.
#define LANES 16

#define DEFINE_CANDIDATE_LOOPS(SUFFIX, T)                                                                             \
  typedef T lanes_##SUFFIX __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T))));                       \
  /* By halves, so that the additions do not wait for one another. */                                                 \
  INLINE T lane_sum_##SUFFIX(const lanes_##SUFFIX *lanes) {                                                           \
    T v[LANES];                                                                                                       \
    *(lanes_##SUFFIX *)v = *lanes;                                                                                    \
    for (int32_t half = LANES / 2; half > 0; half /= 2) {                                                             \
      for (int32_t l = 0; l < half; l++) v[l] += v[l + half];                                                         \
    }                                                                                                                 \
    return v[0];                                                                                                      \
  }                                                                                                                   \
  /* Four such sums at once, each in the same order, with half as many shuffles. */                                   \
  INLINE void lane_sums_##SUFFIX(const lanes_##SUFFIX *lanes, T *sums) {                                              \
    const lanes_##SUFFIX a = lanes[0], b = lanes[1], c = lanes[2], d = lanes[3];                                      \
    const lanes_##SUFFIX ab =                                                                                         \
        __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +                       \
        __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);                  \
    const lanes_##SUFFIX cd =                                                                                         \
        __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +                       \
        __builtin_shufflevector(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);                  \
    const lanes_##SUFFIX four =                                                                                       \
        __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +                   \
        __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);                  \
    T v[LANES];                                                                                                       \
    *(lanes_##SUFFIX *)v = four;                                                                                      \
    for (int32_t i = 0; i < 4; i++) sums[i] = (v[4 * i] + v[4 * i + 2]) + (v[4 * i + 1] + v[4 * i + 3]);              \
  }                                                                                                                   \
  /* score_j = p . z_j for the positive (j = 0) and the drawn negatives. */                                           \
  INLINE void candidate_scores_##SUFFIX(                                                                              \
      const T *p, const T *latents, int32_t d, int32_t positive, const int32_t *drawn, int32_t n, T *scores) {        \
    const int32_t whole = d - d % LANES;                                                                              \
    for (int32_t j = 0; j <= n; j += 4) {                                                                             \
      const T *z[4];                                                                                                  \
      for (int32_t i = 0; i < 4; i++) {                                                                               \
        const int32_t candidate = j + i <= n ? j + i : n;                                                             \
        z[i] = latents + (size_t)(candidate == 0 ? positive : drawn[candidate - 1]) * d;                              \
      }                                                                                                               \
      lanes_##SUFFIX a[4] = {{0}};                                                                                    \
      for (int32_t c = 0; c < whole; c += LANES) {                                                                    \
        const lanes_##SUFFIX v = *(const lanes_##SUFFIX *)(p + c);                                                    \
        a[0] += v * *(const lanes_##SUFFIX *)(z[0] + c);                                                              \
        a[1] += v * *(const lanes_##SUFFIX *)(z[1] + c);                                                              \
        a[2] += v * *(const lanes_##SUFFIX *)(z[2] + c);                                                              \
        a[3] += v * *(const lanes_##SUFFIX *)(z[3] + c);                                                              \
      }                                                                                                               \
      T sum[4];                                                                                                       \
      lane_sums_##SUFFIX(a, sum);                                                                                     \
      for (int32_t i = 0; i < 4 && j + i <= n; i++) {                                                                 \
        for (int32_t c = whole; c < d; c++) sum[i] += p[c] * z[i][c];                                                 \
        scores[j + i] = sum[i];                                                                                       \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  /* dp = sum_j q_j z_j, dz_j += q_j p. */                                                                            \
  INLINE void candidate_gradients_##SUFFIX(                                                                           \
      const T *p, const T *latents, int32_t d, int32_t positive, const int32_t *drawn, int32_t n, const T *q, T *dp,  \
      T *dLatents) {                                                                                                  \
    /* Two vectors of the row at a time, so that their sums stay in registers. */                                     \
    const int32_t whole = d - d % (2 * LANES);                                                                        \
    for (int32_t c = 0; c < whole; c += 2 * LANES) {                                                                  \
      const lanes_##SUFFIX p0 = *(const lanes_##SUFFIX *)(p + c), p1 = *(const lanes_##SUFFIX *)(p + c + LANES);      \
      lanes_##SUFFIX s0 = {0}, s1 = {0};                                                                              \
      for (int32_t j = 0; j <= n; j++) {                                                                              \
        const size_t offset = (size_t)(j == 0 ? positive : drawn[j - 1]) * d + c;                                     \
        const lanes_##SUFFIX *z = (const lanes_##SUFFIX *)(latents + offset);                                         \
        lanes_##SUFFIX *dz = (lanes_##SUFFIX *)(dLatents + offset);                                                   \
        s0 += q[j] * z[0], s1 += q[j] * z[1];                                                                         \
        dz[0] += q[j] * p0, dz[1] += q[j] * p1;                                                                       \
      }                                                                                                               \
      *(lanes_##SUFFIX *)(dp + c) = s0, *(lanes_##SUFFIX *)(dp + c + LANES) = s1;                                     \
    }                                                                                                                 \
    for (int32_t c = whole; c < d; c++) {                                                                             \
      T sum = 0;                                                                                                      \
      for (int32_t j = 0; j <= n; j++) {                                                                              \
        const size_t offset = (size_t)(j == 0 ? positive : drawn[j - 1]) * d + c;                                     \
        sum += q[j] * latents[offset];                                                                                \
        dLatents[offset] += q[j] * p[c];                                                                              \
      }                                                                                                               \
      dp[c] = sum;                                                                                                    \
    }                                                                                                                 \
  }                                                                                                                   \
  /* How many of the n negatives score at least as high as the positive. Written so that NaN is above anything. */    \
  INLINE int32_t rank_##SUFFIX(const T *scores, int32_t n) {                                                          \
    int32_t above = 0;                                                                                                \
    for (int32_t j = 1; j <= n; j++) above += !(scores[0] > scores[j]);                                               \
    return above;                                                                                                     \
  }

// Predictions that share their negatives, as small matrix products: the negatives are gathered once, [n, d], and stay
// in cache for all of the group, and sums stay in registers instead of in memory.
#define DEFINE_GROUP_LOOPS(SUFFIX, T)                                                                                 \
  INLINE T product_##SUFFIX(const T *a, const T *b, int32_t d) {                                                      \
    const int32_t whole = d - d % LANES;                                                                              \
    lanes_##SUFFIX lanes = {0};                                                                                       \
    for (int32_t c = 0; c < whole; c += LANES) {                                                                      \
      lanes += *(const lanes_##SUFFIX *)(a + c) * *(const lanes_##SUFFIX *)(b + c);                                   \
    }                                                                                                                 \
    T sum = lane_sum_##SUFFIX(&lanes);                                                                                \
    for (int32_t c = whole; c < d; c++) sum += a[c] * b[c];                                                           \
    return sum;                                                                                                       \
  }                                                                                                                   \
  /* scores[r, 1 + j] = p_r . z_j, two by two; an odd last one is computed twice. */                                  \
  INLINE void group_scores_##SUFFIX(                                                                                  \
      const T *p, const T *z, int32_t d, int32_t rows, int32_t n, T *scores) {                                        \
    const int32_t whole = d - d % LANES;                                                                              \
    for (int32_t r = 0; r < rows; r += 2) {                                                                           \
      const int32_t r1 = r + 1 < rows ? r + 1 : r;                                                                    \
      const T *p0 = p + (size_t)r * d, *p1 = p + (size_t)r1 * d;                                                      \
      T *s0 = scores + (size_t)r * (n + 1) + 1, *s1 = scores + (size_t)r1 * (n + 1) + 1;                              \
      for (int32_t j = 0; j < n; j += 2) {                                                                            \
        const int32_t j1 = j + 1 < n ? j + 1 : j;                                                                     \
        const T *z0 = z + (size_t)j * d, *z1 = z + (size_t)j1 * d;                                                    \
        lanes_##SUFFIX a[4] = {{0}};                                                                                  \
        for (int32_t c = 0; c < whole; c += LANES) {                                                                  \
          const lanes_##SUFFIX u = *(const lanes_##SUFFIX *)(p0 + c), v = *(const lanes_##SUFFIX *)(p1 + c);          \
          const lanes_##SUFFIX x = *(const lanes_##SUFFIX *)(z0 + c), y = *(const lanes_##SUFFIX *)(z1 + c);          \
          a[0] += u * x, a[1] += u * y, a[2] += v * x, a[3] += v * y;                                                 \
        }                                                                                                             \
        T t[4];                                                                                                       \
        lane_sums_##SUFFIX(a, t);                                                                                     \
        for (int32_t c = whole; c < d; c++) {                                                                         \
          t[0] += p0[c] * z0[c], t[1] += p0[c] * z1[c], t[2] += p1[c] * z0[c], t[3] += p1[c] * z1[c];                 \
        }                                                                                                             \
        s0[j] = t[0], s0[j1] = t[1], s1[j] = t[2], s1[j1] = t[3];                                                     \
      }                                                                                                               \
    }                                                                                                                 \
  }                                                                                                                   \
  /* out_i += sum over k of weights[k * step + i * next] * rows_k for four rows i at a time; `out` gives where each   \
     is. Rows of `out` may be the same one: each is added to after the one before it was stored. */                   \
  INLINE void add_combinations_##SUFFIX(                                                                              \
      const T *rows, int32_t count, int32_t d, const T *weights, int32_t step, int32_t next, int32_t outputs,         \
      T *out, const int32_t *places) {                                                                                \
    const int32_t whole = d - d % LANES;                                                                              \
    for (int32_t i = 0; i < outputs; i += 4) {                                                                        \
      const int32_t here = outputs - i < 4 ? outputs - i : 4;                                                         \
      const T *w[4];                                                                                                  \
      T *o[4];                                                                                                        \
      for (int32_t l = 0; l < 4; l++) {                                                                               \
        const int32_t at = i + (l < here ? l : here - 1);                                                             \
        w[l] = weights + (size_t)at * next;                                                                           \
        o[l] = out + (size_t)(places ? places[at] : at) * d;                                                          \
      }                                                                                                               \
      for (int32_t c = 0; c < whole; c += LANES) {                                                                    \
        lanes_##SUFFIX a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0};                                                        \
        for (int32_t k = 0; k < count; k++) {                                                                         \
          const lanes_##SUFFIX v = *(const lanes_##SUFFIX *)(rows + (size_t)k * d + c);                               \
          const size_t at = (size_t)k * step;                                                                         \
          a0 += w[0][at] * v, a1 += w[1][at] * v, a2 += w[2][at] * v, a3 += w[3][at] * v;                             \
        }                                                                                                             \
        *(lanes_##SUFFIX *)(o[0] + c) += a0;                                                                          \
        if (here > 1) *(lanes_##SUFFIX *)(o[1] + c) += a1;                                                            \
        if (here > 2) *(lanes_##SUFFIX *)(o[2] + c) += a2;                                                            \
        if (here > 3) *(lanes_##SUFFIX *)(o[3] + c) += a3;                                                            \
      }                                                                                                               \
      for (int32_t l = 0; l < here; l++) {                                                                            \
        for (int32_t c = whole; c < d; c++) {                                                                         \
          for (int32_t k = 0; k < count; k++) o[l][c] += w[l][(size_t)k * step] * rows[(size_t)k * d + c];            \
        }                                                                                                             \
      }                                                                                                               \
    }                                                                                                                 \
  }

#define DEFINE_INFONCE_ROWS(SUFFIX, T, EXP)                                                                           \
  /* From scores to the weights of the gradient, in place; returns the loss. */                                       \
  INLINE double softmax_row_##SUFFIX(T *scores, int32_t n, T weight) {                                                \
    const int32_t count = n + 1, whole = count - count % LANES;                                                       \
    T highest = scores[0];                                                                                            \
    if (whole > 0) {                                                                                                  \
      lanes_##SUFFIX best = *(const lanes_##SUFFIX *)scores;                                                          \
      for (int32_t j = LANES; j < whole; j += LANES) {                                                                \
        best = __builtin_elementwise_max(best, *(const lanes_##SUFFIX *)(scores + j));                                \
      }                                                                                                               \
      for (int32_t l = 0; l < LANES; l++) highest = best[l] > highest ? best[l] : highest;                            \
    }                                                                                                                 \
    for (int32_t j = whole; j < count; j++) highest = scores[j] > highest ? scores[j] : highest;                      \
    const T positive = scores[0];                                                                                     \
    T total = 0;                                                                                                      \
    {                                                                                                                 \
      REASSOCIATE                                                                                                     \
      for (int32_t j = 0; j < count; j++) total += scores[j] = EXP(scores[j] - highest);                              \
    }                                                                                                                 \
    const T scale = weight / total;                                                                                   \
    for (int32_t j = 0; j < count; j++) scores[j] *= scale;                                                           \
    scores[0] -= weight;                                                                                              \
    return log((double)total) + (double)highest - (double)positive;                                                   \
  }                                                                                                                   \
  KERNEL void fd_infonce_rows_##SUFFIX(                                                                               \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t rows, int32_t n, T weight, T *scores, T *dPredictions, T *dLatents, double *loss, int32_t *ranks) {     \
    for (int32_t row = 0; row < rows; row++) {                                                                        \
      const T *p = predictions + (size_t)row * d;                                                                     \
      const int32_t *drawn = negatives + (size_t)row * n;                                                             \
      candidate_scores_##SUFFIX(p, latents, d, positives[row], drawn, n, scores);                                     \
      ranks[row] = rank_##SUFFIX(scores, n);                                                                          \
      *loss += softmax_row_##SUFFIX(scores, n, weight);                                                               \
      candidate_gradients_##SUFFIX(                                                                                   \
          p, latents, d, positives[row], drawn, n, scores, dPredictions + (size_t)row * d, dLatents);                 \
    }                                                                                                                 \
  }                                                                                                                   \
  KERNEL void fd_infonce_groups_##SUFFIX(                                                                             \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t groups, int32_t share, int32_t n, T weight, T *work, T *dPredictions, T *dLatents, double *loss,        \
      int32_t *ranks) {                                                                                               \
    T *scores = work, *z = work + (size_t)share * (n + 1);                                                            \
    for (int32_t group = 0; group < groups; group++) {                                                                \
      const size_t first = (size_t)group * share;                                                                     \
      const T *p = predictions + first * d;                                                                           \
      T *dp = dPredictions + first * d;                                                                               \
      const int32_t *drawn = negatives + (size_t)group * n;                                                           \
      for (int32_t j = 0; j < n; j++) {                                                                               \
        memcpy(z + (size_t)j * d, latents + (size_t)drawn[j] * d, (size_t)d * sizeof(T));                             \
      }                                                                                                               \
      group_scores_##SUFFIX(p, z, d, share, n, scores);                                                               \
      for (int32_t r = 0; r < share; r++) {                                                                           \
        T *s = scores + (size_t)r * (n + 1);                                                                          \
        const size_t positive = (size_t)positives[first + r] * d;                                                     \
        s[0] = product_##SUFFIX(p + (size_t)r * d, latents + positive, d);                                            \
        ranks[first + r] = rank_##SUFFIX(s, n);                                                                       \
        *loss += softmax_row_##SUFFIX(s, n, weight);                                                                  \
        for (int32_t c = 0; c < d; c++) {                                                                             \
          dp[(size_t)r * d + c] = s[0] * latents[positive + c];                                                       \
          dLatents[positive + c] += s[0] * p[(size_t)r * d + c];                                                      \
        }                                                                                                             \
      }                                                                                                               \
      add_combinations_##SUFFIX(z, n, d, scores + 1, 1, n + 1, share, dp, NULL);                                      \
      add_combinations_##SUFFIX(p, share, d, scores + 1, n + 1, 1, n, dLatents, drawn);                               \
    }                                                                                                                 \
  }

#define DEFINE_LOGISTIC_ROWS(SUFFIX, T, EXP, LOG)                                                                     \
  KERNEL void fd_logistic_rows_##SUFFIX(                                                                              \
      const T *predictions, const T *latents, int32_t d, const int32_t *positives, const int32_t *negatives,          \
      int32_t rows, int32_t share, int32_t n, T logNoise, T weight, T *scores, T *dPredictions, T *dLatents,          \
      double *loss, int32_t *ranks) {                                                                                 \
    for (int32_t row = 0; row < rows; row++) {                                                                        \
      const T *p = predictions + (size_t)row * d;                                                                     \
      const int32_t *drawn = negatives + (size_t)(row / share) * n;                                                   \
      candidate_scores_##SUFFIX(p, latents, d, positives[row], drawn, n, scores);                                     \
      ranks[row] = rank_##SUFFIX(scores, n);                                                                          \
      /* Of the wrong answer, w: loss log(1 + e^w), whose derivative is e^w / (1 + e^w). exp only ever sees what is not\
         positive. The logarithm is taken of products of up to 64 factors 1 + e, which are between 1 and 2. */        \
      scores[0] = logNoise - scores[0];                                                                               \
      for (int32_t j = 1; j <= n; j++) scores[j] -= logNoise;                                                         \
      T total = 0;                                                                                                    \
      for (int32_t first = 0; first <= n; first += 64) {                                                              \
        const int32_t end = n + 1 - first < 64 ? n + 1 : first + 64;                                                  \
        T product = 1;                                                                                                \
        {                                                                                                             \
          REASSOCIATE                                                                                                 \
          for (int32_t j = first; j < end; j++) {                                                                     \
            const T w = scores[j], e = EXP(w > 0 ? -w : w);                                                           \
            total += w > 0 ? w : 0;                                                                                   \
            product *= 1 + e;                                                                                         \
            scores[j] = weight * (w > 0 ? 1 : e) / (1 + e);                                                           \
          }                                                                                                           \
        }                                                                                                             \
        total += LOG(product);                                                                                        \
      }                                                                                                               \
      scores[0] = -scores[0];                                                                                         \
      *loss += (double)total;                                                                                         \
      candidate_gradients_##SUFFIX(                                                                                   \
          p, latents, d, positives[row], drawn, n, scores, dPredictions + (size_t)row * d, dLatents);                 \
    }                                                                                                                 \
  }

#define DEFINE_SOFTMAX_CONTRAST(SUFFIX, T, EXP)                                                                       \
  KERNEL void fd_softmax_contrast_##SUFFIX(                                                                           \
      T *scores, int32_t rows, int32_t columns, const int32_t *own, const int32_t *anchorItems, const int32_t *items, \
      const double *weights, int32_t itemCount, double temperature, double scale, T *targets, double *loss,           \
      int32_t *ranks) {                                                                                               \
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
        ranks[row] = -1;                                                                                              \
        continue;                                                                                                     \
      }                                                                                                               \
      int32_t above = 0;                                                                                              \
      for (int32_t a = 0; a < columns; a++) above += targets[a] == 0 && !(highest > s[a]);                            \
      ranks[row] = above;                                                                                             \
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
DEFINE_GROUP_LOOPS(f32, float)
DEFINE_GROUP_LOOPS(f64, double)
DEFINE_INFONCE_ROWS(f32, float, exp_f)
DEFINE_INFONCE_ROWS(f64, double, exp_d)
DEFINE_LOGISTIC_ROWS(f32, float, exp_f, log_f)
DEFINE_LOGISTIC_ROWS(f64, double, exp_d, log_d)
DEFINE_SOFTMAX_CONTRAST(f32, float, exp_f)
DEFINE_SOFTMAX_CONTRAST(f64, double, exp_d)
