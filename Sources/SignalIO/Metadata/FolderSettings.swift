/// `fault-diag.toml`: what holds for all recordings of a folder and those below it.
///
///     rpm = 1797
///     bearing = "6205"
///     [files."IR*.mat"]
///     label = "inner"
///
/// Sections under `files` hold for names that match their pattern (see ``Glob``), and override the general values. Where
/// several match, the more specific pattern (more literal characters) wins, then the later in byte order.
package struct FolderSettings: Sendable, Equatable {
  package static let fileName = "fault-diag.toml"

  package let path: String
  package let metadata: RecordingMetadata
  package let sections: [Section]
  package let warnings: [IngestWarning]

  package struct Section: Sendable, Equatable {
    package let pattern: Glob
    package let metadata: RecordingMetadata
  }

  /// The nearest settings above the recording at `path`: in its folder or the first parent that has some, not above
  /// `root` (nil: up to the root of the file system). Nil when there are none.
  package static func nearest(to path: String, root: String?) throws(SignalIOError) -> FolderSettings? {
    var folder = FilePath.folder(of: FilePath.absolute(path))
    let top = root.map { FilePath.absolute($0) } ?? "/"
    while true {
      let candidate = FilePath.joined(folder, fileName)
      if FilePath.isRegularFile(candidate) { return try FolderSettings(path: candidate) }
      let isAtTop = folder == top || folder == "/"
      let isInside = FilePath.relative(folder, to: top) != nil
      if isAtTop || !isInside { return nil }
      folder = FilePath.folder(of: folder)
    }
  }

  package init(path: String) throws(SignalIOError) {
    let entries = try ConfigurationFile.table(path: path, format: .toml)
    var table = MetadataTable(path: path, source: .folder(path: path))
    var warnings: [IngestWarning] = []
    metadata = try table.read(entries, ignoring: ["files"])
    warnings += table.warnings
    var sections: [Section] = []
    for (pattern, value) in try Self.files(entries["files"], path: path) {
      let prefix = "files.\"\(pattern)\"."
      guard case .table(let values) = value else {
        throw .badMetadata(
          path: path, key: "files.\"\(pattern)\"", found: value.summary,
          expected: "a table of keys and values")
      }
      var section = MetadataTable(path: path, prefix: prefix, source: .folder(path: path))
      sections.append(Section(pattern: Glob(pattern), metadata: try section.read(values)))
      warnings += section.warnings
    }
    self.path = path
    self.warnings = warnings
    // Strongest first, as `metadata(for:)` merges in this order.
    self.sections = sections.sorted {
      ($0.pattern.specificity, $0.pattern.pattern) > ($1.pattern.specificity, $1.pattern.pattern)
    }
  }

  /// What these settings say of the recording at `path`.
  package func metadata(for path: String) -> RecordingMetadata {
    let folder = FilePath.folder(of: self.path)
    let relative =
      FilePath.relative(FilePath.absolute(path), to: FilePath.absolute(folder)) ?? FilePath.name(of: path)
    let matching = sections.filter { $0.pattern.matches(relative) }
    return (matching.map { $0.metadata } + [metadata]).reduce(RecordingMetadata()) { $0.merged(over: $1) }
  }

  private static func files(
    _ value: ConfigurationValue?, path: String
  ) throws(SignalIOError) -> [(String, ConfigurationValue)] {
    switch value {
    case nil, .null: return []
    case .table(let entries): return entries.keys.sorted().map { ($0, entries[$0] ?? .null) }
    case .some(let other):
      throw .badMetadata(
        path: path, key: "files", found: other.summary, expected: "sections like [files.\"IR*.mat\"]")
    }
  }
}
