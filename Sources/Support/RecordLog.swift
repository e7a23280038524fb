import Glibc

/// Lines that are appended one by one and can be read again by their places, for one program at a time.
///
/// Every line goes out in one write, so a killed program leaves at most its last line cut; a cut line is removed when the
/// log is opened again. A value may be used from several threads only under the caller's lock.
package final class RecordLog {
  /// Where a line stands: its first byte and its length without the line end.
  package struct Place: Sendable, Equatable {
    package var offset: Int
    package var length: Int

    package init(offset: Int, length: Int) {
      self.offset = offset
      self.length = length
    }
  }

  /// No record is longer; a file without line ends must not fill the memory.
  package static let longestLine = 1 << 26

  package let path: String
  private let descriptor: CInt
  private var end = 0

  /// Opens or makes the log at `path` and keeps every other program out of it.
  ///
  /// - `keepsContent`: goes on behind the whole lines that are there; else they are removed.
  package init(path: String, keepsContent: Bool) throws(RecordLogError) {
    self.path = path
    var locked = try Self.locked(path)
    // Whoever had the lock may have replaced the file before letting go: then this one is nobody's any more.
    while !Self.stands(locked, at: path) {
      close(locked)
      locked = try Self.locked(path)
    }
    descriptor = locked
    if keepsContent {
      var whole = 0
      forEachLine { whole = $0.offset + $0.length + 1 }
      end = whole
    }
    // Fails for devices, which have no length to cut.
    _ = ftruncate(descriptor, off_t(end))
  }

  deinit { close(descriptor) }

  private static func locked(_ path: String) throws(RecordLogError) -> CInt {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: systemReason(errno)) }
    // Devices cannot be locked everywhere, and need not be.
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return descriptor }
    close(descriptor)
    throw .inUse(path: path)
  }

  private static func stands(_ descriptor: CInt, at path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && (opened.st_dev, opened.st_ino) == (named.st_dev, named.st_ino)
  }

  /// Appends `line`, which holds no line end.
  package func append(_ line: String) throws(RecordLogError) -> Place {
    let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
    var done = 0
    while done < bytes.count {
      // Invariant: the pointer reaches bytes.count - done bytes.
      let written = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, off_t(end + done))
      }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { throw .cannotWrite(path: path, reason: systemReason(written < 0 ? errno : ENOSPC)) }
      done += written
    }
    defer { end += bytes.count }
    return Place(offset: end, length: bytes.count - 1)
  }

  /// The line at `place`; nil where it cannot be read any more or is longer than any record.
  package func line(at place: Place) -> String? {
    guard place.length <= Self.longestLine else { return nil }
    var bytes = [UInt8](repeating: 0, count: place.length)
    var done = 0
    while done < place.length {
      // Invariant: the pointer has room for place.length - done bytes.
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, place.length - done, off_t(place.offset + done))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      done += count
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Calls `body` with the place of every whole line, from the first.
  package func forEachLine(_ body: (Place) -> Void) {
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var (offset, start) = (0, 0)
    while true {
      // Invariant: the buffer has exactly the length that is asked for.
      let count = block.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      for index in 0..<count where block[index] == UInt8(ascii: "\n") {
        body(Place(offset: start, length: offset + index - start))
        start = offset + index + 1
      }
      offset += count
    }
  }
}

/// Why lines could not be kept; `reason` is the system's word.
package enum RecordLogError: Error, Sendable, Equatable {
  case cannotOpen(path: String, reason: String)
  /// Another program writes there.
  case inUse(path: String)
  /// Lines before this one are in the file.
  case cannotWrite(path: String, reason: String)
}

extension RecordLogError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open \(path): \(reason). Check that its folder exists and may be written to."
    case .inUse(let path):
      "cannot write \(path): found another run that writes there, expected none. Wait for its end, or choose another "
        + "folder."
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason). What was written before stays; free some space and run again."
    }
  }
}
