import CKernels
import Foundation

/// Triangular filters over the bins of a power spectrum, stored and applied sparsely: only bins inside a
/// triangle cost.
package struct BandFilters: Sendable {
  /// Corners in hertz, bandCount + 2 of them: band b rises from corner b to b + 1 and falls to b + 2.
  package let corners: [Double]
  private var weights: [Float] = []
  private var first: [Int32] = []
  /// Weights of each band in ``weights``: those of its triangle, then zeros up to whole eights where the spectrum has the bins.
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

  /// Weights of one band: the first bin and the weights from there on, of which the last may be zeros.
  package func band(_ index: Int) -> (first: Int, weights: [Float]) {
    let start = Int(offsets[index])
    return (Int(first[index]), Array(weights[start..<start + Int(lengths[index])]))
  }

  /// Sums `power` (as many bins as the filters were made for) into `bandCount` energies.
  func apply(to power: UnsafePointer<Float>, into energies: UnsafeMutablePointer<Float>) {
    sk_sparse_bands(power, weights, first, lengths, offsets, energies, bandCount)
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
    // A few bins more for eight lanes at a time take less than adding those of a narrow band one by one.
    let lanes = Int(sk_band_lanes)
    let whole = (row.count + lanes - 1) / lanes * lanes
    if start + whole <= binCount { row += [Float](repeating: 0, count: whole - row.count) }
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
