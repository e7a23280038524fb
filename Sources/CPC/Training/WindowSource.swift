import NeuralNet
import SignalIO
import Support

/// Recordings made ready to learn from: read once, counted, measured, and kept in memory where they fit.
///
/// What cannot be used is listed with its reason and stops nothing. Where the windows exceed the limit of memory, they
/// are read again every epoch, pool after pool (see `BatchSchedule`).
package struct WindowSource: Sendable {
  /// A recording that gives nothing to learn from.
  package struct Skipped: Sendable, Equatable {
    package var name: String
    package var reason: String

    /// Name and reason; most reasons begin with the name already.
    package var text: String { reason.contains(name) ? reason : "\(name): \(reason)" }
  }

  /// The plan, fitted to the recordings.
  package let plan: TrainingPlan
  package let notes: [PlanNote]
  /// Those that give windows, in the order given.
  package let recordings: [TrainingRecording]
  package let skipped: [Skipped]
  /// Windows of each recording, all channels together.
  package let windowCounts: [Int]
  /// Windows left out because they hold samples which are no finite numbers.
  package let discardedWindows: Int
  /// Whether all windows are in memory; else they are read again every epoch.
  package let isInMemory: Bool
  /// Names of the classes, ascending; a batch's labels are numbers of these.
  package let classes: [String]
  /// Mean and reciprocal deviation of each input channel.
  package let scaling: InputScaling<Float>
  let schedule: BatchSchedule
  /// Windows that are in memory; empty where they are read again.
  let loaded: [LoadedRecording]
  let loader: RecordingLoader
  /// First number of each recording's channels; every channel counts as a recording of its own among negatives.
  let channelNumbers: [Int]
  /// Label of each recording where the objective learns from labels.
  private let labels: [String?]?

  /// Number of each recording's first window among all.
  let firstWindows: [Int]

  package var windowCount: Int { windowCounts.reduce(0, +) }

  /// How far preparing has come.
  package struct Progress: Sendable, Equatable {
    package var done: Int
    package var total: Int
    package var windows: Int
  }

  /// Opens and reads all recordings, with a plan made for what they seem to be.
  ///
  ///     try WindowSource(recordings) { kind in .preset(for: kind) }
  package init(
    _ found: [TrainingRecording], memoryLimit: Int = 1 << 30, progress: (Progress) -> Void = { _ in },
    plan: (SignalKind) throws(CPCError) -> TrainingPlan
  ) throws(CPCError) {
    let survey = Survey(found)
    let kind = SignalKind(majorityOf: survey.summaries)
    let count = survey.summaries.filter { $0.kind == kind }.count
    let (adapted, notes) = try plan(kind).adapted(to: survey.summaries)
    let kindNote = PlanNote.kind(kind, recordings: count, of: survey.summaries.count)
    try self.init(
      survey, plan: adapted, notes: survey.summaries.isEmpty ? [] : [kindNote] + notes,
      memoryLimit: memoryLimit,
      progress: progress)
  }

  /// Opens and reads all recordings.
  ///
  /// - `plan`: what to make of them; fitted to them first unless `adapts` is false, as when resuming.
  /// - `memoryLimit`: of the windows, in bytes.
  /// - Throws: ``CPCError/noWindows(found:windowSeconds:reasons:)`` and what validating the plan throws.
  package init(
    _ found: [TrainingRecording], plan requested: TrainingPlan, adapts: Bool = true,
    memoryLimit: Int = 1 << 30,
    progress: (Progress) -> Void = { _ in }
  ) throws(CPCError) {
    let survey = Survey(found)
    if adapts {
      let (adapted, notes) = try requested.adapted(to: survey.summaries)
      try self.init(survey, plan: adapted, notes: notes, memoryLimit: memoryLimit, progress: progress)
    } else {
      try requested.validate()
      try self.init(survey, plan: requested, notes: [], memoryLimit: memoryLimit, progress: progress)
    }
  }

  private init(
    _ opened: Survey, plan: TrainingPlan, notes: [PlanNote], memoryLimit: Int, progress: (Progress) -> Void
  ) throws(CPCError) {
    var survey = opened
    self.notes = notes
    let needs = try Objectives.needs(of: plan.objective)
    loader = RecordingLoader(
      features: plan.features, hop: plan.windowHop,
      keepsSamples: needs.views.contains { $0 != .original })
    try survey.read(with: loader, threads: plan.threads, memoryLimit: memoryLimit, progress: progress)
    guard survey.counts.contains(where: { $0 > 0 }) else {
      throw .noWindows(
        found: survey.foundCount, windowSeconds: plan.features.windowSeconds,
        reasons: survey.skipped.prefix(3).map { $0.text })
    }
    recordings = survey.usable
    skipped = survey.skipped
    windowCounts = survey.counts
    discardedWindows = survey.discarded
    isInMemory = survey.fits
    loaded = survey.fits ? survey.loaded : []
    labels = needs.labels ? survey.labels : nil
    let classes = Set(survey.labels.compactMap { $0 }).sorted()
    guard !needs.labels || classes.count > 1 else {
      throw .tooFewLabels(objective: plan.objective.name, found: classes, recordings: survey.usable.count)
    }
    self.classes = classes
    var plan = plan
    if needs.labels {
      plan.objective.settings = try Objectives.named(plan.objective.name).adapted(
        plan.objective.settings, classes: classes.count)
    }
    self.plan = plan
    scaling = survey.moments.scaling
    schedule = BatchSchedule(
      counts: survey.counts, sizes: survey.sizes, limit: memoryLimit, batchSize: plan.batchSize,
      seed: plan.seed,
      classes: needs.labels ? survey.labels.map { $0.flatMap { classes.firstIndex(of: $0) } } : nil)
    channelNumbers = Self.firsts(survey.channelCounts)
    firstWindows = Self.firsts(survey.counts)
  }

  /// Where each run begins when runs of these lengths follow each other.
  private static func firsts(_ counts: [Int]) -> [Int] {
    counts.reduce(into: (firsts: [Int](), next: 0)) { sum, count in
      sum.firsts.append(sum.next)
      sum.next += count
    }.firsts
  }

  /// A recording's windows, read again where they are not in memory.
  func recording(at index: Int) throws(CPCError) -> LoadedRecording {
    if isInMemory { return loaded[index] }
    let read = try loader.load(recordings[index])
    guard read.windows.count == windowCounts[index] else {
      throw .recordingChanged(
        path: recordings[index].name, found: read.windows.count, expected: windowCounts[index])
    }
    return read
  }

  /// Whether the plan's objective asks for augmented views.
  package var usesAugmentations: Bool {
    get throws(CPCError) {
      try Objectives.needs(of: plan.objective).views.contains {
        if case .augmented = $0 { true } else { false }
      }
    }
  }

  /// Tells sets of recordings apart: names without folders, their window counts, and their labels where those are
  /// learnt from (FNV-1a, 64 bits).
  package var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (index, count) in windowCounts.enumerated() {
      let name = recordings[index].name.split(separator: "/").last ?? ""
      let label = labels.map { ":" + ($0[index] ?? "") } ?? ""
      for byte in "\(name):\(count)\(label)\n".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
    return String(hash, radix: 16)
  }
}

