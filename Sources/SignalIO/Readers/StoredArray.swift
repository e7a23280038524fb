/// An array of numbers in a file: a MATLAB variable or a NumPy array.
struct StoredArray {
  var name: String
  /// Outermost first, as the format prints it; empty for a scalar.
  var shape: [Int]
  /// Whether the first index runs fastest (MATLAB, Fortran).
  var columnMajor: Bool
  var encoding: NumberEncoding
  /// The array's bytes from the given number on.
  var open: (_ skippingNumbers: Int) throws(SignalIOError) -> any ByteSource

  /// Product of the shape; callers have checked that it does not overflow by ``count(of:)``.
  var count: Int { shape.reduce(1, *) }

  /// The product of a shape, or nil where it is negative anywhere or does not fit.
  static func count(of shape: [Int]) -> Int? {
    var product = 1
    for size in shape {
      guard size >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      // Room for the bytes of the widest number as well.
      guard !overflow, next <= Int.max / 16 else { return nil }
      product = next
    }
    return product
  }

  /// The array's only number; nil where it has none or several.
  func scalar() throws(SignalIOError) -> Double? {
    count == 1 ? try doubles(from: 0, count: 1).first : nil
  }

  /// At most `count` numbers from `start` on, in stored order.
  func doubles(from start: Int, count: Int) throws(SignalIOError) -> [Double] {
    let bytes = try open(start).bytes(count * encoding.size)
    return (0..<bytes.count / encoding.size).map { index in
      bytes.withUnsafeBytes { encoding.double(at: index, in: $0) }
    }
  }

  /// The array as channels: a vector is one, of a matrix the shorter side counts channels.
  ///
  /// Nil for scalars, empty arrays and arrays of more than two sides longer than 1.
  var columns: [Column]? {
    let sides = shape.filter { $0 != 1 }
    guard count > 1 else { return nil }
    if sides.count == 1 {
      return [Column(name: name.isEmpty ? "1" : name, frames: count, start: 0, interleaved: 1, pick: 0)]
    }
    guard sides.count == 2, min(sides[0], sides[1]) <= 1024 else { return nil }
    // Channels lie one after the other where frames run fastest, else they are interleaved.
    let framesFirst = sides[0] >= sides[1]
    let frames = max(sides[0], sides[1])
    let channels = min(sides[0], sides[1])
    let planar = framesFirst == columnMajor
    return (0..<channels).map { channel in
      // An array without a name, alone in its file, has numbered channels.
      let place = framesFirst ? "\(name)(:,\(channel + 1))" : "\(name)(\(channel + 1),:)"
      return Column(
        name: name.isEmpty ? "\(channel + 1)" : place, frames: frames,
        start: planar ? channel * frames : 0, interleaved: planar ? 1 : channels, pick: planar ? 0 : channel)
    }
  }

  /// One channel within an array.
  struct Column: Equatable {
    var name: String
    var frames: Int
    /// Numbers before the first of this column, or of the interleaved block that holds it.
    var start: Int
    /// Channels that take turns; 1 where the column's numbers are adjacent.
    var interleaved: Int
    /// This column's place among the interleaved ones.
    var pick: Int
  }
}

extension NumberEncoding {
  /// The number at `index`, in full precision where it is stored in double precision.
  func double(at index: Int, in bytes: UnsafeRawBufferPointer) -> Double {
    if kind == .float64 {
      let bits = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
      return Double(bitPattern: bigEndian ? UInt64(bigEndian: bits) : bits)
    }
    if kind == .int32 || kind == .uint32 {
      // A Float would round a rate or time beyond 2^24.
      let bits = bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
      let word = bigEndian ? UInt32(bigEndian: bits) : bits
      return kind == .int32 ? Double(Int32(bitPattern: word)) : Double(word)
    }
    var samples: [Float] = []
    append(count: 1, from: bytes, first: index, step: 1, normalized: false, to: &samples)
    return Double(samples[0])
  }
}
