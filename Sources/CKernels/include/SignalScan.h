#pragma once
#include <stddef.h>
#include <stdint.h>

/// What one look at a block of samples tells.
typedef struct {
  /// Least and greatest sample; NaN takes no part, infinities do. +inf and -inf for an empty block.
  float minimum, maximum;
  double sum, sum_of_squares;
  /// Samples that are NaN or infinite.
  int64_t non_finite;
  /// Samples equal to the one before them in the block.
  int64_t equal_pairs;
} fd_signal_summary;

/// Summarises `count` samples at `x`; `x` needs no alignment.
fd_signal_summary fd_summarize_signal(const float *x, size_t count);

/// Where the first of the least and the first of the greatest of `count` > 0 samples are, `count` < 2^31; none is NaN.
void fd_extreme_positions(const float *x, size_t count, size_t *least, size_t *greatest);

/// The least multiple of 8 `i >= from` with `i + 8 < count` and x[i] == x[i+4] == x[i+8]; `count` when there is none.
/// Every run of 16 equal samples holds such an `i`, so long runs are found by looking at few samples.
size_t fd_next_run_hint(const float *x, size_t from, size_t count);
