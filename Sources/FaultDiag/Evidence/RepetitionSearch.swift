import SignalIO

/// Finds at which rates something strikes: combs of equally spaced lines in envelope spectra.
///
/// For every band and every candidate rate f the lines v (natural-log units over the local floor) are read at the
/// multiples of f:
///
///     score(f) = max over H of sum over h = 1 ... H of min(3, max(-1, v(h f))) - 0.7
///
/// with H up to 6: half the true rate has as many lines but as many empty teeth again, twice the rate has half the lines.
/// A strong line is worth no more than three, so that one tone is no comb. The best comb's lines are then taken away,
/// and the next is searched for in what remains.
struct RepetitionSearch {
  /// Lines with an axis in hertz: ``EnvelopeLines/orderStep`` are the hertz between steps.
  private var lines: EnvelopeLines
  private let bands: [AlignedEnvelopeSettings.Band]

  /// A comb.
  struct Comb: Equatable {
    var hertz: Double
    /// Half the width of a step, over the harmonics that were seen.
    var uncertainty: Double
    var score: Double
    /// Multiples among the first ``mostHarmonics`` that stand at least 1 above the floor.
    var harmonics: Int
    /// Mean height of these, in natural-log units.
    var height: Double
    var band: AlignedEnvelopeSettings.Band
  }

  static let mostHarmonics = 6
  static let range = 2.5...400.0
  /// Noise of any length has no comb above this (`BlindAnalysisTests`).
  static let leastScore = 4.0
  private static let ceiling: Float = 3
  private static let share: Float = 0.7

  init(_ lines: EnvelopeLines, bands: [AlignedEnvelopeSettings.Band]) {
    precondition(lines.bandCount == bands.count, "\(lines.bandCount) rows of lines for \(bands.count) bands")
    self.lines = lines
    self.bands = bands
  }

  /// At most `count` combs that stand out, best first.
  mutating func combs(count: Int) -> [Comb] {
    var found: [Comb] = []
    while found.count < count, let comb = best() {
      found.append(comb)
      remove(comb)
    }
    return found
  }

  private func best() -> Comb? {
    let step = lines.orderStep / 8
    let count = Int((Self.range.upperBound - Self.range.lowerBound) / step) + 1
    var scores = [Float](repeating: -.infinity, count: count)
    for band in bands.indices {
      let peaks = neighbourhoodMaxima(band)
      for i in 0..<count {
        scores[i] = max(scores[i], score(Self.range.lowerBound + Double(i) * step, peaks))
      }
    }
    guard let top = scores.max(), Double(top) >= Self.leastScore,
      var index = scores.firstIndex(of: top)
    else { return nil }
    // Strong lines saturate: the rate itself and its double are then worth about the same, and the lower is meant.
    for divisor in [4.0, 3, 2] {
      let centre = ((Self.range.lowerBound + Double(index) * step) / divisor - Self.range.lowerBound) / step
      let (low, high) = (max(0, Int(centre) - 12), min(count - 1, Int(centre) + 12))
      guard low <= high, let near = (low...high).max(by: { scores[$0] < scores[$1] }),
        scores[near] >= 0.9 * top
      else { continue }
      index = near
      break
    }
    return comb(at: Self.range.lowerBound + Double(index) * step, score: Double(scores[index]))
  }

  private func score(_ hertz: Double, _ peaks: [Float]) -> Float {
    var (sum, highest): (Float, Float) = (0, -.infinity)
    for harmonic in 1...Self.mostHarmonics {
      let step = Int((Double(harmonic) * hertz / lines.orderStep).rounded())
      guard step < peaks.count else { break }
      sum += min(Self.ceiling, max(-1, peaks[step])) - Self.share
      highest = max(highest, sum)
    }
    return highest
  }

  /// The largest of each step and its neighbours.
  private func neighbourhoodMaxima(_ band: Int) -> [Float] {
    let row = Array(lines[band: band])
    return row.indices.map { i in max(row[max(0, i - 1)], row[i], row[min(row.count - 1, i + 1)]) }
  }

  /// The comb near `hertz` in the band that shows it best, its rate refined by weighted least squares over the peaks.
  private func comb(at hertz: Double, score: Double) -> Comb {
    func peaks(_ band: Int) -> [(harmonic: Double, hertz: Double, height: Double)] {
      let row = Array(lines[band: band])
      return (1...Self.mostHarmonics).compactMap { harmonic in
        let centre = Int((Double(harmonic) * hertz / lines.orderStep).rounded())
        guard centre >= 2, centre + 2 < row.count,
          let top = (centre - 1...centre + 1).max(by: { row[$0] < row[$1] }), row[top] >= 1
        else { return nil }
        let (a, b, c) = (Double(row[top - 1]), Double(row[top]), Double(row[top + 1]))
        let bend = a - 2 * b + c
        let offset = bend < 0 ? min(max(0.5 * (a - c) / bend, -0.5), 0.5) : 0
        return (Double(harmonic), (Double(top) + offset) * lines.orderStep, b)
      }
    }
    let rows = bands.indices.map(peaks)
    func total(_ band: Int) -> Double { rows[band].reduce(0) { $0 + $1.height } }
    let band = bands.indices.dropFirst().reduce(0) { total($1) > total($0) ? $1 : $0 }
    let seen = rows[band]
    let weight = seen.reduce(0) { $0 + $1.height * $1.harmonic * $1.harmonic }
    let refined = seen.reduce(0) { $0 + $1.height * $1.harmonic * $1.hertz } / max(weight, 1e-12)
    return Comb(
      hertz: seen.isEmpty ? hertz : refined,
      uncertainty: lines.orderStep / 2 / max(1, seen.map { $0.harmonic }.max() ?? 1),
      score: score, harmonics: seen.count, height: total(band) / Double(max(1, seen.count)), band: bands[band]
    )
  }

  /// Levels the comb's lines down to the floor in every band.
  private mutating func remove(_ comb: Comb) {
    let steps = lines.stepCount
    var multiple = comb.hertz
    while multiple < lines.maximumOrder {
      // Jitter widens the higher lines.
      let half = max(2, Int((0.006 * multiple / lines.orderStep).rounded()))
      let centre = Int((multiple / lines.orderStep).rounded())
      for step in max(0, centre - half)...min(steps - 1, centre + half) {
        for band in bands.indices {
          lines.values[band * steps + step] = min(0, lines.values[band * steps + step])
        }
      }
      multiple += comb.hertz
    }
  }
}
