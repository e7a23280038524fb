import SignalIO

/// Whether samples can be turned into vibration velocity.
enum UnitRule: CheckupRule {
  static let name = "calibration"

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let total = survey.recordings.count
    let unscaled = survey.recordings.filter { !$0.isCalibrated }
    guard !unscaled.isEmpty else { return [] }
    return [
      finding(
        .note,
        "\(CheckupWords.share(unscaled.count, of: total)) without a unit, or in volts without a sensitivity: "
          + "faults can be named, but no severity in mm/s",
        advice: "State unit (g, m/s2, mm/s, V) and, for volts, sensitivity in mV/g.", recordings: unscaled)
    ]
  }
}

extension SurveyedRecording {
  /// Whether its samples can be turned into SI units of vibration or sound.
  package var isCalibrated: Bool {
    guard let unit = metadata.unit?.value else { return false }
    return (try? UnitConversion(unit: unit, sensitivity: metadata.sensitivity?.value)) != nil
  }

  /// Whether it is calibrated vibration and not sound.
  package var isCalibratedVibration: Bool {
    guard isCalibrated, let unit = metadata.unit.flatMap({ SignalUnit(spelling: $0.value) }) else {
      return false
    }
    return unit.quantity != .pressure
  }
}
