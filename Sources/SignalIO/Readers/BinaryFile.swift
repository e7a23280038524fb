import Glibc

/// What kind of thing a path names.
enum FileKind {
  case regular, pipe, directory

  /// - Throws: ``SignalIOError/cannotOpen(path:reason:)`` with the system's word.
  static func of(path: String) throws(SignalIOError) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regular
    case S_IFDIR: return .directory
    default: return .pipe
    }
  }
}

/// A file open for reading at any offset.
///
/// Every read states its offset, so several ``ByteSource``s may share one file.
final class BinaryFile {
  let path: String
  /// In bytes, when the file was opened.
  let size: Int
  private let descriptor: Int32

  init(path: String) throws(SignalIOError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    size = Int(status.st_size)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills `buffer` from `offset`; fewer bytes only at the end of the file.
  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SignalIOError) -> Int {
    let count = fill(buffer, from: offset)
    guard count >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(Int32(-count)))) }
    return count
  }

  /// At most `count` bytes from `offset`; `count` is limited by the size of the file before memory is taken.
  func bytes(at offset: Int, count: Int) throws(SignalIOError) -> [UInt8] {
    guard offset >= 0, offset < size else { return [] }
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - offset)))
    let got = bytes.withUnsafeMutableBytes { fill($0, from: offset) }
    guard got >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(Int32(-got)))) }
    return got == bytes.count ? bytes : Array(bytes.prefix(got))
  }

  /// The first at most `count` bytes.
  func prefix(_ count: Int) throws(SignalIOError) -> [UInt8] { try bytes(at: 0, count: count) }

  /// Bytes read, or the negative `errno`.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) -> Int {
    var done = 0
    while done < buffer.count {
      // Invariant: done < buffer.count, so the base address exists and the rest is inside the buffer.
      let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        return -Int(errno)
      }
      if count == 0 { break }
      done += count
    }
    return done
  }
}
