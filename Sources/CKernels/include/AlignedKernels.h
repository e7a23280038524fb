#pragma once
#include <stdint.h>

// Kernels of aligned networks, in training (FaultDiag/Aligned/AlignedStep.swift) and when they judge. Arrays are row-major.
//
// A window's slices [row, position], one a band, lie in *slots* of `rows` slices each: slot slots[window * bands + band].
// Slots below `live` hold values, the others stand for slices of zeros and are never read.

/// The bits that belong to one index of the stream that `key` names: a hash, so that any order and any vector
/// width draw the same.
uint32_t ak_bits(uint32_t key, uint32_t index);

/// y[p] = (1 - share[p]) x[p + offset] + share[p] x[p + offset + 1] + noise t_p for the positions of each run, where run i
/// begins at begins[i] (the last ends at begins[runs]) and has offsets[i]. t_p is triangular of mean 0 and variance 1,
/// the sum of the two halves of ak_bits(key, first + p).
void ak_stretch(const float *x, long runs, const int32_t *begins, const int32_t *offsets, const float *share, float noise,
                uint32_t key, uint32_t first, float *y);

/// x[i] = ak_bits(key, i) >= threshold ? scale max(0, x[i] + bias[column]) : 0.
void ak_bias_relu_dropout(long rows, long columns, const float *bias, uint32_t key, uint32_t threshold, float scale,
                          float *x);

/// Mean and maximum over bands of h [slot, row, width] into e [window, row, stride] at 0 and `width`; `strongest`
/// [window, row, width] is the first band that holds the maximum.
void ak_pool_bands(long windows, long rows, long bands, long width, const int32_t *slots, const float *h, long stride,
                   float *e, uint8_t *strongest);

/// The gradient of ak_pool_bands through a rectifier whose output h is: dh is 0 where h is.
void ak_unpool_bands(long windows, long rows, long bands, long width, const int32_t *slots, const float *h, long stride,
                     const float *de, const uint8_t *strongest, float *dh);

/// y [window, row, 2 positions]: twice the mean of those slices of x [slot, row, position] that are not all zero, of
/// all bands but the last two; then the last band's slice.
void ak_agree(long windows, long rows, long bands, long positions, const int32_t *slots, int32_t live, const float *x,
              float *y);

/// c [window, family, 5 width + families] of e [window, row, width], as AlignedNetwork.swift has it: own, then mean and maximum
/// over the other families, then mean and maximum over the rivals (absent without rivals), then which family it is.
/// `strongest` [window, family, 1 or 2 groups, width] is the first row that holds the maximum.
void ak_compare(long windows, long families, long rivals, long width, const float *e, float *c, uint8_t *strongest);

/// de [window, row, width] from the gradient dc of ak_compare.
void ak_uncompare(long windows, long families, long rivals, long width, const float *dc, const uint8_t *strongest,
                  float *de);
