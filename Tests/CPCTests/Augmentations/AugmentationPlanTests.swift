import Support
import Testing

@testable import CPC

@Suite struct AugmentationPlanTests {
  @Test func settingReplacesAppendsAndRemoves() {
    var plan = AugmentationPlan(weak: [.init("gain", 3), .init("noise", 0.1)])
    plan.set(.init("gain", 5), of: .weak)
    plan.set(.init("flip", 1), of: .weak)
    plan.set(.init("noise", 0), of: .weak)
    #expect(plan == AugmentationPlan(weak: [.init("gain", 5), .init("flip", 1)]))
    plan.set(.init("flip", 0.5), of: .strong)
    #expect(plan[.strong] == [.init("flip", 0.5)] && plan.weak.count == 2)
  }

  @Test func stepsApplyInOrder() throws {
    let steps: [AugmentationPlan.Step] = [.init("flip", 1), .init("shift", 0.01)]
    let window = AugmentationContract.noise(400)
    var (both, random) = (window, RandomSource(seed: 4))
    try Augmenter(steps).apply(to: &both, sampleRate: 8000, random: &random)
    var (one, same) = (window, RandomSource(seed: 4))
    FlipAugmentation().apply(to: &one, strength: 1, sampleRate: 8000, random: &same)
    ShiftAugmentation().apply(to: &one, strength: 0.01, sampleRate: 8000, random: &same)
    #expect(both == one && both != window)
  }

  @Test func wrongStrengthsSayWhatIsExpected() {
    for (step, expected) in [
      (AugmentationPlan.Step("gain", 99), "0 to 60 dB"), (.init("noise", -1), "0.1 is 20 dB SNR"),
      (.init("gian", 1), "choose one of gain"),
    ] {
      let error = #expect(throws: CPCError.self) { try Augmenter([step]) }
      #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
  }
}
