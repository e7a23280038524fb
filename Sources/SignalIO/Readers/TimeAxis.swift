/// Times of successive frames, in seconds.
struct TimeAxis {
  /// Frames a second: whole where the rounding of the times allows it.
  var rate: Double
  /// Mean distance of two frames.
  var step: Double
  /// Greatest deviation of a distance from the mean, as a fraction of it.
  private var deviation: Double

  /// Nil for fewer than two times or times that do not rise.
  init?(_ seconds: [Double]) {
    guard let first = seconds.first, let last = seconds.last, seconds.count > 1 else { return nil }
    step = (last - first) / Double(seconds.count - 1)
    guard step.isFinite, step > 0, step < 1e9 else { return nil }
    deviation = 0
    for (a, b) in zip(seconds, seconds.dropFirst()) {
      guard b >= a else { return nil }
      deviation = max(deviation, abs(b - a - step) / step)
    }
    rate = 1 / step
    // Times are rounded: the ends of the axis are off by up to one such error each.
    let uncertainty = rate * max(1e-6, 2 * deviation / Double(seconds.count - 1))
    if abs(rate - rate.rounded()) <= uncertainty, rate >= 1 { rate = rate.rounded() }
  }

  /// Distances agree but for the last digits of the times.
  var isEven: Bool { deviation < 0.01 }

  /// What to tell where distances differ by half a step or more; nil where they do not.
  var unevenness: String? {
    deviation < 0.5 ? nil : "steps differ by up to \((deviation * 100).rounded()) % of their mean \(step) s"
  }

  /// Seconds in one unit of a column with this name; nil where the name does not mean time.
  static func secondsPerUnit(_ name: String) -> Double? {
    let parts = name.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "µ") }
    guard let head = parts.first, ["time", "t", "timestamp", "zeit", "seconds", "sec"].contains(head) else {
      return nil
    }
    if parts.count > 2 { return nil }
    switch parts.dropFirst().first {
    case nil, "s", "sec", "seconds", "sek": return 1
    case "ms": return 1e-3
    case "us", "µs", "microseconds": return 1e-6
    case "ns": return 1e-9
    default: return nil
    }
  }
}
