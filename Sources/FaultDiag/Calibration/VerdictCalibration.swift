#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns what networks and lines say into probabilities, prediction sets and plausibilities; fitted on simulated
/// recordings that no network was trained on.
///
/// States are normal and one for each family with a logit. With l the logits, s the rule's scores and m the strength of the
/// strongest lines of any of these families,
///
///     P = softmax([b, a l_1 + r s_1 + c m, ..., a l_F + r s_F + c m])
///
/// a, b, c and r by maximum likelihood: strong lines speak for a fault, whosever they are, networks and rule say whose. Absent
/// lines lower the verdict.
///
/// A *prediction set* holds the states whose split-conformal p-value of 1 - P exceeds one less the coverage, counted among
/// simulated recordings of that state (Vovk's label-conditional predictor), and always the most probable state.
///
/// The *plausibility* of a state is the p-value of how strange the lines alone are for it. For normal that is the
/// strongest lines of any family; for a fault the shortfall of its own lines, -g_f, or the excess of another
/// family's, max_{g != f} g - g_f. Each is measured from its median in units of the distance from there to its upper
/// decile; the larger counts. The networks have no say: they are sure of states that they were taught. A recording
/// that no state makes plausible is unknown: it shows lines of a family that was never taught.
package struct VerdictCalibration: Sendable, Equatable, Codable {
  /// a of the formula.
  package private(set) var networkWeight: Double
  /// r of the formula.
  package private(set) var ruleWeight: Double
  /// c of the formula.
  package private(set) var lineWeight: Double
  /// b of the formula.
  package private(set) var normalLevel: Double
  /// In the order of the states.
  package private(set) var states: [StateTable]

  /// What simulated recordings of one state look like.
  package struct StateTable: Sendable, Equatable, Codable {
    /// 1 - P of the state.
    package var doubt: ConformalPredictor
    /// Of the lines.
    package var strangeness: ConformalPredictor
    /// Of each coordinate of the strangeness, its median and its distance from there to the upper decile.
    package var medians: [Double]
    package var spreads: [Double]
  }

  /// Below this every state is implausible.
  package static let leastPlausibility = 0.05
  /// Points of a table: p-values are multiples of one in 200.
  static let tablePoints = 199

  /// Fits weights to every second item and tables to the others, so that neither knows the other's.
  ///
  /// - `truth`: state of each item, 0 for normal, else 1 + family.
  package init(_ items: [VerdictScores], truth: [Int]) {
    precondition(items.count == truth.count, "\(items.count) items with \(truth.count) states")
    let familyCount = items.first?.networks.count ?? 0
    let (fitting, measuring) = (
      items.indices.filter { $0 % 2 == 0 }, items.indices.filter { $0 % 2 == 1 }
    )
    let weights = VerdictWeights.fit(fitting.map { items[$0] }, truth: fitting.map { truth[$0] })
    let rounded = weights.evidence.map(Self.rounded)
    (networkWeight, ruleWeight, lineWeight) = (rounded[0], rounded[1], rounded[2])
    normalLevel = Self.rounded(weights.normal)
    states = []
    states = (0...familyCount).map { state in
      table(of: state, measuring.filter { truth[$0] == state }.map { items[$0] })
    }
  }

  /// Probability of each state.
  package func probabilities(_ scores: VerdictScores) -> [Double] {
    let weights = VerdictWeights(evidence: [networkWeight, ruleWeight, lineWeight], normal: normalLevel)
    return Softmax.probabilities(weights.logits(scores))
  }

  /// For each state the share of its simulated recordings in which it was at least as doubtful.
  package func confidences(probabilities: [Double]) -> [Double] {
    zip(states, probabilities).map { $0.doubt.pValue(1 - $1) }
  }

  /// For each state the share of its simulated recordings whose lines were at least as strange.
  package func plausibilities(_ scores: VerdictScores) -> [Double] {
    states.indices.map { state in
      let table = states[state]
      return table.strangeness.pValue(
        Self.strangeness(Self.coordinates(scores.lines, state: state), table.medians, table.spreads))
    }
  }

  /// Whether tables read from a file serve so many families: one a state, each with a median and a spread above 0 for every
  /// coordinate or for none.
  func serves(families: Int) -> Bool {
    states.count == families + 1
      && states.enumerated().allSatisfy { state, table in
        [0, state > 0 ? 2 : 1].contains(table.medians.count) && table.spreads.count == table.medians.count
          && table.spreads.allSatisfy { $0 > 0 }
      }
  }

  private func table(of state: Int, _ items: [VerdictScores]) -> StateTable {
    let doubts = items.map { 1 - probabilities($0)[state] }
    let coordinates = items.map { Self.coordinates($0.lines, state: state) }
    let width = coordinates.first?.count ?? 0
    let columns = (0..<width).map { column in coordinates.map { $0[column] }.sorted() }
    let medians = columns.map { Self.rounded(Self.quantile($0, 0.5)) }
    let spreads = zip(columns, medians).map { Self.rounded(max(Self.quantile($0, 0.9) - $1, 1e-6)) }
    return StateTable(
      doubt: Self.thinned(doubts),
      strangeness: Self.thinned(coordinates.map { Self.strangeness($0, medians, spreads) }), medians: medians,
      spreads: spreads)
  }

  /// One number for normal, two for a fault; larger is stranger.
  private static func coordinates(_ lines: [Double], state: Int) -> [Double] {
    guard state > 0 else { return [lines.max() ?? 0] }
    let own = lines[state - 1]
    let others = lines.indices.filter { $0 != state - 1 }.map { lines[$0] }
    return [-own, (others.max() ?? own) - own]
  }

  private static func strangeness(_ coordinates: [Double], _ medians: [Double], _ spreads: [Double]) -> Double
  {
    // A state without items has no medians, and nothing is strange for it.
    medians.indices.map { (coordinates[$0] - medians[$0]) / spreads[$0] }.max() ?? 0
  }

  /// Quantiles of `values` at 1/200 ... 199/200; all of them where there are no more.
  private static func thinned(_ values: [Double]) -> ConformalPredictor {
    let sorted = values.sorted()
    guard sorted.count > tablePoints else { return ConformalPredictor(calibration: sorted.map(rounded)) }
    let points = (1...tablePoints).map { rounded(quantile(sorted, Double($0) / Double(tablePoints + 1))) }
    return ConformalPredictor(calibration: points)
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }

  /// Five significant digits: what a table of two hundred points can bear, and a short file.
  private static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    let unit = pow(10, 4 - log10(abs(value)).rounded(.down))
    return (value * unit).rounded() / unit
  }
}
