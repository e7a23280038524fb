import Glibc

/// A log that grows: every record goes out in one write, so a killed program leaves at most its last record cut.
final class AppendedFile {
  let path: String
  private let descriptor: CInt

  /// Opens or makes the file at `path`; `keepsContent` appends to what is there.
  init(path: String, keepsContent: Bool) throws(LogFileError) {
    self.path = path
    let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | (keepsContent ? 0 : O_TRUNC)
    descriptor = open(path, flags, 0o666)
    if descriptor < 0 { throw .cannotOpen(path: path, reason: systemReason(errno)) }
  }

  deinit { close(descriptor) }

  /// The last byte; nil of an empty file.
  var lastByte: UInt8? {
    let size = lseek(descriptor, 0, SEEK_END)
    var byte: UInt8 = 0
    return size > 0 && pread(descriptor, &byte, 1, size - 1) == 1 ? byte : nil
  }

  func append(_ bytes: [UInt8]) throws(LogFileError) {
    var done = 0
    while done < bytes.count {
      // Invariant: the pointer reaches bytes.count - done bytes.
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { throw .cannotWrite(path: path, reason: systemReason(written < 0 ? errno : ENOSPC)) }
      done += written
    }
  }
}

/// Why a log could not be kept; `reason` is the system's word.
package enum LogFileError: Error, Sendable, Equatable {
  case cannotOpen(path: String, reason: String)
  /// Records before this one are in the file.
  case cannotWrite(path: String, reason: String)
}

extension LogFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open the log \(path): \(reason). Check that its folder exists and may be written to."
    case .cannotWrite(let path, let reason):
      "cannot write to the log \(path): \(reason). Free some space, or log to another place."
    }
  }
}
