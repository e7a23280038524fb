import Support

/// Draws the negatives of InfoNCE: latents that did not follow the context.
///
/// Positions are numbered `row * steps + step` over the batch. For window b, step t and k steps ahead the positive is
/// position `b * steps + t + k`; it is never drawn, and where one draw serves all k none of the K positives is.
/// Drawing is with replacement, uniform over what the strategy allows. Every window has its own stream of
/// randomness, so a window's draws depend neither on the number of threads nor on the windows before it.
package struct NegativeSampler: Sendable, Equatable {
  /// Where negatives come from.
  package enum Strategy: String, Sendable, CaseIterable, Codable {
    /// Other steps of the windows of the same recording (Oord et al. 2018, table 2, "current sequence only": 65.2%).
    /// The model cannot win by telling recordings apart, so it learns what changes within one.
    case withinRecording
    /// Every other step of the batch, the own window's included.
    case acrossBatch
    /// Half of them (rounded up) within the recording, half across the batch.
    case mixed
    /// The positive itself with noise added to its samples, one for each corrupted view; nothing is drawn. Serves
    /// data where healthy abounds and faults are rare: the noise is a backdrop against which regularity is learnt.
    case corrupted
  }

  /// Which predictions one draw serves.
  package enum Sharing: String, Sendable, CaseIterable, Codable {
    /// Every (t, k) has its own negatives.
    case fresh
    /// All K predictions from step t use the same negatives: fewer draws, and scores in cache.
    case shared
  }

  package let strategy: Strategy
  package let sharing: Sharing
  /// Negatives N for each prediction.
  package let count: Int
  /// Steps ahead K.
  package let stepsAhead: Int

  package init(strategy: Strategy, sharing: Sharing, count: Int, stepsAhead: Int) {
    precondition(count > 0 && stepsAhead > 0, "cannot draw \(count) negatives for \(stepsAhead) steps ahead")
    self.strategy = strategy
    // A corrupted positive differs for every k, so one set cannot serve all.
    self.sharing = strategy == .corrupted ? .fresh : sharing
    self.count = count
    self.stepsAhead = stepsAhead
  }

  /// Negatives for every prediction of a batch.
  ///
  /// - `recordings`: recording of each window, `[B]`.
  /// - `steps`: steps L of a row; must exceed K.
  /// - `views`: for ``Strategy/corrupted`` this must be `count + 1`.
  package func draw(
    recordings: [Int], steps: Int, views: Int = 1, threads: Int = 1, random: inout RandomSource
  ) -> Negatives {
    precondition(steps > stepsAhead, "\(steps) steps leave nothing to predict \(stepsAhead) steps ahead")
    precondition(
      strategy != .corrupted || views == count + 1,
      "\(count) corrupted negatives need \(count + 1) views, found \(views)")
    let seed = random.next()
    let groups = Groups(recordings)
    let shape = Negatives.Shape(
      windows: recordings.count, anchors: steps - stepsAhead, draws: sharing == .shared ? 1 : stepsAhead,
      count: count)
    let parts = Parallel.map(recordings.count, threads: threads) { window in
      var stream = RandomSource(seed: seed, path: [UInt64(window)])
      return positions(of: window, groups: groups, steps: steps, shape: shape, random: &stream)
    }
    var drawn: [Int32] = []
    drawn.reserveCapacity(shape.windows * shape.anchors * shape.draws * shape.count)
    for part in parts { drawn += part }
    return Negatives(shape: shape, positions: drawn)
  }

  /// How many latents each window's negatives are drawn from, all with the same probability.
  package func candidateCounts(recordings: [Int], steps: Int) -> [Int] {
    precondition(
      strategy == .withinRecording || strategy == .acrossBatch, "\(strategy) does not draw from one set")
    let groups = Groups(recordings)
    return recordings.indices.map { window in
      let segments = strategy == .withinRecording ? groups.windows(of: window).count : recordings.count
      return segments * steps - excluded
    }
  }

  /// Positives that are never drawn, for one draw.
  private var excluded: Int { sharing == .shared ? stepsAhead : 1 }

  /// The positions for one window, `[anchor, draw, count]`.
  private func positions(
    of window: Int, groups: Groups, steps: Int, shape: Negatives.Shape, random: inout RandomSource
  ) -> [Int32] {
    var result = [Int32](repeating: 0, count: shape.anchors * shape.draws * count)
    let windows = groups.windows(of: window)
    let within = strategy == .withinRecording ? count : strategy == .mixed ? (count + 1) / 2 : 0
    for set in 0..<shape.anchors * shape.draws {
      let (anchor, draw) = set.quotientAndRemainder(dividingBy: shape.draws)
      let first = anchor + 1 + draw
      let (start, end) = (set * count, (set + 1) * count)
      if strategy == .corrupted {
        for index in 0..<count {
          result[start + index] = Int32(((index + 1) * shape.windows + window) * steps + first)
        }
        continue
      }
      let own = start..<start + within
      let others = start + within..<end
      random.fillIntegers(below: windows.count * steps - excluded, &result, own)
      random.fillIntegers(below: shape.windows * steps - excluded, &result, others)
      stepOver(groups.place[window] * steps + first, &result, own)
      stepOver(window * steps + first, &result, others)
      place(windows, steps: steps, &result, own)
    }
    return result
  }

  /// Leaves out the positives, which are consecutive from `hole` on: what was drawn is below what remains without them.
  private func stepOver(_ hole: Int, _ positions: inout [Int32], _ range: Range<Int>) {
    let (hole, excluded) = (Int32(hole), Int32(excluded))
    for i in range { positions[i] &+= positions[i] >= hole ? excluded : 0 }
  }

  /// Turns positions among the steps of a recording's windows into those of the batch.
  private func place(_ windows: [Int], steps: Int, _ positions: inout [Int32], _ range: Range<Int>) {
    let first = windows[0]
    if windows[windows.count - 1] - first == windows.count - 1 {
      // The windows follow one another, so their steps do, too.
      let offset = Int32(first * steps)
      for i in range { positions[i] &+= offset }
    } else {
      for i in range {
        let (row, step) = Int(positions[i]).quotientAndRemainder(dividingBy: steps)
        positions[i] = Int32(windows[row] * steps + step)
      }
    }
  }

  /// The windows of a batch by recording.
  private struct Groups: Sendable {
    private var members: [[Int]] = []
    private var group: [Int] = []
    /// Where a window stands among those of its recording.
    var place: [Int] = []

    init(_ recordings: [Int]) {
      var groupOf: [Int: Int] = [:]
      for (window, recording) in recordings.enumerated() {
        let number = groupOf[recording] ?? members.count
        if number == members.count {
          groupOf[recording] = number
          members.append([])
        }
        group.append(number)
        place.append(members[number].count)
        members[number].append(window)
      }
    }

    func windows(of window: Int) -> [Int] { members[group[window]] }
  }
}

/// The positions of the negatives of a batch, `[window, anchor, draw, count]`.
package struct Negatives: Sendable, Equatable {
  package struct Shape: Sendable, Equatable {
    package var windows: Int
    /// Steps that predict: L - K.
    package var anchors: Int
    /// 1 where all K predictions of an anchor share their negatives, else K.
    package var draws: Int
    /// Negatives a prediction, N.
    package var count: Int

    package init(windows: Int, anchors: Int, draws: Int, count: Int) {
      self.windows = windows
      self.anchors = anchors
      self.draws = draws
      self.count = count
    }
  }

  package let shape: Shape
  package let positions: [Int32]

  package init(shape: Shape, positions: [Int32]) {
    precondition(
      positions.count == shape.windows * shape.anchors * shape.draws * shape.count,
      "\(positions.count) positions do not fill \(shape)")
    self.shape = shape
    self.positions = positions
  }
}
