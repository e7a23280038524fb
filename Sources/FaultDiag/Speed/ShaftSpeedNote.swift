/// The shaft speed that a diagnosis went by, and how it was found.
package struct ShaftSpeedNote: Sendable, Equatable, Codable {
  package enum Origin: String, Sendable, Codable {
    /// A flag, side-car, file or folder says so.
    case stated
    /// Counted from the pulses of a channel.
    case tacho
    /// The comb of the shaft's harmonics in the signal.
    case signal
  }

  /// Revolutions a minute.
  package var rpm: Double
  /// Two standard errors, in revolutions a minute; nil for a stated speed, whose author alone knows.
  package var uncertaintyRpm: Double?
  package var origin: Origin
  /// The speed that was stated where another one is used, in revolutions a minute.
  package var statedRpm: Double?

  package init(rpm: Double, uncertaintyRpm: Double? = nil, origin: Origin, statedRpm: Double? = nil) {
    self.rpm = rpm
    self.uncertaintyRpm = uncertaintyRpm
    self.origin = origin
    self.statedRpm = statedRpm
  }

  /// For instance `1772 ± 2 rpm`.
  package var text: String {
    guard let uncertaintyRpm else { return "\(Format.number(rpm, digits: 2)) rpm" }
    // As many decimals as the uncertainty has places before its first digit.
    let digits = uncertaintyRpm >= 1.5 ? 0 : uncertaintyRpm >= 0.15 ? 1 : 2
    let least = [1, 0.1, 0.01][digits]
    return "\(Format.fixed(rpm, digits: digits)) ± "
      + "\(Format.fixed(max(uncertaintyRpm, least), digits: digits)) rpm"
  }
}
