import Foundation

/// A power ratio from decibels: 10^(level / 10).
func decibels(_ level: Double) -> Double { pow(10, level / 10) }

/// Loops over whole signals, in vectors of eight: float sums are not reassociated otherwise.
extension [Float] {
  /// Mean square.
  var power: Double {
    guard !isEmpty else { return 0 }
    return withUnsafeBufferPointer { buffer in
      // Partial sums of 4096 squares a vector lane keep single precision good to about 1e-6.
      var total = 0.0
      var begin = 0
      while begin < buffer.count {
        let end = Swift.min(begin + 4096 * 8, buffer.count)
        var lanes = SIMD8<Float>()
        var i = begin
        while i + 8 <= end {
          // Invariant: i + 8 <= end <= count, so all eight elements exist.
          let values = UnsafeRawPointer(buffer.baseAddress! + i).loadUnaligned(as: SIMD8<Float>.self)
          lanes += values * values
          i += 8
        }
        while i < end {
          lanes[0] += buffer[i] * buffer[i]
          i += 1
        }
        total += Double(lanes.sum())
        begin = end
      }
      return total / Double(buffer.count)
    }
  }

  mutating func scale(by factor: Float) {
    withUnsafeMutableBufferPointer { buffer in
      for i in buffer.indices { buffer[i] *= factor }
    }
  }

  /// Scales to the mean square `target`; silence stays silent.
  mutating func scale(toPower target: Double) {
    let current = power
    if current > 0 { scale(by: Float((target / current).squareRoot())) }
  }

  mutating func add(_ other: [Float]) {
    precondition(count == other.count, "adding \(other.count) samples to \(count)")
    withUnsafeMutableBufferPointer { buffer in
      other.withUnsafeBufferPointer { addend in
        for i in buffer.indices { buffer[i] += addend[i] }
      }
    }
  }

  mutating func multiply(by other: [Float]) {
    precondition(count == other.count, "multiplying \(count) samples by \(other.count)")
    withUnsafeMutableBufferPointer { buffer in
      other.withUnsafeBufferPointer { factor in
        for i in buffer.indices { buffer[i] *= factor[i] }
      }
    }
  }

  /// One-pole filter y[n] = x[n] + pole y[n-1], from rest.
  mutating func colour(pole: Float) {
    guard pole != 0 else { return }
    var last: Float = 0
    withUnsafeMutableBufferPointer { buffer in
      for i in buffer.indices {
        last = buffer[i] + pole * last
        buffer[i] = last
      }
    }
  }
}
