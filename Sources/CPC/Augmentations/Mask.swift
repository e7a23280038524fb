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
    var isMasked = [Bool](repeating: false, count: count)
    for part in masked { for i in part { isMasked[i] = true } }
    let half = max(0, edge / 2)
    func gain(_ inside: Int, of places: Int) -> Float {
      inside == 0 ? 1 : Float(pow(10, -depth * Double(inside) / Double(places) / 20))
    }
    // By the number of masked places within half an edge; near the ends of the axis there are fewer places.
    let ramp = (0...2 * half + 1).map { gain($0, of: 2 * half + 1) }
    var inside = isMasked.prefix(half).count { $0 }
    return (0..<count).map { i in
      if i + half < count, isMasked[i + half] { inside += 1 }
      if i > half, isMasked[i - half - 1] { inside -= 1 }
      let isWhole = i >= half && i + half < count
      return isWhole ? ramp[inside] : gain(inside, of: min(count, i + half + 1) - max(0, i - half))
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
