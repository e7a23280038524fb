import Glibc
import Support

#if _endian(big)
  #error("safetensors files are little-endian and are read without swapping bytes")
#endif

extension Safetensors {
  /// The longest header that is accepted, in bytes; the format's own limit.
  static let headerLimit = 100_000_000

  /// Reads the file at `path`.
  ///
  /// Refused with a typed error: a file that is cut or has bytes left over, a header that is not the format's JSON,
  /// repeated names, arrays that overlap or leave holes, sizes that overflow or disagree with their shape.
  package static func read(_ path: String) throws(NeuralNetError) -> Safetensors {
    try parse(try FileBytes(path: path))
  }

  /// Reads a file's content from memory; `source` names it in messages.
  package static func read(_ bytes: [UInt8], source: String) throws(NeuralNetError) -> Safetensors {
    try parse(MemoryBytes(path: source, bytes: bytes))
  }

  private static func parse(_ file: some ByteSource) throws(NeuralNetError) -> Safetensors {
    let (header, dataStart) = try header(of: file)
    var result = Safetensors(source: file.path)
    result.metadata = header.metadata
    for item in header.items {
      let begin = dataStart + item.begin
      let values: Values
      switch item.type {
      case .f16: values = .float16(try elements(of: file, from: begin, byteCount: item.end - item.begin))
      case .f32: values = .float32(try elements(of: file, from: begin, byteCount: item.end - item.begin))
      case .f64: values = .float64(try elements(of: file, from: begin, byteCount: item.end - item.begin))
      case .i64: values = .int64(try elements(of: file, from: begin, byteCount: item.end - item.begin))
      case .u8: values = .uint8(try elements(of: file, from: begin, byteCount: item.end - item.begin))
      }
      result[item.name] = Entry(shape: item.shape, values: values)
    }
    return result
  }

  /// The checked header, its items in the order of their data, and the position of the first data byte.
  private static func header(
    of file: some ByteSource
  ) throws(NeuralNetError) -> (header: SafetensorsHeader, dataStart: Int) {
    guard file.count >= 8 else { throw .cut(path: file.path, found: file.count, expected: 8) }
    let lengths: [UInt64] = try elements(of: file, from: 0, byteCount: 8)
    guard lengths[0] <= UInt64(headerLimit) else {
      throw .tooLarge(
        path: file.path, claimed: "a header of \(lengths[0]) bytes", limit: "\(headerLimit) bytes")
    }
    let length = Int(lengths[0])
    guard file.count >= 8 + length else {
      throw .cut(path: file.path, found: file.count, expected: 8 + length)
    }
    var parser = SafetensorsHeaderParser(try elements(of: file, from: 8, byteCount: length))
    var header: SafetensorsHeader
    do { header = try parser.header() } catch {
      throw .malformed(
        path: file.path, location: "byte \(8 + error.offset)", found: error.found, expected: error.expected)
    }
    // Empty arrays may share a position with the array after them.
    header.items.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    try checkLayout(header.items, dataStart: 8 + length, file)
    return (header, 8 + length)
  }

  /// Every array has the bytes its shape asks for, and together they are the file's data without holes.
  private static func checkLayout(
    _ items: [SafetensorsHeader.Item], dataStart: Int, _ file: some ByteSource
  ) throws(NeuralNetError) {
    var position = 0
    for item in items {
      guard item.begin == position else {
        throw .malformed(
          path: file.path, location: "tensor '\(item.name)'", found: "data from byte \(item.begin)",
          expected: "data from byte \(position), next to the tensor before")
      }
      guard let size = byteCount(item), item.begin <= item.end, item.end - item.begin == size else {
        throw .malformed(
          path: file.path, location: "tensor '\(item.name)'",
          found: "bytes \(item.begin) to \(item.end) for shape \(item.shape)",
          expected: byteCount(item).map { "\($0) bytes" } ?? "a size that fits \(Int.bitWidth) bits")
      }
      position = item.end
    }
    let (expected, overflow) = dataStart.addingReportingOverflow(position)
    if overflow || file.count < expected {
      throw .cut(path: file.path, found: file.count, expected: overflow ? Int.max : expected)
    }
    if file.count > expected {
      throw .malformed(
        path: file.path, location: "byte \(expected)", found: "\(file.count - expected) bytes more",
        expected: "the end of the file")
    }
  }

  /// nil where the product of the shape overflows.
  private static func byteCount(_ item: SafetensorsHeader.Item) -> Int? {
    var product = item.type.elementSize
    for size in item.shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The elements that lie at `offset`. Invariant: `T` is a number for which every bit pattern is a value.
  private static func elements<T>(
    of file: some ByteSource, from offset: Int, byteCount: Int
  ) throws(NeuralNetError) -> [T] {
    var failure: String?
    let count = byteCount / MemoryLayout<T>.stride
    let result = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      let target = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
      failure = file.copy(from: offset, into: target)
      initialized = failure == nil ? count : 0
    }
    if let failure { throw .cannotRead(path: file.path, reason: failure) }
    return result
  }
}

/// Bytes at positions. The reader copies each array once, straight to its place.
protocol ByteSource {
  var path: String { get }
  var count: Int { get }
  /// Fills `target` with the bytes from `offset` on; the reason of a failure.
  func copy(from offset: Int, into target: UnsafeMutableRawBufferPointer) -> String?
}

/// A content that is in memory already.
struct MemoryBytes: ByteSource {
  let path: String
  let bytes: [UInt8]
  var count: Int { bytes.count }

  func copy(from offset: Int, into target: UnsafeMutableRawBufferPointer) -> String? {
    bytes.withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count]))
    }
    return nil
  }
}

/// An open file. It is read, not mapped: a mapped file that shrinks meanwhile would kill the process.
final class FileBytes: ByteSource {
  let path: String
  let count: Int
  private let descriptor: CInt

  init(path: String) throws(NeuralNetError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw .cannotRead(path: path, reason: systemReason(errno)) }
    var status = stat()
    let failure = fstat(descriptor, &status) == 0 ? 0 : errno
    let kind = status.st_mode & S_IFMT
    guard failure == 0, kind == S_IFREG else {
      close(descriptor)
      let reason = kind == S_IFDIR ? systemReason(EISDIR) : "not a regular file"
      throw .cannotRead(path: path, reason: failure == 0 ? reason : systemReason(failure))
    }
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  func copy(from offset: Int, into target: UnsafeMutableRawBufferPointer) -> String? {
    var done = 0
    while done < target.count {
      let got = pread(descriptor, target.baseAddress! + done, target.count - done, off_t(offset + done))
      if got < 0, errno == EINTR { continue }
      if got < 0 { return systemReason(errno) }
      if got == 0 { return "the file became shorter while it was read" }
      done += got
    }
    return nil
  }
}
