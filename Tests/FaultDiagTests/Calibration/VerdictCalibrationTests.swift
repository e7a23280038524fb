import Support
import Testing

@testable import FaultDiag

@Suite struct VerdictCalibrationTests {
  /// Two families that are judged and a third whose lines are only watched. A fault raises its logit by 3, the
  /// rule's score by 1 and its lines by `lines`.
  private static func items(
    _ count: Int, seed: UInt64, lines gain: Double = 2
  ) -> (items: [VerdictScores], truth: [Int]) {
    var random = RandomSource(seed: seed)
    var items: [VerdictScores] = []
    var truth: [Int] = []
    for _ in 0..<count {
      let state = random.integer(below: 3)
      var scores = VerdictScores(
        networks: (0..<2).map { _ in -1.5 + random.normal() },
        rule: (0..<2).map { _ in -0.5 + 0.4 * random.normal() },
        lines: (0..<3).map { _ in 1 + 0.4 * random.normal() })
      if state > 0 {
        scores.networks[state - 1] += 3
        scores.rule[state - 1] += 1
        scores.lines[state - 1] += gain
      }
      items.append(scores)
      truth.append(state)
    }
    return (items, truth)
  }

  private static let calibration: VerdictCalibration = {
    let (items, truth) = VerdictCalibrationTests.items(4000, seed: 1)
    return VerdictCalibration(items, truth: truth)
  }()

  @Test func tablesServeTheirOwnFamiliesOnly() throws {
    #expect(Self.calibration.serves(families: 2) && !Self.calibration.serves(families: 3))
    let text = ReportJSON.text(Self.calibration, pretty: false)
    for (place, change) in [("\"medians\":[", "\"medians\":[1,"), ("\"spreads\":[", "\"spreads\":[-1,")] {
      let changed = try ReportJSON.value(
        VerdictCalibration.self, from: text.replacing(place, with: change, maxReplacements: 1))
      #expect(!changed.serves(families: 2), "\(change)")
    }
  }

  private func verdict(_ networks: [Double], rule: [Double], strongest: Double = 2) -> [Double] {
    Self.calibration.probabilities(VerdictScores(networks: networks, rule: rule, lines: [strongest, 1, 9]))
  }

  /// Gaussian classes of equal spread have known weights: difference of means over variance.
  @Test func theWeightsAreThoseOfTheTruth() {
    // Lines that say nothing leave the others theirs.
    let (items, truth) = Self.items(20_000, seed: 3, lines: 0)
    let weights = VerdictWeights.fit(items, truth: truth)
    #expect(abs(weights.evidence[0] - 3) < 0.3)
    #expect(abs(weights.evidence[1] - 1 / 0.16) < 0.6)
    #expect(weights.evidence[2] < 0.15)
    // Halfway, where logit and score are 0, a fault is as likely as none.
    #expect(abs(weights.normal) < 0.2, "\(weights.normal)")
  }

  @Test func statedProbabilitiesAreObservedFrequencies() throws {
    let (items, truth) = Self.items(4000, seed: 2)
    let error = try #require(
      CalibrationError.expected(
        probabilities: items.map { Self.calibration.probabilities($0) }, classes: truth))
    #expect(error < 0.02)
  }

  /// The rule says whose the lines are, the strongest lines that there is something at all. The third family's, which the
  /// networks do not judge, are no evidence for the others.
  @Test func linesThatAgreeRaiseTheVerdictAndAbsentLinesLowerIt() {
    let agreed = verdict([0.6, -1.5], rule: [0.5, -0.5], strongest: 3)
    let learned = verdict([0.6, -1.5], rule: [-0.1, 0], strongest: 3)
    let refuted = verdict([0.6, -1.5], rule: [-0.9, 0.3], strongest: 3)
    #expect(agreed[1] > learned[1] && learned[1] > refuted[1])
    #expect(agreed[1] > 0.9 && refuted[1] < 0.3, "\(agreed) \(learned) \(refuted)")
    let absent = verdict([0.6, -1.5], rule: [-0.1, 0], strongest: 1)
    #expect(absent[0] > 0.9 && learned[0] < 0.1, "\(absent) \(learned)")
    #expect(abs(absent[1] / absent[2] - learned[1] / learned[2]) < 1e-6 * learned[1] / learned[2])
  }

  /// The guarantee is for each state, on items that the tables have not seen.
  @Test(arguments: [0.8, 0.9, 0.95]) func setsCoverEveryStateAtTheChosenRate(coverage: Double) {
    let (items, truth) = Self.items(6000, seed: 4)
    for state in 0..<3 {
      let own = items.indices.filter { truth[$0] == state }
      let covered = own.filter {
        let confidences = Self.calibration.confidences(
          probabilities: Self.calibration.probabilities(items[$0]))
        return confidences[state] > 1 - coverage
      }
      let share = Double(covered.count) / Double(own.count)
      #expect(abs(share - coverage) < 0.055, "state \(state): \(share)")
    }
  }

  @Test func knownRecordingsArePlausibleAndStrangeOnesAreNot() {
    let (items, _) = Self.items(3000, seed: 5)
    func isStrange(_ scores: VerdictScores) -> Bool {
      Self.calibration.plausibilities(scores).max()! < VerdictCalibration.leastPlausibility
    }
    let share = Double(items.filter(isStrange).count) / Double(items.count)
    // At most the level are refused, to within the chance of 670 calibrating items a state: three deviations of .0084.
    #expect(share <= VerdictCalibration.leastPlausibility + 0.025)
    // Lines of the family that nobody taught, and of two families at once, whatever the networks believe.
    #expect(isStrange(VerdictScores(networks: [-1, 9], rule: [0, 0], lines: [1, 1, 4])))
    #expect(
      isStrange(VerdictScores(networks: [2, 2], rule: [0, 0], lines: [3, 5.5, 1])) == false,
      "the stronger explains it")
    #expect(isStrange(VerdictScores(networks: [2, 2], rule: [0, 0], lines: [3, 3, 1])))
    // Stronger lines than any seen are no reason to doubt the fault.
    #expect(!isStrange(VerdictScores(networks: [5, -2], rule: [0, 0], lines: [40, 1, 1])))
  }

  @Test func tablesAreShortAndReadBack() throws {
    let text = ReportJSON.text(Self.calibration, pretty: false)
    #expect(text.utf8.count < 20_000)
    #expect(try ReportJSON.value(VerdictCalibration.self, from: text) == Self.calibration)
    #expect(Self.calibration.states.allSatisfy { $0.doubt.scores.count == VerdictCalibration.tablePoints })
  }

  @Test func withoutItemsNothingIsExcluded() {
    let empty = VerdictCalibration(
      [VerdictScores(networks: [0, 0], rule: [0, 0], lines: [0, 0])], truth: [0])
    let scores = VerdictScores(networks: [3, -3], rule: [0, 0], lines: [9, 0])
    #expect(empty.plausibilities(scores) == [1, 1, 1])
    #expect(empty.confidences(probabilities: empty.probabilities(scores)) == [1, 1, 1])
  }
}
