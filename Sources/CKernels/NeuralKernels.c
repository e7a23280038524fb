#include "NeuralKernels.h"
#include "VectorClones.h"
#include "VectorMath.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The double versions call libm, which does not vectorise; the pragma above then warns once a loop.
#pragma clang diagnostic ignored "-Wpass-failed"

#define SQRT_HALF 0.70710678118654752440
#define INV_SQRT_2PI 0.39894228040143267794

// --- float: polynomials, see VectorMath.h for exp and log ---

INLINE float sigmoid_f(float x) { return 1.0f / (1.0f + exp_f(-x)); }

// Odd polynomial near zero, 1 - 2 / (exp(2|x|) + 1) beyond.
INLINE float tanh_f(float x) {
  float a = x < 0.0f ? -x : x, s = x * x;
  float q = -5.709489099e-3f;
  q = q * s + 2.064412870e-2f;
  q = q * s - 5.374162049e-2f;
  q = q * s + 1.333147014e-1f;
  q = q * s - 3.333328320e-1f;
  float small = x + x * (s * q);
  float large = 1.0f - 2.0f / (exp_f(2.0f * a) + 1.0f);
  large = x < 0.0f ? -large : large;
  return a < 0.625f ? small : large;
}

// x (1 + p(x^2)) below 1, 1 - exp(-p(|x|)) beyond, where erf is 1 in single precision above 4.
INLINE float erf_f(float x) {
  float a = x < 0.0f ? -x : x, s = x * x;
  float p = 7.889119811e-5f;
  p = p * s - 8.020841606e-4f;
  p = p * s + 5.189535409e-3f;
  p = p * s - 2.685444465e-2f;
  p = p * s + 1.128360018e-1f;
  p = p * s - 3.761262714e-1f;
  p = p * s + 1.283791659e-1f;
  float small = x + x * p;
  float b = a > 4.0f ? 4.0f : a;
  float q = 2.168677187e-5f;
  q = q * b - 4.413353512e-4f;
  q = q * b + 4.204556209e-3f;
  q = q * b - 2.520823969e-2f;
  q = q * b + 1.084185471e-1f;
  q = q * b + 6.332199246e-1f;
  q = q * b + 1.129578406e+0f;
  q = q * b - 1.880359395e-4f;
  float large = 1.0f - exp_f(-q);
  large = x < 0.0f ? -large : large;
  return a < 1.0f ? small : large;
}

#define REAL float
#define NK(name) nk_##name##_f
#define R(name) name##_f
#define LANES 64
#include "NeuralKernelBodies.inc"
#undef REAL
#undef NK
#undef R
#undef LANES

// --- double: libm, exact enough for gradient checks at 1e-8 ---

INLINE double tanh_d(double x) { return tanh(x); }
INLINE double erf_d(double x) { return erf(x); }
INLINE double sigmoid_d(double x) { return 1.0 / (1.0 + exp(-x)); }

#define REAL double
#define NK(name) nk_##name##_d
#define R(name) name##_d
#define LANES 32
#include "NeuralKernelBodies.inc"