/// What is gathered while recordings are opened and read for the first time.
private struct Survey {
  var summaries: [RecordingSummary] = []
  var usable: [TrainingRecording] = []
  var skipped: [WindowSource.Skipped] = []
  var loaded: [LoadedRecording] = []
  var counts: [Int] = []
  var sizes: [Int] = []
  var channelCounts: [Int] = []
  var labels: [String?] = []
  var discarded = 0
  var fits = true
  var moments = ChannelMoments(size: 1)
  private var opened: [TrainingRecording] = []

  let foundCount: Int

  init(_ found: [TrainingRecording]) {
    foundCount = found.count
    for recording in found {
      do throws(SignalIOError) {
        let now = try recording.open()
        let frames = now.stream.info.frameCount
        summaries.append(
          RecordingSummary(
            path: recording.name, sampleRate: now.sampleRate,
            seconds: frames.map { Double($0) / now.sampleRate },
            kind: SignalKind(unit: now.unit, format: now.stream.info.format, sampleRate: now.sampleRate)))
        opened.append(recording)
      } catch {
        skipped.append(.init(name: recording.name, reason: error.description))
      }
    }
  }

  mutating func read(
    with loader: RecordingLoader, threads: Int, memoryLimit: Int, progress: (WindowSource.Progress) -> Void
  ) throws(CPCError) {
    moments = ChannelMoments(size: loader.features.inputSize)
    // A few at a time bounds the memory where not everything is kept.
    for start in stride(from: 0, to: opened.count, by: 2 * threads) {
      let group = Array(opened[start..<min(start + 2 * threads, opened.count)])
      let results = Parallel.map(group.count, threads: threads) {
        index -> Result<LoadedRecording, CPCError> in
        do throws(CPCError) { return .success(try loader.load(group[index])) } catch {
          return .failure(error)
        }
      }
      for (recording, result) in zip(group, results) { take(recording, result) }
      if fits && sizes.reduce(0, +) > memoryLimit {
        fits = false
        loaded = []
      }
      progress(.init(done: start + group.count, total: opened.count, windows: counts.reduce(0, +)))
    }
  }

  private mutating func take(_ recording: TrainingRecording, _ result: Result<LoadedRecording, CPCError>) {
    switch result {
    case .failure(let error):
      skipped.append(.init(name: recording.name, reason: error.description))
    case .success(let windows):
      discarded += windows.discarded
      guard !windows.windows.isEmpty else {
        skipped.append(
          .init(
            name: recording.name, reason: "all \(windows.discarded) windows hold samples that are not finite."
          ))
        return
      }
      for window in windows.windows { moments.add(window.features) }
      usable.append(recording)
      counts.append(windows.windows.count)
      sizes.append(windows.byteCount)
      channelCounts.append(windows.channelCount)
      labels.append(windows.label)
      if fits { loaded.append(windows) }
    }
  }
}

/// Running mean and variance of every input channel, in double precision.
struct ChannelMoments: Sendable {
  private var count = 0.0
  private var sums: [Double]
  private var squares: [Double]

  init(size: Int) {
    sums = [Double](repeating: 0, count: size)
    squares = sums
  }

  /// Adds rows of `size` numbers.
  mutating func add(_ values: [Float]) {
    let size = sums.count
    precondition(values.count % size == 0, "\(values.count) values are no rows of \(size)")
    count += Double(values.count / size)
    for start in stride(from: 0, to: values.count, by: size) {
      for channel in 0..<size {
        let x = Double(values[start + channel])
        sums[channel] += x
        squares[channel] += x * x
      }
    }
  }

  /// A channel that never changes keeps its scale: there is nothing to bring to deviation 1.
  var scaling: InputScaling<Float> {
    var result = InputScaling<Float>(size: sums.count)
    for channel in sums.indices where count > 0 {
      let mean = sums[channel] / count
      let deviation = max(0, squares[channel] / count - mean * mean).squareRoot()
      result.mean.storage[channel] = Float(mean)
      if deviation > 1e-4 { result.factor.storage[channel] = Float(1 / deviation) }
    }
    return result
  }
}
