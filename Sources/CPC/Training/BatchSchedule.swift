import Support

/// Which windows stand in which batch: a function of the window counts, the plan's seed and the step alone.
///
/// An epoch takes the recordings in a random order and fills pools of them up to a limit of memory; the windows of a
/// pool are shuffled and dealt out in batches, the rest of a pool is left out. Where everything fits there is one pool,
/// so that an epoch is one shuffle of all windows.
///
/// With classes, for objectives that compare by label, a batch holds every class as often, up to one window: each
/// class is dealt from a shuffle of its own, begun anew where a rare one runs out, so that a batch holds positives
/// whatever the shares of the classes. Where half a batch has no room for all classes, those of a batch follow one
/// another in turn, two windows each. Recordings without a class are left out. A pool gives as many batches as its
/// windows fill.
struct BatchSchedule: Sendable, Equatable {
  /// A window: the number of its recording and its number there.
  struct Item: Sendable, Equatable {
    var recording: Int
    var window: Int
  }

  /// Where a batch stands.
  struct Place: Sendable, Equatable {
    var epoch: Int
    /// Recordings that must be in memory, ascending.
    var pool: [Int]
    var items: [Item]
    /// Whether no further batch of this epoch follows.
    var endsEpoch: Bool
  }

  private let counts: [Int]
  private let sizes: [Int]
  private let limit: Int
  private let seed: UInt64
  let batchSize: Int
  /// Class of each recording; nil where classes do not matter.
  private let classes: [Int?]?
  /// The epoch worked on last, with the number of its first step; steps come in order nearly always.
  private var epoch: Epoch?

  private struct Epoch {
    var number = 0
    var firstStep = 0
    var batches: [Place]
  }

  /// - Parameters:
  ///   - counts: windows of each recording.
  ///   - sizes: memory of each recording's windows, in bytes.
  ///   - limit: memory of a pool, in bytes; a single larger recording is a pool of its own.
  ///   - classes: of each recording, for balanced batches.
  init(counts: [Int], sizes: [Int], limit: Int, batchSize: Int, seed: UInt64, classes: [Int?]? = nil) {
    precondition(counts.count == sizes.count, "\(counts.count) counts and \(sizes.count) sizes")
    precondition(
      classes == nil || classes!.count == counts.count,
      "\(classes?.count ?? 0) classes for \(counts.count) recordings")
    self.classes = classes
    self.counts = counts.indices.map { classes == nil || classes![$0] != nil ? counts[$0] : 0 }
    precondition(self.counts.contains { $0 > 0 }, "no windows to make batches of")
    self.sizes = sizes
    self.limit = limit
    self.batchSize = batchSize
    self.seed = seed
  }

  static func == (a: BatchSchedule, b: BatchSchedule) -> Bool {
    a.counts == b.counts && a.sizes == b.sizes && a.limit == b.limit && a.seed == b.seed
      && a.batchSize == b.batchSize && a.classes == b.classes
  }

  var windowCount: Int { counts.reduce(0, +) }

  mutating func place(at step: Int) -> Place {
    var current = epoch.flatMap { $0.firstStep <= step ? $0 : nil } ?? Epoch(batches: batches(of: 0))
    while step >= current.firstStep + current.batches.count {
      let next = current.number + 1
      current = Epoch(
        number: next, firstStep: current.firstStep + current.batches.count, batches: batches(of: next))
    }
    epoch = current
    return current.batches[step - current.firstStep]
  }

  /// Every batch of an epoch, at least one.
  private func batches(of epoch: Int) -> [Place] {
    var random = RandomSource(seed: seed, path: [RandomPurpose.epoch.rawValue, UInt64(epoch)])
    var result: [Place] = []
    for pool in pools(random.permutation(counts.count)) {
      let items = pool.flatMap { recording in
        (0..<counts[recording]).map { Item(recording: recording, window: $0) }
      }
      // A pool smaller than a batch still gives one, so that its recordings are not lost.
      let size = min(batchSize, items.count)
      guard size > 1 else { continue }
      let batches =
        classes == nil
        ? shuffled(items, size: size, &random) : balanced(items, size: size, &random)
      result += batches.map { Place(epoch: epoch, pool: pool, items: $0, endsEpoch: false) }
    }
    if result.isEmpty {
      let items = counts.indices.flatMap { r in (0..<counts[r]).map { Item(recording: r, window: $0) } }
      let pool = counts.indices.filter { counts[$0] > 0 }
      result.append(Place(epoch: epoch, pool: pool, items: items, endsEpoch: false))
    }
    result[result.count - 1].endsEpoch = true
    return result
  }

  private func shuffled(_ items: [Item], size: Int, _ random: inout RandomSource) -> [[Item]] {
    let order = random.permutation(items.count)
    return stride(from: 0, through: items.count - size, by: size).map { start in
      order[start..<start + size].map { items[$0] }
    }
  }

  /// Batches with the classes of the items in turn.
  private func balanced(_ items: [Item], size: Int, _ random: inout RandomSource) -> [[Item]] {
    var decks = Dictionary(grouping: items) { classes?[$0.recording] ?? 0 }
      .sorted { $0.key < $1.key }.map { Deck(items: $0.value) }
    let together = max(1, min(decks.count, size / 2))
    var turn = random.permutation(decks.count)
    return (0..<items.count / size).map { _ in
      let batch = (0..<size).map { decks[turn[$0 % together]].deal(&random) }
      turn = Array(turn[together...] + turn[..<together])
      return batch
    }
  }

  /// Items dealt in random order, and anew when all were.
  private struct Deck {
    let items: [Item]
    private var order: ArraySlice<Int> = []

    init(items: [Item]) { self.items = items }

    mutating func deal(_ random: inout RandomSource) -> Item {
      if order.isEmpty { order = random.permutation(items.count)[...] }
      return items[order.removeFirst()]
    }
  }

  /// Consecutive runs of `order` that fit the limit, each in ascending order.
  private func pools(_ order: [Int]) -> [[Int]] {
    var result: [[Int]] = [[]]
    var size = 0
    for recording in order where counts[recording] > 0 {
      if size + sizes[recording] > limit && !result[result.count - 1].isEmpty {
        result.append([])
        size = 0
      }
      result[result.count - 1].append(recording)
      size += sizes[recording]
    }
    return result.map { $0.sorted() }
  }
}
