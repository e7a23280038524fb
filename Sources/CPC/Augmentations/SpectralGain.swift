import SignalIO

/// Filters a window by real gains over its spectrum: Y[k] = g[k] X[k], a filter without delay.
///
/// The window is taken as one period, so what a filter rings beyond one end comes in at the other; with gains that are
/// smooth over frequency that is a few milliseconds.
enum SpectralGain {
  /// `gains` are those of the bins 0 ... N / 2.
  static func apply(_ gains: [Float], to samples: inout [Float]) {
    FourierTransform(length: samples.count).filter(&samples, gains: gains)
  }
}
