import FaultDiag
import Foundation
import NeuralNet
import SignalIO
import Support
import TestSupport
import Testing

@Suite struct AlignedModelTests {
  /// A plan small enough for a debug build: narrow windows, one short training.
  private static var smallPlan: AlignedPlan {
    var plan = AlignedPlan()
    plan.simulations = 32
    plan.calibrationSimulations = 16
    plan.members = 2
    plan.epochs = 1
    return plan
  }

  @Test func theSameBytesOnAnyThreadCountAndBackFromAFile() throws {
    let one = try AlignedTrainer(Self.smallPlan).train(threads: 1)
    let two = try AlignedTrainer(Self.smallPlan).train(threads: 2)
    let bytes = one.checkpoint(programVersion: "test").bytes
    #expect(bytes == two.checkpoint(programVersion: "test").bytes)

    let read = try AlignedModel(Checkpoint.read(bytes, source: "memory"))
    #expect(read.checkpoint(programVersion: "test").bytes == bytes)
    #expect(read.slope == one.slope && read.normalLevel == one.normalLevel)
    #expect(read.ruleWeight == one.ruleWeight && one.ruleWeight > 0)
    #expect(read.verdicts == one.verdicts && read.verdicts != nil)
    #expect(read.tolerance == one.tolerance && one.tolerance.count == 7)

    // Read from a file the networks judge with the same tolerance, and without it otherwise.
    let features = [(0..<AlignedShape(one.plan.envelope).featureCount).map { Float($0 * 37 % 101) / 50 - 1 }]
    #expect(read.logits(features) == one.logits(features))
    var plain = one
    plain.tolerance = [1]
    #expect(plain.logits(features) != one.logits(features))
    plain.tolerance = [1, 7]
    let strange = plain.checkpoint(programVersion: "test").bytes
    #expect(throws: FaultDiagError.self) { try AlignedModel(Checkpoint.read(strange, source: "memory")) }
  }

  @Test func anotherKindOfFileIsRefused() throws {
    let other = Checkpoint(programVersion: "test", plan: "{}")
    #expect(throws: FaultDiagError.self) { try AlignedModel(other) }
    #expect(!AlignedModel.isHeld(by: other))
  }

  @Test func settingsThatNoTrainingCanHaveAreRefused() {
    for change in [
      { (plan: inout AlignedPlan) in plan.members = 0 }, { $0.batch = 1 }, { $0.learningRate = .nan },
      { $0.dropout = 1 }, { $0.ruleShare = -1 }, { $0.epochs = 0 }, { $0.simulations = 1 },
      // What a network compares, what can be simulated, and what takes memory.
      { $0.envelope.bands.removeLast($0.envelope.bands.count - 2) }, { $0.envelope.families = [.outer] },
      { $0.envelope.families = [.outer, .outer] }, { $0.envelope.frameCount = 1 << 40 },
      { $0.draw.damping = 0...0.1 }, { $0.draw.resonanceCount = 1...1_000_000 },
      { $0.draw.sampleRate = .nan }, { $0.draw.seconds = 1e9 }, { $0.draw.mostTones = -1 },
      { $0.draw.elementCount = 0...7 },
    ] {
      var plan = AlignedPlan()
      change(&plan)
      #expect(throws: FaultDiagError.self) { try plan.validated() }
    }
  }

  /// The weight's definition: scores vary `ruleShare` times as much as the networks' logits, and logits are their sum.
  @Test func theRuleHasItsShareOfTheLogits() throws {
    var model = try AlignedTrainer(Self.smallPlan).train(threads: 2)
    let examples = try AlignedExamples.simulated(0..<24, plan: Self.smallPlan, threads: 2)
    func deviation(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }
    let both = model.logits(examples.features).flatMap { $0 }
    let weight = model.ruleWeight
    model.ruleWeight = 0
    let networks = model.logits(examples.features).flatMap { $0 }
    let scores = examples.features.flatMap { $0.suffix(3).map { Double($0) } }
    #expect(zip(zip(networks, scores), both).allSatisfy { abs($0.0 + weight * $0.1 - $1) < 1e-9 })
    model.plan.ruleShare = 0.5
    model.weighRule(on: examples)
    #expect(abs(model.ruleWeight * deviation(scores) - 0.5 * deviation(networks)) < 1e-9)
  }

  /// Bearings that the default model has not seen: a seed that its training does not use.
  @Test func theDefaultModelJudgesSimulatedBearings() throws {
    let model = try AlignedModel.embedded()
    var plan = model.plan
    plan.seed = 77
    plan.draw.signalToNoise = 6...6
    let examples = try AlignedExamples.simulated(0..<40, plan: plan, threads: 2)
    let logits = model.logits(examples.features)
    let right = (0..<examples.count).filter { index in
      let probabilities = model.probabilities(logits: logits[index])
      return probabilities.firstIndex(of: probabilities.max()!) == examples.state(index)
    }
    #expect(right.count >= 36, "\(right.count) of \(examples.count) right")
  }

  @Test func withoutABearingTheStateIsUnknown() throws {
    let recording = try SimulationDraw().recording(seed: 5, index: 1)
    let stream = MemoryStream([recording.samples + recording.samples], sampleRate: 12_000)
    let source = try RecordingSource(path: "memory.wav", stream: stream)
    let diagnoser = try AlignedModel.embedded().diagnoser(AlignedModel.embeddedIdentity, threads: 1)
    let diagnosis = try diagnoser.diagnose(source)
    #expect(diagnosis.state == "unknown" && diagnosis.probability == 0 && diagnosis.alternatives.isEmpty)
    #expect(diagnosis.warnings.contains { $0.kind == "no_bearing" })
  }

