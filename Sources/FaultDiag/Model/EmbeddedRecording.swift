import NeuralNet
import SignalIO

/// The embeddings of one recording's windows.
package struct EmbeddedRecording: Sendable {
  /// `[window, E]`.
  package var embeddings: Tensor<Float>
  /// Start of each window in seconds.
  package var starts: [Double]
  package var channel: ChannelChoice
  package var metadata: RecordingMetadata
  /// Native rate, in hertz.
  package var sampleRate: Double
  /// Windows left out because they hold samples that are not finite.
  package var skipped: Int

  /// Embeds a recording window by window, in memory of a batch and the embeddings.
  ///
  /// - `channel`: name of the channel that is wanted; see ``ChannelChoice``.
  /// - `hear`: is given the samples of each window that is embedded, in order.
  package init(
    _ source: RecordingSource, embedder: any WindowEmbedder, channel: String? = nil, threads: Int,
    hear: ([Float]) -> Void = { _ in }
  ) throws(FaultDiagError) {
    let choice = ChannelChoice(source.info.channels, trained: channel)
    var storage: [Float] = []
    var waiting: [[Float]] = []
    func flush() {
      storage += embedder.embeddings(of: waiting, threads: threads).storage
      waiting.removeAll(keepingCapacity: true)
    }
    starts = []
    skipped = 0
    do throws(SignalIOError) {
      let windows = try source.windows(embedder.windowPlan, channels: [choice.index])
      while let window = try windows.next() {
        guard window.isFinite else {
          skipped += 1
          continue
        }
        waiting.append(window.samples[0])
        hear(window.samples[0])
        starts.append(window.startTime)
        if waiting.count == Diagnoser.batch { flush() }
      }
    } catch {
      throw .recording(error)
    }
    if !waiting.isEmpty { flush() }
    guard !starts.isEmpty else { throw .noFiniteWindow(path: source.path, windows: skipped) }
    embeddings = Tensor(storage, shape: [starts.count, embedder.embeddingSize])
    self.channel = choice
    metadata = source.metadata
    sampleRate = source.sampleRate
  }
}
