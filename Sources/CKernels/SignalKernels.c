// Goals, in this order: the stated result for every input, the same bytes for the same input on one machine,
// speed. target_clones picks the widest vectors at load time; clones may differ in the last bit (fused
// multiply-add).
#include "SignalKernels.h"
#include <string.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SK_CLONES
#endif
#endif
#if !defined(SK_CLONES) && defined(__x86_64__)
// The resolver of target_clones runs before ThreadSanitizer is set up, and crashes.
#define SK_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#elif !defined(SK_CLONES)
#define SK_CLONES
#endif

// Without the pragma the vectoriser guards against overlap at run time, and an output that is the input
// itself takes the scalar path. Every loop that carries it reads element i and writes element i, and nothing
// else.
#define SK_SAME_ADDRESS_ALLOWED _Pragma("clang loop vectorize(assume_safety)")

SK_CLONES void sk_multiply(const float *a, const float *b, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) out[i] = a[i] * b[i];
}

// Not fused, as models were trained on the values of a plain loop.
SK_CLONES void sk_add_scaled(const float *x, float scale, float *sum, ptrdiff_t count) {
#pragma clang fp contract(off)
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) sum[i] += scale * x[i];
}

SK_CLONES void sk_add_widened(const float *restrict x, double *restrict sum, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) sum[i] += (double)x[i];
}

SK_CLONES void sk_subtract(const float *a, const float *b, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) out[i] = a[i] - b[i];
}

SK_CLONES void sk_shift_multiply(const float *a, float shift, const float *b, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) out[i] = (a[i] - shift) * b[i];
}

SK_CLONES void sk_shift_scale(const float *a, float shift, float scale, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) out[i] = (a[i] - shift) * scale;
}

// Sixteen partial sums: vectorises without reassociation, so that every clone adds in the same order.
SK_CLONES double sk_sum(const float *a, ptrdiff_t count) {
  double part[16] = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int l = 0; l < 16; l++) part[l] += (double)a[i + l];
  double total = 0;
  for (int l = 0; l < 16; l++) total += part[l];
  for (; i < count; i++) total += (double)a[i];
  return total;
}

SK_CLONES double sk_sum_of_squares(const float *a, float shift, ptrdiff_t count) {
  double part[16] = {0};
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int l = 0; l < 16; l++) {
      double d = (double)a[i + l] - (double)shift;
      part[l] += d * d;
    }
  double total = 0;
  for (int l = 0; l < 16; l++) total += part[l];
  for (; i < count; i++) {
    double d = (double)a[i] - (double)shift;
    total += d * d;
  }
  return total;
}

SK_CLONES void sk_power(const float *restrict z, float *restrict out, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float re = z[2 * i], im = z[2 * i + 1];
    out[i] = re * re + im * im;
  }
}

SK_CLONES void sk_add_power(const float *restrict z, float *restrict sum, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float re = z[2 * i], im = z[2 * i + 1];
    sum[i] += re * re + im * im;
  }
}

SK_CLONES void sk_magnitude(const float *restrict z, float *restrict out, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float re = z[2 * i], im = z[2 * i + 1];
    out[i] = __builtin_elementwise_sqrt(re * re + im * im);
  }
}

SK_CLONES void sk_unit_magnitude(const float *z, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) {
    float re = z[2 * i], im = z[2 * i + 1];
    float power = re * re + im * im;
    float scale = 1.0f / __builtin_elementwise_sqrt(power < 1.2e-38f ? 1.0f : power);
    scale = power < 1.2e-38f ? 0.0f : scale;
    out[2 * i] = re * scale;
    out[2 * i + 1] = im * scale;
  }
}

SK_CLONES void sk_level(const float *z, ptrdiff_t count, ptrdiff_t reach, double *sums, float *out) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    sums[i] = sum;
    sum += (double)(z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]);
  }
  sums[count] = sum;
  for (ptrdiff_t i = 0; i < count; i++) {
    ptrdiff_t first = i < reach ? 0 : i - reach;
    ptrdiff_t end = i + reach + 1 < count ? i + reach + 1 : count;
    float power = (float)((sums[end] - sums[first]) / (double)(end - first));
    float scale = power > 0 ? 1.0f / __builtin_elementwise_sqrt(power) : power * 0.0f;
    out[2 * i] = z[2 * i] * scale;
    out[2 * i + 1] = z[2 * i + 1] * scale;
  }
}

