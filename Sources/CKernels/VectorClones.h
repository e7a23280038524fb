#pragma once
// How kernels are compiled, for the files of this folder.

// Clones for wider vectors are chosen when the program loads. ThreadSanitizer instruments the resolver before its
// own start and crashes, so it gets the plain version.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KERNELS_PLAIN 1
#endif
#endif
#if defined(__x86_64__) && !defined(KERNELS_PLAIN)
#define KERNEL __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define KERNEL
#endif
#define INLINE static inline __attribute__((always_inline))

// Iterations are independent even when an output is the input itself; without this the compiler's overlap check
// would send in-place calls to a scalar loop.
#define EACH _Pragma("clang loop vectorize(assume_safety)")
