import Foundation
import SignalIO

/// A recording as long as one likes, of simulated blocks that are repeated: each block has an equal part of it.
struct RepeatedRecording {
  /// 16-bit samples.
  private let blocks: [Data]
  private let rate: Double

  /// - Parameters:
  ///   - faults: One for each block; nil is a healthy bearing.
  ///   - rate: In hertz.
  ///   - blockSeconds: Length of a block.
  init(faults: [FaultFamily?], rate: Double, blockSeconds: Double) throws {
    self.rate = rate
    let orders = try BearingCatalogue.entry(named: "6205").orders
    blocks = try faults.map { fault in
      var settings = SimulationSettings(fault: fault, orders: orders, shaftHz: 1797 / 60)
      (settings.sampleRate, settings.seconds, settings.signalToNoise) = (rate, blockSeconds, 6)
      let samples = try BearingSimulator(settings).recording(seed: 1).samples
      let peak = samples.reduce(1e-9) { max($0, abs($1)) }
      return Data(WaveBytes.whole(samples.map { $0 / peak }))
    }
  }

  /// Writes `seconds` of it as RF64 (EBU Tech 3306), which may exceed 4 GiB.
  func write(to path: String, seconds: Double) throws {
    let count = Int(seconds * rate)
    let url = URL(fileURLWithPath: path)
    try Data(WaveBytes.longHeader(rate: Int(rate), samples: count)).write(to: url)
    let file = try FileHandle(forWritingTo: url)
    try file.seekToEnd()
    var written = 0
    while written < 2 * count {
      let block = blocks[written * blocks.count / (2 * count)]
      let size = min(2 * count - written, block.count)
      try file.write(contentsOf: block.prefix(size))
      written += size
    }
    try file.close()
  }
}
