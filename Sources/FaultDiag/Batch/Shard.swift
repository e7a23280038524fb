/// A part of a batch: every `count`-th input, from the `index`-th on.
package struct Shard: Sendable, Equatable, Codable {
  /// 1 ... ``count``.
  package let index: Int
  package let count: Int

  /// All of it.
  package static let whole = Shard(index: 1, count: 1)

  private init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// Nil unless 1 <= index <= count <= 100000.
  package init?(_ index: Int, of count: Int) {
    guard (1...100_000).contains(count), (1...count).contains(index) else { return nil }
    self.init(index: index, count: count)
  }

  /// Reads `2/8`.
  package init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(index, of: count)
  }

  /// The task of an array job of Slurm; nil outside of one. Tasks are numbered from SLURM_ARRAY_TASK_MIN on, without gaps.
  package init?(slurm environment: [String: String]) {
    guard let id = environment["SLURM_ARRAY_TASK_ID"].flatMap({ Int($0) }),
      let count = environment["SLURM_ARRAY_TASK_COUNT"].flatMap({ Int($0) })
    else { return nil }
    let first = environment["SLURM_ARRAY_TASK_MIN"].flatMap { Int($0) } ?? 1
    self.init(id - first + 1, of: count)
  }

  package func part<Element>(of all: [Element]) -> [Element] {
    stride(from: index - 1, to: all.count, by: count).map { all[$0] }
  }

  /// Name of the file of rows.
  package var fileName: String { self == .whole ? "rows.jsonl" : "rows-\(index)-of-\(count).jsonl" }
}
