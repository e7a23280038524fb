/// Bytes in order, from a part of a file, a compressed member or a variable.
protocol ByteSource: AnyObject {
  /// Fills `buffer`; fewer bytes only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SignalIOError) -> Int
  /// Passes over `count` bytes; passing over the end is no error, the next read is then empty.
  func skip(_ count: Int) throws(SignalIOError)
}

extension ByteSource {
  /// At most `count` bytes; for headers, not for claimed sizes.
  func bytes(_ count: Int) throws(SignalIOError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    let got = try read(into: buffer)
    return Array(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
  }
}

/// A part of a file.
final class FileRange: ByteSource {
  private let file: BinaryFile
  private var offset: Int
  private let end: Int

  /// The part from `offset`; what lies beyond the end of the file is not there.
  init(file: BinaryFile, offset: Int, count: Int) {
    self.file = file
    self.offset = min(max(0, offset), file.size)
    end = self.offset + min(max(0, count), file.size - self.offset)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SignalIOError) -> Int {
    let wanted = min(buffer.count, end - offset)
    let got = try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
    offset += got
    return got
  }

  func skip(_ count: Int) { offset += min(count, end - offset) }
}
