#include "ContrastKernels.h"
#include "VectorClones.h"
#include "VectorMath.h"
#include <math.h>
#include <stddef.h>

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

DEFINE_SOFTMAX_CONTRAST(f32, float, exp_f)
DEFINE_SOFTMAX_CONTRAST(f64, double, exp_d)
