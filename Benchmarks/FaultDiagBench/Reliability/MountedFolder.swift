import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A file system of a size of one's choice in memory, which only an administrator can have.
final class MountedFolder {
  let path: String

  /// Nil where this user may not mount.
  init?(_ path: String, kilobytes: Int) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { return nil }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  static let explanation = "skipped: mounting a small file system is not permitted to this user"

  /// From now on nothing can be written.
  func makeReadOnly() -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0
  }

  var freeKilobytes: Int {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return 0 }
    return Int(status.f_bavail) * Int(status.f_bsize) >> 10
  }

  /// Fills the space until `kilobytes` are left.
  func fill(leaving kilobytes: Int) throws {
    let count = max(0, freeKilobytes - kilobytes) << 10
    guard FileManager.default.createFile(atPath: path + "/filler", contents: Data(count: count)) else {
      throw TrialFailure("\(path) cannot be filled")
    }
  }
}
