import CKernels
import Foundation

/// The training-free rule: a fault's comb of lines must stand above every other comb of the spectrum.
///
///     row          = mean of the narrow bands + whitened band (with the levelled ones), ``EnvelopeLines`` over orders
///     peak(o)      = max of row within +-reach of o
///     comb(o)      = mean over harmonics h = 1 ... 4 of peak(h o)
///     strength     = max over slips s of the mean over h of
///                    [peak(h o (1 + s)) + w (peak(h o (1 + s) - m) + peak(h o (1 + s) + m)) / 2] / (1 + w) + v smear
///     score        = own strength - T ln(sum over rivals of exp(strength / T))
///
/// m is what modulates the family: 1 (the shaft) for an inner race, the cage's order for a rolling element; an outer
/// race stands still, and w is 0. A race's order hangs on the cage's speed alone. A rolling element also slides on both races
/// and turns about changing axes, so its lines stand further off and are smeared into a hump of sidebands: slips are searched
/// further, and the mean of the row within +-13 % of o, around o and 2 o, is its smear (that of others is 0). Both were found
/// on recordings (decision 7).
///
/// Rivals are the other families and every order on a grid around them that is none of
/// theirs, 1.2% apart: lines that no part of this bearing makes come from elsewhere, and weak lines of this bearing beside
/// them are worth little. The sum is a smooth maximum: many combs of middling strength make a rough spectrum, which is a
/// rival too. A number above 0 says that the family explains the lines best.
///
/// Lines beyond the axis are left out of the means. Values are natural-log units over the local floor.
package struct LineRule: Sendable, Equatable {
  package struct Settings: Sendable, Equatable, Codable {
    package var harmonics = 4
    /// Orders to each side of a line where its peak may lie.
    package var reach = 0.03
    /// Slips of the races and of rolling elements.
    package var raceSlips = (-4...3).map { Double($0) * 0.004 }
    package var rollingSlips = (-10...10).map { Double($0) * 0.004 }
    /// w of the formula.
    package var sidebandWeight = 1.0
    /// Half width of the smear of a rolling element, as a share of its order, and v, its weight.
    package var smear = 0.13
    package var smearWeight = 0.5
    /// T of the formula.
    package var sharpness = 0.2
    /// Rivals are searched from this multiple of the lowest family's order to that of the highest one's.
    package var lowest = 0.75
    package var highest = 1.35
    /// Ratio of neighbouring rivals; each is searched at three points, so that nothing lies between.
    package var gridRatio = 1.012
    /// Half width, relative to it, of what belongs to a family around its order, half and twice that.
    package var margin = 0.03

    package init() {}
  }

  /// What was found of one family.
  package struct Family: Sendable, Equatable {
    package var family: FaultFamily
    package var strength: Double
    /// The slip that fitted best; -0.01 is 1% below the geometry's order.
    package var slip: Double
    package var score: Double
  }

  /// A comb of lines that no family of the bearing explains.
  package struct Rival: Sendable, Equatable {
    package var order: Double
    package var strength: Double
  }

  /// In the order of the families asked for.
  package let families: [Family]
  /// Every order of the grid, ascending.
  package let rivals: [Rival]
  private let margin: Double

  package subscript(family: FaultFamily) -> Family? { families.first { $0.family == family } }

  /// Judges `row`, one value an order step.
  package init(
    row: [Float], orderStep: Double, orders: FaultOrders,
    families names: [FaultFamily] = [.outer, .inner, .ball], settings: Settings = Settings()
  ) {
    precondition(row.count >= 2, "a row of \(row.count) steps, expected 2 or more")
    let axis = Axis(row: row, step: orderStep, settings: settings)
    let found = names.map { axis.family($0, orders) }
    rivals = axis.rivals(of: names.map { orders[$0] })
    margin = settings.margin
    let unexplained = rivals.map(\.strength)
    families = found.indices.map { index in
      var family = found[index]
      let others = found.indices.filter { $0 != index }.map { found[$0].strength }
      family.score = family.strength - Self.smoothMaximum(others + unexplained, settings.sharpness)
      return family
    }
  }

  /// Judges the mean of `narrow` bands plus the band `whitened`.
  package init(
    _ lines: EnvelopeLines, narrow: Range<Int> = 0..<10, whitened: Int = 11, orders: FaultOrders,
    families: [FaultFamily] = [.outer, .inner, .ball], settings: Settings = Settings()
  ) {
    precondition(
      narrow.upperBound <= lines.bandCount && whitened < lines.bandCount && !narrow.isEmpty,
      "bands \(narrow) and \(whitened) of \(lines.bandCount)")
    let share = 1 / Float(narrow.count)
    let row = (0..<lines.stepCount).map { step in
      lines.values[whitened * lines.stepCount + step]
        + share * narrow.reduce(Float(0)) { $0 + lines.values[$1 * lines.stepCount + step] }
    }
    self.init(row: row, orderStep: lines.orderStep, orders: orders, families: families, settings: settings)
  }

  /// The strongest rivals, strongest first, no two within the margin of each other; fewer where there are no more.
  package func strongestRivals(_ count: Int) -> [Rival] {
    var picked: [Rival] = []
    for rival in rivals.sorted(by: { ($1.strength, $0.order) < ($0.strength, $1.order) }) {
      if picked.count == count { break }
      if picked.allSatisfy({ abs(rival.order / $0.order - 1) >= margin }) { picked.append(rival) }
    }
    return picked
  }

  /// T ln(sum of exp(x / T)); minus infinity of nothing.
  private static func smoothMaximum(_ values: [Double], _ sharpness: Double) -> Double {
    let most = values.max() ?? -.infinity
    guard most.isFinite else { return most }
    return most + sharpness * log(values.reduce(0) { $0 + exp(($1 - most) / sharpness) })
  }
}

