import Glibc

/// Lines of a text file in order; memory is one block and the longest line.
final class LineReader {
  /// No recording has longer lines; a file without line ends must not fill the memory.
  static let longestLine = 1 << 18

  private let file: BinaryFile
  /// Bytes of the file from `blockStart` on; those before `cursor` are used.
  private var block: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var cursor = 0
  private var nextOffset: Int
  /// 1-based number of the line that ``next()`` gave last.
  private(set) var lineNumber: Int
  /// Whether the line that ``next()`` gave last ended with a line end, not with the file.
  private(set) var wasTerminated = true

  /// - Parameters:
  ///   - offset: of a line's first byte.
  ///   - linesBefore: lines before `offset`.
  init(file: BinaryFile, offset: Int, linesBefore: Int) {
    self.file = file
    nextOffset = offset
    lineNumber = linesBefore
    block = .allocate(byteCount: 1 << 16, alignment: 16)
  }

  deinit { block.deallocate() }

  /// Offset in the file of the line after the one that ``next()`` gave last.
  var offset: Int { nextOffset - (filled - cursor) }

  /// The next line without its end; nil at the end of the file. The bytes are good until the next call.
  func next() throws(SignalIOError) -> UnsafeRawBufferPointer? {
    var searched = 0
    while true {
      if let end = lineEnd(from: cursor + searched) {
        defer { cursor = end + 1 }
        return line(upTo: end, terminated: true)
      }
      searched = filled - cursor
      guard try refill() else {
        guard filled > cursor else { return nil }
        defer { cursor = filled }
        return line(upTo: filled, terminated: false)
      }
    }
  }

  private func line(upTo end: Int, terminated: Bool) -> UnsafeRawBufferPointer {
    lineNumber += 1
    wasTerminated = terminated
    let last = end > cursor && block[end - 1] == 0x0D ? end - 1 : end
    return UnsafeRawBufferPointer(rebasing: block[cursor..<last])
  }

  private func lineEnd(from start: Int) -> Int? {
    guard start < filled, let base = block.baseAddress else { return nil }
    // Invariant: start < filled <= block.count, so the searched bytes lie in the block.
    guard let found = memchr(base + start, 0x0A, filled - start) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Moves what is unused to the front and reads more; false at the end of the file.
  private func refill() throws(SignalIOError) -> Bool {
    let left = filled - cursor
    if cursor > 0 {
      // Invariant: both ranges lie in the block; they may overlap, which copyMemory allows.
      block.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[cursor..<filled]))
      cursor = 0
      filled = left
    }
    if filled == block.count {
      guard block.count < Self.longestLine else {
        throw .malformed(
          path: file.path, location: "line \(lineNumber + 1)", found: "more than \(Self.longestLine) bytes",
          expected: "lines of text")
      }
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: block.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(block))
      block.deallocate()
      block = larger
    }
    let got = try file.read(at: nextOffset, into: UnsafeMutableRawBufferPointer(rebasing: block[filled...]))
    nextOffset += got
    filled += got
    return got > 0
  }
}
