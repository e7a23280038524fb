import CKernels
import Foundation

/// Triangular filters over the bins of a power spectrum, stored and applied sparsely: only bins inside a
/// triangle cost.
package struct BandFilters: Sendable {
  /// Corners in hertz, bandCount + 2 of them: band b rises from corner b to b + 1 and falls to b + 2.
  package let corners: [Double]
  private var weights: [Float] = []
  private var first: [Int32] = []
  /// Weights of each band in ``weights``.
  private var lengths: [Int32] = []
  private var offsets: [Int32] = []

  /// Invariant of the validated settings: 0 <= lowest < highest <= sampleRate / 2, bandCount >= 1.
  init(_ settings: LogBandSpectrogram.Settings) {
    let scale = settings.scale
    let low = scale.position(ofHertz: settings.lowest)
    let high = scale.position(ofHertz: settings.highest ?? settings.sampleRate / 2)
    let steps = Double(settings.bandCount + 1)
    corners = (0..<settings.bandCount + 2).map { scale.hertz(at: low + (high - low) * Double($0) / steps) }
    let binWidth = settings.sampleRate / Double(settings.frameLength)
    for band in 0..<settings.bandCount {
      append(band, binWidth: binWidth, binCount: settings.frameLength / 2 + 1, slaney: scale == .melSlaney)
    }
  }

  package var bandCount: Int { first.count }

  /// Weights of one band: the first bin and the weights from there on.
  package func band(_ index: Int) -> (first: Int, weights: [Float]) {
    let start = Int(offsets[index])
    return (Int(first[index]), Array(weights[start..<start + Int(lengths[index])]))
  }

  /// Spectra that are summed together.
  static let rows = Int(sk_band_rows)

  /// Sums spectra into energies `[count, bandCount]`.
  ///
  /// - `power`: ``rows`` spectra of `stride` places each, a multiple of eight and at least the bins that the filters were made
  ///   for. The first `count` are meant; what the others hold does not matter.
  /// - `work`: as many places as `power`.
  func apply(
    to power: AlignedBuffer, stride: Int, count: Int, work: AlignedBuffer,
    into energies: UnsafeMutablePointer<Float>
  ) {
    precondition(
      stride % Self.rows == 0 && power.count >= Self.rows * stride && work.count >= Self.rows * stride
        && count <= Self.rows && power !== work,
      "\(count) spectra of \(stride) places in buffers of \(power.count) and \(work.count)")
    sk_sparse_bands(
      power.base, stride, weights, first, lengths, offsets, work.base, energies, count, bandCount)
  }

  private mutating func append(_ band: Int, binWidth: Double, binCount: Int, slaney: Bool) {
    let (left, centre, right) = (corners[band], corners[band + 1], corners[band + 2])
    let height = slaney ? 2 / (right - left) : 1
    var row: [Float] = []
    var start = max(0, Int((left / binWidth).rounded(.down)) + 1)
    for k in start..<max(start, binCount) {
      let f = Double(k) * binWidth
      if f >= right { break }
      row.append(Float(height * min((f - left) / (centre - left), (right - f) / (right - centre))))
    }
    if row.isEmpty {
      start = min(binCount - 1, Int((centre / binWidth).rounded()))
      row = [Float(height)]
    }
    first.append(Int32(start))
    lengths.append(Int32(row.count))
    offsets.append(Int32(weights.count))
    weights += row
  }
}

extension LogBandSpectrogram.Scale {
  /// Hertz to the scale's own unit.
  package func position(ofHertz f: Double) -> Double {
    switch self {
    case .linear: f
    case .mel: 2595 * log10(1 + f / 700)
    case .melSlaney: f < 1000 ? f * 3 / 200 : 15 + log(f / 1000) * 27 / log(6.4)
    }
  }

  /// The inverse of ``position(ofHertz:)``.
  package func hertz(at position: Double) -> Double {
    switch self {
    case .linear: position
    case .mel: 700 * (pow(10, position / 2595) - 1)
    case .melSlaney: position < 15 ? position * 200 / 3 : 1000 * exp((position - 15) * log(6.4) / 27)
    }
  }
}
