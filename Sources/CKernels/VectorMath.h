#pragma once
// Functions that the compiler turns into vector code where loops call them.
//
// float: polynomials fitted by weighted least squares to near-minimax error (Lawson's iteration).
// double: libm, which does not vectorise, exact enough for gradient checks at 1e-8.
#include "VectorClones.h"
#include <math.h>
#include <string.h>

// Allows the sums in one block to be split over vector lanes.
#define REASSOCIATE _Pragma("clang fp reassociate(on)")

INLINE float as_float(int bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

INLINE int as_int(float x) {
  int bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

// exp(x) = 2^n exp(r), r = x - n ln 2 in two parts (Cody and Waite), exp(r) = 1 + r + r^2 q(r).
// Comparisons are written so that NaN falls through to the polynomial.
INLINE float exp_f(float x) {
  float c = x < -87.0f ? -87.0f : x;
  c = c > 89.0f ? 89.0f : c;
  float shifted = c * 1.44269504f + 12582912.0f;  // 1.5 * 2^23 rounds to the nearest integer
  float n = shifted - 12582912.0f;
  float r = c - n * 0.693145752f;
  r = r - n * 1.42860677e-6f;
  float q = 1.395060059e-3f;
  q = q * r + 8.368953929e-3f;
  q = q * r + 4.166620416e-2f;
  q = q * r + 1.666651830e-1f;
  q = q * r + 5.000000096e-1f;
  float p = q * (r * r) + r + 1.0f;
  // n is between -126 and 128: the power of two is applied in two halves so that neither overflows.
  int whole = as_int(shifted) - as_int(12582912.0f);
  int half = whole >> 1;
  float y = p * as_float((half + 127) << 23) * as_float((whole - half + 127) << 23);
  return x < -87.0f ? 0.0f : y;
}

INLINE float log_f(float x) {
  int subnormal = x < 1.17549435e-38f;
  float scaled = subnormal ? x * 8388608.0f : x;
  int bits = as_int(scaled);
  // Exponent such that the mantissa is in [sqrt(1/2), sqrt(2)).
  int e = (bits - 0x3f3504f3) >> 23;
  float f = as_float(bits - (int)((unsigned)e << 23)) - 1.0f;
  float n = (float)(e - (subnormal ? 23 : 0));
  float q = -7.860149869e-2f;
  q = q * f + 1.288139236e-1f;
  q = q * f - 1.312841964e-1f;
  q = q * f + 1.418121650e-1f;
  q = q * f - 1.662459485e-1f;
  q = q * f + 2.000228585e-1f;
  q = q * f - 2.500080904e-1f;
  q = q * f + 3.333331673e-1f;
  float s = f * f;
  float y = q * (f * s) + n * 1.42860677e-6f - 0.5f * s + f + n * 0.693145752f;
  y = x == 0.0f ? -INFINITY : y;
  y = x < 0.0f ? NAN : y;
  y = x == INFINITY ? INFINITY : y;
  return x != x ? x : y;
}

INLINE double exp_d(double x) { return exp(x); }
INLINE double log_d(double x) { return log(x); }
