import CPC
import SignalIO

/// Protocol P6: bearings run until they fail, with the first tenth of each run as its healthy state.
///
/// One baseline a channel. The health indicator is the loudness above the healthy recordings in dB, the mean over
/// channels; alarms follow ``AlarmPersistence`` over both.
package enum RunToFailure {
  package struct Snapshot: Sendable, Equatable {
    package var path: String
    /// Share of the run that was over, 0 to 1.
    package var life: Double
  }

  package struct Run: Sendable, Equatable {
    package var name: String
    /// In the order of time; the last one is the end.
    package var snapshots: [Snapshot]
  }

  /// What became of one run.
  package struct Result: Sendable, Equatable, Codable {
    package var name: String
    /// Life at the first alarm; nil where there was none.
    package var firstAlarm: Double?
    /// Life at the first snapshot that was outside the healthy state, whatever its loudness.
    package var firstStrange: Double?
    /// |tau| of Mann and Kendall over the indicator after the healthy tenth.
    package var monotonicity: Double
    /// |r| between the indicator and time.
    package var trendability: Double
    /// The indicator, one value a snapshot.
    package var indicator: [Double]
    package var life: [Double]
  }

  package static let healthyShare = 0.1
  package static let earlyShare = 0.2
  private static let channels = ["horizontal", "vertical"]

  /// The runs below `folder`, each a folder of numbered snapshots `acc_00001.csv`.
  package static func runs(folder: String) throws(FaultDiagError) -> [Run] {
    let found: RecordingCollection
    do throws(SignalIOError) { found = try .discover(roots: [folder]) } catch { throw .recording(error) }
    var runs: [String: [(number: Int, path: String)]] = [:]
    for recording in found.recordings {
      let name = FilePath.name(of: FilePath.folder(of: recording.path))
      let digits = FilePath.name(of: FilePath.stem(of: recording.path)).filter { $0.isNumber }
      guard let number = Int(digits) else { continue }
      runs[name, default: []].append((number, recording.path))
    }
    let result = runs.keys.sorted().map { name in
      let sorted = (runs[name] ?? []).sorted { $0.number < $1.number }
      let last = Double(sorted.last?.number ?? 1)
      return Run(
        name: name,
        snapshots: sorted.map { Snapshot(path: $0.path, life: Double($0.number) / last) })
    }
    guard !result.isEmpty else {
      throw .protocolData(
        path: folder, found: "no numbered snapshots", expected: "runs such as Bearing1_2/acc_00001.csv")
    }
    return result
  }

  package static func evaluate(
    _ run: Run, settings: BaselineSettings, threads: Int
  ) throws(FaultDiagError) -> Result {
    var findings: [[NoveltyFinding]] = run.snapshots.map { _ in [] }
    for channel in channels {
      let recordings = try run.snapshots.filter { $0.life <= healthyShare }
        .map { snapshot throws(FaultDiagError) in try recording(snapshot, channel) }
      let baseline = try BaselineFitter(settings: settings, threads: threads).fit(recordings, name: run.name)
      let judge = try NoveltyJudge(baseline, threads: threads)
      for (index, snapshot) in run.snapshots.enumerated() {
        findings[index].append(try judge.finding(try open(snapshot, channel)))
      }
    }
    return result(run, findings)
  }

  /// What follows from the findings of a run, `[snapshot][channel]`.
  static func result(_ run: Run, _ findings: [[NoveltyFinding]]) -> Result {
    var rule = AlarmPersistence()
    var firstAlarm: Double?
    var firstStrange: Double?
    for (snapshot, found) in zip(run.snapshots, findings) where snapshot.life > healthyShare {
      if firstStrange == nil, found.contains(where: { $0.isAlarm }) { firstStrange = snapshot.life }
      if rule.take(found), firstAlarm == nil { firstAlarm = snapshot.life }
    }
    let indicator = findings.map { found in
      found.reduce(0) { $0 + $1.loudnessDecibels } / Double(max(found.count, 1))
    }
    let later = run.snapshots.indices.filter { run.snapshots[$0].life > healthyShare }
    let life = run.snapshots.map { $0.life }
    return Result(
      name: run.name, firstAlarm: firstAlarm, firstStrange: firstStrange,
      monotonicity: abs(MannKendall(later.map { indicator[$0] })?.tau ?? 0),
      trendability: abs(correlation(later.map { indicator[$0] }, later.map { life[$0] })),
      indicator: indicator, life: life)
  }

  private static func recording(
    _ snapshot: Snapshot, _ channel: String
  ) throws(FaultDiagError) -> BaselineRecording {
    do throws(SignalIOError) {
      return try BaselineRecording(name: snapshot.path) { () throws(SignalIOError) in
        try source(snapshot, channel)
      }
    } catch { throw .recording(error) }
  }

  private static func open(
    _ snapshot: Snapshot, _ channel: String
  ) throws(FaultDiagError) -> RecordingSource {
    do throws(SignalIOError) { return try source(snapshot, channel) } catch { throw .recording(error) }
  }

  /// One acceleration, at the rate and in the unit that the data set states and its files do not.
  private static func source(_ snapshot: Snapshot, _ channel: String) throws(SignalIOError) -> RecordingSource
  {
    var flags = RecordingMetadata()
    flags.sampleRate = Sourced(25_600, from: .file(detail: "the data set's description"))
    flags.unit = Sourced("g", from: .file(detail: "the data set's description"))
    return try RecordingSource.open(
      path: snapshot.path, flags: flags, options: ReadOptions(channels: [channel]))
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let count = Double(max(a.count, 1))
    let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }
}
