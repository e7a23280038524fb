import NeuralNet

extension CWRUBearingwise {
  /// How well a linear classifier names the physical bearing from an embedding: what a representation knows that a
  /// diagnosis of other bearings cannot use. Lower is better.
  package struct BearingIdentity: Sendable, Equatable, Codable {
    /// Share of seconds whose bearing is named, among all 18; chance is 1/18. Knowing fault and end alone gives 1/3.
    package var accuracy: Double
    /// The same among the three bearings with the second's own fault and end, which differ by size and specimen; chance is
    /// 1/3.
    package var withinFault: Double
  }

  /// A damaged bearing: the end it runs at, its fault and the size of it.
  private struct Bearing: Hashable {
    var end: End
    var fault: Fault
    var size: Int

    init(_ signal: Signal) { (end, fault, size) = (signal.faultEnd, signal.fault, signal.size) }
  }

  /// Measures it: the runs at each load are held out in turn, so that every second judged is of a bearing that was
  /// heard in other recordings. Only sensors at the bearing's own end take part.
  ///
  /// - `embeddings`: one row a segment, ten a signal in the order of ``signals``.
  package static func bearingIdentity(
    _ embeddings: [[Float]], seed: UInt64
  ) throws(FaultDiagError) -> BearingIdentity {
    precondition(
      embeddings.count == signals.count * segmentsPerSignal,
      "expected \(signals.count * segmentsPerSignal) embeddings, found \(embeddings.count)")
    let own = signals.indices.filter { signals[$0].sensor == signals[$0].faultEnd }
    let bearings = own.reduce(into: [Bearing]()) { known, signal in
      if !known.contains(Bearing(signals[signal])) { known.append(Bearing(signals[signal])) }
    }
    // Linear, on the embedding itself.
    var settings = SupConSettings()
    settings.reads = .embedding
    var (named, namedWithin, judged) = (0, 0, 0)
    for load in speeds.indices {
      let training = labelled(own.filter { signals[$0].load != load }, embeddings, bearings)
      let test = labelled(own.filter { signals[$0].load == load }, embeddings, bearings)
      let logits = try SupConClassifier<Float>(
        training: training, classes: bearings.count, settings: settings, seed: seed
      ).logits(test.embeddings)
      for (row, truth) in test.classes.enumerated() {
        let scores = logits.item(row).storage
        let rivals = bearings.indices.filter {
          bearings[$0].end == bearings[truth].end && bearings[$0].fault == bearings[truth].fault
        }
        if best(of: Array(bearings.indices), scores) == truth { named += 1 }
        if best(of: rivals, scores) == truth { namedWithin += 1 }
        judged += 1
      }
    }
    return BearingIdentity(
      accuracy: Double(named) / Double(judged), withinFault: Double(namedWithin) / Double(judged))
  }

  private static func best(of candidates: [Int], _ scores: [Float]) -> Int? {
    candidates.max { scores[$0] < scores[$1] }
  }

  private static func labelled(
    _ chosen: [Int], _ embeddings: [[Float]], _ bearings: [Bearing]
  ) -> LabelledEmbeddings {
    let rows = chosen.flatMap { $0 * segmentsPerSignal..<($0 + 1) * segmentsPerSignal }
    let owners = rows.map { $0 / segmentsPerSignal }
    return LabelledEmbeddings(
      embeddings: Tensor(rows.flatMap { embeddings[$0] }, shape: [rows.count, embeddings[0].count]),
      classes: owners.map { bearings.firstIndex(of: Bearing(signals[$0])) ?? 0 }, recordings: owners)
  }
}
