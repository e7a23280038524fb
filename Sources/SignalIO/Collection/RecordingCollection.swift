/// The recordings of one or more folders, in an order that depends on nothing but their paths.
package struct RecordingCollection: Sendable, Equatable {
  /// Byte-wise by path below each root; roots in the order given.
  package var recordings: [FoundRecording]
  /// What was looked at and is no recording, in the same order.
  package var skipped: [SkippedFile]
  package var warnings: [IngestWarning]

  /// How a collection is made; the defaults take labels from side-cars and folder files only.
  package struct Options: Sendable, Equatable {
    /// Metadata for all recordings, from the command line.
    package var flags = RecordingMetadata()
    /// A ``LabelTable``; stronger than side-cars since somebody named it on the command line.
    package var labelTable: String?
    /// Whether the name of a recording's folder is its label where nothing else says one.
    package var labelsFromFolders = false
    /// No `fault-diag.toml` above this folder counts; nil for no limit.
    package var settingsRoot: String?
    /// Files and folders to leave out without a word.
    package var passedOver: [String] = []
    /// Whether side-cars and folder files are read now; else what is wrong with them shows when a recording is opened.
    package var needsMetadata = true

    package init(
      flags: RecordingMetadata = RecordingMetadata(), labelTable: String? = nil,
      labelsFromFolders: Bool = false,
      settingsRoot: String? = nil
    ) {
      self.flags = flags
      self.labelTable = labelTable
      self.labelsFromFolders = labelsFromFolders
      self.settingsRoot = settingsRoot
    }
  }

  /// Walks `roots` (folders or single files) to their depths and recognises recordings by their first bytes or names.
  ///
  /// Hidden files, side-cars and what this program writes itself are passed over without a word. A recording whose
  /// side-car cannot be used is skipped with the reason. Symbolic links are followed, once to each place,
  /// but none to a folder outside the root.
  ///
  /// Throws for a root that does not exist, and for a folder file or label table that cannot be used.
  package static func discover(
    roots: [String], options: Options = Options(), readers: [any RecordingReader] = RecordingReaders.all
  ) throws(SignalIOError) -> RecordingCollection {
    let table: LabelTable?
    if let path = options.labelTable { table = try LabelTable(path: path) } else { table = nil }
    let passedOver = options.passedOver + (options.labelTable.map { [$0] } ?? [])
    var walk = FolderWalk(passedOver: passedOver.map { FilePath.absolute($0) })
    for root in roots { try walk.add(root: root) }
    var result = RecordingCollection(recordings: [], skipped: walk.skipped, warnings: table?.warnings ?? [])
    var candidates: [FoundRecording] = []
    for candidate in walk.files {
      switch Recognition.of(candidate.path, readers: readers) {
      case .recording(let format):
        candidates.append(FoundRecording(path: candidate.path, root: candidate.root, format: format))
      case .skip(let reason): result.skipped.append(SkippedFile(path: candidate.path, reason: reason))
      }
    }
    let labels = LabelMatches(table: table, paths: candidates.map { $0.path }, roots: roots)
    if let warning = labels.warning { result.warnings.append(warning) }
    if let twice = labels.namedTwice {
      throw .badMetadata(
        path: options.labelTable ?? "", key: "line \(twice.line)", found: "'\(twice.file)' once more",
        expected: "each recording on one line only")
    }
    let flags = [options.flags]
    var toldAlready: Set<String> = []
    for index in candidates.indices {
      var found = candidates[index]
      found.shared = labels.metadata[index].map { [options.flags.merged(over: $0)] } ?? flags
      found.settingsRoot = options.settingsRoot
      guard options.needsMetadata else {
        result.recordings.append(found)
        continue
      }
      do {
        let resolution = try MetadataResolution(
          path: found.path, flags: found.stated, file: RecordingMetadata(), root: options.settingsRoot)
        found.metadata = resolution.metadata
        // What a folder file has to say comes up with each of its recordings.
        result.warnings += resolution.warnings.filter { toldAlready.insert($0.description).inserted }
      } catch {
        // A folder file concerns all recordings below it: nothing sensible can follow from passing it over.
        if case .badMetadata(let path, _, _, _) = error, FilePath.name(of: path) == FolderSettings.fileName {
          throw error
        }
        result.skipped.append(SkippedFile(path: found.path, reason: .badMetadata(error)))
        continue
      }
      if options.labelsFromFolders, found.metadata.label == nil {
        found.metadata.label = found.folderLabel(isOnlyRoot: roots.count == 1)
      }
      result.recordings.append(found)
    }
    let order = Dictionary(walk.order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    result.skipped.sort { (order[$0.path] ?? 0) < (order[$1.path] ?? 0) }
    return result
  }

  package var labelled: [FoundRecording] { recordings.filter { $0.metadata.label != nil } }

  /// The labels that occur, each once, in byte order.
  package var labels: [String] {
    Set(recordings.compactMap { $0.metadata.label?.value }).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }
}

/// A file that some reader recognises, with what is known of it before it is opened.
package struct FoundRecording: Sendable, Equatable {
  package let path: String
  /// The root below which it was found; the path itself for a file that was named.
  package let root: String
  /// Name of the format that was recognised.
  package let format: String
  /// From flags, label table, side-car, folder file and, where asked for, the folder's name.
  package internal(set) var metadata: RecordingMetadata {
    get { known[0] }
    set { known = [newValue] }
  }
  /// Of ``metadata`` what the command line or its label table says; stronger than what the file itself says.
  var stated: RecordingMetadata { shared[0] }
  /// ``stated`` as an array of one, which all that say the same can have in common.
  var shared = Self.nothing
  var settingsRoot: String?

  /// Metadata are a kilobyte, and a folder holds tens of thousands of recordings of which nothing is known yet.
  private var known = Self.nothing
  private static let nothing = [RecordingMetadata()]

  init(path: String, root: String, format: String) {
    self.path = path
    self.root = root
    self.format = format
  }

  package var label: String? { metadata.label?.value }

  /// What a split must not separate: the physical bearing, else the machine; nil when neither is known.
  package var group: String? { metadata.bearingID?.value ?? metadata.machine?.value }

  /// Opens it with all that is known of it.
  package func open(options: ReadOptions = ReadOptions()) throws(SignalIOError) -> RecordingSource {
    let source = try RecordingSource.open(path: path, flags: stated, options: options, root: settingsRoot)
    return source.completed(by: metadata)
  }

  /// The name of the folder that holds it. A file directly in the only root gets none: that folder's name says where the
  /// data is, not what it shows.
  func folderLabel(isOnlyRoot: Bool) -> Sourced<String>? {
    let folder = FilePath.folder(of: FilePath.absolute(path))
    let isDirectlyInRoot = folder == FilePath.absolute(root) || path == root
    guard folder != "/", !(isDirectlyInRoot && isOnlyRoot) else { return nil }
    return Sourced(FilePath.name(of: folder), from: .folder(path: folder))
  }
}

/// A file or folder that was looked at and left out.
package struct SkippedFile: Sendable, Equatable {
  package let path: String
  package let reason: Reason

  package enum Reason: Sendable, Equatable {
    case empty
    /// No reader recognises it; `found` describes its first bytes.
    case notARecording(found: String)
    /// It ends like a table of numbers and holds none.
    case textWithoutNumbers(begins: String)
    case unreadable(String)
    /// Its side-car or folder file cannot be used.
    case badMetadata(SignalIOError)
    /// The same file or folder under another name.
    case sameAs(path: String)
    /// A link to a folder that is not below the root.
    case leadsOutside(target: String)
    /// A device, a socket or a pipe.
    case notAFile
    /// Deeper than anybody nests folders.
    case tooDeep
  }
}

extension SkippedFile: CustomStringConvertible {
  package var description: String { "\(path): \(words)" }

  /// The reason in words.
  package var words: String {
    switch reason {
    case .empty: "empty"
    case .notARecording(let found): "no recording (\(found))"
    case .textWithoutNumbers(let line): "no recording (text without rows of numbers that begins \"\(line)\")"
    case .unreadable(let why): "cannot be read (\(why))"
    case .badMetadata(let error): "\(error)"
    case .sameAs(let other): "the same as \(other)"
    case .leadsOutside(let target): "a link out of the folder; name \(target) itself to read it"
    case .notAFile: "a device, socket or pipe"
    case .tooDeep: "more than \(FolderWalk.depthLimit) folders deep"
    }
  }
}
