import CKernels

/// What malloc does with freed memory. By itself it gives large blocks back to the system, which costs a page fault for each
/// 4 KiB of the next one; a program that does the same over and over keeps them instead. For the whole process.
package enum FreedMemory {
  /// For work in equal pieces such as the recordings of a batch: keeps up to 256 MiB, but no single block above 32 MiB, so
  /// that one long recording does not leave its memory behind.
  package static func keepForBatch() { fd_keep_freed_memory(256 << 20, 0, 0) }

  /// For the steps of a training, whose temporaries are large and few: keeps up to 1 GiB, blocks of any size, for all
  /// threads together. With a heap each, what one had freed was of no use to the other when the system put both halves of a
  /// step on one thread: 345 MiB on a busy machine in a training that else takes 244.
  package static func keepForTraining() { fd_keep_freed_memory(1 << 30, 1, 1) }
}
