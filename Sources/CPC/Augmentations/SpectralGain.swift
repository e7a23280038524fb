import SignalIO

/// Filters a window by real gains over its spectrum: Y[k] = g[k] X[k], a filter without delay.
///
/// The window is taken as one period, so what a filter rings beyond one end comes in at the other; with gains that are
/// smooth over frequency that is a few milliseconds.
enum SpectralGain {
  /// `gains` are those of the bins 0 ... N / 2.
  static func apply(_ gains: [Float], to samples: inout [Float]) {
    let transform = FourierTransform(length: samples.count)
    precondition(gains.count == transform.binCount, "\(gains.count) gains for \(transform.binCount) bins")
    var spectrum = transform.spectrum(of: samples)
    for (bin, gain) in gains.enumerated() {
      spectrum[2 * bin] *= gain
      spectrum[2 * bin + 1] *= gain
    }
    samples = transform.signal(of: spectrum)
  }
}
