/// Uninitialised memory for one pass, released with the value. It begins at a multiple of 64 bytes, so that vectors of rows of
/// whole vectors never straddle two lines of the cache.
package final class Workspace<Scalar: TensorScalar> {
  package let base: UnsafeMutablePointer<Scalar>

  package init(_ count: Int) {
    base = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Scalar>.stride, alignment: 64
    ).bindMemory(to: Scalar.self, capacity: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
