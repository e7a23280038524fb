import NeuralNet
import SignalIO

/// Turns windows of samples into vectors; what a diagnosis asks of a representation model.
package protocol WindowEmbedder: Sendable {
  /// How recordings are cut for it; the rate is always given.
  var windowPlan: WindowPlan { get }
  /// E.
  var embeddingSize: Int { get }

  /// Embeddings `[window, E]` of windows of the plan's length and rate.
  ///
  /// The result does not depend on `threads`.
  func embeddings(of windows: [[Float]], threads: Int) -> Tensor<Float>
}

/// What a model was trained on, so that a diagnosis can say where a recording differs.
package struct TrainingConditions: Sendable, Equatable, Codable {
  /// Name of the channel that was used, where the recordings name it.
  package var channel: String?
  /// Native rates of the labelled recordings, ascending and distinct, in hertz.
  package var sampleRates: [Double]
  /// Labelled recordings.
  package var recordings: Int

  package init(channel: String? = nil, sampleRates: [Double] = [], recordings: Int = 0) {
    self.channel = channel
    self.sampleRates = sampleRates
    self.recordings = recordings
  }
}
