import Foundation

/// w[k] = exp(-2 pi i k / N), k = 0 ... N / 4: what turns a complex transform of N / 2 points into the real one of N.
enum RealTransformFactors {
  private static let kept = KeptTables(capacity: 32)

  static func of(_ length: Int) -> KeptTables.Table { kept.table(length, make: make) }

  /// exp(a + b) = exp(a) exp(b): coarse angles times fine ones need some sqrt(N) cosines instead of N / 4. Products of two
  /// rounded doubles err by less than half a unit of single precision.
  private static func make(_ length: Int) -> AlignedBuffer {
    let count = length / 4 + 1
    let fineCount = max(1, Int(Double(count).squareRoot()))
    let step = -2 * Double.pi / Double(length)
    let fine = (0..<fineCount).map { (cos(step * Double($0)), sin(step * Double($0))) }
    let values = AlignedBuffer(count: 2 * count)
    for start in stride(from: 0, to: count, by: fineCount) {
      let (c, s) = (cos(step * Double(start)), sin(step * Double(start)))
      for k in start..<min(start + fineCount, count) {
        let (fineC, fineS) = fine[k - start]
        values.base[2 * k] = Float(c * fineC - s * fineS)
        values.base[2 * k + 1] = Float(c * fineS + s * fineC)
      }
    }
    return values
  }
}
