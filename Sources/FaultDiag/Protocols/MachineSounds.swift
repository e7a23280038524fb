import CPC
import NeuralNet
import SignalIO
import Support

/// Protocol P4: machine sounds, learnt from normal clips only.
///
/// Each machine's normal clips are dealt into folds; a fold's baseline is fitted to the other folds' normal clips, one
/// baseline for the machines of a type, and scores the fold's normal clips and all abnormal ones. Scores are pooled over
/// machines and folds. Beside it a Mahalanobis distance (diagonal) on mean and deviation of the log bands, in the same
/// units: standardised by leave-one-out over the machine's training clips.
package enum MachineSounds {
  package struct Clip: Sendable, Equatable {
    package var path: String
    /// Its kind of machine, the folder above the machine's.
    package var type: String
    /// Type and id.
    package var machine: String
    package var isAbnormal: Bool
  }

  /// What one clip got in one fold.
  package struct Score: Sendable, Equatable, Codable {
    package var machine: String
    package var isAbnormal: Bool
    package var novelty: Double
    package var pValue: Double
    /// The rate that an alarm could hold at best.
    package var smallestPValue: Double
    /// Of the Mahalanobis distance.
    package var reference: Double
    /// Strangeness of each component, in the order of `NoveltyComponent/allCases`.
    package var components: [Double]
  }

  /// Areas of pooled scores.
  package struct Areas: Sendable, Equatable, Codable {
    package var area: Double
    package var partialArea: Double

    init?(_ scores: [Score], by value: (Score) -> Double) {
      self.init(scores.map(value), isAbnormal: scores.map { $0.isAbnormal })
    }

    /// Nil without normal or abnormal clips.
    init?(_ values: [Double], isAbnormal truth: [Bool]) {
      guard let area = ReceiverOperatingCharacteristic.area(scores: values, positive: truth),
        let partial = ReceiverOperatingCharacteristic.partialArea(scores: values, positive: truth)
      else { return nil }
      (self.area, partialArea) = (area, partial)
    }
  }

  package static let foldCount = 5

  /// Clips of `<folder>/<type>/<id>/{normal,abnormal}/`, in the order of their paths.
  package static func clips(folder: String) throws(FaultDiagError) -> [Clip] {
    let found: RecordingCollection
    do throws(SignalIOError) { found = try .discover(roots: [folder]) } catch { throw .recording(error) }
    let clips = found.recordings.compactMap { recording -> Clip? in
      let parts = recording.path.split(separator: "/").suffix(4).map(String.init)
      guard parts.count == 4, ["normal", "abnormal"].contains(parts[2]) else { return nil }
      return Clip(
        path: recording.path, type: parts[0], machine: parts[0] + "/" + parts[1],
        isAbnormal: parts[2] == "abnormal")
    }
    guard clips.contains(where: { $0.isAbnormal }), clips.contains(where: { !$0.isAbnormal }) else {
      throw .protocolData(
        path: folder, found: "\(clips.count) clips of machines",
        expected: "normal and abnormal ones in <type>/<id>/{normal,abnormal}/")
    }
    return clips
  }

  /// Which fold holds each normal clip of a machine out; a function of seed, machine and count.
  package static func folds(of count: Int, machine: Int, seed: UInt64) -> [Int] {
    var random = RandomSource(seed: seed, path: [UInt64(machine)])
    var fold = [Int](repeating: 0, count: count)
    for (place, clip) in random.permutation(count).enumerated() { fold[clip] = place * foldCount / count }
    return fold
  }

  /// What is learnt from, normal clips of the machines of one type, and what is judged.
  package struct Fold: Sendable, Equatable {
    /// 0 ..< ``foldCount``; every type has all of them.
    package var number: Int
    package var training: [Clip]
    package var test: [Clip]
  }

  /// The folds of every type of machine, type after type.
  package static func folds(_ clips: [Clip], seed: UInt64) -> [Fold] {
    var heldOut: [String: Int] = [:]
    for (index, machine) in ordered(clips.map { $0.machine }).enumerated() {
      let normal = clips.filter { $0.machine == machine && !$0.isAbnormal }
      for (clip, fold) in zip(normal, folds(of: normal.count, machine: index, seed: seed)) {
        heldOut[clip.path] = fold
      }
    }
    return ordered(clips.map { $0.type }).flatMap { type in
      let own = clips.filter { $0.type == type }
      return (0..<foldCount).map { fold in
        Fold(
          number: fold, training: own.filter { heldOut[$0.path].map { $0 != fold } ?? false },
          test: own.filter { $0.isAbnormal || heldOut[$0.path] == fold })
      }
    }
  }

  /// All clips' scores for one seed, which deals the folds and begins the training.
  package static func scores(
    _ clips: [Clip], settings: BaselineSettings, seed: UInt64, threads: Int,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(FaultDiagError) -> [Score] {
    var settings = settings
    settings.seed = seed
    var result: [Score] = []
    let folds = folds(clips, seed: seed)
    for (number, fold) in folds.enumerated() {
      result += try scores(training: fold.training, test: fold.test, settings: settings, threads: threads)
      progress(number + 1, folds.count)
    }
    return result
  }

  private static func scores(
    training: [Clip], test: [Clip], settings: BaselineSettings, threads: Int
  ) throws(FaultDiagError) -> [Score] {
    var recordings: [BaselineRecording] = []
    for clip in training {
      do throws(SignalIOError) {
        recordings.append(
          try BaselineRecording(name: clip.path) { () throws(SignalIOError) in try source(clip) })
      } catch { throw .recording(error) }
    }
    let baseline = try BaselineFitter(settings: settings, threads: threads).fit(recordings, name: "P4")
    let listener = try baseline.listener(threads: threads)
    func items(_ clip: Clip) throws(FaultDiagError) -> [HeardItem] {
      let opened: RecordingSource
      do throws(SignalIOError) { opened = try source(clip) } catch { throw .recording(error) }
      return try listener.items(of: opened)
    }
    let references = try references(training, items)
    var result: [Score] = []
    for clip in test {
      let machine = try baseline.machine(named: clip.machine)
      let heard = try items(clip)
      // Whole clips are one item; windows are judged each for itself.
      for item in heard {
        let finding = baseline.finding([item], machine: machine)
        result.append(
          Score(
            machine: clip.machine, isAbnormal: clip.isAbnormal, novelty: finding.score,
            pValue: finding.pValue, smallestPValue: baseline.calibration(of: machine).smallestPValue,
            reference: references[clip.machine]?.strangeness(item.plain[.bands] ?? []) ?? 0,
            components: NoveltyComponent.allCases.map { component in
              finding.components.first { $0.name == component }?.score ?? 0
            }))
      }
    }
    return result
  }

  /// The Mahalanobis distance of each machine, from its own training clips.
  private static func references(
    _ training: [Clip], _ items: (Clip) throws(FaultDiagError) -> [HeardItem]
  ) throws(FaultDiagError) -> [String: HealthyRange] {
    var values: [String: [[Float]]] = [:]
    for clip in training {
      values[clip.machine, default: []] += try items(clip).compactMap { $0.plain[.bands] }
    }
    return values.mapValues { HealthyRange($0, measure: .spread) }
  }

  static func source(_ clip: Clip) throws(SignalIOError) -> RecordingSource {
    var flags = RecordingMetadata()
    flags.machine = Sourced(clip.machine, from: .folder(path: clip.path))
    return try RecordingSource.open(path: clip.path, flags: flags)
  }

  private static func ordered(_ names: [String]) -> [String] {
    var result: [String] = []
    for name in names where !result.contains(name) { result.append(name) }
    return result
  }
}

// MARK: - Results

extension MachineSounds {
  /// False alarms at a stated rate.
  package struct FalseAlarms: Sendable, Equatable, Codable {
    package var rate: Double
    package var alarms: Int
    package var normal: Int
    /// Counts that the rate leads to by chance, 95 % of the time.
    package var lowest: Int
    package var highest: Int
    /// Whether the calibration sufficed for the rate.
    package var isReachable: Bool

    package var measured: Double { Double(alarms) / Double(max(normal, 1)) }
    package var isWithin: Bool { (lowest...highest).contains(alarms) }

    package init(_ scores: [Score], rate: Double) {
      let normal = scores.filter { !$0.isAbnormal }
      let range = BinomialRange.counts(rate: rate, of: max(normal.count, 1))
      self.rate = rate
      self.normal = normal.count
      alarms = normal.count { $0.pValue <= rate + 1e-12 }
      (lowest, highest) = (range.lowerBound, range.upperBound)
      isReachable = normal.allSatisfy { $0.smallestPValue <= rate + 1e-12 }
    }
  }

  /// Areas of one seed: of the novelty, of the Mahalanobis distance, and of each component alone.
  package struct Result: Sendable, Equatable, Codable {
    package var novelty: Areas
    package var reference: Areas
    package var components: [Areas]
    /// Area of the novelty for each machine alone, in the order of their names.
    package var machines: [String: Double]

    /// Nil without normal or abnormal scores.
    package init?(_ scores: [Score]) {
      guard let novelty = Areas(scores, by: { $0.novelty }),
        let reference = Areas(scores, by: { $0.reference })
      else { return nil }
      self.novelty = novelty
      self.reference = reference
      components = NoveltyComponent.allCases.indices.compactMap { index in
        Areas(scores) { $0.components[index] }
      }
      machines = [:]
      for name in Set(scores.map { $0.machine }) {
        machines[name] = Areas(scores.filter { $0.machine == name }) { $0.novelty }?.area
      }
    }
  }
}
