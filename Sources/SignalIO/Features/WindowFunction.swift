import Foundation

/// Weights that taper a block of samples before its spectrum is taken.
///
/// Cosine sums w[n] = a0 - a1 cos(2 pi n / P) + a2 cos(4 pi n / P). `periodic` has P = N and suits spectra
/// (its Fourier sum is exact); `symmetric` has P = N - 1 and suits filter design. Coefficients: Harris, "On
/// the use of windows for harmonic analysis with the discrete Fourier transform", Proc. IEEE 66 (1978); flat
/// top: SciPy's `flattop` after D'Antona and Ferrero (2006).
package enum WindowFunction: String, Sendable, CaseIterable, Codable {
  case rectangular
  case hann
  case hamming
  case blackman
  case flatTop

  /// Where the cosine has its period.
  package enum Symmetry: String, Sendable, Codable {
    case periodic
    case symmetric
  }

  /// a0, a1, ... of the alternating cosine sum.
  private var coefficients: [Double] {
    switch self {
    case .rectangular: [1]
    case .hann: [0.5, 0.5]
    case .hamming: [0.54, 0.46]
    case .blackman: [0.42, 0.5, 0.08]
    case .flatTop: [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368]
    }
  }

  /// `length` weights in double precision; a single weight is 1.
  package func weights(_ length: Int, _ symmetry: Symmetry = .periodic) -> [Double] {
    precondition(length > 0, "a window of \(length) samples does not exist")
    guard length > 1 else { return [1] }
    let period = Double(symmetry == .periodic ? length : length - 1)
    let terms = coefficients
    var weights = [Double](repeating: terms[0], count: length)
    // The second half mirrors the first.
    for n in 0...Int(period) / 2 {
      for (m, a) in terms.enumerated().dropFirst() {
        weights[n] += (m % 2 == 0 ? a : -a) * cos(2 * .pi * Double(m) * Double(n) / period)
      }
      let mirrored = Int(period) - n
      if mirrored < length { weights[mirrored] = weights[n] }
    }
    return weights
  }

  /// Mean weight: the factor by which the window lowers the spectrum line of a tone (Hann, periodic: 0.5).
  package static func coherentGain(of weights: [Double]) -> Double {
    weights.reduce(0, +) / Double(weights.count)
  }

  /// Equivalent noise bandwidth in bins, N sum w^2 / (sum w)^2 (Hann, periodic: 1.5).
  package static func noiseBandwidth(of weights: [Double]) -> Double {
    let sum = weights.reduce(0, +)
    return Double(weights.count) * weights.reduce(0) { $0 + $1 * $1 } / (sum * sum)
  }
}
