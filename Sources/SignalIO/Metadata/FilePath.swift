import Foundation

/// Path arithmetic on strings, without touching the disk unless the name says so.
///
/// Slashes are found among bytes, as the system does: among characters, one before a combining mark would be no slash.
package enum FilePath {
  static let slash = UInt8(ascii: "/")

  /// The folder part: `.` for a bare name.
  package static func folder(of path: String) -> String {
    guard let last = path.utf8.lastIndex(of: slash) else { return "." }
    return last == path.startIndex ? "/" : String(path[..<last])
  }

  package static func name(of path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// What follows the last dot of the name, in lower case; empty without one or for a name like `.hidden`.
  package static func pathExtension(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// The path without the dot and extension of its name.
  package static func stem(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return path }
    return String(path.dropLast(name.distance(from: dot, to: name.endIndex)))
  }

  package static func joined(_ folder: String, _ name: String) -> String {
    switch folder {
    case "", ".": name
    default: folder.utf8.last == slash ? folder + name : folder + "/" + name
    }
  }

  /// Absolute and without `.`, `..` and doubled slashes, by text alone: symbolic links stay as they are.
  package static func absolute(_ path: String) -> String {
    let full = path.utf8.first == slash ? path : FileManager.default.currentDirectoryPath + "/" + path
    var parts: [Substring] = []
    for part in full.utf8.split(separator: slash).map({ Substring($0) }) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The part of `path` below `folder`; nil when it does not lie there. Both absolute.
  package static func relative(_ path: String, to folder: String) -> String? {
    if folder == "/" { return String(Substring(path.utf8.dropFirst())) }
    let start = folder.utf8.count + 1
    return path.utf8.starts(with: (folder + "/").utf8) ? String(Substring(path.utf8.dropFirst(start))) : nil
  }

  /// The absolute path without symbolic links; nil where nothing is there.
  package static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// Whether a regular file stands at `path` (a symbolic link to one counts).
  package static func isRegularFile(_ path: String) -> Bool {
    FileStatus(following: path)?.kind == .regular
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the system knows of a path.
package struct FileStatus: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case regular, folder, symbolicLink, other
  }
  package let kind: Kind
  package let size: Int
  /// Device and inode: equal for two paths to the same object.
  package let identity: Identity

  package struct Identity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
  }

  /// Of what `path` leads to through symbolic links; nil when there is nothing.
  package init?(following path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Whether `path` itself is a symbolic link.
  package static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
    size = Int(status.st_size)
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }
}
