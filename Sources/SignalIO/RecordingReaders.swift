import Glibc

/// Every format that recordings can have. A new one is a file in `Readers/` and a line in ``all``.
package enum RecordingReaders {
  /// In the order in which they are asked whether a file is theirs.
  package static let all: [any RecordingReader] = [
    SoundFileReader(),
    MatlabReader(),
    NumPyReader(),
    DelimitedTextReader(),
    RawPCMReader(),
  ]

  /// Opens the recording at `path`; `-` is standard input.
  ///
  /// The format is, in this order: raw PCM when `options.raw` is set, `options.forcedFormat`, what the first bytes
  /// say, what the extension says. Pipes are spooled to a temporary file first, since most formats need to seek.
  ///
  /// - Throws: ``SignalIOError``; messages name standard input rather than the temporary file.
  package static func open(
    path: String, options: ReadOptions = ReadOptions()
  ) throws(SignalIOError) -> any SampleStream {
    if path == "-" { return try SpooledStream.open(descriptor: 0, name: "standard input", options: options) }
    switch try FileKind.of(path: path) {
    case .regular:
      return try openFile(path: path, pathExtension: lowercasedExtension(of: path), options: options)
    case .pipe:
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
      defer { close(descriptor) }
      return try SpooledStream.open(descriptor: descriptor, name: path, options: options)
    case .directory:
      throw .cannotOpen(path: path, reason: "it is a directory")
    }
  }

  /// Opens a regular file whose name ended, before any spooling, in `pathExtension`.
  static func openFile(
    path: String, pathExtension: String, options: ReadOptions
  ) throws(SignalIOError) -> any SampleStream {
    let header = try BinaryFile(path: path).prefix(512)
    guard !header.isEmpty else { throw .emptyFile(path: path) }
    return try reader(path: path, header: header, pathExtension: pathExtension, options: options)
      .open(path: path, options: options)
  }

  private static func reader(
    path: String, header: [UInt8], pathExtension: String, options: ReadOptions
  ) throws(SignalIOError) -> any RecordingReader {
    if let wanted = options.forcedFormat {
      if let forced = all.first(where: { $0.format.name.lowercased() == wanted.lowercased() }) {
        return forced
      }
      let names = all.map { $0.format.name }.joined(separator: ", ")
      throw .badSetting(name: "format", found: "'\(wanted)'", expected: "one of \(names)")
    }
    if options.raw != nil { return RawPCMReader() }
    // The bytes first: a FLAC file named .wav is a FLAC file.
    if let byHeader = all.first(where: { $0.recognizes(header: header, pathExtension: "") }) {
      return byHeader
    }
    if let byName = all.first(where: { $0.recognizes(header: header, pathExtension: pathExtension) }) {
      return byName
    }
    throw .unknownFormat(path: path, found: FirstBytes.describe(header))
  }

  /// The extension after the last dot of the last path component, in lower case; empty if there is none.
  static func lowercasedExtension(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}
