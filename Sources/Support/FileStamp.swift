import Glibc

/// What tells, without reading it, that a file is still as it was: place, length and the times of its last changes.
///
/// A change within the clock's tick of the one before leaves the times as they were, so a file that changed just before it was
/// stamped tells nothing. (Git's index has the same trouble and the same answer, see its "racy-git".)
package struct FileStamp: Sendable, Equatable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  /// Nanoseconds since 1970: of the content, and of the content or the entry.
  private let modified: Int64
  private let changed: Int64
  private let taken: Int64

  /// Older changes are told from newer ones by every file system: the coarsest, FAT, counts in steps of two seconds.
  private static let settled: Int64 = 3_000_000_000

  /// Of the file that `path` leads to; nil where there is none.
  package init?(_ path: String) {
    var (status, now) = (stat(), timespec())
    guard stat(path, &status) == 0, clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
    func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
    (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int64(status.st_size))
    (modified, changed) = (nanoseconds(status.st_mtim), nanoseconds(status.st_ctim))
    taken = nanoseconds(now)
  }

  /// Whether `path` leads to the same file, certainly unchanged. False where that cannot be told.
  package func stillHolds(at path: String) -> Bool {
    guard taken - max(modified, changed) > Self.settled, let now = FileStamp(path) else { return false }
    return now.device == device && now.inode == inode && now.size == size && now.modified == modified
      && now.changed == changed
  }
}
