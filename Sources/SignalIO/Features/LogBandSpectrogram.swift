import CKernels
import Foundation

/// Short-time energies in frequency bands, as logarithms: what a spectral encoder hears.
///
///     E[f, b] = ln(max(floor, sum over k of H[b, k] |FFT(w x[f hop ...])[k]|^2 / (sum w)^2))
///
/// w is the periodic Hann window of `frameLength` samples. H[b, k] are triangles of height 1 that overlap by
/// half, their corners evenly spaced on the scale between `lowest` and `highest` hertz. Division by (sum w)^2
/// makes a level independent of the frame length: a tone of amplitude a in the middle of a wide band has
/// energy a^2 / 4 times the window's noise bandwidth (1.5 bins). Frames lie wholly inside the signal (no
/// padding): frame f covers samples f hop ..< f hop + frameLength. A band narrower than a bin would be empty;
/// it takes the bin nearest its centre, so that no band is ever dead.
///
/// `mel` is HTK's scale, 2595 log10(1 + f / 700), without area normalisation; `melSlaney` is linear below 1
/// kHz and logarithmic above (Slaney, Auditory Toolbox, 1998), each triangle divided by its width in hertz;
/// `linear` is hertz.
///
/// Silence gives ln(floor) everywhere; a NaN sample gives NaN in the frames that hold it.
package final class LogBandSpectrogram {
  package enum Scale: String, Sendable, CaseIterable, Codable {
    case mel
    case melSlaney
    case linear
  }

  package struct Settings: Sendable, Equatable, Codable {
    /// Hz.
    package var sampleRate: Double
    /// Samples a frame.
    package var frameLength: Int
    /// Samples between the beginnings of frames.
    package var hop: Int
    package var bandCount: Int
    package var scale: Scale
    /// Lower edge of the first band, in hertz.
    package var lowest: Double
    /// Upper edge of the last band, in hertz; nil is half the sample rate.
    package var highest: Double?
    /// Energies below this are raised to it before the logarithm, in the squared unit of the samples;
    /// positive.
    package var floor: Float

    package init(
      sampleRate: Double, frameLength: Int = 1024, hop: Int = 512, bandCount: Int = 64, scale: Scale = .mel,
      lowest: Double = 0, highest: Double? = nil, floor: Float = 1e-10
    ) {
      self.sampleRate = sampleRate
      self.frameLength = frameLength
      self.hop = hop
      self.bandCount = bandCount
      self.scale = scale
      self.lowest = lowest
      self.highest = highest
      self.floor = floor
    }
  }

  package let settings: Settings
  package let filters: BandFilters

  private let transform: FourierTransform
  private let weights: AlignedBuffer
  private let frame: AlignedBuffer
  private let spectrum: AlignedBuffer
  /// Power spectra of as many frames as the filters take together, `stride` places each.
  private let power: AlignedBuffer
  private let turned: AlignedBuffer
  private let stride: Int

  /// Plans the workspaces. Throws ``SignalIOError/badSetting(name:found:expected:)`` for a setting that
  /// cannot be used.
  package init(settings: Settings) throws(SignalIOError) {
    try Self.validate(settings)
    self.settings = settings
    transform = FourierTransform(length: settings.frameLength)
    let window = WindowFunction.hann.weights(settings.frameLength)
    // The window carries the division by its sum, so that no pass over the spectrum has to.
    let total = window.reduce(0, +)
    weights = AlignedBuffer(count: settings.frameLength)
    weights.load(window.map { Float($0 / total) })
    frame = AlignedBuffer(count: settings.frameLength)
    spectrum = AlignedBuffer(count: 2 * transform.binCount)
    stride = (transform.binCount + BandFilters.rows - 1) / BandFilters.rows * BandFilters.rows
    power = AlignedBuffer(count: BandFilters.rows * stride)
    turned = AlignedBuffer(count: BandFilters.rows * stride)
    filters = BandFilters(settings)
  }

  /// Frames that `sampleCount` samples make.
  package func frameCount(of sampleCount: Int) -> Int {
    guard sampleCount >= settings.frameLength else { return 0 }
    return (sampleCount - settings.frameLength) / settings.hop + 1
  }

  /// Log energies, row-major [frame, band], and the number of frames (0 when there are fewer samples than a
  /// frame).
  package func frames(of samples: [Float]) -> (values: [Float], frameCount: Int) {
    var values = [Float](repeating: 0, count: frameCount(of: samples.count) * settings.bandCount)
    frames(of: samples, into: &values)
    return (values, values.count / settings.bandCount)
  }

  /// As ``frames(of:)`` into room for `frameCount(of:) * bandCount` values, without allocation.
  package func frames(of samples: [Float], into values: inout [Float]) {
    let count = frameCount(of: samples.count)
    precondition(
      values.count == count * settings.bandCount,
      "room for \(values.count) values, expected \(count) frames x \(settings.bandCount) bands")
    samples.withUnsafeBufferPointer { source in
      values.withUnsafeMutableBufferPointer { target in
        // Invariant: frameCount keeps f hop + frameLength <= samples.count, and values has count rows.
        for first in Swift.stride(from: 0, to: count, by: BandFilters.rows) {
          let together = min(BandFilters.rows, count - first)
          for f in 0..<together {
            let start = source.baseAddress! + (first + f) * settings.hop
            sk_multiply(start, weights.base, frame.base, settings.frameLength)
            transform.power(of: frame, through: spectrum, into: power, at: f * stride)
          }
          filters.apply(
            to: power, stride: stride, count: together, work: turned,
            into: target.baseAddress! + first * settings.bandCount)
        }
        if let base = target.baseAddress { sk_log_above(base, settings.floor, base, target.count) }
      }
    }
  }

  private static func validate(_ settings: Settings) throws(SignalIOError) {
    guard settings.sampleRate.isFinite, settings.sampleRate > 0 else {
      throw .badSetting(
        name: "sample rate", found: "\(settings.sampleRate)", expected: "a positive number of hertz")
    }
    guard (2...1 << 20).contains(settings.frameLength) else {
      throw .badSetting(
        name: "frame length", found: "\(settings.frameLength)", expected: "2 to 1048576 samples")
    }
    guard settings.hop > 0 else {
      throw .badSetting(name: "hop", found: "\(settings.hop)", expected: "at least 1 sample")
    }
    guard (1...65536).contains(settings.bandCount) else {
      throw .badSetting(name: "number of bands", found: "\(settings.bandCount)", expected: "1 to 65536")
    }
    let highest = settings.highest ?? settings.sampleRate / 2
    guard settings.lowest >= 0, highest > settings.lowest, highest <= settings.sampleRate / 2 else {
      throw .badSetting(
        name: "band limits", found: "\(settings.lowest) to \(highest) Hz",
        expected: "0 <= lowest < highest <= \(settings.sampleRate / 2) Hz, half the sample rate")
    }
    guard settings.floor >= .leastNormalMagnitude, settings.floor.isFinite else {
      throw .badSetting(
        name: "floor", found: "\(settings.floor)", expected: "a positive energy, for instance 1e-10")
    }
  }
}
