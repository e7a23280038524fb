/// A signal beyond its ends: its own mirror image, which has no jump there. A jump would sound like an impact.
enum Mirror {
  /// The index in `part` that stands for `index`, ... 2 1 0 1 2 ... n-2 n-1 n-2 ...
  static func index(_ index: Int, in part: Range<Int>) -> Int {
    precondition(!part.isEmpty, "no samples to mirror")
    guard part.count > 1 else { return part.lowerBound }
    let period = 2 * (part.count - 1)
    let place = (index - part.lowerBound) % period
    let folded = place < 0 ? place + period : place
    return part.lowerBound + min(folded, period - folded)
  }

  /// `count` samples from index `start` on, which may lie before the first or reach beyond the last.
  static func stretch(of samples: [Float], from start: Int, count: Int) -> [Float] {
    func outside(_ range: Range<Int>) -> some Sequence<Float> {
      range.lazy.map { samples[index($0, in: samples.indices)] }
    }
    let wanted = start..<start + count
    guard wanted.overlaps(samples.indices) else { return Array(outside(wanted)) }
    let inside = samples.indices.clamped(to: wanted)
    var result: [Float] = []
    result.reserveCapacity(count)
    result.append(contentsOf: outside(wanted.lowerBound..<inside.lowerBound))
    result.append(contentsOf: samples[inside])
    result.append(contentsOf: outside(inside.upperBound..<wanted.upperBound))
    return result
  }
}
