import Foundation

/// Progress of long work: one line that redraws itself on a terminal, now and then a plain line elsewhere.
struct ProgressLine {
  private let console: Console
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant?
  private var lastLength = 0

  /// Redraws at most this often on a terminal, prints at most this often elsewhere.
  private let redrawInterval = Duration.milliseconds(100)
  private let lineInterval = Duration.seconds(5)

  init(console: Console) {
    self.console = console
    started = clock.now
  }

  /// Shows `fraction` (0 to 1) of the work done, the time left, and `text`.
  ///
  /// - Parameters:
  ///   - secondsLeft: nil estimates it from the pace so far.
  ///   - line: what stands in a plain line instead of `text`, where there is more room than beside a bar.
  mutating func show(fraction: Double, secondsLeft: Double? = nil, _ text: String, line: String? = nil) {
    let now = clock.now
    let interval = console.messagesAreOnTerminal ? redrawInterval : lineInterval
    if let lastShown, now - lastShown < interval, fraction < 1 { return }
    lastShown = now
    let left =
      secondsLeft.map { fraction < 1 ? Self.spell($0) + " left" : "" }
      ?? timeLeft(fraction: fraction, elapsed: now - started)
    let percent = "\(Int((fraction * 100).rounded(.down)))%"
    if console.messagesAreOnTerminal {
      redraw("\(bar(fraction)) \(percent.leftPadded(to: 4))  \(text)  \(left)")
    } else {
      console.note("\(percent.leftPadded(to: 4))  \(line ?? text)" + (left.isEmpty ? "" : "  \(left)"))
    }
  }

  /// Prints a lasting line above the one that redraws itself.
  mutating func interject(_ text: String) {
    if console.messagesAreOnTerminal && lastLength > 0 {
      console.progress("\r" + String(repeating: " ", count: lastLength) + "\r")
      lastLength = 0
      // The line comes back at once below the new one.
      lastShown = nil
    }
    console.note(text)
  }

  /// Ends the redrawn line, so that what follows begins on a new one.
  mutating func finish() {
    if console.messagesAreOnTerminal && lastLength > 0 { console.progress("\n") }
    lastLength = 0
  }

  private mutating func redraw(_ line: String) {
    let shown = String(line.prefix(max(20, console.width - 1)))
    let padding = String(repeating: " ", count: max(0, lastLength - shown.count))
    console.progress("\r" + shown + padding)
    lastLength = shown.count
  }

  private func bar(_ fraction: Double) -> String {
    let cells = console.width >= 100 ? 20 : 10
    let full = Int((Double(cells) * min(max(fraction, 0), 1)).rounded(.down))
    return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: cells - full) + "]"
  }

  private func timeLeft(fraction: Double, elapsed: Duration) -> String {
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    guard fraction > 0.01, fraction < 1 else { return fraction >= 1 ? "took \(Self.spell(seconds))" : "" }
    return "\(Self.spell(seconds * (1 - fraction) / fraction)) left"
  }

  /// `12 s`, `3 min 4 s`, `1 h 2 min`.
  static func spell(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension String {
  /// Spaces before the text until it is `width` characters wide.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
