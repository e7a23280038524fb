// Scans for the signal-quality gate: one pass at memory speed over each block, vector types spelled out because
// compilers do not reassociate sums or turn comparisons into minima over floats by themselves.
#include "SignalScan.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define SCAN_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define SCAN_CLONES
#endif

#define LANES 16
typedef float floats __attribute__((ext_vector_type(LANES)));
typedef double doubles __attribute__((ext_vector_type(LANES)));
typedef int32_t ints __attribute__((ext_vector_type(LANES)));

SCAN_CLONES fd_signal_summary fd_summarize_signal(const float *x, size_t count) {
  const int32_t exponent = 0x7f800000;
  floats lowest, highest;
  doubles sum = {0}, squares = {0};
  ints wrong = {0}, equal = {0};
  for (int j = 0; j < LANES; j++) lowest[j] = INFINITY, highest[j] = -INFINITY;
  size_t i = 0;
  // From the second sample on, so that each has one before it.
  for (i = 1; i + LANES <= count; i += LANES) {
    floats v, before;
    ints bits;
    memcpy(&v, x + i, sizeof v);
    memcpy(&before, x + i - 1, sizeof before);
    memcpy(&bits, x + i, sizeof bits);
    // Like fmin and fmax these pass over NaN. True is -1 in a lane.
    lowest = __builtin_elementwise_min(lowest, v);
    highest = __builtin_elementwise_max(highest, v);
    wrong -= (bits & exponent) == exponent;
    equal -= v == before;
    doubles wide = __builtin_convertvector(v, doubles);
    sum += wide;
    squares += wide * wide;
  }
  fd_signal_summary result = {INFINITY, -INFINITY, 0, 0, 0, 0};
  for (int j = 0; j < LANES; j++) {
    if (lowest[j] < result.minimum) result.minimum = lowest[j];
    if (highest[j] > result.maximum) result.maximum = highest[j];
    result.sum += sum[j];
    result.sum_of_squares += squares[j];
    result.non_finite += wrong[j];
    result.equal_pairs += equal[j];
  }
  // The first sample, and what did not fill the lanes.
  for (size_t k = 0; k < count; k = (k == 0 ? i : k + 1)) {
    float v = x[k];
    if (v < result.minimum) result.minimum = v;
    if (v > result.maximum) result.maximum = v;
    result.non_finite += !isfinite(v);
    result.equal_pairs += k > 0 && v == x[k - 1];
    result.sum += v;
    result.sum_of_squares += (double)v * v;
  }
  return result;
}

SCAN_CLONES void fd_extreme_positions(const float *x, size_t count, size_t *least, size_t *greatest) {
  size_t low = 0, high = 0, i = 0;
  if (count >= LANES) {
    floats lowest, highest;
    ints first, place;
    memcpy(&lowest, x, sizeof lowest);
    highest = lowest;
    for (int j = 0; j < LANES; j++) first[j] = j;
    ints lowest_at = place = first, highest_at = first;
    for (i = LANES; i + LANES <= count; i += LANES) {
      floats v;
      memcpy(&v, x + i, sizeof v);
      place += LANES;
      const ints is_lower = v < lowest, is_higher = v > highest;
      lowest = is_lower ? v : lowest;
      highest = is_higher ? v : highest;
      lowest_at = is_lower ? place : lowest_at;
      highest_at = is_higher ? place : highest_at;
    }
    low = (size_t)lowest_at[0], high = (size_t)highest_at[0];
    // Lanes hold the first place of theirs; of equal ones the first counts.
    for (int j = 1; j < LANES; j++) {
      const size_t a = (size_t)lowest_at[j], b = (size_t)highest_at[j];
      if (x[a] < x[low] || (x[a] == x[low] && a < low)) low = a;
      if (x[b] > x[high] || (x[b] == x[high] && b < high)) high = b;
    }
  }
  for (; i < count; i++) {
    if (x[i] < x[low]) low = i;
    if (x[i] > x[high]) high = i;
  }
  *least = low;
  *greatest = high;
}

size_t fd_next_run_hint(const float *x, size_t from, size_t count) {
  for (size_t i = (from + 7) / 8 * 8; i + 8 < count; i += 8)
    if (x[i] == x[i + 8] && x[i] == x[i + 4]) return i;
  return count;
}
