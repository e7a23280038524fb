import Foundation
import Support

/// Gains that lower parts of an axis, be it time or frequency, by 20 dB.
///
/// Not to silence: logarithmic features would fall to their floor, far outside anything a sensor gives, and be told by
/// that. The edges are ramps, straight in dB: a sharp edge in time would sound like an impact, and in frequency ring.
enum Mask {
  static let depth = 20.0

  /// - Parameters:
  ///   - count: of places on the axis.
  ///   - masked: parts of it.
  ///   - edge: places that a ramp takes.
  static func gains(count: Int, masked: [Range<Int>], edge: Int) -> [Float] {
    // How many masked places lie before each place.
    var sums = [0]
    sums.reserveCapacity(count + 1)
    var isMasked = [Bool](repeating: false, count: count)
    for part in masked { for i in part { isMasked[i] = true } }
    for masked in isMasked { sums.append(sums[sums.count - 1] + (masked ? 1 : 0)) }
    let half = max(0, edge / 2)
    return (0..<count).map { i in
      let (start, end) = (max(0, i - half), min(count, i + half + 1))
      let share = Double(sums[end] - sums[start]) / Double(end - start)
      return share == 0 ? 1 : Float(pow(10, -depth * share / 20))
    }
  }

  /// A random part of an axis: its length uniform on 0 ... `share` of all, its place anywhere.
  static func part(of count: Int, share: Double, random: inout RandomSource) -> Range<Int> {
    let (length, place) = (share * random.uniform(), random.uniform())
    let taken = Int((length * Double(count)).rounded(.down))
    let start = Int(place * Double(count - taken))
    return start..<start + taken
  }
}
