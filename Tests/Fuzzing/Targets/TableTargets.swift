import FaultDiag
import SignalIO

extension FuzzTarget {
  /// `fault-diag.toml`, and what it says of a recording.
  static let folderSettings = FuzzTarget("folder-settings") { bytes in
    let settings = try MemoryFile.with(bytes) { try FolderSettings(path: $0) }
    for name in ["rec.wav", "a/b/IR007_0.mat", "[x]*?.csv"] { _ = settings.metadata(for: name) }
  }

  /// `labels.csv`.
  static let labelTable = FuzzTarget("label-table") { bytes in
    let table = try MemoryFile.with(bytes) { try LabelTable(path: $0) }
    precondition(table.rows.allSatisfy { !$0.file.isEmpty && $0.line > 1 }, "a row without file or line")
  }

  /// A pattern of file names on the first line, a name on the rest.
  static let pattern = FuzzTarget("pattern") { bytes in
    let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.map { String(decoding: $0, as: UTF8.self) }
    let glob = Glob(text[0])
    let name = text.count > 1 ? text[1] : text[0]
    _ = glob.matches(name)
    let isOneName = !name.utf8.contains(UInt8(ascii: "/"))
    precondition(Glob("**/*").matches("a/" + name) || !isOneName, "\(name)")
    precondition(!isOneName || FilePath.name(of: "a/" + name) == name, "\(name)")
  }

  /// A bearing's name as somebody wrote it.
  static let bearingName = FuzzTarget("bearing-name") { bytes in
    let name = String(decoding: bytes, as: UTF8.self)
    let entry = try BearingCatalogue.entry(named: name)
    precondition(BearingCatalogue.orders(named: entry.name) == entry.orders, "\(name) found \(entry.name)")
  }

  static let actionTable = FuzzTarget("action-table") { bytes in
    let table = try MemoryFile.with(bytes) { try ActionTable(path: $0) }
    precondition(!table.fingerprint.isEmpty && !table.aboutFailure.finding.isEmpty, "an empty table")
  }

  static let severityLimits = FuzzTarget("severity-limits") { bytes in
    let limits = try MemoryFile.with(bytes) { try SeverityLimits(path: $0) }
    let boundaries = limits.boundaries(group: "1", mounting: "rigid")
    precondition(boundaries?.count == 3 && !limits.fingerprint.isEmpty, "\(limits.words)")
  }
}
