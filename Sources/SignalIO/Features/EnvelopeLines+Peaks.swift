extension EnvelopeLines {
  /// The highest value within +-`reach` orders of `order`, at seven points, linear between steps; nil where the axis
  /// ends before all of them.
  package func peak(band: Int, near order: Double, reach: Double) -> Double? {
    (-3...3).compactMap { value(band: band, order: order + reach * Double($0) / 3) }.max().map { Double($0) }
  }
}
