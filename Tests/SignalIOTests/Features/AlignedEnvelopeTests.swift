import Foundation
import Support
import Testing

@testable import SignalIO

/// Tests/Golden/AlignedEnvelope.json, written by the plain NumPy program Tools/Reference/AlignedEnvelope.py.
private struct AlignedGolden: Decodable {
  var shaft: Double
  var orders: [Double]
  var spectra: [[Double]]
  var spectraStride: Int
  var features: [[[Double]]]
  var featuresStride: Int
  var strengths: [[Double]]
  var scores: [Double]
  var rule: [Double]
  var rivalCount: Int
  var strongestRival: [Double]
}

struct AlignedEnvelopeTests {
  private let orders = FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828)
  private func golden() throws -> AlignedGolden {
    try FeatureSignals.golden("AlignedEnvelope.json", as: AlignedGolden.self)
  }
  private func full() throws -> AlignedEnvelope {
    var settings = AlignedEnvelopeSettings()
    settings.rate = .full
    return try AlignedEnvelope(settings)
  }

  /// At the full rate only single precision separates us from the definition.
  @Test func fullRateAgreesWithTheDefinition() throws {
    let golden = try golden()
    let lines = try full().lines(of: FeatureSignals.struckResonance(), shaftHz: golden.shaft)
    #expect(lines.stepCount == 1201 && lines.bandCount == 12)
    for (band, expected) in golden.spectra.enumerated() {
      let row = Array(lines[band: band])
      let got = stride(from: 0, to: row.count, by: golden.spectraStride).map { row[$0] }
      // Deep fades of a spectrum turn rounding into visible logarithms: nearly all within 0.002, every one
      // within 0.1.
      let differences = zip(got, expected).map { abs(Double($0) - $1) }.sorted()
      #expect(got.count == expected.count && differences.last! < 0.1, "band \(band)")
      #expect(differences[differences.count * 98 / 100] < 2e-3, "band \(band)")
    }
  }

  @Test func fullRateFeaturesAgreeWithTheDefinition() throws {
    let golden = try golden()
    let features = try full().features(
      of: FeatureSignals.struckResonance(), sampleRate: 12000, shaftHz: golden.shaft, orders: orders)
    #expect(features.count == 6 * 12 * 201 + 3)
    var differences: [Double] = []
    for (f, family) in golden.features.enumerated() {
      for (band, expected) in family.enumerated() {
        for (k, value) in expected.enumerated() {
          differences.append(abs(Double(features[(f * 12 + band) * 201 + k * golden.featuresStride]) - value))
        }
      }
    }
    differences.sort()
    #expect(differences.last! < 0.1 && differences[differences.count * 98 / 100] < 2e-3)
    for (score, expected) in zip(features.suffix(3), golden.rule) {
      #expect(abs(Double(score) - expected) < 0.01)
    }
  }

  /// The reduced rate aliases what is left of the envelope above it: lines agree, noise differs a little.
  @Test func reducedRateStaysCloseToTheDefinition() throws {
    let golden = try golden()
    let x = FeatureSignals.struckResonance()
    // Rivals are the strongest of many alike in noise: which they are may differ, so only families are compared.
    let families = 3 * 12 * 201
    let reduced = try AlignedEnvelope().features(
      of: x, sampleRate: 12000, shaftHz: golden.shaft, orders: orders
    ).prefix(families)
    let plain = try full().features(
      of: x, sampleRate: 12000, shaftHz: golden.shaft, orders: orders
    ).prefix(families)
    var square = 0.0
    for (a, b) in zip(reduced, plain) {
      square += Double((a - b) * (a - b))
      if b > 1 { #expect(abs(a - b) < 0.2) }
    }
    #expect((square / Double(plain.count)).squareRoot() < 0.07)
  }

  @Test func linesStandAtTheStruckOrder() throws {
    // A louder outer-race defect: its own axis has lines at positions 1, 2, 3, the others do not.
    let extractor = try AlignedEnvelope()
    let features = extractor.features(
      of: FeatureSignals.struckResonance(), sampleRate: 12000, shaftHz: 29.5, orders: orders)
    func value(_ family: Int, _ band: Int, _ multiple: Int) -> Float {
      let centre = (family * 12 + band) * 201 + multiple * 50 - 20
      return features[centre - 1...centre + 1].max()!
    }
    for multiple in 1...3 {
      #expect(value(0, 5, multiple) > 1.5)
    }
    #expect(features.dropLast(3).allSatisfy { $0 >= -1.5 && $0 <= 4 })
    let scores = Array(features.suffix(3))
    #expect(scores[0] > 0 && scores[1] < 0 && scores[2] < 0)
  }

  @Test func loudnessAndOffsetDoNotMatter() throws {
    let extractor = try AlignedEnvelope()
    let x = FeatureSignals.struckResonance()
    let a = extractor.features(of: x, sampleRate: 12000, shaftHz: 29.5, orders: orders)
    let b = extractor.features(
      of: x.map { 64 * $0 + 32 }, sampleRate: 12000, shaftHz: 29.5, orders: orders)
    let differences = zip(a, b).map { abs($0 - $1) }.sorted()
    #expect(differences[differences.count * 99 / 100] < 2e-3)
  }

  @Test func silenceAndConstantsGiveZeros() throws {
    let extractor = try AlignedEnvelope()
    for level in [Float(0), 0.1, -3e8] {
      let silent = extractor.features(
        of: [Float](repeating: level, count: 12000), sampleRate: 12000, shaftHz: 30, orders: orders)
      #expect(silent.dropLast(3).allSatisfy { $0 == 0 })
      #expect(Set(silent.suffix(3)).count == 1 && silent.last!.isFinite)
    }
  }

  @Test func extremesAreFiniteAndNaNIsNaN() throws {
    let extractor = try AlignedEnvelope()
    for x in [
      FeatureSignals.impulse(at: 6000, count: 12000), FeatureSignals.tone(3000, count: 12000),
      FeatureSignals.noise(seed: 1, count: 12000),
    ] {
      for shaft in [0.5, 30, 400] {
        let features = extractor.features(of: x, sampleRate: 12000, shaftHz: shaft, orders: orders)
        #expect(features.allSatisfy { $0.isFinite })
      }
    }
    var broken = FeatureSignals.noise(seed: 1, count: 12000)
    broken[3] = .nan
    let features = extractor.features(of: broken, sampleRate: 12000, shaftHz: 30, orders: orders)
    #expect(features.allSatisfy { $0.isNaN })
    // The workspaces have not kept it.
    let after = extractor.features(
      of: FeatureSignals.noise(seed: 1, count: 12000), sampleRate: 12000, shaftHz: 30, orders: orders)
    #expect(after.allSatisfy { $0.isFinite })
  }

  @Test func noiseHasItsMedianAtZeroAndWholeOrdersAreNotched() throws {
    let lines = try AlignedEnvelope().lines(of: FeatureSignals.noise(seed: 3, count: 12000), shaftHz: 29)
    for band in 0..<12 {
      let row = Array(lines[band: band]).sorted()
      #expect(abs(row[600]) < 0.15)
      for whole in 0...24 { #expect(lines[band: band][band * 1201 + whole * 50] <= 0) }
    }
  }

  /// The last band's lines are the mean of its own and the levelled bands'; the other bands do not know of them.
  @Test func levelledBandsAreAveragedIntoTheLast() throws {
    let x = FeatureSignals.struckResonance()
    var settings = AlignedEnvelopeSettings()
    let all = try AlignedEnvelope(settings).lines(of: x, shaftHz: 29.5)
    let levelling = try #require(settings.levelling)
    settings.levelling = nil
    let plain = try AlignedEnvelope(settings).lines(of: x, shaftHz: 29.5)
    #expect(all.bandCount == 12 && all.values.prefix(11 * 1201) == plain.values.prefix(11 * 1201))
    // Two bands instead of one: the mean of three that of two and the third alone.
    let alone = try levelling.bands.map { band in
      settings.levelling = .init(bands: [band], reach: levelling.reach)
      return try AlignedEnvelope(settings).lines(of: x, shaftHz: 29.5)[band: 11]
    }
    for (step, value) in all[band: 11].enumerated() {
      let own = plain[band: 11][11 * 1201 + step]
      let levelled = alone.map { 2 * $0[$0.startIndex + step] - own }
      #expect(abs(value - (own + levelled[0] + levelled[1]) / 3) < 1e-4)
    }
  }

  /// A shaft so fast that the levelled bands' envelopes end before the axis does: what is known counts.
  @Test func fastShaftsKeepWhatIsKnown() throws {
    let x = FeatureSignals.noise(seed: 4, count: 12000)
    var settings = AlignedEnvelopeSettings()
    let all = try AlignedEnvelope(settings).lines(of: x, shaftHz: 150)
    settings.levelling = nil
    let plain = try AlignedEnvelope(settings).lines(of: x, shaftHz: 150)
    // 4,800 points a second show 2,400 Hz, 16 orders.
    #expect(all.values.suffix(1201 - 801) == plain.values.suffix(1201 - 801))
    #expect(all.values.dropLast(1201 - 799) != plain.values.dropLast(1201 - 799))
  }

  /// Models that were made before there were levelled bands judge as they did.
  @Test func settingsOfBeforeHaveNoLevelledBands() throws {
    let encoded = try JSONEncoder().encode(AlignedEnvelopeSettings())
    var object = try #require(try JSONSerialization.jsonObject(with: encoded) as? [String: Any])
    #expect(object.removeValue(forKey: "levelling") != nil)
    let old = try JSONDecoder().decode(
      AlignedEnvelopeSettings.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(old.levelling == nil && old.bands == AlignedEnvelopeSettings().bands)
  }

  @Test func positionsBeyondTheAxisAreZero() throws {
    let far = FaultOrders(outer: 7, inner: 10, ball: 5, cage: 0.4)
    let features = try AlignedEnvelope().features(
      of: FeatureSignals.noise(seed: 3, count: 12000), sampleRate: 12000, shaftHz: 29, orders: far)
    // Order 24 is position 2.4 of a family at 10: index 100.
    let row = features[12 * 201..<13 * 201]
    #expect(row[row.startIndex + 101..<row.endIndex].allSatisfy { $0 == 0 })
    #expect(row[row.startIndex..<row.startIndex + 99].contains { $0 != 0 })
  }

  @Test func eachThreadWithItsOwnExtractorGetsTheSameBytes() throws {
    let x = FeatureSignals.struckResonance()
    let expected = try AlignedEnvelope().features(of: x, sampleRate: 12000, shaftHz: 29.5, orders: orders)
    let orders = orders
    let all = Parallel.map(6, threads: 3) { _ in
      (try? AlignedEnvelope())?.features(of: x, sampleRate: 12000, shaftHz: 29.5, orders: orders)
    }
    #expect(all.allSatisfy { $0 == expected })
  }

  @Test func cageIsAFourthFamilyByRequest() throws {
    var settings = AlignedEnvelopeSettings()
    settings.families = [.outer, .inner, .ball, .cage]
    let extractor = try AlignedEnvelope(settings)
    #expect(extractor.featureCount == 7 * 12 * 201 + 4)
    let features = extractor.features(
      of: FeatureSignals.noise(seed: 3, count: 12000), sampleRate: 12000, shaftHz: 29, orders: orders)
    #expect(features[3 * 12 * 201..<4 * 12 * 201].contains { $0 != 0 })
  }

  /// A comb of lines at 4.3 orders is no family's: it must be the first rival, with its lines at positions 1, 2, 3.
  @Test func linesOfNoFamilyAreReadAsARival() throws {
    let x = FeatureSignals.struckResonance(order: 4.3)
    let features = try AlignedEnvelope().features(of: x, sampleRate: 12000, shaftHz: 29.5, orders: orders)
    let row = (3 * 12 + 5) * 201
    for multiple in 1...3 {
      let centre = row + multiple * 50 - 20
      #expect(features[centre - 1...centre + 1].max()! > 1.5)
    }
    #expect(features.suffix(3).allSatisfy { $0 < 0 })
  }

  @Test func missingRivalsAreZeros() throws {
    var settings = AlignedEnvelopeSettings()
    settings.rivals = 16
    let close = FaultOrders(outer: 4.2, inner: 4.5, ball: 4.35, cage: 0.4)
    let features = try AlignedEnvelope(settings).features(
      of: FeatureSignals.noise(seed: 3, count: 12000), sampleRate: 12000, shaftHz: 29, orders: close)
    #expect(features.count == 19 * 12 * 201 + 3)
    #expect(features[18 * 12 * 201..<19 * 12 * 201].allSatisfy { $0 == 0 })
  }

  @Test func ruleAgreesWithTheDefinition() throws {
    let golden = try golden()
    let lines = try full().lines(of: FeatureSignals.struckResonance(), shaftHz: golden.shaft)
    let scores = LineScores(lines, orders: orders)
    for (f, family) in scores.families.enumerated() {
      #expect(abs(family.score - golden.scores[f]) < 0.01)
      for (band, strength) in family.bandStrengths.enumerated() {
        #expect(abs(strength - golden.strengths[f][band]) < 0.03)
      }
    }
    #expect(scores.best.family == .outer)
    let rule = LineRule(lines, orders: orders)
    for (family, expected) in zip(rule.families, golden.rule) {
      #expect(abs(family.score - expected) < 0.01)
    }
    let rival = try #require(rule.strongestRivals(1).first)
    #expect(rule.rivals.count == golden.rivalCount)
    #expect(abs(rival.order - golden.strongestRival[0]) < 1e-4)
    #expect(abs(rival.strength - golden.strongestRival[1]) < 0.01)
  }

  @Test func unusableSettingsAreRefused() {
    func refused(_ change: (inout AlignedEnvelopeSettings) -> Void) {
      var settings = AlignedEnvelopeSettings()
      change(&settings)
      #expect(throws: SignalIOError.self) { try AlignedEnvelope(settings) }
    }
    refused { $0.sampleRate = 8000 }
    refused { $0.frameCount = 10 }
    refused { $0.bands = [] }
    refused { $0.bands = [.init(500, 400)] }
    refused { $0.bands.removeLast() }
    refused { $0.levelling?.bands = [] }
    refused { $0.levelling?.bands[0].whitened = true }
    refused {
      $0.levelling?.bands = [
        .init(500, 3000), .init(600, 3000), .init(700, 3000), .init(800, 3000), .init(900, 3000),
      ]
    }
    refused { $0.levelling?.bands[1].highest = 6000 }
    refused { $0.levelling?.reach = -1 }
    refused { $0.families = [] }
    refused { $0.rivals = 17 }
    refused { $0.orderStep = 0 }
    refused { $0.medianWidth = 100 }
    refused { $0.notch = -1 }
    refused { $0.positionCount = 0 }
    refused { $0.lowest = 5 }
    refused { $0.floor = 0 }
  }
}
