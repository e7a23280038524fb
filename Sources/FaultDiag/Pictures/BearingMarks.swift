import Plotting
import SignalIO

/// What an envelope spectrum is pointed at with: the lines of a bearing, or of whatever repeats.
///
/// The family that decided has its fundamental pointed at where it was found, its harmonics marked, and its sidebands at
/// the foot; of the others the fundamental is marked, where it should be. Where the bearing is unknown the strongest
/// repetition takes the place of a family.
struct BearingMarks {
  private(set) var marks: [Panel.Mark] = []
  /// The highest frequency that a reader should see; nil where nothing is marked.
  private(set) var highestHz: Double?
  /// The band that shows the lines best, in hertz.
  private(set) var band: EvidenceBand?

  static let harmonics = 4

  /// - Parameters:
  ///   - shaftHz: revolutions a second, where they are known.
  ///   - orders: of the bearing, where it is known.
  init(_ diagnosis: Diagnosis?, shaftHz: Double?, orders: FaultOrders?) {
    let shaft = diagnosis?.speed.map { $0.rpm / 60 } ?? shaftHz
    let evidence = diagnosis?.evidence ?? []
    let deciding = diagnosis.flatMap { Self.deciding($0) }
    if let deciding {
      addComb(
        deciding.family.symbol, hertz: deciding.foundHz,
        sidebands: deciding.sidebandOrder.flatMap { order in shaft.map { order * $0 } })
    } else if evidence.isEmpty, let repetition = diagnosis?.blind?.repetitions.first {
      addComb("repeats", hertz: repetition.hertz, sidebands: nil)
    }
    band =
      deciding?.band ?? evidence.first?.band
      ?? (evidence.isEmpty ? diagnosis?.blind?.repetitions.first?.band : nil)
    for family in FaultFamily.allCases where family != deciding?.family {
      let expected = evidence.first { $0.family == family }?.expectedHz
      guard let hertz = expected ?? orders.flatMap({ orders in shaft.map { $0 * orders[family] } }) else {
        continue
      }
      marks.append(Panel.Mark(x: hertz, label: family.symbol))
      highestHz = max(highestHz ?? 0, 1.1 * hertz)
    }
    if let shaft, !marks.isEmpty { marks.append(Panel.Mark(x: shaft, label: "shaft")) }
  }

  /// The family that the verdict names, else the strongest whose lines are there.
  static func deciding(_ diagnosis: Diagnosis) -> Evidence? {
    let evidence = diagnosis.evidence
    return evidence.first { $0.family.rawValue == diagnosis.state }
      ?? evidence.first { $0.family.rawValue == diagnosis.suspected?.state }
      ?? evidence.first { $0.isPresent }
  }

  private mutating func addComb(_ name: String, hertz: Double, sidebands: Double?) {
    for harmonic in 1...Self.harmonics {
      let place = Double(harmonic) * hertz
      marks.append(
        harmonic == 1
          ? Panel.Mark(x: place, label: "\(name) \(Format.fixed(hertz, digits: 1)) Hz", kind: .pointed)
          : Panel.Mark(x: place, label: "\(harmonic)×"))
      for side in sidebands.map({ [place - $0, place + $0] }) ?? [] where harmonic <= 2 {
        marks.append(Panel.Mark(x: side, label: "", kind: .aside))
      }
    }
    highestHz = (Double(Self.harmonics) + 0.3) * hertz
  }
}

extension FaultFamily {
  /// The frequency's usual name.
  package var symbol: String {
    switch self {
    case .outer: "BPFO"
    case .inner: "BPFI"
    case .ball: "2×BSF"
    case .cage: "FTF"
    }
  }
}
