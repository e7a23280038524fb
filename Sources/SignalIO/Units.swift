/// Units that samples come in, and the way to SI.
package enum SignalUnit: String, Sendable, CaseIterable, Codable {
  case g
  case metresPerSecondSquared = "m/s2"
  case millimetresPerSecond = "mm/s"
  case inchesPerSecond = "in/s"
  case volt = "V"
  case millivolt = "mV"
  case pascal = "Pa"

  /// What a unit measures.
  package enum Quantity: String, Sendable, Codable {
    case acceleration, velocity, voltage, pressure
  }

  /// Standard acceleration of gravity in m/s^2 (exact by definition, CGPM 1901).
  package static let standardGravity = 9.80665

  package static var allSymbols: String { allCases.map { $0.rawValue }.joined(separator: ", ") }

  /// The unit for a usual spelling in any case, for instance `m/s^2`, `m/s²`, `ips`, `G`; nil for an unknown one.
  package init?(spelling: String) {
    switch spelling.lowercased().filter({ !$0.isWhitespace }) {
    case "g", "gn", "g0", "gs": self = .g
    case "m/s2", "m/s^2", "m/s²", "m/s**2", "m/sec2", "m/sec^2", "ms-2", "ms^-2", "m.s-2":
      self = .metresPerSecondSquared
    case "mm/s", "mm/sec", "mms-1": self = .millimetresPerSecond
    case "in/s", "in/sec", "ips", "inch/s": self = .inchesPerSecond
    case "v", "volt", "volts": self = .volt
    case "mv", "millivolt", "millivolts": self = .millivolt
    case "pa", "pascal", "pascals": self = .pascal
    default: return nil
    }
  }

  package var quantity: Quantity {
    switch self {
    case .g, .metresPerSecondSquared: .acceleration
    case .millimetresPerSecond, .inchesPerSecond: .velocity
    case .volt, .millivolt: .voltage
    case .pascal: .pressure
    }
  }
}

/// How samples become SI values: `si = factor * sample`, in m/s^2, m/s or Pa.
package struct UnitConversion: Sendable, Equatable {
  package let factor: Double
  package let quantity: SignalUnit.Quantity

  /// The SI symbol of the converted samples.
  package var symbol: String {
    switch quantity {
    case .acceleration: "m/s2"
    case .velocity: "m/s"
    case .pressure: "Pa"
    case .voltage: "V"
    }
  }

  /// From `unit`; a voltage needs the sensor's `sensitivity` in mV/g and becomes an acceleration:
  /// `m/s^2 = 1000 V / sensitivity * 9.80665`. A sensitivity beside any other unit changes nothing: those samples are
  /// scaled already.
  ///
  /// Throws ``SignalIOError/badSetting(name:found:expected:)`` for an unknown unit or a voltage without sensitivity.
  package init(unit: String, sensitivity: Double?) throws(SignalIOError) {
    guard let known = SignalUnit(spelling: unit) else {
      throw .badSetting(name: "unit", found: "'\(unit)'", expected: "one of \(SignalUnit.allSymbols)")
    }
    try self.init(known, sensitivity: sensitivity)
  }

  package init(_ unit: SignalUnit, sensitivity: Double?) throws(SignalIOError) {
    switch unit {
    case .g: self.init(factor: SignalUnit.standardGravity, quantity: .acceleration)
    case .metresPerSecondSquared: self.init(factor: 1, quantity: .acceleration)
    case .millimetresPerSecond: self.init(factor: 1e-3, quantity: .velocity)
    case .inchesPerSecond: self.init(factor: 0.0254, quantity: .velocity)
    case .pascal: self.init(factor: 1, quantity: .pressure)
    case .volt, .millivolt:
      guard let sensitivity, MetadataRange.sensitivity.contains(sensitivity) else {
        throw .badSetting(
          name: "unit", found: "\(unit.rawValue) without a sensitivity",
          expected: "the sensor's sensitivity in mV/g beside it (sensitivity_mv_per_g)")
      }
      let millivolts = unit == .volt ? 1000.0 : 1.0
      self.init(factor: millivolts / sensitivity * SignalUnit.standardGravity, quantity: .acceleration)
    }
  }

  private init(factor: Double, quantity: SignalUnit.Quantity) {
    self.factor = factor
    self.quantity = quantity
  }
}
