import Support

/// Tables of floats that follow from a length alone. Those used last are kept, the others live as long as who uses them.
struct KeptTables: Sendable {
  /// Invariant: written before it is shared, only read afterwards.
  struct Table: @unchecked Sendable {
    let values: AlignedBuffer
  }

  private let kept: Lock<RecentlyUsed<Int, Table>>

  init(capacity: Int) { kept = Lock(RecentlyUsed(capacity: capacity)) }

  /// The table for `length`, which `make` makes where it is not kept.
  func table(_ length: Int, make: (Int) -> AlignedBuffer) -> Table {
    kept.withLock { kept in
      if let known = kept.use(length) { return known }
      let table = Table(values: make(length))
      _ = kept.keep(table, for: length)
      return table
    }
  }
}
