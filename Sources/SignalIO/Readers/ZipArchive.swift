/// The members of a ZIP archive, as far as NumPy writes them: stored or deflated, with ZIP64 (PKWARE APPNOTE 6.3).
enum ZipArchive {
  struct Member {
    var name: String
    /// Uncompressed, in bytes, as the directory claims; at most what the compressed bytes can give.
    var size: Int
    fileprivate var compressedSize: Int
    fileprivate var isDeflated: Bool
    fileprivate var offset: Int
    fileprivate var file: BinaryFile

    /// The member's bytes from its beginning.
    func open() throws(SignalIOError) -> any ByteSource {
      let local = try file.bytes(at: offset, count: 30)
      guard local.count == 30, FirstBytes.begins(local, with: "PK\u{3}\u{4}") else {
        throw ZipArchive.malformed(file, offset, FirstBytes.describe(local), "a member's header")
      }
      // The local header has an extra field of its own length.
      let start = offset + 30 + ZipArchive.number(local, 26, 2) + ZipArchive.number(local, 28, 2)
      let range = FileRange(file: file, offset: start, count: compressedSize)
      return isDeflated ? try InflatedSource(range, container: .deflate, path: file.path) : range
    }
  }

  /// Reads the directory at the end of the file.
  static func members(of file: BinaryFile) throws(SignalIOError) -> [Member] {
    let directory = try locateDirectory(of: file)
    guard directory.offset >= 0, directory.size >= 0, directory.offset <= file.size,
      directory.size <= file.size - directory.offset
    else {
      throw malformed(
        file, file.size, "a directory of \(directory.size) bytes at \(directory.offset)",
        "one within the file")
    }
    let bytes = try file.bytes(at: directory.offset, count: directory.size)
    var members: [Member] = []
    var compressed = 0
    var at = 0
    while at + 46 <= bytes.count, FirstBytes.begins(bytes, with: "PK\u{1}\u{2}", at: at) {
      let nameLength = number(bytes, at + 28, 2)
      let extraLength = number(bytes, at + 30, 2)
      let next = at + 46 + nameLength + extraLength + number(bytes, at + 32, 2)
      guard next <= bytes.count else {
        throw malformed(file, directory.offset + at, "an entry cut short", "a whole entry")
      }
      let member = try member(
        Array(bytes[at..<next]), nameLength: nameLength, extraLength: extraLength, file: file)
      // Each is within the file, so the sum cannot overflow before it is too large.
      compressed += member.compressedSize
      guard compressed <= file.size else {
        throw .tooLarge(
          path: file.path, claimed: "\(compressed) compressed bytes in members that overlap",
          limit: "the \(file.size) bytes of the file")
      }
      members.append(member)
      at = next
    }
    return members
  }

  /// One entry of the directory.
  private static func member(
    _ entry: [UInt8], nameLength: Int, extraLength: Int, file: BinaryFile
  ) throws(SignalIOError) -> Member {
    let name = String(decoding: entry[46..<46 + nameLength], as: UTF8.self)
    let method = number(entry, 10, 2)
    guard method == 0 || method == 8, number(entry, 8, 2) & 1 == 0 else {
      throw malformed(
        file, number(entry, 42, 4), "\(name) by method \(method) or encrypted", "stored or deflated")
    }
    var sizes = [number(entry, 24, 4), number(entry, 20, 4), number(entry, 42, 4)]
    widen(&sizes, by: Array(entry[(46 + nameLength)..<(46 + nameLength + extraLength)]))
    let (size, compressed, offset) = (sizes[0], sizes[1], sizes[2])
    guard offset >= 0, compressed >= 0, size >= 0, offset < file.size, compressed <= file.size - offset else {
      throw malformed(
        file, file.size, "\(name) of \(compressed) bytes at \(offset)", "a member within the file")
    }
    let isDeflated = method == 8
    guard size / InflatedSource.greatestRatio <= compressed, isDeflated || size == compressed else {
      throw .tooLarge(
        path: file.path, claimed: "\(size) bytes for \(name)", limit: "\(compressed) bytes can hold")
    }
    return Member(
      name: name, size: size, compressedSize: compressed, isDeflated: isDeflated, offset: offset, file: file)
  }

  /// Replaces sizes that do not fit 32 bits by those of the ZIP64 extra field, which has only the missing ones.
  private static func widen(_ sizes: inout [Int], by extra: [UInt8]) {
    var at = 0
    while at + 4 <= extra.count {
      let length = number(extra, at + 2, 2)
      if number(extra, at, 2) == 1 {
        var field = at + 4
        for index in sizes.indices
        where sizes[index] == 0xFFFF_FFFF && field + 8 <= min(extra.count, at + 4 + length) {
          sizes[index] = number(extra, field, 8)
          field += 8
        }
        return
      }
      at += 4 + length
    }
  }

  /// The directory's place by the record at the end of the file, which a comment of up to 64 KiB may follow.
  private static func locateDirectory(of file: BinaryFile) throws(SignalIOError) -> (offset: Int, size: Int) {
    let tailStart = max(0, file.size - 65_557)
    let tail = try file.bytes(at: tailStart, count: 65_557)
    var at = tail.count - 22
    while at >= 0 && !FirstBytes.begins(tail, with: "PK\u{5}\u{6}", at: at) { at -= 1 }
    guard at >= 0 else {
      throw malformed(file, file.size, "no directory", "one at the end; the file may be cut short")
    }
    let offset = number(tail, at + 16, 4)
    guard offset == 0xFFFF_FFFF, at >= 20, FirstBytes.begins(tail, with: "PK\u{6}\u{7}", at: at - 20) else {
      return (offset, number(tail, at + 12, 4))
    }
    let record = try file.bytes(at: number(tail, at - 12, 8), count: 56)
    guard record.count == 56 else { throw malformed(file, file.size, "no ZIP64 directory", "one") }
    return (number(record, 48, 8), number(record, 40, 8))
  }

  /// A little-endian number; one beyond `Int` comes out negative and fails every check.
  fileprivate static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    var value: UInt64 = 0
    for i in (0..<count).reversed() { value = value << 8 | UInt64(bytes[at + i]) }
    return Int(truncatingIfNeeded: value)
  }

  fileprivate static func malformed(
    _ file: BinaryFile, _ offset: Int, _ found: String, _ expected: String
  ) -> SignalIOError {
    .malformed(path: file.path, location: "byte \(offset)", found: found, expected: expected)
  }
}
