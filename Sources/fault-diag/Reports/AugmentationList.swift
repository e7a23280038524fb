import CPC
import FaultDiag

/// The augmentations there are, with what their strengths mean and what `pretrain` makes views with.
struct AugmentationList: Encodable {
  struct Entry: Encodable {
    var name: String
    var summary: String
    var strength: String
    var unit: String
    var highest: Double
    /// Strength by kind of signal; 0 where it takes no part.
    var weak: [String: Double]
    var strong: [String: Double]
  }

  var augmentations: [Entry]

  init() {
    augmentations = Augmentations.all.map { augmentation in
      func defaults(_ strength: ViewStrength) -> [String: Double] {
        let pairs = SignalKind.allCases.map { kind in
          let steps = AugmentationPlan.preset(for: kind)[strength]
          return (kind.rawValue, steps.first { $0.name == augmentation.name }?.strength ?? 0)
        }
        return Dictionary(uniqueKeysWithValues: pairs)
      }
      return Entry(
        name: augmentation.name, summary: augmentation.summary, strength: augmentation.scale.meaning,
        unit: augmentation.scale.unit, highest: augmentation.scale.highest, weak: defaults(.weak),
        strong: defaults(.strong))
    }
  }

  /// Two lines an augmentation and a table of the defaults, within 80 columns.
  var text: String {
    let descriptions = augmentations.map { entry in
      let unit = entry.unit.isEmpty ? "" : " " + entry.unit
      let strength = "strength, 0 to \(Self.short(entry.highest))\(unit): \(entry.strength)"
      return "\(entry.name): \(entry.summary)\n"
        + TextStyle.wrapped(strength, columns: 76).map { "    " + $0 }.joined(separator: "\n")
    }
    let kinds = SignalKind.allCases.map(\.rawValue)
    let columns = ViewStrength.allCases.flatMap { strength in kinds.map { (strength, $0) } }
    let width = augmentations.map(\.name.count).max() ?? 0
    let rows = augmentations.map { entry in
      entry.name.rightPadded(to: width)
        + columns.map { strength, kind in
          let value = (strength == .weak ? entry.weak : entry.strong)[kind] ?? 0
          return (value == 0 ? "-" : Self.short(value)).leftPadded(to: 15)
        }.joined()
    }
    return (descriptions + ["", "Defaults"] + Self.heads(width, kinds) + rows).joined(separator: "\n")
  }

  private static func heads(_ width: Int, _ kinds: [String]) -> [String] {
    let strengths = ViewStrength.allCases.map(\.rawValue)
    let upper = strengths.flatMap { strength in kinds.map { _ in strength.leftPadded(to: 15) } }.joined()
    let lower = strengths.flatMap { _ in kinds.map { $0.leftPadded(to: 15) } }.joined()
    return [upper, lower].map { "".rightPadded(to: width) + $0 }
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