  @Test func knownLinesAreDiagnosedWithTheirEvidence() throws {
    let orders = try BearingCatalogue.entry(named: "6205").orders
    var settings = SimulationSettings(fault: .outer, orders: orders, shaftHz: 29.95)
    settings.signalToNoise = 6
    settings.seconds = 4
    let samples = try BearingSimulator(settings).recording(seed: 3).samples
    var flags = RecordingMetadata()
    flags.speed = Sourced(1797, from: .flag("--rpm"))
    flags.bearing = Sourced("6205", from: .flag("--bearing"))
    let source = try RecordingSource(
      path: "memory.wav", stream: MemoryStream([samples], sampleRate: 12_000), flags: flags)
    let diagnoser = try AlignedModel.embedded().diagnoser(AlignedModel.embeddedIdentity, threads: 2)
    let diagnosis = try diagnoser.diagnose(source)
    #expect(diagnosis.state == "outer" && diagnosis.probability > 0.5)
    #expect(diagnosis.windows.total == 4)
    #expect(diagnosis.evidence.first?.family == .outer)
  }

  /// The embedded networks with tables of bearings whose own lines stand `gain` above others of no strength.
  private func diagnosis(gain: Double) throws -> Diagnosis {
    var model = try AlignedModel.embedded()
    let truth = (0..<400).map { $0 / 2 % 4 }
    let taught = truth.indices.map { index -> VerdictScores in
      var scores = VerdictScores(
        networks: [-2, -2, -2], rule: [-1, -1, -1],
        lines: (0..<3).map { 0.5 + Double((index / 8 + $0) % 7) / 10 })
      if truth[index] > 0 {
        scores.networks[truth[index] - 1] = 2
        scores.rule[truth[index] - 1] = 1
        scores.lines[truth[index] - 1] += gain
      }
      return scores
    }
    model.verdicts = VerdictCalibration(taught, truth: truth)
    var flags = RecordingMetadata()
    flags.speed = Sourced(1770, from: .flag("--rpm"))
    flags.bearing = Sourced("6205", from: .flag("--bearing"))
    let samples = try SimulatedPlant.samples("outer", bearing: 5)
    let source = try RecordingSource(
      path: "memory.wav", stream: MemoryStream([samples], sampleRate: 12_000), flags: flags)
    return try model.diagnoser(AlignedModel.embeddedIdentity, threads: 2).diagnose(source)
  }

  @Test func networksAndLinesTogetherGiveTheVerdict() throws {
    let diagnosis = try diagnosis(gain: 1)
    #expect(diagnosis.state == "outer" && diagnosis.probability > 0.5)
    #expect(diagnosis.learned?.count == 4)
    #expect(diagnosis.predictionSet?.states.first == "outer" && diagnosis.predictionSet?.coverage == 0.9)
    #expect(diagnosis.plausibility?.map(\.state) == ["normal", "outer", "inner", "ball"])
  }

  /// Lines far from those of every table: no state is given, and why is said.
  @Test func linesThatFitNoStateAreUnknown() throws {
    let diagnosis = try diagnosis(gain: 1000)
    #expect(diagnosis.state == "unknown" && diagnosis.probability == 0)
    #expect(diagnosis.alternatives.count == 4, "what would have been said stays")
    #expect(diagnosis.warnings.contains { $0.kind == "strange_lines" })
    #expect(diagnosis.text().contains("unknown\n"))
  }
}

@Suite struct AlignedCalibrationTests {
  /// Labels drawn from the formula itself: the fit must find the slope and level they were drawn with.
  @Test func findsTheNumbersThatMadeTheLabels() throws {
    let (slope, level) = (0.6, 1.5)
    var random = RandomSource(seed: 12)
    var logits: [[Double]] = []
    var states: [Int] = []
    for _ in 0..<20_000 {
      let row = (0..<3).map { _ in 3 * random.normal() }
      let p = Softmax.probabilities([level] + row.map { slope * $0 })
      var left = random.uniform()
      states.append(
        p.firstIndex {
          left -= $0
          return left < 0
        } ?? 3)
      logits.append(row)
    }
    let fitted = AlignedCalibration.fit(logits: logits, states: states)
    #expect(abs(fitted.slope - slope) < 0.02 && abs(fitted.normalLevel - level) < 0.06, "\(fitted)")
  }
}

@Suite struct BinaryCrossEntropyTests {
  @Test func agreesWithItsDefinitionAndDifferences() {
    let logits = GradientCheck(seed: 2).randomTensor([4, 3])
    let targets = Tensor<Double>((0..<12).map { Double($0 % 2) }, shape: [4, 3])
    let (loss, gradient) = BinaryCrossEntropy.evaluate(logits: logits, targets: targets)
    let plain = zip(logits.storage, targets.storage).reduce(0.0) { sum, pair in
      let p = 1 / (1 + exp(-pair.0))
      return sum - pair.1 * log(p) - (1 - pair.1) * log(1 - p)
    }
    #expect(abs(loss - plain / 12) < 1e-12)
    #expect(
      GradientCheck().failures(of: gradient, at: logits, name: "logits") {
        BinaryCrossEntropy.evaluate(logits: $0, targets: targets).loss
      } == [])
  }

  @Test func staysFiniteAtExtremes() {
    let logits = Tensor<Float>([1e30, -1e30, 0], shape: [1, 3])
    let (loss, gradient) = BinaryCrossEntropy.evaluate(
      logits: logits, targets: Tensor([1, 0, 1], shape: [1, 3]))
    #expect(loss.isFinite && gradient.isFinite)
    #expect(abs(loss - 0.693147 / 3) < 1e-6)
  }
}
