import Glibc

/// Temporary files of writers: how they are called, who owns them, and their removal where the owner was killed.
///
/// An owner holds a lock (flock(2)) on its file, which ends with its process however that ends, so a lock that can be had
/// means that nobody will finish the file. Process ids would not do: they are used again, and mean nothing on another
/// machine that shares the folder.
enum AbandonedFiles {
  private static let suffix = ".partial"

  /// The name's length is bounded, whatever the target's: a file name holds at most 255 bytes.
  private static func prefix(of name: String) -> String {
    "." + String(decoding: name.utf8.prefix(200), as: UTF8.self) + "."
  }

  /// Name of the temporary file for `name`: the process id keeps two programs apart, `attempt` two writers in one.
  static func name(for name: String, attempt: Int) -> String {
    prefix(of: name) + "\(getpid()).\(attempt)" + suffix
  }

  /// Takes possession of a file that was just made; false where somebody removed it before its lock was there.
  static func claim(_ descriptor: CInt) -> Bool {
    // Where there are no locks nothing is ever swept: the file counts as owned.
    _ = flock(descriptor, LOCK_EX)
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  /// Removes what killed writers of `name` left in `folder` (with its slash; empty for the current one).
  static func sweep(for name: String, in folder: String) {
    guard let listing = opendir(folder.isEmpty ? "." : folder) else { return }
    defer { closedir(listing) }
    let prefix = prefix(of: name)
    while let entry = readdir(listing) {
      let found = withUnsafePointer(to: &entry.pointee.d_name) {
        // Invariant: the system ends the name with a zero within the 256 bytes of the field.
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard found.hasPrefix(prefix), found.hasSuffix(suffix), isNumbered(found.dropFirst(prefix.count)) else {
        continue
      }
      remove(folder + found)
    }
  }

  /// Whether `12.0.partial` is what follows the name, and not a longer name's end.
  private static func isNumbered(_ ending: Substring) -> Bool {
    let parts = ending.dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { Int($0) != nil }
  }

  private static func remove(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
  }
}
