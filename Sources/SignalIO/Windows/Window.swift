import CKernels

/// A piece of a recording.
package struct Window: Sendable, Equatable {
  /// `[channel][frame]`, every channel of the plan's length.
  package var samples: [[Float]]
  /// Of these samples, in hertz.
  package var sampleRate: Double
  /// Number of the first sample since the recording's beginning, at ``sampleRate``.
  package var startFrame: Int
  /// Position in the sequence of windows of the recording, from 0.
  package var index: Int
  /// Zeros appended to fill the last window.
  package var paddedFrames: Int

  package init(
    samples: [[Float]], sampleRate: Double, startFrame: Int, index: Int, paddedFrames: Int = 0
  ) {
    self.samples = samples
    self.sampleRate = sampleRate
    self.startFrame = startFrame
    self.index = index
    self.paddedFrames = paddedFrames
  }

  /// Seconds from the recording's beginning to the first sample.
  package var startTime: Double { Double(startFrame) / sampleRate }
  /// Samples a channel.
  package var length: Int { samples.first?.count ?? 0 }
  /// Whether no sample is NaN or infinite; other windows cannot be used for anything.
  package var isFinite: Bool {
    samples.allSatisfy(\.isFinite)
  }
}

extension [Float] {
  /// Whether none is NaN or infinite.
  package var isFinite: Bool {
    withUnsafeBufferPointer { fd_summarize_signal($0.baseAddress, $0.count).non_finite == 0 }
  }
}
