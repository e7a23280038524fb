import Glibc

/// The layers of the ziggurat under exp(-x^2/2), and a draw from them.
///
/// Layer i (1 ... 255) is the rectangle of width x[i] between the heights f(x[i]) and f(x[i + 1]); layer 0 is the
/// rectangle of width r under f(r) together with the tail, stretched to the width v / f(r). All have the area
/// v = r f(r) + the tail's integral, with r = 3.6541528853610088 for 256 layers (Marsaglia and Tsang, 2000).
struct NormalZiggurat: Sendable {
  static let shared = NormalZiggurat()

  private static let layers = 256
  private static let tailStart = 3.654_152_885_361_008_8

  /// Interleaved x[i], f(x[i]) for i = 0 ... 256, so that a draw touches neighbouring memory.
  ///
  /// Invariant: written once, in `init`, and never freed: it lives as long as ``shared``, so threads may share it.
  private nonisolated(unsafe) let table: UnsafePointer<Double>

  private init() {
    let r = Self.tailStart
    let density = { (x: Double) in exp(-0.5 * x * x) }
    let area = r * density(r) + (Double.pi / 2).squareRoot() * erfc(r / 2.0.squareRoot())
    let entries = UnsafeMutablePointer<Double>.allocate(capacity: 2 * (Self.layers + 1))
    var edge = r
    for i in 0...Self.layers {
      switch i {
      case 0: edge = area / density(r)
      case 1: edge = r
      case Self.layers: edge = 0
      default: edge = (-2 * log(area / edge + density(edge))).squareRoot()
      }
      entries[2 * i] = edge
      entries[2 * i + 1] = density(edge)
    }
    table = UnsafePointer(entries)
  }

  // Invariant of the pointer arithmetic: layer <= 255, so 2 * layer + 3 <= 513 < 2 * 257.
  @inline(__always)
  func draw(_ source: inout RandomSource) -> Double {
    while true {
      let bits = source.next()
      let layer = Int(bits & 0xFF)
      let entry = table + 2 * layer
      let x = Double(bits >> 11) * 0x1p-53 * entry[0]
      let sign = bits & 0x100 == 0 ? 1.0 : -1.0
      if x < entry[2] { return sign * x }
      // A copy goes out of line, so that the stream's own state can stay in registers in a caller's loop.
      var stream = source
      let magnitude = edge(x, layer: layer, &stream)
      source = stream
      if let magnitude { return sign * magnitude }
    }
  }

  /// The rare part of a draw: the tail beyond r for layer 0, the wedge under the curve for the others; nil refuses.
  @inline(never)
  private func edge(_ x: Double, layer: Int, _ source: inout RandomSource) -> Double? {
    guard layer > 0 else { return tail(&source) }
    let low = table[2 * layer + 1]
    let high = table[2 * layer + 3]
    return low + source.uniform() * (high - low) < exp(-0.5 * x * x) ? x : nil
  }

  /// A draw beyond r by Marsaglia's method: exponential steps, accepted with probability exp(-step^2 / 2).
  private func tail(_ source: inout RandomSource) -> Double {
    while true {
      // 1 - u lies on (0, 1], so its logarithm is finite.
      let step = -log(1 - source.uniform()) / Self.tailStart
      let height = -log(1 - source.uniform())
      if 2 * height > step * step { return Self.tailStart + step }
    }
  }
}
