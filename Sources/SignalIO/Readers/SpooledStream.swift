import Glibc

/// A recording that came through a pipe, kept in a temporary file while it is read.
///
/// The file has lost its name before the first sample is read, so that nothing stays behind whatever happens.
final class SpooledStream: SampleStream {
  private let stream: any SampleStream
  private let name: String

  private init(stream: any SampleStream, name: String) {
    self.stream = stream
    self.name = name
  }

  var info: RecordingInfo { stream.info }
  var warnings: [RecordingWarning] { stream.warnings }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    do { return try stream.read(frames: frames) } catch { throw error.at(path: name) }
  }

  /// Copies everything from `descriptor` and opens it; `name` stands for the path in messages.
  static func open(
    descriptor: Int32, name: String, options: ReadOptions
  ) throws(SignalIOError) -> SpooledStream {
    let path = try copy(descriptor, name: name)
    // Readers hold the file open; its name is not needed after that.
    defer { unlink(path) }
    do {
      let stream = try RecordingReaders.openFile(path: path, pathExtension: "", options: options)
      return SpooledStream(stream: stream, name: name)
    } catch {
      throw error.at(path: name)
    }
  }

  private static func copy(_ descriptor: Int32, name: String) throws(SignalIOError) -> String {
    let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(directory)/fault-diag-XXXXXX".utf8CString)
    let target = mkstemp(&template)
    // The array ends with the zero that utf8CString put there.
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard target >= 0 else {
      throw .cannotOpen(path: path, reason: "no temporary file: \(String(cString: strerror(errno)))")
    }
    defer { close(target) }
    do {
      try pump(from: descriptor, to: target, name: name)
    } catch {
      unlink(path)
      throw error
    }
    return path
  }

  private static func pump(
    from source: Int32, to target: Int32, name: String
  ) throws(SignalIOError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(source, &buffer, buffer.count)
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotOpen(path: name, reason: String(cString: strerror(errno)))
      }
      var written = 0
      while written < count {
        let step = buffer.withUnsafeBytes { Glibc.write(target, $0.baseAddress! + written, count - written) }
        if step < 0 {
          if errno == EINTR { continue }
          throw .cannotOpen(path: name, reason: "no room to spool it: \(String(cString: strerror(errno)))")
        }
        written += step
      }
    }
  }
}

extension SignalIOError {
  /// The same error about another path, for input that is read from a temporary copy.
  func at(path: String) -> SignalIOError {
    switch self {
    case .cannotOpen(_, let reason): .cannotOpen(path: path, reason: reason)
    case .emptyFile: .emptyFile(path: path)
    case .unknownFormat(_, let found): .unknownFormat(path: path, found: found)
    case .malformed(_, let location, let found, let expected):
      .malformed(path: path, location: location, found: found, expected: expected)
    case .noSamples(_, let found): .noSamples(path: path, found: found)
    case .noSuchChannel(_, let wanted, let available):
      .noSuchChannel(path: path, wanted: wanted, available: available)
    case .tooLarge(_, let claimed, let limit): .tooLarge(path: path, claimed: claimed, limit: limit)
    // What concerns no recording keeps its words.
    default: self
    }
  }
}
