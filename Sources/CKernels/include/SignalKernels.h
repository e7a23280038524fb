#pragma once
// Loops of the signal features that Swift cannot vectorise well. Single precision, no allocation, no state:
// safe from any thread. Complex numbers are interleaved (real, imaginary). Unless a function says otherwise,
// pointers may be unaligned, an output may be the input itself (same address) but must not overlap it partly,
// and count 0 does nothing.
#include <stddef.h>
#include <stdint.h>

/// Lanes of the sliding median: that many rows are filtered side by side.
enum { sk_median_lanes = 16 };
/// Rows that sk_sparse_bands takes together.
enum { sk_band_rows = 8 };

/// out[i] = in[i] / 2^15. `in` may be the second half of out's memory: in == (const int16_t *)out + n for any n >= count.
void sk_from_sixteen_bits(const int16_t *in, float *out, ptrdiff_t count);
/// out[i] = a[i] * b[i]
void sk_multiply(const float *a, const float *b, float *out, ptrdiff_t count);
/// sum[i] += scale * x[i], rounded twice
void sk_add_scaled(const float *x, float scale, float *sum, ptrdiff_t count);
/// sum[i] += x[i] in double precision
void sk_add_widened(const float *x, double *sum, ptrdiff_t count);
/// out[i] = a[i] - b[i]
void sk_subtract(const float *a, const float *b, float *out, ptrdiff_t count);
/// out[i] = (a[i] - shift) * b[i]
void sk_shift_multiply(const float *a, float shift, const float *b, float *out, ptrdiff_t count);
/// out[i] = (a[i] - shift) * scale
void sk_shift_scale(const float *a, float shift, float scale, float *out, ptrdiff_t count);
/// Sum of a[i] in double precision, in a fixed order.
double sk_sum(const float *a, ptrdiff_t count);
/// Sum of (a[i] - shift)^2 in double precision, in a fixed order.
double sk_sum_of_squares(const float *a, float shift, ptrdiff_t count);
/// out[i] = |z[i]|^2; out must not overlap z.
void sk_power(const float *z, float *out, ptrdiff_t count);
/// sum[i] += |z[i]|^2; sum must not overlap z.
void sk_add_power(const float *z, float *sum, ptrdiff_t count);
/// out[i] = |z[i]|; out must not overlap z.
void sk_magnitude(const float *z, float *out, ptrdiff_t count);
/// out[i] = z[i] / |z[i]|, and 0 where z[i] is 0 (or so small that its square is not a normal number).
void sk_unit_magnitude(const float *z, float *out, ptrdiff_t count);
/// out[i] = z[i] over the root mean square of |z| at i - reach ... i + reach, as far as there are such bins; 0 where that is
/// 0. `sums` has room for count + 1 values.
void sk_level(const float *z, ptrdiff_t count, ptrdiff_t reach, double *sums, float *out);
/// out[i] = natural log of max(x[i], floor), floor > 0 and normal. NaN stays NaN, infinity stays infinity.
/// Error below 2.4e-7 of the result or 1e-7, whichever is larger.
void sk_log_above(const float *x, float floor, float *out, ptrdiff_t count);
/// Splits start + step i, which must lie in 0 ..< 2^31, into its whole part and its fraction.
void sk_line_positions(double start, double step, int32_t *index, float *fraction, ptrdiff_t count);
/// out[i * stride] = x[j] + fraction[i] * (x[j + 1] - x[j]) with j = index[i]; out must not overlap x.
void sk_interpolate(const float *x, const int32_t *index, const float *fraction, float *out, ptrdiff_t stride,
                    ptrdiff_t count);
/// Places where a line's peak is searched for, from -reach to +reach in equal steps.
enum { sk_peak_points = 7 };
/// Of each of 16 interleaved rows, the mean over harmonics h = 1 ... harmonics of its peak at h order: out[row] for x [steps, 16],
/// `step` orders apart, two at least.
///
/// A peak is the highest value at sk_peak_points places within +-reach orders, linear between steps; places beyond the axis
/// take no part. The first harmonic without any ends the mean, and without a harmonic it is 0.
void sk_mean_peaks(const float *x, ptrdiff_t steps, double step, double order, double reach, ptrdiff_t harmonics, double *out);
/// The same of a single row, each peak c taken as (c + weight s) / (1 + weight) with s the mean of the peaks `modulation` orders to
/// either side, as far as they are on the axis; a modulation of 0 has none.
double sk_comb(const float *x, ptrdiff_t steps, double step, double order, double reach, ptrdiff_t harmonics,
               double modulation, double weight);
