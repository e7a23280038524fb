import SignalIO

extension CWRUBearingwise {
  /// Reads a signal from the folder that holds the original files as `cwru/<number>.mat`.
  ///
  /// Only the sensor's own variable is read; the rate is 12 kHz for every file of the protocol.
  package static func load(_ signal: Signal, folder: String) throws(FaultDiagError) -> [Float] {
    let path = "\(folder)/cwru/\(signal.file).mat"
    do throws(SignalIOError) {
      let stream = try RecordingReaders.open(
        path: path, options: ReadOptions(channels: [signal.sensor.rawValue]))
      var samples: [Float] = []
      while case let block = try stream.read(frames: 1 << 16), !block[0].isEmpty { samples += block[0] }
      return samples
    } catch {
      throw .recording(error)
    }
  }

  /// The training-free rule: how much stronger a family's lines are than all other combs, with the nominal speed.
  ///
  /// A segment's features are its scores (inner, outer, ball); nothing is learnt from the training side.
  package static func lineScores(_ segment: CWRUSegment) -> [Double] {
    guard let envelope = try? AlignedEnvelope() else { return [0, 0, 0] }
    let lines = envelope.lines(of: segment.samples, shaftHz: segment.signal.shaftHz)
    let scores = LineRule(lines, orders: segment.signal.orders)
    return [FaultFamily.inner, .outer, .ball].map { scores[$0]?.score ?? 0 }
  }

  /// Mean embedding of the windows within a segment, for a model at 12 kHz with windows of at most a second.
  package static func embedding(_ segment: CWRUSegment, embedder: any WindowEmbedder) -> [Float] {
    let plan = embedder.windowPlan
    let starts = stride(from: 0, through: segment.samples.count - plan.length, by: plan.hop)
    let embeddings = embedder.embeddings(
      of: starts.map { Array(segment.samples[$0..<$0 + plan.length]) }, threads: 1)
    let count = Float(max(embeddings.shape[0], 1))
    return embeddings.columnSums.storage.map { $0 / count }
  }

  /// Whether a model can listen to the protocol's segments.
  package static func check(_ plan: WindowPlan) throws(FaultDiagError) {
    guard plan.sampleRate == sampleRate, plan.length <= segmentLength else {
      throw .badSetting(
        name: "the model's window", found: "\(plan.length) samples at \(plan.sampleRate ?? 0) Hz",
        expected: "at most \(segmentLength) samples at \(sampleRate) Hz; adapt the plan to the protocol")
    }
  }

  /// Scores embeddings by a ``SupConClassifier`` fitted to the fold's training side: one of four states (inner,
  /// outer, ball, nothing at this end), whose first three probabilities are the scores.
  package static func supConScorer(
    settings: SupConSettings, seed: UInt64
  ) -> @Sendable (Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]] {
    { (_, training, test) throws(FaultDiagError) in
      let size = training.first?.features.count ?? 0
      // Segments of one signal are views of one recording.
      let signals = training.map(\.signal)
      let recordings = signals.map { CWRUBearingwise.signals.firstIndex(of: $0) ?? 0 }
      let data = LabelledEmbeddings(
        embeddings: .init(training.flatMap(\.features), shape: [training.count, size]),
        classes: training.map { $0.labels.firstIndex(of: true) ?? 3 }, recordings: recordings)
      let classifier = try SupConClassifier<Float>(training: data, classes: 4, settings: settings, seed: seed)
      let logits = classifier.logits(.init(test.flatMap { $0 }, shape: [test.count, size]))
      return test.indices.map { row in
        Array(Softmax.probabilities(logits.item(row).storage.map { Double($0) }).prefix(3))
      }
    }
  }
}
