/// Log envelope spectra over their local floor, on the axis of orders: steps 1 to 3 of ``AlignedEnvelope``.
package struct EnvelopeLines: Sendable, Equatable {
  /// Row-major [band, step]: natural-log units over the running median; 0 is the floor, 2 a clear line.
  package var values: [Float]
  package var bandCount: Int
  /// Orders between steps; step 0 is order 0.
  package var orderStep: Double

  package init(values: [Float], bandCount: Int, orderStep: Double) {
    precondition(
      bandCount > 0 && values.count % bandCount == 0, "\(values.count) values do not make \(bandCount) bands")
    self.values = values
    self.bandCount = bandCount
    self.orderStep = orderStep
  }

  /// Steps of the axis.
  package var stepCount: Int { values.count / bandCount }
  package var maximumOrder: Double { Double(stepCount - 1) * orderStep }

  /// One band's row of the axis.
  package subscript(band band: Int) -> ArraySlice<Float> { values[band * stepCount..<(band + 1) * stepCount] }

  /// The value at `order`, linear between steps; nil beyond the axis.
  package func value(band: Int, order: Double) -> Float? {
    let at = order / orderStep
    guard at >= 0, at <= Double(stepCount - 1) else { return nil }
    let step = min(Int(at), stepCount - 2)
    let fraction = Float(at - Double(step))
    let low = values[band * stepCount + step]
    return low + fraction * (values[band * stepCount + step + 1] - low)
  }
}
