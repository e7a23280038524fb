import Foundation

/// Fault frequencies from geometry, and geometry from what a user writes.
///
/// The inner ring turns, the outer ring stands, and elements roll without slip. Real bearings slip by up to about
/// 2 %, so whoever looks for lines searches around these orders.
extension BearingGeometry {
  /// Multiples of the shaft speed at which a defect of each part repeats.
  ///
  /// With n elements, rho = (d / D) cos(angle):
  ///
  ///     outer = n / 2 (1 - rho)          BPFO
  ///     inner = n / 2 (1 + rho)          BPFI
  ///     ball  = D / d (1 - rho^2)        2 x BSF: the defect strikes both races in one spin
  ///     cage  = 1 / 2 (1 - rho)          FTF
  ///
  /// Source: Randall and Antoni, "Rolling element bearing diagnostics - a tutorial", Mechanical Systems and Signal
  /// Processing 25, 2011, equations 1 to 4; their BSF is half of `ball`. Call ``validated()`` first on numbers that
  /// a user gave.
  package var faultOrders: FaultOrders {
    let ratio = elementDiameter / pitchDiameter
    let projected = ratio * cos(contactAngle * .pi / 180)
    let half = Double(elementCount) / 2
    return FaultOrders(
      outer: half * (1 - projected), inner: half * (1 + projected),
      ball: (1 - projected * projected) / ratio, cage: (1 - projected) / 2)
  }

  /// This geometry, if such a bearing can exist: n >= 3, 0 < d < D, neighbours do not overlap, 0 <= angle < 90.
  package func validated() throws(SignalIOError) -> BearingGeometry {
    try require(
      elementCount >= 3 && elementCount <= 1000, "\(elementCount) rolling elements", "3 to 1000 of them")
    try require(
      elementDiameter > 0 && elementDiameter.isFinite, "a rolling element of \(elementDiameter) mm",
      "a diameter above 0")
    try require(
      pitchDiameter > elementDiameter && pitchDiameter.isFinite,
      "a pitch diameter of \(pitchDiameter) mm with elements of \(elementDiameter) mm",
      "a pitch diameter larger than the elements")
    try require(
      Double(elementCount) * asin(elementDiameter / pitchDiameter) <= .pi,
      "\(elementCount) elements of \(elementDiameter) mm on a pitch diameter of \(pitchDiameter) mm",
      "elements that fit side by side")
    try require(
      contactAngle >= 0 && contactAngle < 90, "a contact angle of \(contactAngle) degrees",
      "0 to below 90 degrees")
    return self
  }

  /// Reads `n,d,D` or `n,d,D,angle`: element count, element and pitch diameter in millimetres, angle in degrees.
  package init(text: String) throws(SignalIOError) {
    let fields = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let numbers = fields.dropFirst().compactMap(Double.init)
    guard (3...4).contains(fields.count), numbers.count == fields.count - 1, let count = Int(fields[0]) else {
      throw .badSetting(
        name: "the bearing geometry", found: "'\(text)'",
        expected:
          "n,d,D or n,d,D,angle, for instance 9,7.94,39.04,0 (count, millimetres, millimetres, degrees)")
    }
    self.init(
      elementCount: count, elementDiameter: numbers[0], pitchDiameter: numbers[1],
      contactAngle: numbers.count > 2 ? numbers[2] : 0)
    self = try validated()
  }

  private func require(_ holds: Bool, _ found: String, _ expected: String) throws(SignalIOError) {
    if !holds { throw .badSetting(name: "the bearing geometry", found: found, expected: expected) }
  }
}

extension FaultOrders {
  /// Orders from the multipliers that makers print: BPFO, BPFI and BSF (half of `ball`).
  ///
  /// BPFO + BPFI is the number of elements n, and FTF = BPFO / n: computed here because tables round FTF to three
  /// digits, which is too coarse for a comb of harmonics.
  package init(bpfo: Double, bpfi: Double, bsf: Double) {
    let count = (bpfo + bpfi).rounded()
    self.init(outer: bpfo, inner: bpfi, ball: 2 * bsf, cage: bpfo / count)
  }

  /// The number of rolling elements that BPFO + BPFI implies.
  package var elementCount: Int { Int((outer + inner).rounded()) }
}
