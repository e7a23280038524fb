import Foundation

/// Lists the regular files below folders, each once, loops and all.
///
/// A symbolic link to a folder is followed only where that lies below the same root: else a link to `/` in somebody's archive
/// would send a nightly run through the whole machine.
struct FolderWalk {
  static let depthLimit = 64

  struct File: Equatable {
    var path: String
    var root: String
  }

  private(set) var files: [File] = []
  private(set) var skipped: [SkippedFile] = []
  /// Every path that was kept or skipped, in order.
  private(set) var order: [String] = []
  /// Absolute paths to leave out without a word.
  private let passedOver: Set<String>
  /// Where each file and folder was first met.
  private var seen: [FileStatus.Identity: String] = [:]
  /// Of the folder that is walked, without symbolic links.
  private var root = "/"

  init(passedOver: [String]) {
    self.passedOver = Set(passedOver)
  }

  /// Adds what lies below `root`, byte-wise by path; `root` may be a single file.
  mutating func add(root: String) throws(SignalIOError) {
    guard let status = FileStatus(following: root) else {
      throw .cannotOpen(path: root, reason: "no such file or folder")
    }
    var found: [Entry] = []
    if status.kind == .folder {
      self.root = FilePath.resolved(root) ?? FilePath.absolute(root)
      enter(root, status: status, depth: 0, into: &found)
    } else {
      found.append(Entry(path: root, status: status))
    }
    found.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for entry in found { take(entry, root: root) }
  }

  private struct Entry {
    var path: String
    var status: FileStatus?
    var reason: SkippedFile.Reason?
  }

  private mutating func enter(_ folder: String, status: FileStatus, depth: Int, into found: inout [Entry]) {
    guard depth <= Self.depthLimit else {
      found.append(Entry(path: folder, reason: .tooDeep))
      return
    }
    if let first = seen[status.identity] {
      found.append(Entry(path: folder, reason: .sameAs(path: first)))
      return
    }
    seen[status.identity] = folder
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      found.append(Entry(path: folder, reason: .unreadable(error.localizedDescription)))
      return
    }
    let shown = Set(names)
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let path = FilePath.joined(folder, name)
      guard !Self.isSilent(name, among: shown), !passedOver.contains(FilePath.absolute(path)) else {
        continue
      }
      guard let status = FileStatus(following: path) else {
        found.append(Entry(path: path, reason: .unreadable("the link leads nowhere")))
        continue
      }
      if status.kind == .folder, let target = targetOutside(path) {
        found.append(Entry(path: path, reason: .leadsOutside(target: target)))
      } else if status.kind == .folder {
        enter(path, status: status, depth: depth + 1, into: &found)
      } else {
        found.append(Entry(path: path, status: status))
      }
    }
  }

  /// Where the link at `path` leads, if that is not below the root; nil for what is no link.
  private func targetOutside(_ path: String) -> String? {
    guard FileStatus.isLink(path), let target = FilePath.resolved(path) else { return nil }
    let isInside = target == root || FilePath.relative(target, to: root) != nil
    return isInside ? nil : target
  }

  private mutating func take(_ entry: Entry, root: String) {
    order.append(entry.path)
    if let reason = entry.reason {
      skipped.append(SkippedFile(path: entry.path, reason: reason))
      return
    }
    guard let status = entry.status, status.kind == .regular else {
      skipped.append(SkippedFile(path: entry.path, reason: .notAFile))
      return
    }
    if let first = seen[status.identity] {
      // A root named twice is no news, a file under two names is: it must not count twice.
      if first != entry.path { skipped.append(SkippedFile(path: entry.path, reason: .sameAs(path: first))) }
      return
    }
    seen[status.identity] = entry.path
    files.append(File(path: entry.path, root: root))
  }

  /// Whether a file is passed over without a word: hidden, ours, or the side-car of a file beside it.
  static func isSilent(_ name: String, among names: Set<String>) -> Bool {
    if name.hasPrefix(".") || name == FolderSettings.fileName || name == "labels.csv" { return true }
    let ending = FilePath.pathExtension(of: name)
    if ending == "safetensors" || name.hasPrefix("fault-diag-report") { return true }
    guard ConfigurationFile.Format(rawValue: ending) != nil else { return false }
    let stem = FilePath.stem(of: name)
    if names.contains(stem) { return true }
    return names.contains { $0 != name && FilePath.stem(of: $0) == stem }
  }
}

/// Whether a file is a recording, from its first bytes and its name.
enum Recognition: Equatable {
  case recording(format: String)
  case skip(SkippedFile.Reason)

  static func of(_ path: String, readers: [any RecordingReader]) -> Recognition {
    // The kernel's own files have no size; reading one may wait for ever.
    if FileStatus(following: path)?.size == 0 { return .skip(.empty) }
    let header: [UInt8]
    guard let handle = FileHandle(forReadingAtPath: path) else {
      return .skip(.unreadable("permission denied"))
    }
    defer { try? handle.close() }
    do {
      header = Array(try handle.read(upToCount: 512) ?? Data())
    } catch {
      return .skip(.unreadable(error.localizedDescription))
    }
    guard !header.isEmpty else { return .skip(.empty) }
    let ending = FilePath.pathExtension(of: path)
    // The bytes first: a FLAC file named .wav is a FLAC file.
    let reader =
      readers.first { $0.recognizes(header: header, pathExtension: "") }
      ?? readers.first { $0.recognizes(header: header, pathExtension: ending) }
    guard let reader else { return .skip(.notARecording(found: FirstBytes.describe(header))) }
    return reader.disclaims(path: path)
      ? .skip(.textWithoutNumbers(begins: FirstBytes.line(header))) : .recording(format: reader.format.name)
  }
}

/// Finds the recordings that the rows of a label table mean.
struct LabelMatches {
  /// By index of the path.
  private(set) var metadata: [Int: RecordingMetadata] = [:]
  private(set) var warning: IngestWarning?
  /// The first row that means a recording which another row meant already.
  private(set) var namedTwice: LabelTable.Row?

  /// A row means the file it names in full, or relative to the table's folder or to a root; failing these, the only
  /// recording whose path ends like it.
  init(table: LabelTable?, paths: [String], roots: [String]) {
    guard let table else { return }
    let absolute = paths.map { FilePath.absolute($0) }
    let indices = Dictionary(absolute.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let byName = Dictionary(grouping: absolute.indices) { FilePath.name(of: absolute[$0]) }
    let folders = [FilePath.folder(of: FilePath.absolute(table.path))] + roots.map { FilePath.absolute($0) }
    var unmatched: [String] = []
    for row in table.rows {
      let file = row.file.replacing("\\", with: "/")
      let places = file.hasPrefix("/") ? [file] : folders.map { FilePath.absolute($0 + "/" + file) }
      let exact = places.lazy.compactMap { indices[$0] }.first
      let similar = (byName[FilePath.name(of: file)] ?? []).filter { absolute[$0].hasSuffix("/" + file) }
      guard let index = exact ?? (similar.count == 1 ? similar[0] : nil) else {
        unmatched.append(row.file)
        continue
      }
      if metadata[index] != nil, namedTwice == nil { namedTwice = row }
      metadata[index] = row.metadata
    }
    warning = unmatched.first.map {
      .unmatchedLabels(table: table.path, count: unmatched.count, example: $0)
    }
  }
}
