/// Floats that begin at a 64-byte boundary: the workspace that planned extractors own, one per caller.
///
/// FFTW's plans and the 16-lane kernels ask for alignment that a Swift array does not promise. The memory is
/// zero at first, unless asked otherwise, and lives as long as the object. Not `Sendable`: a workspace belongs to one thread at a
/// time.
package final class AlignedBuffer {
  package let count: Int
  /// Invariant: points at room for `count` floats until `deinit`, initialised or about to be written before they are read.
  package let base: UnsafeMutablePointer<Float>

  package convenience init(count: Int) {
    self.init(unwritten: count)
    base.initialize(repeating: 0, count: count)
  }

  /// Room for `count` floats that hold anything until they are written: for what is filled at once, where zeros first would cost a
  /// pass over a long recording.
  init(unwritten count: Int) {
    precondition(count >= 0, "a buffer of \(count) floats does not exist")
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
    base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  deinit { base.deallocate() }

  package subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "index \(index) is outside a buffer of \(count)")
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count, "index \(index) is outside a buffer of \(count)")
      base[index] = newValue
    }
  }

  /// Copies `values` to the front; what lies behind stays as it is.
  package func load(_ values: [Float]) {
    precondition(values.count <= count, "\(values.count) values do not fit a buffer of \(count)")
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { base.update(from: start, count: source.count) }
    }
  }

  /// The first `length` values as an array.
  package func prefix(_ length: Int) -> [Float] {
    precondition(length <= count, "\(length) values asked of a buffer of \(count)")
    return Array(UnsafeBufferPointer(start: base, count: length))
  }

  /// The same memory as 32-bit whole numbers, for index tables. A buffer is used as one or the other, never
  /// both.
  var indices: UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(base).assumingMemoryBound(to: Int32.self)
  }

  /// Sets positions `range` to zero.
  package func clear(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "\(range) is outside a buffer of \(count)")
    (base + range.lowerBound).update(repeating: 0, count: range.count)
  }
}
