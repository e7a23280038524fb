/// What the quality gate found in a recording, as values that travel with a result.
package struct SignalQuality: Sendable, Equatable, Codable {
  /// Samples a channel.
  package var frameCount: Int
  /// In seconds.
  package var duration: Double
  package var channels: [ChannelStatistics]
  /// By channel, then by kind.
  package var findings: [QualityFinding]

  /// The worst severity; nil when nothing was found.
  package var worst: QualityFinding.Severity? { findings.map { $0.severity }.max() }
  package var isUsable: Bool { worst != .unusable }

  /// Plain statistics of a channel over its finite samples, in the file's unit.
  package struct ChannelStatistics: Sendable, Equatable, Codable {
    package var name: String
    package var minimum: Float
    package var maximum: Float
    package var mean: Double
    /// Root mean square after the mean is removed.
    package var standardDeviation: Double
  }
}

/// One thing that is wrong with a recording, or worth knowing.
package struct QualityFinding: Sendable, Equatable, Codable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case notANumber = "not-a-number"
    case infinite
    case clipping
    case flatLine = "flat-line"
    case constant
    case dropOut = "drop-out"
    case offset = "dc-offset"
    case sameAsOther = "same-as-other-channel"
    case tooShort = "too-short"
    case truncated
  }

  package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
    /// Worth knowing; the diagnosis does not suffer.
    case note
    /// The diagnosis may suffer.
    case warning
    /// Nothing can be concluded from this channel or recording.
    case unusable

    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
  }

  package var kind: Kind
  package var severity: Severity
  /// Name of the channel; nil for the whole recording.
  package var channel: String?
  /// From the beginning of the first occurrence to the end of the last, in seconds since the recording's beginning.
  package var start: Double
  package var end: Double
  /// How often it occurs: samples for NaN, infinities and clipping, stretches for flat lines and drop-outs.
  package var count: Int
  /// Affected part of the channel, 0 to 1.
  package var share: Double
  /// A value the words need, for instance the offset or the name of the other channel.
  package var detail: String
}

extension QualityFinding: CustomStringConvertible {
  /// One sentence: what, where, how much.
  package var description: String {
    let place = channel.map { "channel \($0): " } ?? ""
    let range = "between \(Self.seconds(start)) and \(Self.seconds(end))"
    let part = Self.percent(share)
    return switch kind {
    case .notANumber: "\(place)\(count) samples are not numbers (\(part)), \(range)"
    case .infinite: "\(place)\(count) samples are infinite (\(part)), \(range)"
    case .clipping: "\(place)\(count) samples stand at the limit \(detail) (\(part)), \(range)"
    case .flatLine: "\(place)the signal stands still in \(count) stretches (\(part)), \(range)"
    case .constant: "\(place)every sample is \(detail)"
    case .dropOut: "\(place)the signal drops to zero in \(count) stretches (\(part)), \(range)"
    case .offset: "\(place)the mean, \(detail), is large beside the vibration"
    case .sameAsOther: "\(place)equals channel \(detail) sample for sample"
    case .tooShort: "the recording is too short: \(detail)"
    case .truncated: "the recording ends early: \(detail)"
    }
  }

  /// What to do about it.
  package var advice: String {
    switch kind {
    case .notANumber: "Windows with such samples are left out; look for missing values in the export."
    case .infinite: "Windows with such samples are left out; look for overflow in the export."
    case .clipping:
      "Raise the range or lower the gain of the recorder: clipping invents harmonics and hides impacts."
    case .flatLine: "Check for a loose connector or a recorder that stopped; cut the stretch out."
    case .constant: "Check sensor, cable and channel choice: nothing was recorded."
    case .dropOut: "Check cable and data link: gaps sound like impacts to an envelope spectrum."
    case .offset:
      "Harmless: the mean is removed before analysis. A sensor with direct coupling shows gravity."
    case .sameAsOther: "Use one of the two: they do not count as two sensors."
    case .tooShort: "Record longer."
    case .truncated: "Copy or export the file again; what is there was read."
    }
  }

  private static func seconds(_ value: Double) -> String {
    ConfigurationValue.spelling(of: (value * 1000).rounded() / 1000) + " s"
  }

  /// Percent with two significant figures; tiny shares are not rounded to nothing.
  private static func percent(_ share: Double) -> String {
    let percent = share * 100
    if percent >= 1 { return ConfigurationValue.spelling(of: (percent * 10).rounded() / 10) + "%" }
    if percent >= 0.01 { return ConfigurationValue.spelling(of: (percent * 1000).rounded() / 1000) + "%" }
    return "less than 0.01%"
  }
}
