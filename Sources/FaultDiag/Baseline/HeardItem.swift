import Foundation

/// The components of one item, a recording or a window of one: what is compared with the healthy state.
package struct HeardItem: Sendable, Equatable {
  /// Components without an encoder.
  package var plain: [NoveltyComponent: [Float]]
  /// The learnt components under each encoder.
  package var learnt: [[NoveltyComponent: [Float]]]

  /// All components, the learnt ones as encoder number `encoder` hears them; there may be no encoder at all.
  package func components(encoder: Int) -> [NoveltyComponent: [Float]] {
    learnt.isEmpty ? plain : plain.merging(learnt[encoder]) { own, _ in own }
  }
}

/// One window as it goes into the sums of an item.
struct HeardWindow: Sendable {
  /// What one encoder makes of it.
  struct Learnt: Sendable {
    /// Highest value of each latent.
    var latentPeak: [Float]
    /// Sum of the contexts over the steps that no window before had.
    var contextSum: [Double]
    /// Nats above chance.
    var surprise: Double
  }

  var samples: [Float]
  /// Log band levels, frame after frame.
  var frames: [Float]
  /// Of the last steps, how many no window before had.
  var freshSteps: Int
  var learnt: [Learnt]
}

/// Sums over the windows of an item, in memory that does not grow with them.
///
/// Means and deviations take every frame once, though windows overlap; peaks are the mean over windows of the window's
/// highest value, so that they do not grow with the length of a recording.
struct ItemSums {
  private let bands: Int
  private let framesPerStep: Int
  private var windows = 0.0
  private var frames = 0.0
  private var steps = 0.0
  private var level = [Double](repeating: 0, count: 3)
  private var bandSum: [Double]
  private var bandSquares: [Double]
  private var bandPeak: [Double]
  private var latentPeak: [[Double]] = []
  private var contextSum: [[Double]] = []
  private var surprise: [Double] = []

  init(bands: Int, framesPerStep: Int) {
    self.bands = bands
    self.framesPerStep = framesPerStep
    bandSum = [Double](repeating: 0, count: bands)
    bandSquares = bandSum
    bandPeak = bandSum
  }

  var isEmpty: Bool { windows == 0 }

  mutating func add(_ window: HeardWindow) {
    windows += 1
    for (i, value) in Self.level(of: window.samples).enumerated() { level[i] += value }
    addBands(window)
    steps += Double(window.freshSteps)
    if latentPeak.isEmpty {
      latentPeak = window.learnt.map { [Double](repeating: 0, count: $0.latentPeak.count) }
      contextSum = window.learnt.map { [Double](repeating: 0, count: $0.contextSum.count) }
      surprise = window.learnt.map { _ in 0 }
    }
    for (encoder, learnt) in window.learnt.enumerated() {
      for (i, value) in learnt.latentPeak.enumerated() { latentPeak[encoder][i] += Double(value) }
      for (i, value) in learnt.contextSum.enumerated() { contextSum[encoder][i] += value }
      surprise[encoder] += learnt.surprise
    }
  }

  private mutating func addBands(_ window: HeardWindow) {
    let count = window.frames.count / bands
    let firstFresh = count - window.freshSteps * framesPerStep
    var peak = [Float](repeating: -.infinity, count: bands)
    for frame in 0..<count {
      for band in 0..<bands {
        let value = window.frames[frame * bands + band]
        peak[band] = max(peak[band], value)
        if frame >= firstFresh {
          bandSum[band] += Double(value)
          bandSquares[band] += Double(value) * Double(value)
        }
      }
    }
    frames += Double(count - firstFresh)
    for band in 0..<bands { bandPeak[band] += Double(peak[band]) }
  }

  /// Of the windows added so far; at least one.
  var item: HeardItem {
    let means = bandSum.map { $0 / frames }
    let deviations = bandSquares.indices.map {
      max(0, bandSquares[$0] / frames - means[$0] * means[$0]).squareRoot()
    }
    return HeardItem(
      plain: [
        .level: level.map { Float($0 / windows) }, .bands: (means + deviations).map { Float($0) },
        .peaks: bandPeak.map { Float($0 / windows) },
      ],
      learnt: surprise.indices.map { encoder in
        [
          .latents: latentPeak[encoder].map { Float($0 / windows) },
          .contexts: contextSum[encoder].map { Float($0 / steps) },
          .surprise: [Float(surprise[encoder] / windows)],
        ]
      })
  }

  /// Logarithms of root mean square, highest magnitude and kurtosis, the mean removed.
  private static func level(of samples: [Float]) -> [Double] {
    let count = Double(samples.count)
    let mean = samples.reduce(0.0) { $0 + Double($1) } / count
    var (second, fourth, peak) = (0.0, 0.0, 0.0)
    for sample in samples {
      let d = Double(sample) - mean
      second += d * d
      fourth += d * d * d * d
      peak = max(peak, abs(d))
    }
    second /= count
    fourth /= count
    guard second > 1e-24 else { return [log(1e-12), log(1e-12), log(3)] }
    return [0.5 * log(second), log(peak), log(fourth / (second * second))]
  }
}
