import CPC
import Support

@testable import FaultDiag

/// Healthy states made of numbers: no file, no encoder.
enum BaselineMaterial {
  /// An item whose components are normal about `mean` times their number, plus `shift`.
  static func item(_ random: inout RandomSource, mean: Double = 0, shift: Double = 0) -> HeardItem {
    func values(_ count: Int) -> [Float] {
      (0..<count).map { Float(mean * Double($0) + shift + random.normal()) }
    }
    return HeardItem(plain: [.level: values(3), .bands: values(128), .peaks: values(64)], learnt: [])
  }

  static func empty(rate: Double = 0.05) -> HealthyBaseline {
    HealthyBaseline(
      name: "test", plan: .preset(for: .sound), unit: .recording, channel: nil, falseAlarmRate: rate,
      encoders: [], machines: [], adjustments: [], used: [], surprise: 0)
  }

  /// One machine a mean, with `count` recordings each; `drift` moves each a little further than the one before.
  static func baseline(
    _ random: inout RandomSource, count: Int, means: [Double] = [0], folds: BaselineFolds = .blocks(4),
    rate: Double = 0.05, drift: Double = 0
  ) throws(FaultDiagError) -> HealthyBaseline {
    var baseline = empty(rate: rate)
    var machines: [BaselineAssembly.HeardMachine] = []
    for (index, mean) in means.enumerated() {
      machines.append(
        BaselineAssembly.HeardMachine(
          name: "m\(index)", recordings: count, order: .numbering,
          pieces: (0..<count).map { [item(&random, mean: mean, shift: drift * Double($0))] }))
    }
    try BaselineAssembly(folds: folds, usesLevel: true).fill(&baseline, with: machines)
    return baseline
  }
}
