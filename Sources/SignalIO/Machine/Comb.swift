/// Candidate shaft speeds and how well the lines of some spectra fit their multiples; see ``ShaftSpeed``.
struct Comb {
  private let spectra: [LineSpectrum]
  private let candidates: [Double]
  private let scores: [Double]

  /// Height that a tooth must reach to count in favour, in natural-log units over the floor.
  private static let threshold = 1.0
  private static let ceiling = 3.0

  /// Scores every speed in `range`.
  ///
  /// `mayEndEarly` lets each spectrum's comb end at the harmonic where its sum is highest, so that a machine with four
  /// harmonics is not charged for the eight that it lacks. Over a wide range that favours multiples of the speed.
  init(spectra: [LineSpectrum], range: ClosedRange<Double>, mayEndEarly: Bool) {
    // An eighth of a bin keeps the 8th harmonic within a bin of its line.
    let step = spectra[0].binWidth / 8
    let count = Int((range.upperBound - range.lowerBound) / step) + 1
    let candidates = (0..<count).map { range.lowerBound + Double($0) * step }
    self.spectra = spectra
    self.candidates = candidates
    scores = candidates.map { hertz in
      spectra.reduce(0) { $0 + Self.score(hertz, $1, mayEndEarly: mayEndEarly) }
    }
  }

  /// The candidate with the highest score outside `excluded`; the lowest of equals.
  func best(excluding excluded: ClosedRange<Double>?) -> (hertz: Double, score: Double)? {
    var best: (hertz: Double, score: Double)?
    for (hertz, score) in zip(candidates, scores) {
      if let excluded, excluded.contains(hertz) { continue }
      if best == nil || score > best!.score { best = (hertz, score) }
    }
    return best
  }

  /// Weighted least squares over the interpolated peaks near the multiples of `hertz`, with its standard error.
  ///
  /// With weights v, residuals e_h = p_h - h f and their weighted variance s^2 = sum(v e^2) / sum(v) n / (n - 1):
  /// error = s sqrt(sum(v^2 h^2)) / sum(v h^2), but no less than a tenth of a bin at the highest harmonic used, since
  /// a few peaks may agree by chance.
  func refined(_ hertz: Double) -> (hertz: Double, error: Double) {
    let peaks = spectra.flatMap { spectrum in
      teeth(hertz, spectrum).compactMap { harmonic in
        spectrum.peak(near: Double(harmonic) * hertz, within: 0.0015).flatMap { peak in
          peak.height < Self.threshold
            ? nil
            : (
              h: Double(harmonic), p: peak.hertz,
              v: min(peak.height, Self.ceiling) * min(peak.height, Self.ceiling)
            )
        }
      }
    }
    let binWidth = spectra[0].binWidth
    guard let highest = peaks.map({ $0.h }).max() else { return (hertz, binWidth) }
    let normal = peaks.reduce(0) { $0 + $1.v * $1.h * $1.h }
    let fitted = peaks.reduce(0) { $0 + $1.v * $1.h * $1.p } / normal
    let weight = peaks.reduce(0) { $0 + $1.v }
    let squares = peaks.reduce(0) { $0 + $1.v * ($1.p - $1.h * fitted) * ($1.p - $1.h * fitted) }
    let count = Double(peaks.count)
    let variance = squares / weight * count / max(1, count - 1)
    let spread = peaks.reduce(0) { $0 + $1.v * $1.v * $1.h * $1.h }
    let error = (variance * spread).squareRoot() / normal
    return (fitted, max(error, 0.1 * binWidth / highest))
  }

  private static func score(_ hertz: Double, _ spectrum: LineSpectrum, mayEndEarly: Bool) -> Double {
    var (sum, highest) = (0.0, 0.0)
    var frequency = hertz
    while frequency <= spectrum.highest {
      sum += min(ceiling, max(-threshold, spectrum.height(at: frequency))) - threshold
      highest = max(highest, sum)
      frequency += hertz
    }
    return mayEndEarly ? highest : sum
  }

  private func teeth(_ hertz: Double, _ spectrum: LineSpectrum) -> ClosedRange<Int> {
    1...max(1, Int(spectrum.highest / hertz))
  }
}
