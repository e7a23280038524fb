/// Cuts samples that come in uneven pieces into blocks of one length, in memory of one block and a piece.
struct BlockCutter: Sendable {
  let length: Int
  private var pending: [Float] = []

  init(length: Int) {
    precondition(length > 0, "blocks of \(length) samples")
    self.length = length
  }

  /// Adds the next samples; returns the blocks that they complete, without those that hold a sample that is not finite.
  mutating func add(_ samples: some Collection<Float>) -> [[Float]] {
    pending += samples
    var blocks: [[Float]] = []
    var start = 0
    while pending.count - start >= length {
      let block = Array(pending[start..<start + length])
      if block.allSatisfy(\.isFinite) { blocks.append(block) }
      start += length
    }
    pending.removeFirst(start)
    return blocks
  }

  /// Forgets samples that do not fill a block: what comes next is not what came before.
  mutating func gap() { pending.removeAll(keepingCapacity: true) }
}
