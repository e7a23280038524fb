/// One direction of a panel: what is shown, in which unit, from where to where.
package struct Axis: Sendable, Equatable {
  package var label: String
  /// As it stands behind the label; nil for numbers without one.
  package var unit: String?
  package let range: ClosedRange<Double>

  /// - `range`: widened where it is empty, so that a constant has a place.
  package init(_ label: String, unit: String? = nil, range: ClosedRange<Double>) {
    precondition(
      range.lowerBound.isFinite && range.upperBound.isFinite, "an axis cannot go over \(range)")
    self.label = label
    self.unit = unit
    let margin = max(abs(range.lowerBound) * 0.05, 1e-12)
    // The smallest spans have no powers of ten to put marks at.
    let isEmpty = range.upperBound - range.lowerBound <= max(1e-12 * abs(range.upperBound), 1e-290)
    self.range = isEmpty ? range.lowerBound - margin...range.upperBound + margin : range
  }

  /// An axis over the finite ones of `values` with `margin` of their span to either side; 0 ... 1 where there are none.
  package init(
    _ label: String, unit: String? = nil, covering values: some Sequence<Double>, margin: Double = 0
  ) {
    let finite = values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let extra = (high - low) * margin
    self.init(label, unit: unit, range: low - extra...high + extra)
  }

  /// Label and unit, for instance `time / s`.
  package var title: String { unit.map { "\(label) / \($0)" } ?? label }

  /// Where a value lies, 0 at the lower end and 1 at the upper.
  package func share(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}