// x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.1716. The odd
// series up to s^9 leaves 2 s^11 / 11 < 7e-10.
SK_CLONES void sk_log_above(const float *x, float floor, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) {
    float v = x[i] < floor ? floor : x[i];
    uint32_t bits;
    memcpy(&bits, &v, 4);
    uint32_t shifted = bits - 0x3f3504f3u; // the bits of sqrt(1/2)
    float e = (float)((int32_t)shifted >> 23);
    uint32_t mantissa = (shifted & 0x007fffffu) + 0x3f3504f3u;
    float m;
    memcpy(&m, &mantissa, 4);
    float s = (m - 1.0f) / (m + 1.0f), q = s * s;
    float series = q * (0.66666667f + q * (0.4f + q * (0.28571429f + q * 0.22222222f)));
    float result = e * 0.69314718f + (2.0f * s + s * series);
    out[i] = v <= 3.4028235e38f ? result : v;
  }
}

SK_CLONES void sk_interpolate(const float *restrict x, const int32_t *restrict index,
                              const float *restrict fraction, float *restrict out, ptrdiff_t stride,
                              ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float *at = x + index[i];
    out[i * stride] = at[0] + fraction[i] * (at[1] - at[0]);
  }
}

SK_CLONES void sk_line_positions(double start, double step, int32_t *restrict index, float *restrict fraction,
                                 ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    double at = start + step * (double)i;
    int32_t whole = (int32_t)at;
    index[i] = whole;
    fraction[i] = (float)(at - (double)whole);
  }
}

typedef float sk_lanes __attribute__((ext_vector_type(16)));
typedef double sk_wide_lanes __attribute__((ext_vector_type(16)));
typedef float sk_half_lanes __attribute__((ext_vector_type(8)));

#define SK_INLINE static inline __attribute__((always_inline))
SK_INLINE void sk_load(sk_lanes *v, const float *p) { memcpy(v, p, sizeof *v); }
SK_INLINE void sk_store(float *p, const sk_lanes *v) { memcpy(p, v, sizeof *v); }

// Eight interleaved complex numbers: real and imaginary parts exchanged, and the last number first.
#define SK_SWAPPED(v) __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
#define SK_BACKWARDS(v) __builtin_shufflevector(v, v, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1)
// Either part in both places.
#define SK_REAL(v) __builtin_shufflevector(v, v, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14)
#define SK_IMAGINARY(v) __builtin_shufflevector(v, v, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15)

// Neither kernel of peaks fuses products with sums: models were trained on the values of a plain loop.
SK_CLONES void sk_mean_peaks(const float *x, ptrdiff_t steps, double step, double order, double reach, ptrdiff_t harmonics,
                             double *out) {
#pragma clang fp contract(off)
  const ptrdiff_t last = steps - 1;
  sk_wide_lanes sum = 0;
  ptrdiff_t count = 0;
  for (; count < harmonics; count++) {
    const double centre = (double)(count + 1) * order;
    sk_lanes peak = 0;
    int is_known = 0;
    for (int point = -sk_peak_points / 2; point <= sk_peak_points / 2; point++) {
      const double at = (centre + reach * (double)point / (sk_peak_points / 2)) / step;
      if (!(at >= 0 && at <= (double)last)) continue;
      const ptrdiff_t left = (ptrdiff_t)at < last - 1 ? (ptrdiff_t)at : last - 1;
      sk_lanes a, b;
      sk_load(&a, x + 16 * left);
      sk_load(&b, x + 16 * (left + 1));
      a += (float)(at - (double)left) * (b - a);
      peak = is_known ? (a > peak ? a : peak) : a;
      is_known = 1;
    }
    if (!is_known) break;
    sum += __builtin_convertvector(peak, sk_wide_lanes);
  }
  if (count > 0) sum /= (double)count;
  memcpy(out, &sum, sizeof sum);
}

