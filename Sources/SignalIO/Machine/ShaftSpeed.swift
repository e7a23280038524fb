import Foundation

/// A shaft speed found in the signal itself.
package struct ShaftSpeedEstimate: Sendable, Equatable {
  /// Revolutions a second.
  package var hertz: Double
  /// Two standard errors in hertz, from how well the harmonics agree on one speed.
  package var uncertainty: Double
  /// Sum over the comb's teeth of (log height over the local floor - 1), in natural-log units.
  package var score: Double
  /// Score of the best other speed, relative to ``score``; below ``ShaftSpeed/Settings/rivalLimit``.
  package var rivalRatio: Double
}

/// Why no speed is stated.
package enum ShaftSpeedRefusal: Error, Sendable, Equatable {
  /// The recording holds too few revolutions to tell the shaft's lines from those of a bearing.
  case tooShort(seconds: Double, needed: Double)
  /// No comb of harmonics stands out.
  case noComb(score: Double)
  /// Two speeds explain the lines about as well, in hertz, best first.
  case ambiguous(best: Double, rival: Double)
}

extension ShaftSpeedRefusal: CustomStringConvertible {
  package var description: String { "\(reason). State the speed with --rpm, if only roughly." }

  /// Why, without advice.
  package var reason: String {
    switch self {
    case .tooShort(let seconds, let needed):
      "no shaft speed can be found in \(text(seconds)) s; \(text(needed)) s would do"
    case .noComb:
      "no harmonics of a shaft stand out in the searched range"
    case .ambiguous(let best, let rival):
      "the lines fit \(text(best * 60)) rpm and \(text(rival * 60)) rpm about as well"
    }
  }

  private func text(_ value: Double) -> String { String(format: "%.4g", value) }
}

/// Estimates the shaft speed of a recording from the comb of its harmonics.
///
/// The logarithmic amplitude spectra of the signal and of its envelope, each less its running median, are read at the
/// multiples h f of every candidate speed f up to a fixed highest frequency:
///
///     score(f) = sum over both spectra of sum over h of min(3, max(-1, w(h f))) - 1
///
/// where around a nominal speed each inner sum ends at the harmonic at which it is highest. Half the true speed has as
/// many lines but as many empty teeth again, which cost half to one each; twice the speed has half the lines. A single
/// strong line is worth at most two. The best candidate is refined by weighted least squares over the interpolated
/// peaks p_h near h f: f = sum(v h p_h) / sum(v h^2).
///
/// Measured on 172 channels of CWRU recordings (12 kHz; two files with a wrong stated speed left out) with a search of
/// 7 % around a nominal speed that is off by up to 5 %: of 10 s, 171 speeds stated, all within 0.3 %; of 6 s, 163, all
/// within 0.3 %. Two channels of one recording agree within their stated uncertainties in 94 %. Without a nominal speed
/// (8 to 100 Hz) 36 of 172 are stated, all right, and the others refused: a bearing's cage at 0.4 of the shaft speed
/// makes a comb as good as the shaft's.
///
/// Limits: a bearing whose orders lie near integers (6203: 3.05, 3.99, 4.95) fakes a comb 1 to 2 % away, which only a
/// long recording tells apart; hence ``Settings/leastRevolutions``.
package struct ShaftSpeed: Sendable {
  /// Where to look.
  package enum Search: Sendable, Equatable {
    /// Around a nominal speed in hertz, within `tolerance` of it (0.07 is 7 %).
    case around(Double, tolerance: Double = 0.07)
    /// Anywhere in a range of hertz.
    case range(ClosedRange<Double>)

    /// For when nothing is known.
    package static let anywhere = Search.range(8...100)

    var isWide: Bool { if case .range = self { true } else { false } }

    package var hertz: ClosedRange<Double> {
      switch self {
      case .around(let nominal, let tolerance): nominal * (1 - tolerance)...nominal * (1 + tolerance)
      case .range(let range): range
      }
    }

    /// Lines above this frequency are not looked at: the 12th harmonic, or for a wide range the 4th of its upper end.
    var highest: Double {
      switch self {
      case .around: 12.5 * hertz.upperBound
      case .range: 4 * hertz.upperBound
      }
    }
  }

  package struct Settings: Sendable, Equatable {
    /// Least score to state a speed.
    package var leastScore = 8.0
    /// A rival with a score above this share of the best makes the answer ambiguous.
    package var rivalLimit = 0.7
    /// The same for ``Search/range(_:)``, where fractions and multiples of the speed compete.
    package var wideRivalLimit = 0.5
    /// Revolutions that a recording must hold.
    package var leastRevolutions = 150.0
    /// At most this many samples from the middle of the recording are used.
    package var mostSamples = 1 << 21

    package init() {}
  }

  private let settings: Settings

  package init(settings: Settings = Settings()) { self.settings = settings }

  /// The shaft speed in one channel; `search` must hold positive frequencies.
  package func estimate(
    _ samples: [Float], sampleRate: Double, search: Search
  ) -> Result<ShaftSpeedEstimate, ShaftSpeedRefusal> {
    let range = search.hertz
    precondition(range.lowerBound > 0, "a search from \(range.lowerBound) Hz; speeds are positive")
    let seconds = Double(samples.count) / sampleRate
    let shortest = settings.leastRevolutions / range.upperBound
    guard seconds >= shortest else { return .failure(.tooShort(seconds: seconds, needed: shortest)) }
    let used = middle(samples)
    let highest = min(search.highest, 0.45 * sampleRate)
    // A speed beyond the spectrum has no teeth; a stated 50,000 Hz must not make millions of candidates.
    guard range.upperBound < highest else { return .failure(.noComb(score: 0)) }
    let spectra = LineSpectrum.ofSignalAndEnvelope(used, sampleRate: sampleRate, highest: highest)
    let comb = Comb(spectra: spectra, range: range, mayEndEarly: !search.isWide)
    return choose(comb, search, resolution: sampleRate / Double(used.count)).flatMap { estimate in
      let needed = settings.leastRevolutions / estimate.hertz
      return seconds >= needed
        ? .success(estimate) : .failure(.tooShort(seconds: seconds, needed: needed))
    }
  }

  private func choose(
    _ comb: Comb, _ search: Search, resolution: Double
  ) -> Result<ShaftSpeedEstimate, ShaftSpeedRefusal> {
    guard let best = comb.best(excluding: nil), best.score >= settings.leastScore else {
      return .failure(.noComb(score: comb.best(excluding: nil)?.score ?? 0))
    }
    let guardBand = search.isWide ? 0.02 : 0.006
    let half = max(guardBand * best.hertz, 1.5 * resolution)
    let rival = comb.best(excluding: (best.hertz - half)...(best.hertz + half))
    let ratio = max(0, rival?.score ?? 0) / best.score
    if let rival, ratio > (search.isWide ? settings.wideRivalLimit : settings.rivalLimit) {
      return .failure(.ambiguous(best: best.hertz, rival: rival.hertz))
    }
    let (hertz, error) = comb.refined(best.hertz)
    return .success(
      ShaftSpeedEstimate(hertz: hertz, uncertainty: 2 * error, score: best.score, rivalRatio: ratio))
  }

  private func middle(_ samples: [Float]) -> [Float] {
    guard samples.count > settings.mostSamples else { return samples }
    let begin = (samples.count - settings.mostSamples) / 2
    return Array(samples[begin..<(begin + settings.mostSamples)])
  }
}
