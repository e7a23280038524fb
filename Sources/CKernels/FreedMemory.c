#include "FreedMemory.h"
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

void fd_keep_freed_memory(int most, int ofAnySize, int heaps) {
  // The highest threshold that glibc accepts; blocks above it have a mapping of their own, unless there are none at all.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  if (ofAnySize) mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, most);
  // The heap grows by pieces of a sixteenth, so that it need not grow often.
  mallopt(M_TOP_PAD, most / 16);
  if (heaps > 0) mallopt(M_ARENA_MAX, heaps);
}
#else
void fd_keep_freed_memory(int most, int ofAnySize, int heaps) {
  (void)most;
  (void)ofAnySize;
  (void)heaps;
}
#endif
