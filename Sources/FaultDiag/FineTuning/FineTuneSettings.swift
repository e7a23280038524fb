/// How labels move the encoder itself: stage one of ``SupConClassifier`` with nothing frozen.
///
/// Khosla et al. 2020, section 3, train encoder and projection head together and then freeze the encoder. Loss,
/// projection and weight decay are those of ``SupConSettings``.
package struct FineTuneSettings: Sendable, Equatable, Codable {
  /// Batches.
  package var steps = 120
  /// The highest rate; below pretraining's, so that what was learnt without labels is not washed away.
  package var learningRate = 3e-4
  /// Recordings drawn for one batch; each brings ``views`` windows.
  package var batch = 24
  /// V, windows of one recording that are views of it: the time shift among the augmentations.
  package var views = 2
  /// Standard deviation of the noise added to encoder inputs, in units of each input channel's own deviation over the
  /// pretraining recordings. Zero is the identity.
  package var noise = 0.1
  /// Most windows kept of one recording, spread evenly over it. At least half as many are kept of a recording
  /// that has them.
  package var windowsPerRecording = 64

  package init() {}

  /// Refuses values that nothing can be trained with.
  func validate() throws(FaultDiagError) {
    for (name, value, range) in [
      ("fineTune.steps", steps, 1...1_000_000), ("fineTune.batch", batch, 2...65_536),
      ("fineTune.views", views, 2...64), ("fineTune.windowsPerRecording", windowsPerRecording, 2...1_000_000),
    ] where !range.contains(value) {
      throw .badSetting(name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw .badSetting(name: "fineTune.learningRate", found: "\(learningRate)", expected: "a number above 0")
    }
    guard noise >= 0, noise.isFinite else {
      throw .badSetting(name: "fineTune.noise", found: "\(noise)", expected: "0 or more")
    }
  }
}
