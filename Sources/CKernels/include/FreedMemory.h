#pragma once

/// Makes malloc keep up to `most` bytes of freed memory for what is allocated next, with blocks of any size where
/// `ofAnySize` is not 0, else those of up to 32 MiB. All threads share `heaps` heaps, or as many as malloc
/// likes for 0. Does nothing where malloc is not glibc's.
void fd_keep_freed_memory(int most, int ofAnySize, int heaps);
