/// Dimensions of a rolling-element bearing that decide its fault frequencies.
package struct BearingGeometry: Sendable, Equatable, Hashable, Codable {
  /// Number of rolling elements in one row.
  package var elementCount: Int
  /// Diameter of a rolling element, in millimetres.
  package var elementDiameter: Double
  /// Pitch diameter: of the circle through the elements' centres, in millimetres.
  package var pitchDiameter: Double
  /// Contact angle in degrees; 0 for deep-groove and cylindrical bearings under radial load.
  package var contactAngle: Double

  package init(elementCount: Int, elementDiameter: Double, pitchDiameter: Double, contactAngle: Double = 0) {
    self.elementCount = elementCount
    self.elementDiameter = elementDiameter
    self.pitchDiameter = pitchDiameter
    self.contactAngle = contactAngle
  }
}

/// A family of lines in the envelope spectrum, named after the part that makes it.
package enum FaultFamily: String, Sendable, CaseIterable, Codable {
  /// Outer race: ball-pass frequency outer (BPFO).
  case outer
  /// Inner race: ball-pass frequency inner (BPFI).
  case inner
  /// Rolling element: a defect strikes both races, so its lines stand at 2 x BSF.
  case ball
  /// Cage: fundamental train frequency (FTF).
  case cage
}

/// Multiples of the shaft speed at which each family repeats (orders).
package struct FaultOrders: Sendable, Equatable, Hashable, Codable {
  package var outer: Double
  package var inner: Double
  /// 2 x BSF: the rate of impacts of a ball defect.
  package var ball: Double
  package var cage: Double

  package init(outer: Double, inner: Double, ball: Double, cage: Double) {
    self.outer = outer
    self.inner = inner
    self.ball = ball
    self.cage = cage
  }

  package subscript(family: FaultFamily) -> Double {
    switch family {
    case .outer: outer
    case .inner: inner
    case .ball: ball
    case .cage: cage
    }
  }
}
