#include "AlignedKernels.h"
#include "VectorClones.h"
#include <string.h>

// Multiplications and shifts that let every bit of the input reach every bit of the output, with the constants
// that Wellons' search for hashes of little bias found (github.com/skeeto/hash-prospector, 2018).
INLINE uint32_t bits(uint32_t key, uint32_t index) {
  uint32_t x = (index * 0x9e3779b9u) ^ key;
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

uint32_t ak_bits(uint32_t key, uint32_t index) { return bits(key, index); }

KERNEL void ak_stretch(const float *x, long runs, const int32_t *begins, const int32_t *offsets, const float *share,
                       float noise, uint32_t key, uint32_t first, float *y) {
  // A half is uniform on 0 ... 65535, of variance (2^32 - 1) / 12; two of them have mean 65535.
  const float unit = noise * (float)(2.449489742783178 / 65536);
  for (long i = 0; i < runs; i++) {
    const float *at = x + offsets[i];
    EACH for (int32_t p = begins[i]; p < begins[i + 1]; p++) {
      const uint32_t r = bits(key, first + (uint32_t)p);
      const int32_t t = (int32_t)(r & 0xffff) + (int32_t)(r >> 16) - 65535;
      y[p] = (1 - share[p]) * at[p] + share[p] * at[p + 1] + unit * (float)t;
    }
  }
}

KERNEL void ak_bias_relu_dropout(long rows, long columns, const float *bias, uint32_t key, uint32_t threshold,
                                 float scale, float *x) {
  for (long r = 0; r < rows; r++) {
    float *row = x + r * columns;
    const uint32_t first = (uint32_t)(r * columns);
    EACH for (long c = 0; c < columns; c++) {
      const float v = row[c] + bias[c];
      const float kept = v > 0 ? scale * v : 0;
      row[c] = bits(key, first + (uint32_t)c) >= threshold ? kept : 0;
    }
  }
}

KERNEL void ak_pool_bands(long windows, long rows, long bands, long width, const int32_t *slots, const float *h,
                          long stride, float *e, uint8_t *strongest) {
  const float share = 1 / (float)bands;
  for (long w = 0; w < windows; w++) {
    const int32_t *slot = slots + w * bands;
    for (long r = 0; r < rows; r++) {
      float *mean = e + (w * rows + r) * stride;
      float *most = mean + width;
      uint8_t *best = strongest + (w * rows + r) * width;
      const float *first = h + (slot[0] * rows + r) * width;
      EACH for (long c = 0; c < width; c++) {
        mean[c] = first[c];
        most[c] = first[c];
        best[c] = 0;
      }
      for (long b = 1; b < bands; b++) {
        const float *from = h + (slot[b] * rows + r) * width;
        EACH for (long c = 0; c < width; c++) {
          const float v = from[c];
          mean[c] += v;
          best[c] = v > most[c] ? (uint8_t)b : best[c];
          most[c] = v > most[c] ? v : most[c];
        }
      }
      EACH for (long c = 0; c < width; c++) mean[c] *= share;
    }
  }
}

KERNEL void ak_unpool_bands(long windows, long rows, long bands, long width, const int32_t *slots, const float *h,
                            long stride, const float *de, const uint8_t *strongest, float *dh) {
  const float share = 1 / (float)bands;
  for (long w = 0; w < windows; w++) {
    for (long r = 0; r < rows; r++) {
      const float *mean = de + (w * rows + r) * stride;
      const float *most = mean + width;
      const uint8_t *best = strongest + (w * rows + r) * width;
      for (long b = 0; b < bands; b++) {
        const long at = (slots[w * bands + b] * rows + r) * width;
        const float *from = h + at;
        float *to = dh + at;
        EACH for (long c = 0; c < width; c++) {
          const float d = mean[c] * share + (best[c] == (uint8_t)b ? most[c] : 0);
          to[c] = from[c] > 0 ? d : 0;
        }
      }
    }
  }
}

// Usually the first value tells.
INLINE int is_silent(long n, const float *x) {
  for (long i = 0; i < n; i++) {
    if (x[i] != 0) return 0;
  }
  return 1;
}

KERNEL void ak_agree(long windows, long rows, long bands, long positions, const int32_t *slots, int32_t live,
                     const float *x, float *y) {
  for (long w = 0; w < windows; w++) {
    const int32_t *slot = slots + w * bands;
    for (long r = 0; r < rows; r++) {
      float *agreed = y + (w * rows + r) * 2 * positions;
      memset(agreed, 0, sizeof(float) * 2 * positions);
      long count = 0;
      for (long b = 0; b < bands - 2; b++) {
        if (slot[b] >= live) continue;
        const float *from = x + (slot[b] * rows + r) * positions;
        if (is_silent(positions, from)) continue;
        count++;
        EACH for (long p = 0; p < positions; p++) agreed[p] += from[p];
      }
      const float share = 2 / (float)(count > 0 ? count : 1);
      EACH for (long p = 0; p < positions; p++) agreed[p] *= share;
      if (slot[bands - 1] < live) {
        memcpy(agreed + positions, x + (slot[bands - 1] * rows + r) * positions, sizeof(float) * positions);
      }
    }
  }
}

// The rows that family f is compared with in a group: the other families, then the rivals.
INLINE long first_row(long group, long families) { return group == 0 ? 0 : families; }
INLINE long end_row(long group, long families, long rivals) { return group == 0 ? families : families + rivals; }

KERNEL void ak_compare(long windows, long families, long rivals, long width, const float *e, float *c,
                       uint8_t *strongest) {
  const long groups = rivals > 0 ? 2 : 1, rows = families + rivals, columns = (1 + 2 * groups) * width + families;
  for (long w = 0; w < windows; w++) {
    for (long f = 0; f < families; f++) {
      float *to = c + (w * families + f) * columns;
      const float *own = e + (w * rows + f) * width;
      memcpy(to, own, sizeof(float) * width);
      for (long group = 0; group < groups; group++) {
        float *mean = to + (1 + 2 * group) * width;
        float *most = mean + width;
        uint8_t *best = strongest + ((w * families + f) * groups + group) * width;
        long count = 0;
        for (long g = first_row(group, families); g < end_row(group, families, rivals); g++) {
          if (g == f) continue;
          const float *from = e + (w * rows + g) * width;
          if (count++ == 0) {
            EACH for (long i = 0; i < width; i++) {
              mean[i] = from[i];
              most[i] = from[i];
              best[i] = (uint8_t)g;
            }
          } else {
            EACH for (long i = 0; i < width; i++) {
              mean[i] += from[i];
              best[i] = from[i] > most[i] ? (uint8_t)g : best[i];
              most[i] = from[i] > most[i] ? from[i] : most[i];
            }
          }
        }
        const float share = 1 / (float)count;
        EACH for (long i = 0; i < width; i++) mean[i] *= share;
      }
      for (long g = 0; g < families; g++) to[columns - families + g] = g == f ? 1 : 0;
    }
  }
}

KERNEL void ak_uncompare(long windows, long families, long rivals, long width, const float *dc,
                         const uint8_t *strongest, float *de) {
  const long groups = rivals > 0 ? 2 : 1, rows = families + rivals, columns = (1 + 2 * groups) * width + families;
  memset(de, 0, sizeof(float) * windows * rows * width);
  for (long w = 0; w < windows; w++) {
    for (long f = 0; f < families; f++) {
      const float *from = dc + (w * families + f) * columns;
      float *own = de + (w * rows + f) * width;
      EACH for (long i = 0; i < width; i++) own[i] += from[i];
      for (long group = 0; group < groups; group++) {
        const float *mean = from + (1 + 2 * group) * width;
        const float *most = mean + width;
        const uint8_t *best = strongest + ((w * families + f) * groups + group) * width;
        const float share = 1 / (float)(group == 0 ? families - 1 : rivals);
        for (long g = first_row(group, families); g < end_row(group, families, rivals); g++) {
          if (g == f) continue;
          float *to = de + (w * rows + g) * width;
          EACH for (long i = 0; i < width; i++) to[i] += share * mean[i] + (best[i] == (uint8_t)g ? most[i] : 0);
        }
      }
    }
  }
}
