import SignalIO
import Support

/// Joins the shards of a batch; nothing is joined unless every input is there once.
package struct ReportMerge {
  package let settings: ReportSettings
  package let entries: [ReportEntry]
  package let sources: [RowsFile]

  /// Opens every file of rows in `folder`.
  ///
  /// - `names`: of the files in the folder.
  /// - Throws: ``FaultDiagError/shards(folder:found:expected:)`` and what keeps a file from being opened.
  package init(folder: String, names: [String]) throws {
    let shards = try Self.shards(folder: folder, names: names)
    let sources = try shards.map {
      try RowsFile(path: FilePath.joined(folder, $0.fileName), keepsRows: true)
    }
    let headers = try zip(shards, sources).map { shard, rows throws(FaultDiagError) in
      guard let header = rows.header, header.isComplete, header.shard == shard else {
        throw .shards(
          folder: folder, found: "\(shard.fileName) unfinished",
          expected: "a finished one; run it again with --skip-done --shard \(shard.index)/\(shard.count)")
      }
      return header
    }
    let first = headers[0]
    for (shard, header) in zip(shards, headers) {
      guard header.listingHash == first.listingHash, header.totalInputs == first.totalInputs else {
        throw FaultDiagError.shards(
          folder: folder, found: "\(shard.fileName) of other recordings than \(shards[0].fileName)",
          expected: "shards of the same folders, unchanged in between; run them again with --skip-done")
      }
      guard header.settings == first.settings else {
        throw FaultDiagError.shards(
          folder: folder, found: "\(shard.fileName) made with other options than \(shards[0].fileName)",
          expected: "shards with the same options, model and tables")
      }
    }
    let entries = sources.enumerated().flatMap { $1.entries(file: $0) }.sorted(by: ReportEntry.isBefore)
    try Self.requireEachOnce(entries, total: first.totalInputs, folder: folder)
    settings = first.settings
    self.entries = entries
    self.sources = sources
  }

  /// The shards whose files are there: all of one division, or the refusal.
  private static func shards(folder: String, names: [String]) throws(FaultDiagError) -> [Shard] {
    let found = names.compactMap(shard(fileName:)).sorted { ($0.count, $0.index) < ($1.count, $1.index) }
    guard let first = found.first, let last = found.last else {
      throw .shards(
        folder: folder, found: "no rows", expected: "files such as rows-1-of-4.jsonl from report --shard 1/4")
    }
    guard first.count == last.count else {
      throw .shards(
        folder: folder, found: "shards of \(first.count) and of \(last.count) parts",
        expected: "one division; remove the files of the other")
    }
    let missing = (1...first.count).filter { index in !found.contains { $0.index == index } }
    guard missing.isEmpty else {
      let named = missing.prefix(10).map(String.init).joined(separator: ", ")
      throw .shards(
        folder: folder,
        found: "\(found.count) of \(first.count) shards, without \(named)"
          + (missing.count > 10 ? " and \(missing.count - 10) more" : ""),
        expected: "all; run those with report --shard")
    }
    return found
  }

  /// `rows-2-of-8.jsonl`; nil for another name.
  private static func shard(fileName: String) -> Shard? {
    guard fileName.hasPrefix("rows-"), fileName.hasSuffix(".jsonl") else { return nil }
    let words = fileName.dropFirst(5).dropLast(6).split(separator: "-", omittingEmptySubsequences: false)
    guard words.count == 3, words[1] == "of", let index = Int(words[0]), let count = Int(words[2]),
      let shard = Shard(index, of: count), shard.fileName == fileName
    else { return nil }
    return shard
  }

  private static func requireEachOnce(
    _ entries: [ReportEntry], total: Int, folder: String
  ) throws(FaultDiagError) {
    var seen: Set<String> = []
    let twice = entries.first { !seen.insert($0.path).inserted }
    if let twice {
      throw .shards(
        folder: folder, found: "\(Format.harmless(twice.path)) in two rows",
        expected: "each input once; run the shards again")
    }
    guard entries.count == total else {
      throw .shards(
        folder: folder, found: "\(entries.count) rows",
        expected: "\(total); run the shards again with --skip-done")
    }
  }
}
