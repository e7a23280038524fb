#include <cblas.h>

// Ends the threads that OpenBLAS starts when it is loaded, where it has any. It does so itself before a fork, by this
// function, which its library exports and no header declares.
extern int blas_thread_shutdown_(void) __attribute__((weak));

static inline void fd_openblas_end_threads(void) {
  if (blas_thread_shutdown_) blas_thread_shutdown_();
}