typedef double sk_points __attribute__((ext_vector_type(8)));

// Whether the row has a peak there. Most lie within the axis with all their places, which are then read side by side, the
// last one twice.
SK_INLINE int sk_peak(const float *x, ptrdiff_t steps, double step, double order, const sk_points *offsets, float *peak) {
#pragma clang fp contract(off)
  typedef int32_t places __attribute__((ext_vector_type(8)));
  const int32_t last = (int32_t)steps - 2;
  const sk_points at = (order + *offsets) / step;
  if (at[0] >= 0 && at[sk_peak_points - 1] < (double)last) {
    const places left = __builtin_convertvector(at, places);
    sk_half_lanes a, b;
    for (int i = 0; i < 8; i++) {
      a[i] = x[left[i]];
      b[i] = x[left[i] + 1];
    }
    a += __builtin_convertvector(at - __builtin_convertvector(left, sk_points), sk_half_lanes) * (b - a);
    float highest = a[0];
    for (int i = 1; i < sk_peak_points; i++) highest = a[i] > highest ? a[i] : highest;
    *peak = highest;
    return 1;
  }
  int is_known = 0;
  for (int i = 0; i < sk_peak_points; i++) {
    if (!(at[i] >= 0 && at[i] <= (double)(last + 1))) continue;
    const int32_t left = (int32_t)at[i] < last ? (int32_t)at[i] : last;
    const float value = x[left] + (float)(at[i] - (double)left) * (x[left + 1] - x[left]);
    if (!is_known || value > *peak) *peak = value;
    is_known = 1;
  }
  return is_known;
}

SK_CLONES double sk_comb(const float *x, ptrdiff_t steps, double step, double order, double reach, ptrdiff_t harmonics,
                         double modulation, double weight) {
#pragma clang fp contract(off)
  sk_points offsets;
  for (int i = 0; i < 8; i++) {
    const int point = (i < sk_peak_points ? i : sk_peak_points - 1) - sk_peak_points / 2;
    offsets[i] = reach * (double)point / (sk_peak_points / 2);
  }
  double sum = 0;
  ptrdiff_t count = 0;
  for (; count < harmonics; count++) {
    const double centre = (double)(count + 1) * order;
    float peak;
    if (!sk_peak(x, steps, step, centre, &offsets, &peak)) break;
    double value = (double)peak;
    if (modulation > 0) {
      float side, sides = 0;
      int known = 0;
      for (int sign = -1; sign <= 1; sign += 2) {
        if (!sk_peak(x, steps, step, centre + sign * modulation, &offsets, &side)) continue;
        sides += side;
        known++;
      }
      if (known > 0) value = (value + weight * ((double)sides / known)) / (1 + weight);
    }
    sum += value;
  }
  return count > 0 ? sum / (double)count : 0;
}

// Sixteen are read before they are written, and what is written ends before what is not yet read: 4 (i + 16) <= 2 n + 2 (i + 16).
SK_CLONES void sk_from_sixteen_bits(const int16_t *in, float *out, ptrdiff_t count) {
  typedef int16_t shorts __attribute__((ext_vector_type(16)));
  const float scale = 1.0f / 32768;
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16) {
    shorts whole;
    memcpy(&whole, in + i, sizeof whole);
    sk_lanes x = __builtin_convertvector(whole, sk_lanes) * scale;
    sk_store(out + i, &x);
  }
  for (; i < count; i++) {
    int16_t whole;
    memcpy(&whole, in + i, sizeof whole);
    float x = (float)whole * scale;
    memcpy(out + i, &x, sizeof x);
  }
}

static inline ptrdiff_t sk_mirrored(ptrdiff_t i, ptrdiff_t steps) {
  if (i < 0) i = -1 - i;
  return i < steps ? i : 2 * steps - 1 - i;
}

