import CKernels

/// What malloc does with freed memory. By itself it gives large blocks back to the system, which costs a page fault for each
/// 4 KiB of the next one; a program that does the same over and over keeps them instead. For the whole process.
package enum FreedMemory {
  /// For work in equal pieces such as the recordings of a batch: keeps up to 256 MiB, but no single block above 32 MiB, so
  /// that one long recording does not leave its memory behind.
  package static func keepForBatch() { fd_keep_freed_memory(256 << 20, 0) }

  /// For the steps of a training, whose temporaries are large: keeps up to 1 GiB, blocks of any size.
  package static func keepForTraining() { fd_keep_freed_memory(1 << 30, 1) }
}
