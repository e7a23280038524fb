import SignalIO

/// Why a recording has no vibration velocity, or its velocity no zone.
enum SeverityObstacle: Error, Equatable {
  case noUnit
  case unsuitableUnit(String)
  case sound
  case lowRate(Double)
  case slowShaft(rpm: Double)
  case tooShort
  case notFinite
  case unreadable(SignalIOError)
  case noClass(hasGroup: Bool, hasMounting: Bool)
  case unknownClass(group: String, mounting: String, known: String)
}

extension SeverityObstacle: CustomStringConvertible {
  var description: String {
    switch self {
    case .noUnit:
      "the unit of the samples is unknown: give --unit, or unit in a side-car"
    case .unsuitableUnit(let reason): reason
    case .sound:
      "a sound pressure is no vibration: severity needs an acceleration or a velocity on the bearing's housing"
    case .lowRate(let rate):
      "recorded at \(Format.number(rate, digits: 2)) Hz, and velocity up to 1 kHz needs "
        + "\(Format.number(VelocityMeter.leastRate, digits: 0)) Hz or more"
    case .slowShaft(let rpm):
      "at \(Format.number(rpm, digits: 0)) rpm ISO 20816-3 asks for velocity from 2 Hz on, and here it is measured from "
        + "10 Hz on"
    case .tooShort:
      "shorter than \(Format.number(VelocityMeter.segmentSeconds, digits: 0)) s, the least that velocity is measured over"
    case .notFinite:
      "no \(Format.number(VelocityMeter.segmentSeconds, digits: 0)) s without samples that are no numbers"
    case .unreadable(let error): "the recording could not be read again: \(error)"
    case .noClass(let hasGroup, let hasMounting):
      switch (hasGroup, hasMounting) {
      case (false, false):
        "no zone: machine group and mounting are not known; give --machine-group and --mounting"
      case (false, _): "no zone: the machine group is not known; give --machine-group"
      default: "no zone: the mounting is not known; give --mounting"
      }
    case .unknownClass(let group, let mounting, let known):
      "no zone: no limits for group '\(group)', mounting '\(mounting)'; known: \(known)"
    }
  }
}
