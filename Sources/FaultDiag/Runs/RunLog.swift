import Foundation
import SignalIO

/// The log of one training, read back.
package struct RunLog {
  /// What tells it from others.
  package var name: String
  /// By step, ascending; where a resumed training did a step again, what it did last.
  package var steps: [TrainingLogRecord]
  package var statistics: [TrainingLogRecord]
  /// Lines that are no records, as a killed program or a full disk leaves them.
  package var brokenLines: Int

  /// Reads the log at `path`.
  package init(path: String, name: String) throws(SignalIOError) {
    let content: Data
    do { content = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw .cannotOpen(path: path, reason: (error as NSError).localizedDescription)
    }
    self.name = name
    var byStep: [TrainingLogRecord.Event: [Int: TrainingLogRecord]] = [:]
    brokenLines = 0
    for line in content.split(separator: UInt8(ascii: "\n"))
    where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
      guard let record = TrainingLogRecord(line: line) else {
        brokenLines += 1
        continue
      }
      byStep[record.event, default: [:]][record.step] = record
    }
    func sorted(_ event: TrainingLogRecord.Event) -> [TrainingLogRecord] {
      (byStep[event] ?? [:]).values.sorted { $0.step < $1.step }
    }
    (steps, statistics) = (sorted(.step), sorted(.statistics))
  }

  /// The logs that `paths` name: files themselves, and all `.jsonl` below folders; with names as short as tell them apart.
  package static func find(_ paths: [String]) throws(SignalIOError) -> [(path: String, name: String)] {
    var found: [String] = []
    for path in paths {
      guard let status = FileStatus(following: path) else {
        throw .cannotOpen(path: path, reason: "No such file or directory")
      }
      found += status.kind == .folder ? below(path) : [path]
    }
    let distinct = found.enumerated().filter { found.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    let names = shortNames(distinct)
    return Array(zip(distinct, names)).map { (path: $0, name: $1) }
  }

  private static func below(_ folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".jsonl") }.sorted().map {
      folder + (folder.hasSuffix("/") ? "" : "/") + $0
    }
  }

  /// Paths without the folders and the ending that all have in common.
  package static func shortNames(_ paths: [String]) -> [String] {
    let parts = paths.map { path in
      (path.hasSuffix(".jsonl") ? String(path.dropLast(6)) : path).split(separator: "/").map(String.init)
    }
    let shortest = parts.map(\.count).min() ?? 0
    func isCommon(_ part: (([String]) -> String)) -> Bool { Set(parts.map(part)).count == 1 }
    var front = 0
    while front < shortest - 1, isCommon({ $0[front] }) { front += 1 }
    var back = 0
    while paths.count > 1, back < shortest - 1 - front, isCommon({ $0[$0.count - 1 - back] }) { back += 1 }
    return parts.map { $0[front..<$0.count - back].joined(separator: "/") }
  }
}
