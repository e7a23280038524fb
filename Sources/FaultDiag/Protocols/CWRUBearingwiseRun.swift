import Support

/// One second of a signal with what is known of it.
package struct CWRUSegment: Sendable {
  package var signal: CWRUBearingwise.Signal
  /// 0...9, in time.
  package var index: Int
  /// 12,000 samples at 12 kHz, the whole signal's mean removed.
  package var samples: [Float]
}

/// A segment reduced to what a method looks at, with its labels.
package struct CWRUExample<Features: Sendable>: Sendable {
  package var signal: CWRUBearingwise.Signal
  package var features: Features
  /// Inner race, outer race, ball at the sensor's end.
  package var labels: [Bool] { signal.labels }
}

/// The figures of a method on protocol P1.
package struct CWRUBearingwiseResult: Sendable, Equatable, Codable {
  package struct Fold: Sendable, Equatable, Codable {
    package var name: String
    /// Inner race, outer race, ball.
    package var perLabel: [Double?]
    package var macro: Double
  }
  package var folds: [Fold]

  package var mean: Double { folds.reduce(0) { $0 + $1.macro } / Double(max(folds.count, 1)) }
  /// Sample standard deviation over folds.
  package var standardDeviation: Double {
    let centre = mean
    let squares = folds.reduce(0) { $0 + ($1.macro - centre) * ($1.macro - centre) }
    return (squares / Double(max(folds.count - 1, 1))).squareRoot()
  }
  package var worst: Fold? { folds.min { $0.macro < $1.macro } }
  /// Means over folds of the area of each label.
  package var perLabel: [Double] {
    CWRUBearingwise.Fault.allCases.map { fault in
      let areas = folds.compactMap { $0.perLabel[fault.rawValue] }
      return areas.reduce(0, +) / Double(max(areas.count, 1))
    }
  }
}

extension CWRUBearingwise {
  /// Cuts every signal into its ten segments, in the order of ``signals``.
  ///
  /// - Parameter load: the samples of a signal at 12 kHz; at least 120,000.
  package static func segments(
    load: (Signal) throws(FaultDiagError) -> [Float]
  ) throws(FaultDiagError) -> [CWRUSegment] {
    var result: [CWRUSegment] = []
    for signal in signals {
      let samples = try load(signal)
      let needed = segmentLength * segmentsPerSignal
      guard samples.count >= needed else {
        throw .protocolData(
          path: "\(signal.file).mat \(signal.channel)", found: "\(samples.count) samples",
          expected: "at least \(needed)")
      }
      let mean = Float(samples.reduce(0.0) { $0 + Double($1) } / Double(samples.count))
      for index in 0..<segmentsPerSignal {
        let piece = samples[index * segmentLength..<(index + 1) * segmentLength]
        result.append(CWRUSegment(signal: signal, index: index, samples: piece.map { $0 - mean }))
      }
    }
    return result
  }

  /// Evaluates a method: features are made once a segment, then `scorer` answers every fold.
  ///
  /// - `segments`: from ``segments(load:)``, ten a signal in the order of ``signals``.
  /// - `features`: what the method looks at in one segment; run on `threads` threads.
  /// - `scorer`: from labelled training segments and test features to scores `[segment][inner, outer, ball]`; it must
  ///   not know the test labels. Folds run on `threads` threads, so it must not start threads of its own.
  /// - Throws: what `scorer` threw on the first fold that failed.
  package static func evaluate<Features: Sendable>(
    folds: [Fold], segments: [CWRUSegment], threads: Int,
    features: @Sendable (CWRUSegment) -> Features,
    scorer:
      @Sendable (_ fold: Fold, _ training: [CWRUExample<Features>], _ test: [Features])
      throws(FaultDiagError) -> [[Double]]
  ) throws(FaultDiagError) -> CWRUBearingwiseResult {
    precondition(
      segments.count == signals.count * segmentsPerSignal,
      "expected \(signals.count * segmentsPerSignal) segments, found \(segments.count)")
    let examples = Parallel.map(segments.count, threads: threads) { index in
      CWRUExample(signal: segments[index].signal, features: features(segments[index]))
    }
    @Sendable func pick(_ indices: [Int]) -> [CWRUExample<Features>] {
      indices.flatMap { examples[$0 * segmentsPerSignal..<($0 + 1) * segmentsPerSignal] }
    }
    let results = Parallel.map(folds.count, threads: threads) {
      index -> Result<CWRUBearingwiseResult.Fold, FaultDiagError> in
      let fold = folds[index]
      let test = pick(fold.test)
      do throws(FaultDiagError) {
        let scores = try scorer(fold, pick(fold.training), test.map(\.features))
        let areas = MacroAUROC(scores: scores, truth: test.map(\.labels))
        return .success(.init(name: fold.name, perLabel: areas.perLabel, macro: areas.macro ?? 0.5))
      } catch {
        return .failure(error)
      }
    }
    var result = CWRUBearingwiseResult(folds: [])
    for fold in results { result.folds.append(try fold.get()) }
    return result
  }
}
