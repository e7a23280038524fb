#pragma once
// Loops over elements for NeuralNet, each for float (suffix _f) and double (suffix _d).
//
// Goals, in order: right at the edges (special values below), the same bytes for the same input on the
// same processor, speed. Arrays are row-major. An output may be the very array of an input (in place)
// unless a comment says otherwise; partly overlapping arrays are not allowed.
//
// Special values. NaN in gives NaN out in every function. The float versions are polynomials: exp is exact to
// 2 ulp, is 0 below -87 (no subnormals) and infinite above 88.72; log(0) is -infinity, log of a negative number is
// NaN, subnormal arguments are taken as they are; tanh, sigmoid and erf reach their limits exactly. The double
// versions are libm's.

/// Which elementary function `nk_map` applies.
enum nk_function {
  NK_EXP = 0,
  NK_LOG = 1,
  NK_TANH = 2,
  NK_SIGMOID = 3,
  NK_ERF = 4,
  NK_RELU = 5,
  NK_GELU = 6,
};

#define REAL float
#define NK(name) nk_##name##_f
#include "NeuralKernelDeclarations.inc"
#undef REAL
#undef NK

#define REAL double
#define NK(name) nk_##name##_d
#include "NeuralKernelDeclarations.inc"
#undef REAL
#undef NK
