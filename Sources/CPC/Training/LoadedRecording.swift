import SignalIO
import Support

/// The windows of one recording, every channel for itself.
struct LoadedRecording: Sendable {
  /// Channel after channel, each in the order of time.
  var windows: [LoadedWindow] = []
  var channelCount = 0
  var label: String?
  /// Windows that hold samples which are no finite numbers.
  var discarded = 0

  /// Memory of the windows, in bytes.
  var byteCount: Int { windows.reduce(0) { $0 + 4 * ($1.features.count + $1.samples.count) } }
}

/// One window of one channel.
struct LoadedWindow: Sendable {
  var channel: Int
  /// `inputLength * inputSize` numbers.
  var features: [Float]
  /// Samples as recorded where views are made of them, else empty.
  var samples: [Float]
}

/// Reads recordings as a plan wants them.
struct RecordingLoader: Sendable {
  let features: FeaturePlan
  let hop: Int
  /// Whether samples are kept beside the features, for views that change them.
  let keepsSamples: Bool

  /// Windows, features, and what was left out. Different recordings may be loaded on different threads.
  func load(_ recording: TrainingRecording) throws(CPCError) -> LoadedRecording {
    var result = LoadedRecording()
    let cut = try read(recording, into: &result)
    let extractor = try features.features.makeExtractor()
    var channels = [[LoadedWindow]](repeating: [], count: result.channelCount)
    for window in cut {
      for (channel, samples) in window.samples.enumerated() {
        let values = extractor.features(of: samples)
        // x - x is 0 for finite x and NaN otherwise, so one sum tells about all.
        guard samples.reduce(0, { $0 + ($1 - $1) }) == 0, values.reduce(0, { $0 + ($1 - $1) }) == 0 else {
          result.discarded += 1
          continue
        }
        channels[channel].append(
          LoadedWindow(channel: channel, features: values, samples: keepsSamples ? samples : []))
      }
    }
    result.windows = channels.flatMap { $0 }
    return result
  }

  private func read(
    _ recording: TrainingRecording, into result: inout LoadedRecording
  ) throws(CPCError) -> [Window] {
    do throws(SignalIOError) {
      let opened = try recording.open()
      result.label = opened.label
      result.channelCount = opened.stream.info.channels.count
      let plan = WindowPlan(length: features.windowSamples, hop: hop, sampleRate: features.sampleRate)
      let reader = try WindowReader(
        stream: opened.stream, sampleRate: opened.sampleRate, plan: plan, path: recording.name)
      var windows: [Window] = []
      while let window = try reader.next() { windows.append(window) }
      return windows
    } catch {
      throw .recording(error)
    }
  }
}
