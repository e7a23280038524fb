import Support

/// Which augmentations make the views of a training, and how strong they are. Applied in the order given.
package struct AugmentationPlan: Codable, Sendable, Equatable {
  /// One augmentation at a strength in its own unit.
  package struct Step: Codable, Sendable, Equatable {
    package var name: String
    package var strength: Double

    package init(_ name: String, _ strength: Double) {
      self.name = name
      self.strength = strength
    }
  }

  package var weak: [Step]
  package var strong: [Step]

  package init(weak: [Step] = [], strong: [Step] = []) {
    self.weak = weak
    self.strong = strong
  }

  package subscript(strength: ViewStrength) -> [Step] {
    get {
      switch strength {
      case .weak: weak
      case .strong: strong
      }
    }
    set {
      switch strength {
      case .weak: weak = newValue
      case .strong: strong = newValue
      }
    }
  }

  /// Sets an augmentation's strength where it is listed, else appends it; 0 takes it out.
  package mutating func set(_ step: Step, of strength: ViewStrength) {
    if let index = self[strength].firstIndex(where: { $0.name == step.name }) {
      self[strength][index] = step
    } else {
      self[strength].append(step)
    }
    self[strength].removeAll { $0.strength == 0 }
  }

  /// Throws for the first name that does not exist or strength that cannot be used.
  package func validate() throws(CPCError) {
    for strength in ViewStrength.allCases { _ = try Augmenter(self[strength]) }
  }
}

/// Applies augmentations one after another.
package struct Augmenter: Sendable {
  private let steps: [(augmentation: any Augmentation, strength: Double)]

  /// - Throws: ``CPCError/unknownName(kind:found:available:)``, ``CPCError/badSetting(name:found:expected:)``.
  package init(_ plan: [AugmentationPlan.Step]) throws(CPCError) {
    var steps: [(any Augmentation, Double)] = []
    for step in plan {
      let augmentation = try Augmentations.named(step.name)
      guard (0...augmentation.scale.highest).contains(step.strength) else {
        throw .badSetting(
          name: "strength of augmentation \(step.name)", found: shortText(step.strength),
          expected: augmentation.scale.expected)
      }
      steps.append((augmentation, step.strength))
    }
    self.steps = steps
  }

  /// Changes a window of one channel at `sampleRate` hertz, in place.
  package func apply(to samples: inout [Float], sampleRate: Double, random: inout RandomSource) {
    for (augmentation, strength) in steps {
      augmentation.apply(to: &samples, strength: strength, sampleRate: sampleRate, random: &random)
    }
  }
}

extension KeyedDecodingContainer {
  /// Plans of programs that knew no augmentations lack the field: they made none. The compiler's `init(from:)` of
  /// ``TrainingPlan`` takes this overload because its type fits best.
  func decode(_: AugmentationPlan.Type, forKey key: Key) throws -> AugmentationPlan {
    try decodeIfPresent(AugmentationPlan.self, forKey: key) ?? AugmentationPlan()
  }
}
