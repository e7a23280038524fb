import SignalIO
import Support

/// Random changes of aligned envelopes that must not change the verdict; strength zero is the identity.
package struct AlignedAugmentation: Sendable, Equatable, Codable {
  /// Largest stretch of the position axis either way: geometry and slip are never known exactly.
  package var axisScale = 0.015
  /// Largest deviation of added white noise, in the features' natural-log units.
  package var noise = 0.3
  /// Probability that a band is silenced.
  package var bandDrop = 0.3

  package init() {}

  /// Changes one window's `[row, band, position]` values in place, each change drawn anew.
  package func apply(to values: inout [Float], shape: AlignedShape, random: inout RandomSource) {
    precondition(values.count == shape.count, "\(values.count) values for \(shape)")
    stretch(&values, shape, scale: 1 + random.uniform(in: -axisScale...axisScale))
    if noise > 0 {
      let deviation = Float(random.uniform(in: 0...noise))
      var white = [Float](repeating: 0, count: values.count)
      random.fillNormal(&white)
      for i in values.indices { values[i] += deviation * white[i] }
    }
    for band in 0..<shape.bands where random.uniform() < bandDrop {
      for row in 0..<shape.rows {
        let start = (row * shape.bands + band) * shape.positions
        for p in start..<start + shape.positions { values[p] = 0 }
      }
    }
  }

  /// Reads each row at `scale` times its position, counted in multiples of the family's order and not from the
  /// row's start.
  private func stretch(_ values: inout [Float], _ shape: AlignedShape, scale: Double) {
    guard scale != 1 else { return }
    let positions = shape.positions
    var left = [Int](repeating: 0, count: positions)
    var share = [Float](repeating: 0, count: positions)
    for p in 0..<positions {
      let wanted = (shape.firstStep + Double(p)) * scale - shape.firstStep
      let at = min(max(wanted, 0), Double(positions - 1) - 1e-6)
      left[p] = Int(at)
      share[p] = Float(at - Double(left[p]))
    }
    var row = [Float](repeating: 0, count: positions)
    for start in stride(from: 0, to: values.count, by: positions) {
      for p in 0..<positions {
        let a = values[start + left[p]]
        row[p] = a + share[p] * (values[start + left[p] + 1] - a)
      }
      for p in 0..<positions { values[start + p] = row[p] }
    }
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
