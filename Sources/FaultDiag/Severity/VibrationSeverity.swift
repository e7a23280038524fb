/// How strongly a machine shakes, and what ISO 20816-3 says of that.
package struct VibrationSeverity: Sendable, Equatable, Codable {
  /// Root mean square of the vibration velocity between 10 Hz and 1 kHz, in mm/s.
  package var velocity: Double
  /// Absent where the machine's class is unknown; ``ReportRow/severityNote`` then says why.
  package var zone: SeverityZone?
  /// The class the limits are of, for instance `1` and `rigid`.
  package var machineGroup: String?
  package var mounting: String?
  /// The boundaries A/B, B/C and C/D in mm/s.
  package var limits: [Double]?

  package init(
    velocity: Double, zone: SeverityZone? = nil, machineGroup: String? = nil, mounting: String? = nil,
    limits: [Double]? = nil
  ) {
    self.velocity = velocity
    self.zone = zone
    self.machineGroup = machineGroup
    self.mounting = mounting
    self.limits = limits
  }
}

/// Zones of ISO 20816-3: A as commissioned, B for any time, C for a limited time, D sufficient to cause damage.
package enum SeverityZone: String, Sendable, Codable, CaseIterable {
  case a = "A"
  case b = "B"
  case c = "C"
  case d = "D"
}
