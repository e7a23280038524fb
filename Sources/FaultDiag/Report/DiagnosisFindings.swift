/// What a script may ask of a diagnosis.
extension Diagnosis {
  /// A state that is not healthy, or a sound unlike the healthy state's.
  package var isAlarm: Bool {
    novelty?.isAlarm == true || !HealthyNames.contains(state) && state != JudgedRecording.unknown
  }

  /// No state is likelier than all others together.
  package var isUnknown: Bool { probability < 0.5 }
}
