import Testing

@testable import CPC

@Suite struct AugmentationContractTests {
  @Test(arguments: Augmentations.all.indices) func everyAugmentationKeepsTheContract(index: Int) {
    let augmentation = Augmentations.all[index]
    #expect(AugmentationContract.violations(of: augmentation) == [], "\(augmentation.name)")
    #expect(!augmentation.summary.isEmpty && augmentation.scale.highest > 0)
  }

  @Test(arguments: BrokenAugmentation.Fault.allCases) func theContractBites(fault: BrokenAugmentation.Fault) {
    let expected =
      switch fault {
      case .zero: "strength 0"
      case .length: "the length"
      case .infinity: "finite"
      case .randomness: "two views"
      case .constancy: "one view"
      }
    let violations = AugmentationContract.violations(of: BrokenAugmentation(fault: fault))
    #expect(violations.contains { $0.contains(expected) }, "\(violations)")
  }

  @Test func namesAreUniqueAndPresetsValid() throws {
    #expect(Set(Augmentations.all.map { $0.name }).count == Augmentations.all.count)
    for kind in SignalKind.allCases {
      let preset = AugmentationPlan.preset(for: kind)
      try preset.validate()
      // Whatever makes a weak view makes a strong one too, as far or farther.
      for step in preset.weak {
        #expect(preset.strong.contains { $0.name == step.name && $0.strength >= step.strength })
      }
    }
  }
}
