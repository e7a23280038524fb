/// What fitting an aligned model to labelled recordings leaves behind in its file.
package struct AlignedFitRecord: Sendable, Equatable, Codable {
  /// What the model is called in reports.
  package var name: String
  /// What it was taught on.
  package var conditions: TrainingConditions
  /// See ``AlignedFitSettings/strength``; 0 where the labelled recordings were better judged by the start.
  package var strength: Double
  /// Recordings of held-out bearings, machines or files that decided strength and calibration; 0 when nothing could be
  /// held out.
  package var heldOutRecordings: Int

  package init(name: String, conditions: TrainingConditions, strength: Double, heldOutRecordings: Int) {
    self.name = name
    self.conditions = conditions
    self.strength = strength
    self.heldOutRecordings = heldOutRecordings
  }
}
