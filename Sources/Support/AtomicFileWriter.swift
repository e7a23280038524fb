import Glibc

/// Writes a file piece by piece and gives it its name only when it is whole.
///
/// The content goes to a hidden temporary file in the same folder (so that the last step is a rename within one
/// file system), is flushed to the disk, and then renamed over `path`. ``discard()``, a failure or the end of the
/// writer's life without ``commit()`` removes the temporary file. A symbolic link is followed, and an existing
/// file's permissions are kept. What a killed writer left for the same name is removed (`AbandonedFiles`).
/// Where `path` is not a regular file (`/dev/stdout`, a pipe) there is nothing to
/// replace: bytes go straight to it.
///
/// A writer belongs to one task at a time.
package final class AtomicFileWriter {
  /// The name that the caller gave.
  package let path: String
  /// Where bytes go until ``commit()``; for libraries that write by themselves. Position and life belong to the
  /// writer: do not close it.
  package private(set) var fileDescriptor: CInt = -1

  /// Where the content stands until ``commit()``; nil where bytes go straight to `path`.
  package var temporaryPath: String? { temporary }

  private var target: String
  private var temporary: String?

  /// Creates the temporary file for `path`.
  package init(path: String) throws(AtomicFileError) {
    self.path = path
    target = path
    var existing = stat()
    let exists = stat(path, &existing) == 0
    switch exists ? existing.st_mode & S_IFMT : S_IFREG {
    case S_IFREG:
      if exists { target = Self.resolved(path) }
      try openTemporary(mode: exists ? existing.st_mode & 0o7777 : nil)
    case S_IFDIR:
      throw .cannotCreate(path: path, reason: systemReason(EISDIR))
    default:
      try openDirectly()
    }
  }

  deinit { discard() }

  /// Appends `bytes`.
  package func append(_ bytes: [UInt8]) throws(AtomicFileError) {
    let failure = bytes.withUnsafeBytes { write($0) }
    if let failure { throw fail(failure) }
  }

  /// Appends `text` as UTF-8.
  package func append(text: String) throws(AtomicFileError) {
    var text = text
    if let failure = text.withUTF8({ write(UnsafeRawBufferPointer($0)) }) { throw fail(failure) }
  }

  /// Appends the bytes of `buffer`.
  package func append(_ buffer: UnsafeRawBufferPointer) throws(AtomicFileError) {
    if let failure = write(buffer) { throw fail(failure) }
  }

  /// Appends what `other` holds, which stays as it is. Both are written to files of their own.
  package func append(contentsOf other: AtomicFileWriter) throws(AtomicFileError) {
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var offset = 0
    while true {
      // Invariant: the block has exactly the length that is asked for.
      let count = block.withUnsafeMutableBytes { buffer in
        retrying { pread(other.fileDescriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
      }
      guard count >= 0 else { throw fail(errno) }
      guard count > 0 else { return }
      // Invariant: the first `count` bytes were read.
      let failure = block.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      if let failure { throw fail(failure) }
      offset += count
    }
  }

  /// Flushes the content and gives it its name. The writer is spent afterwards.
  package func commit() throws(AtomicFileError) {
    precondition(fileDescriptor >= 0, "the writer of \(path) is committed or discarded already")
    if temporary != nil, retrying({ fsync(fileDescriptor) }) != 0 { throw fail(errno) }
    let descriptor = fileDescriptor
    fileDescriptor = -1
    if close(descriptor) != 0, errno != EINTR { throw fail(errno) }
    guard let temporary else { return }
    if rename(temporary, target) != 0 {
      let reason = systemReason(errno)
      discard()
      throw .cannotReplace(path: path, reason: reason)
    }
    self.temporary = nil
    flushFolder()
  }

  /// Removes what was written. Does nothing after ``commit()``.
  package func discard() {
    if fileDescriptor >= 0 { close(fileDescriptor) }
    fileDescriptor = -1
    if let temporary { unlink(temporary) }
    temporary = nil
  }

  private func openDirectly() throws(AtomicFileError) {
    fileDescriptor = retrying { open(path, O_WRONLY | O_CLOEXEC) }
    if fileDescriptor < 0 { throw .cannotCreate(path: path, reason: systemReason(errno)) }
  }

  /// O_EXCL keeps two writers of one program apart. What killed writers left is removed on the way.
  private func openTemporary(mode: mode_t?) throws(AtomicFileError) {
    let (folder, name) = Self.split(target)
    AbandonedFiles.sweep(for: name, in: folder)
    for attempt in 0..<1000 {
      let candidate = folder + AbandonedFiles.name(for: name, attempt: attempt)
      fileDescriptor = retrying { open(candidate, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
      if fileDescriptor >= 0 {
        guard AbandonedFiles.claim(fileDescriptor) else {
          close(fileDescriptor)
          continue
        }
        temporary = candidate
        if let mode { fchmod(fileDescriptor, mode) }
        return
      }
      if errno != EEXIST { break }
    }
    throw .cannotCreate(path: path, reason: systemReason(errno))
  }

  /// Writes all of `buffer`; the error number on failure. A short write is continued, not an error.
  private func write(_ buffer: UnsafeRawBufferPointer) -> CInt? {
    precondition(fileDescriptor >= 0, "the writer of \(path) is committed or discarded already")
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = retrying {
        Glibc.write(fileDescriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      }
      if written <= 0 { return written < 0 ? errno : ENOSPC }
      rest = rest.dropFirst(written)
    }
    return nil
  }

  private func fail(_ number: CInt) -> AtomicFileError {
    discard()
    return .cannotWrite(path: path, reason: systemReason(number))
  }

  /// Makes the rename itself durable. Some file systems refuse to flush a folder; the file is sound either way.
  private func flushFolder() {
    let (folder, _) = Self.split(target)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The folder with its slash (empty for the current one) and the last component.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  private static func resolved(_ path: String) -> String {
    guard let pointer = realpath(path, nil) else { return path }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}

/// The system's word for an error number.
package func systemReason(_ number: CInt) -> String { String(cString: strerror(number)) }

/// Calls again while a signal interrupts.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