// Eight rows of eight become columns: exchanges of single numbers, of pairs, of halves.
SK_INLINE void sk_transpose_eight(sk_half_lanes *r) {
  sk_half_lanes s[8], t[8];
  for (int i = 0; i < 8; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = i; j < i + 2; j++) {
      t[j] = __builtin_shufflevector(s[j], s[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      t[j + 2] = __builtin_shufflevector(s[j], s[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int i = 0; i < 4; i++) {
    r[i] = __builtin_shufflevector(t[i], t[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = __builtin_shufflevector(t[i], t[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

SK_CLONES void sk_interleave(const float *x, ptrdiff_t rows, ptrdiff_t steps, float *out) {
  ptrdiff_t i = 0;
  for (; i + 8 <= steps; i += 8) {
    for (ptrdiff_t half = 0; half < 16; half += 8) {
      sk_half_lanes block[8] = {0};
      for (ptrdiff_t r = 0; r < 8 && half + r < rows; r++) memcpy(&block[r], x + (half + r) * steps + i, sizeof block[r]);
      sk_transpose_eight(block);
      for (int r = 0; r < 8; r++) memcpy(out + 16 * (i + r) + half, &block[r], sizeof block[r]);
    }
  }
  for (; i < steps; i++)
    for (ptrdiff_t row = 0; row < 16; row++) out[16 * i + row] = row < rows ? x[row * steps + i] : 0;
}

SK_CLONES void sk_separate(const float *x, ptrdiff_t rows, ptrdiff_t steps, float *out) {
  ptrdiff_t i = 0;
  for (; i + 8 <= steps; i += 8) {
    for (ptrdiff_t half = 0; half < rows; half += 8) {
      sk_half_lanes block[8];
      for (int r = 0; r < 8; r++) memcpy(&block[r], x + 16 * (i + r) + half, sizeof block[r]);
      sk_transpose_eight(block);
      for (ptrdiff_t r = 0; r < 8 && half + r < rows; r++)
        memcpy(out + (half + r) * steps + i, &block[r], sizeof block[r]);
    }
  }
  for (; i < steps; i++)
    for (ptrdiff_t row = 0; row < rows; row++) out[row * steps + i] = x[16 * i + row];
}

// A row is a lane, so that a weight is loaded once for eight rows and no band has lanes to be added.
SK_CLONES void sk_sparse_bands(const float *x, ptrdiff_t stride, const float *weight, const int32_t *first,
                               const int32_t *length, const int32_t *offset, float *work, float *out, ptrdiff_t rows,
                               ptrdiff_t bands) {
  for (ptrdiff_t k = 0; k < stride; k += sk_band_rows) {
    sk_half_lanes block[8];
    for (int i = 0; i < 8; i++) memcpy(&block[i], x + i * stride + k, sizeof block[i]);
    sk_transpose_eight(block);
    memcpy(work + sk_band_rows * k, block, sizeof block);
  }
  for (ptrdiff_t b = 0; b < bands; b += 8) {
    const ptrdiff_t count = bands - b < 8 ? bands - b : 8;
    sk_half_lanes sums[8] = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
      const float *w = weight + offset[b + i], *column = work + (ptrdiff_t)sk_band_rows * first[b + i];
      sk_half_lanes even = 0, odd = 0, p;
      ptrdiff_t k = 0;
      for (; k + 1 < length[b + i]; k += 2) {
        memcpy(&p, column + sk_band_rows * k, sizeof p);
        even += w[k] * p;
        memcpy(&p, column + sk_band_rows * (k + 1), sizeof p);
        odd += w[k + 1] * p;
      }
      if (k < length[b + i]) {
        memcpy(&p, column + sk_band_rows * k, sizeof p);
        even += w[k] * p;
      }
      sums[i] = even + odd;
    }
    sk_transpose_eight(sums);
    for (ptrdiff_t row = 0; row < rows; row++) memcpy(out + row * bands + b, &sums[row], (size_t)count * sizeof(float));
  }
}

// What the packed transform becomes.
enum sk_unpacked { sk_complex, sk_squares, sk_magnitudes };

#define SK_CONJUGATE ((sk_lanes){1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1})

// z[k ... k + 7], conj z[m - k ... m - k - 7], and w[k ... k + 7].
SK_INLINE void sk_load_pairs(const float *z, const float *w, ptrdiff_t m, ptrdiff_t k, sk_lanes *a, sk_lanes *b,
                             sk_lanes *factor) {
  sk_lanes partner;
  sk_load(a, z + 2 * k);
  sk_load(&partner, z + 2 * (m - k - 7));
  sk_load(factor, w + 2 * k);
  *b = SK_BACKWARDS(partner) * SK_CONJUGATE;
}

// 2 X[k ... k + 7] and 2 conj X[m - k ... m - k - 7] of the packed transform z of m complex numbers. Halving is exact wherever it
// is done.
SK_INLINE void sk_unpack_eight(const float *z, const float *w, ptrdiff_t m, ptrdiff_t k, sk_lanes *low, sk_lanes *partner) {
  sk_lanes a, b, factor;
  sk_load_pairs(z, w, m, k, &a, &b, &factor);
  const sk_lanes sum = a + b, difference = a - b;
  // w times the difference divided by j, which turns (re, im) into (im, -re).
  const sk_lanes turned =
      SK_REAL(factor) * SK_CONJUGATE * SK_SWAPPED(difference) + SK_IMAGINARY(factor) * difference;
  *low = sum + turned;
  *partner = sum - turned;
}

// Bins k ... k + 7, and their partners below m - k where those are wanted.
SK_INLINE void sk_write_eight(float *out, ptrdiff_t m, ptrdiff_t k, const sk_lanes *low, const sk_lanes *partner,
                              int high_is_wanted, enum sk_unpacked kind) {
  const sk_lanes u = *low, v = *partner;
  if (kind == sk_complex) {
    const sk_lanes first = 0.5f * u, turned = 0.5f * v * SK_CONJUGATE, second = SK_BACKWARDS(turned);
    sk_store(out + 2 * k, &first);
    if (high_is_wanted) sk_store(out + 2 * (m - k - 7), &second);
    return;
  }
  // Partners in rising order behind the others. As sk_power and sk_magnitude have it, so that the last bit is theirs: the real
  // part's square is the one that may be fused.
  const sk_lanes re = __builtin_shufflevector(u, v, 0, 2, 4, 6, 8, 10, 12, 14, 30, 28, 26, 24, 22, 20, 18, 16);
  const sk_lanes im = __builtin_shufflevector(u, v, 1, 3, 5, 7, 9, 11, 13, 15, 31, 29, 27, 25, 23, 21, 19, 17);
  sk_lanes squares = 0.25f * (re * re + im * im);
  if (kind == sk_magnitudes) squares = __builtin_elementwise_sqrt(squares);
  const sk_half_lanes first = squares.lo, second = squares.hi;
  memcpy(out + k, &first, sizeof first);
  if (high_is_wanted) memcpy(out + m - k - 7, &second, sizeof second);
}

SK_INLINE void sk_write_one(float *out, float re, float im, enum sk_unpacked kind) {
  if (kind == sk_complex) {
    out[0] = re;
    out[1] = im;
  } else {
    const float square = re * re + im * im;
    out[0] = kind == sk_magnitudes ? __builtin_elementwise_sqrt(square) : square;
  }
}

// Bins below count, and some of the others. Bin k and its partner m - k are read and written together, so that no pair touches
// another and out may be z for complex results; at k = m / 2 both are one.
SK_INLINE void sk_unpack(const float *z, const float *w, ptrdiff_t n, ptrdiff_t count, float *out, enum sk_unpacked kind) {
  const ptrdiff_t m = n / 2, width = kind == sk_complex ? 2 : 1;
  const float re0 = z[0], im0 = z[1];
  sk_write_one(out, re0 + im0, 0, kind);
  if (m < count) sk_write_one(out + width * m, re0 - im0, 0, kind);
  ptrdiff_t k = 1;
  for (; k + 7 < m - k - 7; k += 8) {
    const int high_is_wanted = m - k - 7 < count;
    if (k >= count && !high_is_wanted) return; // what is left, partners included, lies above k
    sk_lanes low, partner;
    sk_unpack_eight(z, w, m, k, &low, &partner);
    sk_write_eight(out, m, k, &low, &partner, high_is_wanted, kind);
  }
  for (; k <= m / 2; k++) {
    const float ar = z[2 * k], ai = z[2 * k + 1], br = z[2 * (m - k)], bi = z[2 * (m - k) + 1];
    const float er = 0.5f * (ar + br), ei = 0.5f * (ai - bi);
    const float or = 0.5f * (ai + bi), oi = 0.5f * (br - ar);
    const float wr = w[2 * k], wi = w[2 * k + 1];
    const float tr = wr * or - wi * oi, ti = wr * oi + wi * or;
    sk_write_one(out + width * k, er + tr, ei + ti, kind);
    sk_write_one(out + width * (m - k), er - tr, ti - ei, kind);
  }
}

SK_CLONES void sk_unpack_real_transform(float *z, const float *w, ptrdiff_t n) {
  sk_unpack(z, w, n, n / 2 + 1, z, sk_complex);
}

SK_CLONES void sk_power_of_packed(const float *z, const float *w, ptrdiff_t n, float *out) {
  sk_unpack(z, w, n, n / 2 + 1, out, sk_squares);
}

SK_CLONES void sk_magnitude_of_packed(const float *z, const float *w, ptrdiff_t n, ptrdiff_t count, float *out) {
  sk_unpack(z, w, n, count, out, sk_magnitudes);
}

// The way back, in the same pairs as sk_unpack: with s = a + conj b and d = a - conj b, Z[k] = s + j conj(w) d.
SK_CLONES void sk_pack_real_transform(float *z, const float *w, ptrdiff_t n) {
  const ptrdiff_t m = n / 2;
  const sk_lanes conjugate = SK_CONJUGATE;
  const float first = z[0], last = z[2 * m];
  z[0] = first + last;
  z[1] = first - last;
  ptrdiff_t k = 1;
  for (; k + 7 < m - k - 7; k += 8) {
    sk_lanes a, b, factor;
    sk_load_pairs(z, w, m, k, &a, &b, &factor);
    const sk_lanes sum = a + b, difference = a - b;
    // conj(w) d, then times j: (re, im) into (-im, re).
    const sk_lanes back = SK_REAL(factor) * difference + conjugate * (SK_IMAGINARY(factor) * SK_SWAPPED(difference));
    const sk_lanes turned = -conjugate * SK_SWAPPED(back);
    const sk_lanes low = sum + turned, partner = (sum - turned) * conjugate, high = SK_BACKWARDS(partner);
    sk_store(z + 2 * k, &low);
    sk_store(z + 2 * (m - k - 7), &high);
  }
  for (; k <= m / 2; k++) {
    const float ar = z[2 * k], ai = z[2 * k + 1], br = z[2 * (m - k)], bi = z[2 * (m - k) + 1];
    const float sr = ar + br, si = ai - bi, dr = ar - br, di = ai + bi;
    const float wr = w[2 * k], wi = w[2 * k + 1];
    const float tr = wr * dr + wi * di, ti = wr * di - wi * dr;
    z[2 * k] = sr - ti;
    z[2 * k + 1] = si + tr;
    z[2 * (m - k)] = sr + ti;
    z[2 * (m - k) + 1] = tr - si;
  }
}

SK_CLONES void sk_quarter_turn_back(float *z, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) {
    const float re = z[2 * i], im = z[2 * i + 1];
    z[2 * i] = im;
    z[2 * i + 1] = -re;
  }
}

SK_CLONES void sk_power_of_parts(const float *re, const float *im, float scale, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++) out[i] = re[i] * re[i] + (scale * im[i]) * (scale * im[i]);
}

SK_CLONES void sk_magnitude_of_parts(const float *re, const float *im, float scale, float *out, ptrdiff_t count) {
  SK_SAME_ADDRESS_ALLOWED
  for (ptrdiff_t i = 0; i < count; i++)
    out[i] = __builtin_elementwise_sqrt(re[i] * re[i] + (scale * im[i]) * (scale * im[i]));
}

// The bits of a float, those of negative ones turned round, are integers in the order of the floats. The one of a rank is found
// bit by bit, from above, by counting: more passes than a selection makes, but none of them jumps.
SK_CLONES float sk_order_statistic(const float *x, ptrdiff_t count, ptrdiff_t rank) {
  uint32_t found = 0; // offset by 2^31, so that it is the order of the signed integers as well
  for (int bit = 31; bit >= 0; bit--) {
    const int32_t trial = (int32_t)((found | 1u << bit) ^ 0x80000000u);
    ptrdiff_t below = 0;
    for (ptrdiff_t start = 0; start < count; start += 1 << 16) { // a sum of so many fits 32 bits
      const ptrdiff_t end = count - start > 1 << 16 ? start + (1 << 16) : count;
      int32_t part = 0;
      for (ptrdiff_t i = start; i < end; i++) {
        int32_t bits;
        memcpy(&bits, x + i, 4);
        const int32_t key = bits ^ (int32_t)((uint32_t)(bits >> 31) >> 1);
        part += key < trial;
      }
      below += part;
    }
    if (below <= rank) found |= 1u << bit;
  }
  const int32_t key = (int32_t)(found ^ 0x80000000u);
  const int32_t bits = key ^ (int32_t)((uint32_t)(key >> 31) >> 1);
  float result;
  memcpy(&result, &bits, 4);
  return result;
}

float sk_upper_median(const float *x, ptrdiff_t count) { return sk_order_statistic(x, count, count / 2); }

// The window's values are kept sorted, lane by lane. One pass replaces a leaving value v by an arriving value
// w: with b the sorted values less v, b[k] = a[k] < v ? a[k] : a[k + 1], the result is c[k] = min(max(b[k -
// 1], w), b[k]), where b[-1] = -inf and b[width - 1] = +inf. No branch depends on data, so sixteen rows go
// side by side.
SK_CLONES void sk_subtract_running_median(const float *x, ptrdiff_t steps, ptrdiff_t width, float *work, float *out) {
  const sk_lanes infinity = __builtin_inff();
  sk_lanes *sorted = (sk_lanes *)(void *)work; // invariant: the caller's buffer is 64-byte aligned
  ptrdiff_t half = width / 2;
  for (ptrdiff_t k = 0; k <= width; k++) sorted[k] = infinity;
  for (ptrdiff_t j = 0; j < width; j++) { // insertion of the first window
    sk_lanes w, below;
    sk_load(&w, x + 16 * sk_mirrored(j - half, steps));
    below = -infinity;
    for (ptrdiff_t k = 0; k <= j; k++) {
      sk_lanes b = sorted[k];
      sk_lanes raised = below > w ? below : w;
      sorted[k] = raised < b ? raised : b;
      below = b;
    }
  }
  for (ptrdiff_t i = 0; i < steps; i++) {
    sk_lanes v, w, own;
    sk_load(&own, x + 16 * i);
    own -= sorted[half];
    sk_store(out + 16 * i, &own);
    if (i + 1 == steps) break;
    sk_load(&v, x + 16 * sk_mirrored(i - half, steps));
    sk_load(&w, x + 16 * sk_mirrored(i + 1 + half, steps));
    sk_lanes below = -infinity, a = sorted[0];
    for (ptrdiff_t k = 0; k < width; k++) {
      sk_lanes next = sorted[k + 1]; // sorted[width] stays +inf
      sk_lanes b = a < v ? a : next;
      sk_lanes raised = below > w ? below : w;
      sorted[k] = raised < b ? raised : b;
      below = b;
      a = next;
    }
  }
}

SK_CLONES void sk_interpolate_rows(const float *x, const int32_t *index, const float *fraction, float low, float high,
                                   float *out, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    sk_lanes a, b;
    sk_load(&a, x + 16 * (ptrdiff_t)index[i]);
    sk_load(&b, x + 16 * ((ptrdiff_t)index[i] + 1));
    a += fraction[i] * (b - a);
    a = a < low ? (sk_lanes)low : a;
    a = a > high ? (sk_lanes)high : a;
    for (ptrdiff_t r = 0; r < rows; r++) out[r * row_stride + i] = a[r];
  }
}
