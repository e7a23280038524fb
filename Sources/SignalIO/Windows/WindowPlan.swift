/// How recordings are cut: length and distance of windows in samples at a rate.
package struct WindowPlan: Sendable, Equatable, Codable {
  /// Samples a window.
  package var length: Int
  /// Samples from the start of one window to the start of the next; less than ``length`` overlaps, more leaves gaps.
  package var hop: Int
  /// Rate at which the windows are cut, in hertz; nil for each recording's own.
  package var sampleRate: Double?
  package var tail: TailPolicy
  package var short: ShortPolicy

  /// What becomes of samples after the last whole window.
  package enum TailPolicy: String, Sendable, Codable, CaseIterable {
    case drop
    /// One more window, filled up with zeros.
    case pad
  }

  /// What becomes of a recording shorter than one window.
  package enum ShortPolicy: String, Sendable, Codable, CaseIterable {
    /// ``SignalIOError/tooShort(path:found:expected:)``.
    case refuse
    /// One window, filled up with zeros.
    case pad
  }

  package init(
    length: Int, hop: Int? = nil, sampleRate: Double? = nil, tail: TailPolicy = .drop,
    short: ShortPolicy = .refuse
  ) {
    precondition(length > 0, "a window of \(length) samples cannot be cut")
    precondition(hop ?? length > 0, "windows \(hop ?? length) samples apart would never end")
    self.length = length
    self.hop = hop ?? length
    self.sampleRate = sampleRate
    self.tail = tail
    self.short = short
  }

  /// The same in seconds: lengths are rounded to whole samples at `sampleRate`.
  package init(
    seconds: Double, hopSeconds: Double? = nil, sampleRate: Double, tail: TailPolicy = .drop,
    short: ShortPolicy = .refuse
  ) {
    self.init(
      length: max(1, Int((seconds * sampleRate).rounded())),
      hop: hopSeconds.map { max(1, Int(($0 * sampleRate).rounded())) }, sampleRate: sampleRate, tail: tail,
      short: short)
  }

  /// How many windows a recording of `frames` samples at the plan's rate gives; 0 where ``short`` refuses.
  package func windowCount(frames: Int) -> Int {
    guard frames >= length else { return frames > 0 && short == .pad ? 1 : 0 }
    let whole = (frames - length) / hop + 1
    let rest = frames - ((whole - 1) * hop + length)
    // A further window counts only if it holds samples that no window before it had.
    let hasTail = tail == .pad && rest > 0 && whole * hop < frames
    return whole + (hasTail ? 1 : 0)
  }
}
