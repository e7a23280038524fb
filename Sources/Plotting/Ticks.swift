import Foundation

/// Marks of an axis at round numbers: multiples of 1, 2 or 5 times a power of ten, with labels of equal precision.
package struct Ticks: Sendable, Equatable {
  /// Ascending, within the range they were made for.
  package let values: [Double]
  package let labels: [String]

  /// - `count`: about how many; there are between half and twice as many.
  package init(in range: ClosedRange<Double>, count: Int = 5) {
    let step = Self.step(span: range.upperBound - range.lowerBound, count: count)
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    values = first <= last ? (0...Int(last - first)).map { (first + Double($0)) * step } : []
    let largest = values.reduce(0) { max($0, abs($1)) }
    labels = values.map { Self.label($0, step: step, largest: largest) }
  }

  /// The round number that cuts `span` into about `count` parts.
  static func step(span: Double, count: Int) -> Double {
    precondition(span > 0 && span.isFinite && count > 0, "no ticks over a span of \(span)")
    let rough = span / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
    return factor * power
  }

  /// As few decimals as tell neighbours apart; a power of ten where plain digits would be long.
  private static func label(_ value: Double, step: Double, largest: Double) -> String {
    let exponent = Int(log10(largest > 0 ? largest : 1).rounded(.down))
    let isPlain = (-3..<6).contains(exponent)
    let scale = isPlain ? 0 : exponent
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)) + scale)
    let mantissa = value / pow(10, Double(scale))
    let digits = String(format: "%.\(min(decimals, 12))f", mantissa + 0.0)
    let text = digits.hasPrefix("-") ? "\u{2212}" + digits.dropFirst() : digits
    return isPlain || value == 0 ? text : text + "e" + "\(scale)".replacing("-", with: "\u{2212}")
  }
}
