/// Periodic Hann weights in single precision. Kept, since a cosine for every sample of a long recording takes longer than its
/// transform.
enum HannWeights {
  private static let kept = KeptTables(capacity: 4)

  static func of(_ length: Int) -> KeptTables.Table { kept.table(length, make: make) }

  private static func make(_ length: Int) -> AlignedBuffer {
    let values = AlignedBuffer(count: length)
    values.load(WindowFunction.hann.weights(length).map { Float($0) })
    return values
  }
}
