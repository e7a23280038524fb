import Foundation
import TestSupport
import Testing

@testable import NeuralNet

@Suite struct LearningRateScheduleTests {
  private static let cycle = LearningRateSchedule.OneCycle(steps: 41)
  private static let otherCycle = LearningRateSchedule.OneCycle(
    steps: 17, rise: 0.43, startDivisor: 10, endDivisor: 100, lowestMomentum: 0.7, highestMomentum: 0.9)
  private static let cases: [(String, LearningRateSchedule)] = [
    ("cosine", LearningRateSchedule(peak: 0.02, shape: .cosine(steps: 20, final: 0.1))),
    ("warm_cosine", LearningRateSchedule(peak: 0.02, warmUpSteps: 5, shape: .cosine(steps: 20, final: 0))),
    ("step", LearningRateSchedule(peak: 0.02, shape: .step(every: 6, factor: 0.3))),
    ("one_cycle", LearningRateSchedule(peak: 0.02, shape: .oneCycle(cycle))),
    ("one_cycle_other", LearningRateSchedule(peak: 0.02, shape: .oneCycle(otherCycle))),
  ]

  @Test(arguments: cases.indices) func agreesWithPyTorch(index: Int) throws {
    let (name, schedule) = Self.cases[index]
    let golden = try Golden.load("Optimizers")
    let expected = try golden["schedule." + name]
    let observed = Tensor(expected.storage.indices.map { schedule.rate(at: $0) }, shape: expected.shape)
    #expect(Golden.mismatch(observed, expected, tolerance: 1e-12, name: name) == nil)
    guard golden.content["schedule.\(name).momentum"] != nil else {
      #expect(schedule.momentum(at: 0) == nil)
      return
    }
    let momenta = try golden["schedule.\(name).momentum"]
    let found = Tensor(momenta.storage.indices.map { schedule.momentum(at: $0)! }, shape: momenta.shape)
    #expect(Golden.mismatch(found, momenta, tolerance: 1e-12, name: name) == nil)
  }

  @Test func endsAndBeyond() {
    let cosine = LearningRateSchedule(peak: 2, warmUpSteps: 4, shape: .cosine(steps: 10, final: 0.25))
    #expect(cosine.rate(at: 0) == 0.5)
    #expect(cosine.rate(at: 3) == 2)
    #expect(cosine.rate(at: 4) == 2)
    #expect(abs(cosine.rate(at: 14) - 0.5) < 1e-15)
    #expect(cosine.rate(at: 1000) == cosine.rate(at: 14))
    let oneCycle = LearningRateSchedule(peak: 1, shape: .oneCycle(Self.cycle))
    #expect(abs(oneCycle.rate(at: 0) - 1 / 25) < 1e-15)
    #expect(abs(oneCycle.rate(at: 40) - 1 / 25e4) < 1e-15)
    #expect(oneCycle.rate(at: 41) == oneCycle.rate(at: 40))
    #expect(LearningRateSchedule(peak: 0.3).rate(at: 1_000_000) == 0.3)
    #expect(LearningRateSchedule(peak: 1, shape: .cosine(steps: 0, final: 0.5)).rate(at: 0) == 0.5)
  }

  /// A rise so short that the peak is step 0 or before it.
  @Test(arguments: [2, 3, 10]) func shortRisesAreFinite(steps: Int) {
    let schedule = LearningRateSchedule(peak: 1, shape: .oneCycle(.init(steps: steps, rise: 0.1)))
    let rates = (0..<steps).map { schedule.rate(at: $0) }
    #expect(rates.allSatisfy { $0.isFinite && $0 > 0 && $0 <= 1 }, "\(rates)")
    #expect(rates == rates.sorted(by: >))
  }

  @Test func decodedNonsenseIsNamed() {
    var schedule = LearningRateSchedule(peak: 1)
    #expect(schedule.problem == nil)
    schedule.peak = -1
    #expect(schedule.problem?.contains("-1.0") == true)
    schedule.peak = 1
    let bad: [LearningRateSchedule.Shape] = [
      .step(every: 0, factor: 0.5), .step(every: 3, factor: .infinity), .cosine(steps: -1, final: 0),
      .cosine(steps: 1, final: .nan), .oneCycle(.init(steps: 1)), .oneCycle(.init(steps: 9, rise: 1)),
      .oneCycle(.init(steps: 9, startDivisor: 0)), .oneCycle(.init(steps: 9, highestMomentum: 1)),
    ]
    for shape in bad {
      schedule.shape = shape
      #expect(schedule.problem != nil, "\(shape)")
    }
    schedule.shape = .oneCycle(.init(steps: 9))
    #expect(schedule.problem == nil)
    schedule.warmUpSteps = 1
    #expect(schedule.problem != nil)
  }

  @Test func survivesEncoding() throws {
    for (name, schedule) in Self.cases {
      let again = try JSONDecoder().decode(LearningRateSchedule.self, from: JSONEncoder().encode(schedule))
      #expect(again == schedule, "\(name)")
    }
  }
}
