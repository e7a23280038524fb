import Glibc

/// Bytes under a path, for readers that open files; in memory where the system has a folder for that.
enum MemoryFile {
  private static let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"

  /// Calls `body` with the path of a file that holds `bytes` and is gone afterwards, whatever happens.
  ///
  /// The file has lost its name; the path names this process and its descriptor, so that a child finds the file too.
  static func with<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) rethrows -> Result {
    var template = Array("\(folder)/fault-diag-fuzz-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    precondition(descriptor >= 0, "no file for the input: \(String(cString: strerror(errno)))")
    unlink(template)
    defer { close(descriptor) }
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    precondition(written == bytes.count, "\(written) of \(bytes.count) bytes in the file")
    return try body("/proc/\(getpid())/fd/\(descriptor)")
  }
}
