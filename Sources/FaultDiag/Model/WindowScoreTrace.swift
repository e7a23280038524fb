import Foundation
import SignalIO

/// Gathers the probabilities of window after window in memory that does not grow with the recording.
///
/// When there are more points than may be, each two neighbours become one: a point then stands for 2, 4, 8, ... windows.
/// Which windows share a point depends on their numbers alone, so gaps in between change nothing.
struct WindowScoreTrace {
  /// Enough for a picture, little enough for a row of a report.
  static let mostPoints = 100
  /// As many states are kept at most: a picture tells no more lines apart.
  static let mostStates = 6

  private(set) var windowsPerPoint = 1
  /// `[point][state]`; empty for a point without windows.
  private var sums: [[Double]] = []
  private var counts: [Int] = []

  /// Adds what window number `index` says by itself, one value a state.
  mutating func add(_ probabilities: [Double], window index: Int) {
    while index / windowsPerPoint >= Self.mostPoints { halve() }
    let point = index / windowsPerPoint
    if point >= counts.count {
      let missing = point + 1 - counts.count
      sums += [[Double]](repeating: [], count: missing)
      counts += [Int](repeating: 0, count: missing)
    }
    sums[point] = Self.sum(sums[point], probabilities)
    counts[point] += 1
  }

  private mutating func halve() {
    let starts = stride(from: 0, to: counts.count, by: 2)
    sums = starts.map { $0 + 1 < sums.count ? Self.sum(sums[$0], sums[$0 + 1]) : sums[$0] }
    counts = starts.map { $0 + 1 < counts.count ? counts[$0] + counts[$0 + 1] : counts[$0] }
    windowsPerPoint *= 2
  }

  private static func sum(_ a: [Double], _ b: [Double]) -> [Double] {
    if a.isEmpty || b.isEmpty { return a + b }
    precondition(a.count == b.count, "windows of \(a.count) and of \(b.count) states")
    return zip(a, b).map { $0 + $1 }
  }

  /// What was gathered of windows that `plan` cut; nil where no window was judged.
  ///
  /// - Parameters:
  ///   - states: names, in the order of the probabilities.
  ///   - sampleRate: of the windows, in hertz.
  func scores(states: [String], plan: WindowPlan, sampleRate: Double) -> WindowScores? {
    guard let first = sums.first(where: { !$0.isEmpty }), first.count == states.count else { return nil }
    let means = zip(sums, counts).map { sums, count in sums.map { $0 / Double(count) } }
    let peaks = states.indices.map { state in means.reduce(0) { max($0, $1.isEmpty ? 0 : $1[state]) } }
    let kept = states.indices.sorted { (peaks[$1], $0) < (peaks[$0], $1) }.prefix(Self.mostStates).sorted()
    let hop = Double(plan.hop) / sampleRate
    return WindowScores(
      firstSeconds: Self.rounded(
        (Double(windowsPerPoint - 1) * hop + Double(plan.length) / sampleRate) / 2, digits: 6),
      stepSeconds: Self.rounded(Double(windowsPerPoint) * hop, digits: 6), windowsPerPoint: windowsPerPoint,
      states: kept.map { state in
        .init(
          state: states[state],
          probabilities: means.map { $0.isEmpty ? nil : Self.rounded($0[state], digits: 3) })
      })
  }

  private static func rounded(_ value: Double, digits: Int) -> Double {
    let scale = pow(10, Double(digits))
    return (value * scale).rounded() / scale
  }
}
