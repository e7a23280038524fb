import Support

@testable import CPC

/// What every augmentation must keep; see ``Augmentation/apply(to:strength:sampleRate:random:)``. Returns violations as
/// text, so that a broken dummy can prove that it bites.
enum AugmentationContract {
  static let sampleRate = 8000.0

  static let windows: [(name: String, samples: [Float])] = [
    ("noise", noise(1600)), ("silence", [Float](repeating: 0, count: 1600)),
    ("a constant", [Float](repeating: 3.7, count: 1600)),
    ("an impulse", [Float](repeating: 0, count: 800) + [1] + [Float](repeating: 0, count: 799)),
    ("one sample", [0.5]), ("two samples", [0.5, -1]), ("a short window", noise(37)),
    ("very loud noise", noise(1601).map { $0 * 1e15 }), ("very weak noise", noise(1601).map { $0 * 1e-15 }),
  ]

  static func noise(_ count: Int) -> [Float] {
    var random = RandomSource(seed: 9)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  static func apply(
    _ augmentation: any Augmentation, _ samples: [Float], _ strength: Double, seed: UInt64 = 1
  ) -> [Float] {
    var (result, random) = (samples, RandomSource(seed: seed))
    augmentation.apply(to: &result, strength: strength, sampleRate: sampleRate, random: &random)
    return result
  }

  static func violations(of augmentation: any Augmentation) -> [String] {
    let highest = augmentation.scale.highest
    var result = windows.flatMap { name, samples -> [String] in
      var lines: [String] = []
      if bits(apply(augmentation, samples, 0)) != bits(samples) { lines.append("strength 0 changes \(name)") }
      for (strength, seed) in [(highest, 1), (highest, 2), (highest / 3, 3)] as [(Double, UInt64)] {
        let once = apply(augmentation, samples, strength, seed: seed)
        if once.count != samples.count { lines.append("the length of \(name) becomes \(once.count)") }
        if !once.allSatisfy(\.isFinite) { lines.append("\(name) does not stay finite") }
        if bits(once) != bits(apply(augmentation, samples, strength, seed: seed)) {
          lines.append("one seed gives two views of \(name)")
        }
      }
      return lines
    }
    // A draw may leave the window alone (flip does half the time), twenty hardly will.
    let views = (1...20).map { apply(augmentation, windows[0].samples, highest / 2, seed: $0) }
    if Set(views).count < 2 { result.append("all seeds give one view") }
    return result
  }

  private static func bits(_ samples: [Float]) -> [UInt32] { samples.map(\.bitPattern) }
}

/// Breaks every clause of the contract, one at a time.
struct BrokenAugmentation: Augmentation {
  enum Fault: String, CaseIterable { case zero, length, infinity, randomness, constancy }
  let fault: Fault
  let name = "broken"
  let summary = "breaks the contract"
  let scale = StrengthScale("nothing", highest: 1)

  func apply(to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource) {
    switch fault {
    case .zero: samples[0] += 1 + Float(random.uniform())
    case .length: if strength > 0 { samples.append(Float(random.uniform())) }
    case .infinity: if strength > 0 { samples[0] = Float(strength / 0 + random.uniform()) }
    case .randomness: if strength > 0 { samples[0] = .random(in: 0...1) }
    case .constancy: if strength > 0 { samples[0] = 1 }
    }
  }
}