/// One row of lines over orders, and how combs are read from it.
private struct Axis {
  let row: [Float]
  let step: Double
  let settings: LineRule.Settings

  func family(_ family: FaultFamily, _ orders: FaultOrders) -> LineRule.Family {
    let modulation: Double? =
      switch family {
      case .inner: 1
      case .ball: orders.cage
      case .outer, .cage: nil
      }
    var best = LineRule.Family(family: family, strength: -.infinity, slip: 0, score: 0)
    for slip in family == .ball ? settings.rollingSlips : settings.raceSlips {
      let strength = comb(at: orders[family] * (1 + slip), modulation: modulation)
      if strength > best.strength || best.strength == -.infinity {
        (best.strength, best.slip) = (strength, slip)
      }
    }
    if family == .ball { best.strength += settings.smearWeight * smear(around: orders.ball) }
    return best
  }

  /// Mean of the row around `order` and twice that; 0 where the axis ends before.
  private func smear(around order: Double) -> Double {
    let means = [1.0, 2].map { harmonic -> Double in
      let first = max(0, Int(((harmonic - settings.smear) * order / step).rounded(.up)))
      let end = min(row.count, Int(((harmonic + settings.smear) * order / step).rounded(.down)) + 1)
      guard first < end else { return 0 }
      return row[first..<end].reduce(0) { $0 + Double($1) } / Double(end - first)
    }
    return (means[0] + means[1]) / 2
  }

  func rivals(of own: [Double]) -> [LineRule.Rival] {
    guard let least = own.min(), let most = own.max() else { return [] }
    var result: [LineRule.Rival] = []
    var order = least * settings.lowest
    while order <= most * settings.highest {
      let isOwn = own.contains { family in
        [0.5, 1, 2].contains { abs(order / ($0 * family) - 1) < settings.margin }
      }
      if !isOwn {
        var best = LineRule.Rival(order: order, strength: -.infinity)
        for shift in [0, -0.004, 0.004] {
          let strength = comb(at: order * (1 + shift), modulation: nil)
          if strength > best.strength || best.strength == -.infinity {
            best = LineRule.Rival(order: order * (1 + shift), strength: strength)
          }
        }
        result.append(best)
      }
      order *= settings.gridRatio
    }
    return result
  }

  /// Mean over the harmonics on the axis; 0 without any.
  private func comb(at order: Double, modulation: Double?) -> Double {
    sk_comb(
      row, row.count, step, order, settings.reach, max(1, settings.harmonics), modulation ?? 0,
      settings.sidebandWeight)
  }
}