/// out[i, 0 ..< rows] = x[0 ..< rows, i] with rows <= 16, and 0 behind: planar rows become interleaved ones.
void sk_interleave(const float *x, ptrdiff_t rows, ptrdiff_t steps, float *out);
/// The way back: out[0 ..< rows, i] = x[i, 0 ..< rows].
void sk_separate(const float *x, ptrdiff_t rows, ptrdiff_t steps, float *out);
/// Turns the transform Z of n / 2 complex numbers x[2i] + j x[2i + 1] into the one-sided transform X of the n real numbers
/// x, in place: z holds n / 2 + 1 complex numbers, n a multiple of 4, and w[k] = exp(-2 pi j k / n) for k <= n / 4.
///
/// With M = n / 2, E = (Z[k] + conj Z[M - k]) / 2 and O = (Z[k] - conj Z[M - k]) / 2j: X[k] = E + w[k] O, X[M - k] =
/// conj(E - w[k] O), X[0] and X[M] = re Z[0] +- im Z[0]. Sorensen et al., "Real-valued fast Fourier transform algorithms",
/// IEEE Trans. ASSP 35 (1987), 849-863.
void sk_unpack_real_transform(float *z, const float *w, ptrdiff_t n);
/// out[k] = |X[k]|^2 for k <= n / 2, with X as of sk_unpack_real_transform, from Z; out must not overlap z.
void sk_power_of_packed(const float *z, const float *w, ptrdiff_t n, float *out);
/// out[k] = |X[k]| likewise, for k < count at least: out has room for n / 2 + 1.
void sk_magnitude_of_packed(const float *z, const float *w, ptrdiff_t n, ptrdiff_t count, float *out);
/// The way back: from X as sk_unpack_real_transform leaves it to 2 Z, whose inverse transform of n / 2 complex numbers is n times
/// the real ones. Imaginary parts of X[0] and X[n / 2] are ignored.
void sk_pack_real_transform(float *z, const float *w, ptrdiff_t n);
/// z[i] = z[i] / j, in place.
void sk_quarter_turn_back(float *z, ptrdiff_t count);
/// out[i] = re[i]^2 + (scale im[i])^2
void sk_power_of_parts(const float *re, const float *im, float scale, float *out, ptrdiff_t count);
/// out[i] = sqrt(re[i]^2 + (scale im[i])^2)
void sk_magnitude_of_parts(const float *re, const float *im, float scale, float *out, ptrdiff_t count);
/// out[row, b] = sum over k < length[b] of weight[offset[b] + k] * x[row, first[b] + k] for `rows` of eight rows: a filter bank
/// stored sparsely.
///
/// x is [8, stride], all of it readable, stride a multiple of 8; what is in rows and columns beyond those asked for does not
/// matter. out is [rows, bands]. work holds 8 stride floats and, as x, overlaps nothing.
void sk_sparse_bands(const float *x, ptrdiff_t stride, const float *weight, const int32_t *first, const int32_t *length,
                     const int32_t *offset, float *work, float *out, ptrdiff_t rows, ptrdiff_t bands);
/// The value that sorting x would put at `rank` < count, NaN last.
float sk_order_statistic(const float *x, ptrdiff_t count, ptrdiff_t rank);
/// The one at count / 2; count > 0.
float sk_upper_median(const float *x, ptrdiff_t count);
/// Subtracts from each of 16 interleaved rows its running median over `width` (odd, at least 3) steps.
///
/// x and out are [step, 16]; out must not be x. Beyond its ends a row continues as its mirror image (d c b a
/// | a b c d | d c b a), so width must not exceed 2 * steps. work holds (width + 1) * 16 floats at a 64-byte
/// boundary. A NaN anywhere in a window makes its median meaningless, but touches no memory out of bounds;
/// that row must be discarded.
void sk_subtract_running_median(const float *x, ptrdiff_t steps, ptrdiff_t width, float *work, float *out);
/// Reads 16 interleaved rows at fractional positions and limits them to [low, high]: out[row * rowStride + i]
/// = limit(x[j][row] + fraction[i] * (x[j + 1][row] - x[j][row])), j = index[i], for row < rows <= 16. NaN
/// stays NaN.
void sk_interpolate_rows(const float *x, const int32_t *index, const float *fraction, float low, float high, float *out,
                         ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t count);
