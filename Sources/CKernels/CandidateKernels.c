#include "CandidateKernels.h"
#include "VectorClones.h"
#include "VectorMath.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

// Sixteen lanes with explicit partial sums: the compiler may not reassociate a plain float sum by itself.
#define LANES FD_CANDIDATE_LANES
#define UNROLLED _Pragma("clang loop unroll(full)")

int32_t fd_candidate_tile(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") ? 8 : 2;
#else
  return 2;
#endif
}

// The double versions call libm, which does not vectorise; the pragma above then warns once a loop.
#pragma clang diagnostic ignored "-Wpass-failed"

#define REAL float
#define CK(name) fd_##name##_f32
#define C(name) name##_f32
#define EXP exp_f
#define LOG log_f
#include "CandidateKernelBodies.inc"
#undef REAL
#undef CK
#undef C
#undef EXP
#undef LOG

#define REAL double
#define CK(name) fd_##name##_f64
#define C(name) name##_f64
#define EXP exp_d
#define LOG log_d
#include "CandidateKernelBodies.inc"
