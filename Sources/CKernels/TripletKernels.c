#include "ContrastKernels.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

// A negative of the anchor at hand.
typedef struct {
  double distance;
  int32_t row;
} Negative;

static int nearer_first(const void *a, const void *b) {
  const Negative *x = a, *y = b;
  if (x->distance != y->distance) return x->distance < y->distance ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

// The first of the sorted negatives that is farther than `distance`, else the last.
static int32_t first_beyond(const Negative *negatives, int32_t count, double distance) {
  int32_t low = 0, high = count;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (negatives[middle].distance > distance) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low < count ? low : count - 1;
}

enum { RANDOM_NEGATIVE = 0, NEAREST_BEYOND = 1, HARDEST = 2 };

#define DEFINE_TRIPLETS(SUFFIX, T)                                                                                    \
  static double distance_##SUFFIX(const T *s, int32_t rows, int32_t a, int32_t b) {                                   \
    const size_t n = (size_t)rows;                                                                                    \
    return (double)s[a * (n + 1)] + (double)s[b * (n + 1)] - 2 * (double)s[a * n + b];                                \
  }                                                                                                                   \
  static void add_triplet_##SUFFIX(                                                                                   \
      int32_t rows, int32_t a, int32_t p, double dp, Negative n, double margin, double *loss, int64_t *triplets,      \
      int64_t *right, T *gradient) {                                                                                  \
    const double excess = dp - n.distance + margin;                                                                   \
    *triplets += 1;                                                                                                   \
    *right += dp < n.distance;                                                                                        \
    if (excess <= 0) return;                                                                                          \
    *loss += excess;                                                                                                  \
    /* d(a, p) - d(a, n) = s_pp - 2 s_ap - s_nn + 2 s_an */                                                           \
    const size_t width = (size_t)rows;                                                                                \
    gradient[p * (width + 1)] += 1;                                                                                   \
    gradient[a * width + p] -= 2;                                                                                     \
    gradient[n.row * (width + 1)] -= 1;                                                                               \
    gradient[a * width + n.row] += 2;                                                                                 \
  }                                                                                                                   \
  void fd_triplets_##SUFFIX(                                                                                          \
      const T *similarities, int32_t rows, const int32_t *groups, int32_t mining, double margin,                      \
      const int32_t *draws, double *loss, int64_t *triplets, int64_t *right, T *gradient) {                           \
    Negative *negatives = malloc(sizeof(Negative) * (size_t)(rows > 0 ? rows : 1));                                   \
    if (!negatives) abort();                                                                                          \
    for (int32_t a = 0; a < rows; a++) {                                                                              \
      int32_t count = 0, nearest = 0, farthest = -1;                                                                  \
      for (int32_t i = 0; i < rows; i++) {                                                                            \
        if (groups[i] == groups[a]) continue;                                                                         \
        negatives[count] = (Negative){distance_##SUFFIX(similarities, rows, a, i), i};                                \
        if (negatives[count].distance < negatives[nearest].distance) nearest = count;                                 \
        count++;                                                                                                      \
      }                                                                                                               \
      if (count == 0) continue;                                                                                       \
      if (mining == NEAREST_BEYOND) qsort(negatives, (size_t)count, sizeof(Negative), nearer_first);                  \
      double reach = 0;                                                                                               \
      for (int32_t p = 0; p < rows; p++) {                                                                            \
        if (p == a || groups[p] != groups[a]) continue;                                                               \
        const double dp = distance_##SUFFIX(similarities, rows, a, p);                                                \
        if (mining == HARDEST) {                                                                                      \
          if (farthest < 0 || dp > reach) reach = dp, farthest = p;                                                   \
          continue;                                                                                                   \
        }                                                                                                             \
        const int32_t chosen = mining == RANDOM_NEGATIVE ? *draws++ : first_beyond(negatives, count, dp);             \
        add_triplet_##SUFFIX(rows, a, p, dp, negatives[chosen], margin, loss, triplets, right, gradient);             \
      }                                                                                                               \
      if (farthest >= 0) {                                                                                            \
        add_triplet_##SUFFIX(                                                                                         \
            rows, a, farthest, reach, negatives[nearest], margin, loss, triplets, right, gradient);                   \
      }                                                                                                               \
    }                                                                                                                 \
    free(negatives);                                                                                                  \
  }

DEFINE_TRIPLETS(f32, float)
DEFINE_TRIPLETS(f64, double)
