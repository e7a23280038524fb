import Support

/// A random change of a window that leaves what the machine does recognisable: views of one window, made so, are what
/// contrastive objectives bring together.
///
/// Augmentations act on samples, before features are taken: raw and spectral encoders are served alike, and what the
/// network hears can be listened to. To add one: a file in `Augmentations/` with a type of this protocol, and a line in
/// ``Augmentations/all``.
package protocol Augmentation: Sendable {
  /// What a user types.
  var name: String { get }
  /// One line.
  var summary: String { get }
  var scale: StrengthScale { get }

  /// Changes a window of one channel at `sampleRate` hertz, in place.
  ///
  /// Contract: the length stays; a `strength` of 0 changes no bit; finite samples stay finite, in silence too; all
  /// randomness is of `random`. `strength` is in ``scale``.
  func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource)
}

/// What the strength of an augmentation measures; 0 is no change.
package struct StrengthScale: Sendable, Equatable {
  /// In words, for help: what a strength of s means.
  package let meaning: String
  /// SI unit, `dB` or `%`; empty for a ratio or a probability.
  package let unit: String
  /// Strengths run from 0 to this.
  package let highest: Double

  package init(_ meaning: String, unit: String = "", highest: Double) {
    self.meaning = meaning
    self.unit = unit
    self.highest = highest
  }

  /// What may be given, in words.
  package var expected: String {
    "0 to \(shortText(highest))\(unit.isEmpty ? "" : " " + unit) (\(meaning))"
  }
}

/// The augmentations that can be chosen by name. A new one is one file and one line here.
package enum Augmentations {
  package static let all: [any Augmentation] = [
    GainAugmentation(),
    NoiseAugmentation(),
    ShiftAugmentation(),
    FlipAugmentation(),
    FilterAugmentation(),
    SpeedAugmentation(),
    CropAugmentation(),
    BandMaskAugmentation(),
    TimeMaskAugmentation(),
    AdaptiveBandMaskAugmentation(),
    AdaptiveTimeMaskAugmentation(),
  ]

  /// The augmentation of this name.
  package static func named(_ name: String) throws(CPCError) -> any Augmentation {
    guard let found = all.first(where: { $0.name == name }) else {
      throw .unknownName(kind: "augmentation", found: name, available: all.map { $0.name })
    }
    return found
  }
}
