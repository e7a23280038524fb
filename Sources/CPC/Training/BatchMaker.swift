import NeuralNet
import Support

/// A batch as the model takes it.
struct TrainingBatch: Sendable {
  /// `[views * windows, length, channel]`, view after view.
  var inputs: Tensor<Float>
  var viewCount: Int
  /// Recording and channel of each window, as one number.
  var recordings: [Int]
  /// Class of each window, nil where unknown.
  var labels: [Int?]
  /// Number of each window among all, counted through the recordings in their order.
  var windows: [Int]
  var epoch: Int
  var endsEpoch: Bool
}

/// Makes the batches of a training in the order of its steps.
final class BatchMaker {
  private let source: WindowSource
  private let views: [WindowView]
  private var schedule: BatchSchedule
  /// Recordings read for the current pool, where not all are in memory.
  private var pool: [Int: LoadedRecording] = [:]
  private var pooled: [Int] = []

  init(_ source: WindowSource, views: [WindowView]) {
    self.source = source
    self.views = views
    schedule = source.schedule
  }

  /// The batch of a step; the same whenever it is asked for.
  func batch(at step: Int) throws(CPCError) -> TrainingBatch {
    let place = schedule.place(at: step)
    try fill(place.pool)
    let windows = place.items.map { recording(at: $0.recording).windows[$0.window] }
    let features = source.plan.features
    var values: [Float] = []
    values.reserveCapacity(views.count * windows.count * features.inputLength * features.inputSize)
    for (number, view) in views.enumerated() {
      values += try self.values(of: windows, view: view, number: number, step: step)
    }
    return TrainingBatch(
      inputs: Tensor(values, shape: [views.count * windows.count, features.inputLength, features.inputSize]),
      viewCount: views.count,
      recordings: zip(place.items, windows).map { source.channelNumbers[$0.recording] + $1.channel },
      labels: place.items.map { item in
        recording(at: item.recording).label.flatMap { source.classes.firstIndex(of: $0) }
      },
      windows: place.items.map { source.firstWindows[$0.recording] + $0.window },
      epoch: place.epoch, endsEpoch: place.endsEpoch)
  }

  private func recording(at index: Int) -> LoadedRecording {
    source.isInMemory ? source.loaded[index] : pool[index]!
  }

  /// Reads what the pool needs and forgets the rest.
  private func fill(_ wanted: [Int]) throws(CPCError) {
    guard !source.isInMemory, wanted != pooled else { return }
    pool = pool.filter { wanted.contains($0.key) }
    let missing = wanted.filter { pool[$0] == nil }
    let source = source
    let results = Parallel.map(missing.count, threads: source.plan.threads) {
      i -> Result<LoadedRecording, CPCError> in
      do throws(CPCError) { return .success(try source.recording(at: missing[i])) } catch {
        return .failure(error)
      }
    }
    for (index, result) in zip(missing, results) { pool[index] = try result.get() }
    pooled = wanted
  }

  /// Features of one view of the windows, window after window.
  private func values(
    of windows: [LoadedWindow], view: WindowView, number: Int, step: Int
  ) throws(CPCError) -> [Float] {
    guard let change = try ViewMaker(view, plan: source.plan) else { return windows.flatMap { $0.features } }
    let plan = source.plan
    let runs = min(plan.threads, windows.count)
    let parts = Parallel.map(runs, threads: runs) { run -> Result<[Float], CPCError> in
      do throws(CPCError) {
        let extractor = try plan.features.features.makeExtractor()
        var result: [Float] = []
        for index in windows.count * run / runs..<windows.count * (run + 1) / runs {
          var random = RandomSource(
            seed: plan.seed,
            path: [RandomPurpose.views.rawValue, UInt64(step), UInt64(number), UInt64(index)])
          result += extractor.features(of: change.view(of: windows[index].samples, random: &random))
        }
        return .success(result)
      } catch { return .failure(error) }
    }
    var result: [Float] = []
    for part in parts { result += try part.get() }
    return result
  }
}
