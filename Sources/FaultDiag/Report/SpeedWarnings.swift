import SignalIO

/// Warnings about the shaft speed, each with its advice.
extension DiagnosisWarning {
  static func noSpeed(because refusal: ShaftSpeedRefusal) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "no_speed",
      message: "the shaft speed is unknown, so the bearing's lines have no known place: \(refusal.reason)",
      advice: "Give it with --rpm or in a side-car, or record a tachometer channel and name it with --tacho.")
  }

  static func speedNotRefined(_ refusal: ShaftSpeedRefusal) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "speed_not_refined",
      message: "the stated speed could not be refined and is used as it is: \(refusal.reason)",
      advice: "State the speed exactly, or record longer.")
  }

  static func anotherSpeed(stated: Double, measured: ShaftSpeedNote) -> DiagnosisWarning {
    let place = measured.origin == .tacho ? "the tachometer channel counts" : "the signal shows"
    return DiagnosisWarning(
      kind: "another_speed",
      message: "stated \(Format.number(stated, digits: 2)) rpm, \(place) \(measured.text)",
      advice: "Correct the speed, or let the program follow the signal with --rpm-tolerance.")
  }

  static func unsteadySpeed(_ change: Double) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "unsteady_speed",
      message: "the speed changes by \(Format.number(100 * change, digits: 1)) % in the recording, "
        + "which smears the bearing's lines",
      advice: "Record at a steady speed.")
  }

  static func missingTacho(_ name: String) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "unusable_tacho",
      message: "the tachometer channel '\(name)' is not among the channels that were read",
      advice: "Name it with --tacho.")
  }

  static func unusableTacho(_ name: String, _ refusal: Tachometer.Refusal) -> DiagnosisWarning {
    let reason =
      switch refusal {
      case .tooFewPulses(let count):
        "it holds \(count) \(count == 1 ? "pulse" : "pulses"), expected 3 or more"
      case .irregular(let share):
        "\(Format.percent(share)) of its intervals are irregular, expected 5 % at most"
      }
    return DiagnosisWarning(
      kind: "unusable_tacho", message: "channel \(name) gives no shaft speed: \(reason)",
      advice: "Name the right channel with --tacho, or give the speed with --rpm.")
  }
}
