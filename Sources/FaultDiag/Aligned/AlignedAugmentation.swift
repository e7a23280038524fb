import SignalIO
import Support

/// Random changes of aligned envelopes that must not change the verdict; strength zero is the identity.
package struct AlignedAugmentation: Sendable, Equatable, Codable {
  /// Largest stretch of the position axis either way: geometry and slip are never known exactly.
  package var axisScale = 0.015
  /// Largest deviation of added white noise of a triangular distribution, in the features' natural-log units.
  package var noise = 0.3
  /// Probability that a band is silenced.
  package var bandDrop = 0.3

  package init() {}

  /// What happens to one window.
  struct Draw: Sendable, Equatable {
    /// Positions are read at this multiple.
    var scale: Double
    /// Deviation of the noise.
    var noise: Float
    /// Whether each band is silenced.
    var isSilent: [Bool]
    /// Names the stream of the noise.
    var key: UInt32
  }

  /// Draws the changes of one window.
  func draw(bands: Int, random: inout RandomSource) -> Draw {
    Draw(
      scale: 1 + random.uniform(in: -axisScale...axisScale), noise: Float(random.uniform(in: 0...noise)),
      isSilent: (0..<bands).map { _ in random.uniform() < bandDrop },
      key: UInt32(truncatingIfNeeded: random.next()))
  }
}

/// Reads a row at `scale` times its position, counted in multiples of the family's order and not from the row's start.
///
/// Since the scale is near 1, position p is read between p + o and p + o + 1 with an offset o that few *runs* of
/// positions share: that reads contiguous memory. Positions beyond an end read the end.
struct AxisStretch {
  /// Where each run begins, then the end of the last.
  private(set) var begins: [Int32] = []
  /// o of each run.
  private(set) var offsets: [Int32] = []
  /// How far each position lies from p + o towards p + o + 1.
  private(set) var share: [Float]

  init(scale: Double, shape: AlignedShape) {
    let positions = shape.positions
    precondition(positions >= 2, "a row of \(positions) positions has no stretch")
    share = [Float](repeating: 0, count: positions)
    for p in 0..<positions {
      let wanted = (shape.firstStep + Double(p)) * scale - shape.firstStep
      let at = min(max(wanted, 0), Double(positions - 1))
      let left = min(Int(at), positions - 2)
      share[p] = Float(at - Double(left))
      let offset = Int32(left - p)
      if offsets.last != offset {
        begins.append(Int32(p))
        offsets.append(offset)
      }
    }
    begins.append(Int32(positions))
  }
}

/// The shape of one window's aligned envelope.
package struct AlignedShape: Sendable, Equatable {
  package let families: Int
  /// Combs of no family, whose rows follow those of the families.
  package let rivals: Int
  package let bands: Int
  package let positions: Int
  /// The first position, counted in position steps from zero.
  let firstStep: Double

  package init(_ settings: AlignedEnvelopeSettings) {
    families = settings.families.count
    rivals = settings.rivals
    bands = settings.bands.count
    positions = settings.positionCount
    firstStep = settings.firstPosition / settings.positionStep
  }

  package var rows: Int { families + rivals }
  /// Values that a network reads.
  package var count: Int { rows * bands * positions }
  /// Values of a window's features: those that a network reads, then the rule's score of each family.
  package var featureCount: Int { count + families }
}
