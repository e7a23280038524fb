/// Types of elements in a MATLAB version 5 file.
enum MatlabType: Int {
  case int8 = 1
  case uint8 = 2
  case int16 = 3
  case uint16 = 4
  case int32 = 5
  case uint32 = 6
  case single = 7
  case double = 9
  case int64 = 12
  case uint64 = 13
  case matrix = 14
  case compressed = 15
  case utf8 = 16

  /// Nil for what holds no numbers.
  func encoding(bigEndian: Bool) -> NumberEncoding? {
    let kind: NumberEncoding.Kind
    switch self {
    case .int8: kind = .int8
    case .uint8: kind = .uint8
    case .int16: kind = .int16
    case .uint16: kind = .uint16
    case .int32: kind = .int32
    case .uint32: kind = .uint32
    case .single: kind = .float32
    case .double: kind = .float64
    case .int64: kind = .int64
    case .uint64: kind = .uint64
    case .matrix, .compressed, .utf8: return nil
    }
    return NumberEncoding(kind, bigEndian: bigEndian)
  }
}

/// Reads tags and small payloads in order and knows where it is.
final class MatlabCursor {
  struct Tag {
    /// Nil for a type that the format does not define.
    var type: MatlabType?
    var code: Int
    /// Bytes of payload.
    var size: Int
    /// Whether the payload shares the tag's eight bytes.
    var small = false
  }

  /// Bytes passed since the cursor was made.
  private(set) var position = 0
  private let source: any ByteSource
  private let path: String
  private let bigEndian: Bool
  private let base: Int

  /// - Parameter base: the file's byte at which `source` begins, for messages.
  init(_ source: any ByteSource, path: String, bigEndian: Bool, base: Int) {
    self.source = source
    self.path = path
    self.bigEndian = bigEndian
    self.base = base
  }

  /// The next tag. A small one leaves ``position`` at its payload, which follows after four bytes.
  func tag() throws(SignalIOError) -> Tag {
    let first = word(try take(4), at: 0)
    let smallSize = Int(first >> 16)
    if smallSize > 0 {
      let code = Int(first & 0xFFFF)
      guard smallSize <= 4 else { throw malformed("a small element of \(smallSize) bytes", "at most 4") }
      return Tag(type: MatlabType(rawValue: code), code: code, size: smallSize, small: true)
    }
    let size = Int(word(try take(4), at: 0))
    return Tag(type: MatlabType(rawValue: Int(first)), code: Int(first), size: size)
  }

  /// The next element's bytes, which must be at most `limit`; its padding is passed over.
  func payload(limit: Int, what: String) throws(SignalIOError) -> [UInt8] {
    let tag = try tag()
    guard tag.size <= limit else { throw malformed("\(what) of \(tag.size) bytes", "at most \(limit)") }
    let bytes = try take(tag.size)
    let padded = tag.small ? 4 : (tag.size + 7) / 8 * 8
    try skip(to: position + padded - tag.size)
    return bytes
  }

  /// The next element as 32-bit words, of which there must be `count`, or 2 to 32 where it is nil.
  func words(count: Int?, what: String) throws(SignalIOError) -> [UInt32] {
    let bytes = try payload(limit: 128, what: what)
    let words = stride(from: 0, to: bytes.count - 3, by: 4).map { word(bytes, at: $0) }
    guard count.map({ $0 == words.count }) ?? (words.count >= 2) else {
      throw malformed("\(what) of \(bytes.count) bytes", count.map { "\($0 * 4)" } ?? "8 to 128")
    }
    return words
  }

  func text(limit: Int, what: String) throws(SignalIOError) -> String {
    String(decoding: try payload(limit: limit, what: what).prefix { $0 != 0 }, as: UTF8.self)
  }

  func skip(to target: Int) throws(SignalIOError) {
    guard target > position else { return }
    try source.skip(target - position)
    position = target
  }

  func malformed(_ found: String, _ expected: String) -> SignalIOError {
    .malformed(path: path, location: "byte \(base + position)", found: found, expected: expected)
  }

  private func take(_ count: Int) throws(SignalIOError) -> [UInt8] {
    let bytes = try source.bytes(count)
    position += bytes.count
    guard bytes.count == count else {
      throw malformed("the end of the data", "\(count - bytes.count) more bytes")
    }
    return bytes
  }

  private func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    let ordered = bytes[offset..<offset + 4]
    return (bigEndian ? Array(ordered) : ordered.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
