import NeuralNet
import SignalIO
import Support

@testable import FaultDiag

/// A recording in memory.
final class MemoryStream: SampleStream {
  let info: RecordingInfo
  private let channels: [[Float]]
  private var position = 0

  init(_ channels: [[Float]], names: [String]? = nil, sampleRate: Double) {
    self.channels = channels
    info = RecordingInfo(
      channels: channels.indices.map { .init(name: names?[$0] ?? "\($0 + 1)") }, sampleRate: sampleRate,
      frameCount: channels[0].count, format: "memory")
  }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    precondition(frames > 0, "a block of \(frames) frames")
    let end = min(position + frames, channels[0].count)
    defer { position = end }
    return channels.map { Array($0[position..<end]) }
  }
}

/// Statistics of a window in place of a learnt embedding: enough to tell impacts from noise.
struct StatisticsEmbedder: WindowEmbedder {
  var windowPlan = WindowPlan(length: 6000, hop: 3000, sampleRate: 12_000)
  let embeddingSize = 3

  func embeddings(of windows: [[Float]], threads: Int) -> Tensor<Float> {
    var storage: [Float] = []
    for window in windows {
      let rms = (window.reduce(0.0) { $0 + Double($1 * $1) } / Double(window.count)).squareRoot()
      let scaled = window.map { Double($0) / max(rms, 1e-12) }
      let kurtosis = scaled.reduce(0.0) { $0 + $1 * $1 * $1 * $1 } / Double(window.count)
      let crest = scaled.map(abs).max() ?? 0
      let roughness =
        zip(scaled, scaled.dropFirst()).reduce(0.0) { $0 + abs($1.0 - $1.1) } / Double(window.count)
      storage += [Float(kurtosis), Float(crest), Float(roughness)]
    }
    return Tensor(storage, shape: [windows.count, 3])
  }
}

/// Simulated bearings with and without an outer-race fault.
enum SimulatedPlant {
  static let orders = FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828)

  static func samples(_ state: String, bearing: UInt64, seconds: Double = 2, rate: Double = 12_000) throws
    -> [Float]
  {
    var settings = SimulationSettings(fault: state == "outer" ? .outer : nil, orders: orders, shaftHz: 29.5)
    settings.seconds = seconds
    settings.sampleRate = rate
    // Noise of power one; without a fault that is all there is.
    settings.signalToNoise = 6
    return try BearingSimulator(settings).recording(seed: bearing).samples
  }

  /// A diagnoser fitted to four bearings of each state.
  static func diagnoser(channel: String? = nil) throws -> Diagnoser {
    var judge = try fitted.get()
    judge.conditions.channel = channel
    return Diagnoser(model: judge, identity: ModelIdentity(name: "test", hash: "0"), threads: 2)
  }

  /// Fitted once for all tests.
  private static let fitted = Result { try fit() }

  private static func fit() throws -> FittedJudge {
    let embedder = StatisticsEmbedder()
    var (items, embeddings): ([SplitItem], [Tensor<Float>]) = ([], [])
    for state in ["normal", "outer"] {
      for bearing in UInt64(0)..<4 {
        let samples = try samples(state, bearing: bearing + (state == "outer" ? 10 : 0))
        let windows = stride(from: 0, through: samples.count - 6000, by: 3000).map {
          Array(samples[$0..<$0 + 6000])
        }
        items.append(SplitItem(path: "\(state)\(bearing).wav", label: state, bearingID: "\(state)\(bearing)"))
        embeddings.append(embedder.embeddings(of: windows, threads: 1))
      }
    }
    let corpus = try LabelledCorpus(items: items, embeddings: embeddings)
    return FittedJudge(
      embedder: embedder, heads: try HeadFitter.fit(corpus, settings: SyntheticCorpus.settings, threads: 1),
      conditions: TrainingConditions(sampleRates: [12_000], recordings: 8))
  }
}
