/// Keeps at most so many windows of a stream of unknown length, spread evenly over it.
///
/// Every `stride`-th window is kept; when there are too many, every other one is dropped and the stride doubles. So
/// between half the limit and the limit are kept of a long recording, all of a short one, and the choice depends on
/// nothing but the count.
struct ThinnedWindows<Window> {
  let limit: Int
  private(set) var kept: [Window] = []
  private var stride = 1
  private var offered = 0

  init(limit: Int) {
    precondition(limit >= 2, "at least two windows must be kept, not \(limit)")
    self.limit = limit
  }

  /// Takes the next window if its turn has come; `make` is called only then.
  mutating func offer(_ make: () -> Window) {
    defer { offered += 1 }
    guard offered % stride == 0 else { return }
    if kept.count == limit {
      kept = kept.indices.filter { $0 % 2 == 0 }.map { kept[$0] }
      stride *= 2
      guard offered % stride == 0 else { return }
    }
    kept.append(make())
  }
}
