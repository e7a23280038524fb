/// The eight greatest distinct values of a stream with their counts: enough to tell clipping from a peak.
///
/// A converter at its limit gives the same value again and again, while the values just below it are as rare as they
/// would be anyway. So the greatest value is taken for a limit when it occurs at least 5 times and 8 times as often as
/// the next seven on average. Unclipped signals stay below: the top level of a quantised sine takes at most 2.4 times the
/// samples of the next (the time within k levels of the top grows as sqrt(k)); Gaussian noise becomes rarer towards
/// its extremes; a periodic signal repeats all its values. A signal with fewer than eight values (a tachometer's pulses)
/// is not judged.
package struct ExtremeValues {
  package static let depth = 8
  static let leastCount = 5
  static let leastRatio = 8.0

  /// Distinct values, greatest first, and how often each occurred, where first and last.
  private(set) var entries: [Entry] = []
  /// Samples below this cannot matter.
  private(set) package var threshold = -Float.infinity

  struct Entry: Equatable {
    var value: Float
    var count: Int
    var first: Int
    var last: Int
  }

  init() { entries.reserveCapacity(Self.depth + 1) }

  /// Whether all the tracked values exist, so that there is something to compare with.
  package var isFull: Bool { entries.count == Self.depth }

  mutating func add(_ value: Float, at position: Int) {
    guard value >= threshold else { return }
    var i = 0
    while i < entries.count, entries[i].value > value { i += 1 }
    if i < entries.count, entries[i].value == value {
      entries[i].count += 1
      entries[i].last = position
      return
    }
    entries.insert(Entry(value: value, count: 1, first: position, last: position), at: i)
    if entries.count > Self.depth { entries.removeLast() }
    if isFull { threshold = entries[Self.depth - 1].value }
  }

  /// The value that looks like a limit; nil when none does.
  var limit: Entry? {
    guard isFull, let top = entries.first, top.count >= Self.leastCount else { return nil }
    let others = entries.dropFirst().reduce(0) { $0 + $1.count }
    let mean = Double(others) / Double(Self.depth - 1)
    return Double(top.count) >= Self.leastRatio * mean ? top : nil
  }
}
