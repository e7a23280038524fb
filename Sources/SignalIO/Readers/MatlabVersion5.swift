/// The variables of a MATLAB version 5 file ("MAT-File Format", MathWorks, section 1).
///
/// A file is a header of 128 bytes and elements, each a type, a size and that many bytes; an element may be compressed.
/// Only headers are read here; numbers are streamed later, so a claimed size takes no memory.
/// libmatio 1.5.23 reads the format as well, but loops for minutes on some damaged sizes, gives wrong numbers for parts
/// of integer row vectors and inflates a compressed variable whole; tests compare the two.
enum MatlabVersion5 {
  struct Content {
    var arrays: [StoredArray] = []
    var compressed = false
  }

  static func read(_ file: BinaryFile) throws(SignalIOError) -> Content {
    let mark = try file.bytes(at: 126, count: 2)
    let bigEndian = mark == [0x4D, 0x49]
    var content = Content()
    var offset = 128
    while offset + 8 <= file.size {
      let cursor = MatlabCursor(
        FileRange(file: file, offset: offset, count: 8), path: file.path, bigEndian: bigEndian, base: offset)
      let tag = try cursor.tag()
      guard tag.size <= file.size - offset - 8 else {
        throw cursor.malformed(
          "an element of \(tag.size) bytes", "at most the \(file.size - offset - 8) left")
      }
      if tag.type == .compressed || tag.type == .matrix {
        content.compressed = content.compressed || tag.type == .compressed
        let element = MatlabElement(
          file: file, offset: offset + 8, size: tag.size, compressed: tag.type == .compressed,
          bigEndian: bigEndian)
        content.arrays += try element.arrays()
      }
      // Compressed elements follow each other without padding.
      offset += 8 + (tag.type == .compressed ? tag.size : (tag.size + 7) / 8 * 8)
    }
    return content
  }
}

/// One top-level element: its place in the file, from which any of its numbers can be reached again.
struct MatlabElement {
  var file: BinaryFile
  var offset: Int
  var size: Int
  var compressed: Bool
  var bigEndian: Bool

  /// The numeric arrays within: the variable itself, or the fields of a structure, named `structure.field`.
  func arrays() throws(SignalIOError) -> [StoredArray] {
    let cursor = MatlabCursor(try source(at: 0), path: file.path, bigEndian: bigEndian, base: offset)
    var matrixSize = size
    if compressed {
      let tag = try cursor.tag()
      guard tag.type == .matrix else { return [] }
      matrixSize = tag.size
      let greatest = size.multipliedReportingOverflow(by: InflatedSource.greatestRatio)
      guard greatest.overflow || matrixSize <= greatest.partialValue + 1024 else {
        throw .tooLarge(
          path: file.path, claimed: "\(matrixSize) bytes in \(size) compressed ones", limit: "zlib can shrink"
        )
      }
    }
    return try matrix(cursor, size: matrixSize, structure: nil)
  }

  /// The element's bytes, uncompressed, from `position` on.
  func source(at position: Int) throws(SignalIOError) -> any ByteSource {
    let range = FileRange(file: file, offset: offset, count: size)
    let source: any ByteSource =
      compressed ? try InflatedSource(range, container: .zlib, path: file.path) : range
    try source.skip(position)
    return source
  }

  /// The parts of a matrix element that has `size` bytes from the cursor on.
  private func matrix(
    _ cursor: MatlabCursor, size: Int, structure: String?
  ) throws(SignalIOError) -> [StoredArray] {
    // MATLAB writes an empty element for an unset field.
    guard size > 0 else { return [] }
    let end = cursor.position + size
    let flags = try cursor.words(count: 2, what: "array flags")
    guard let kind = MatlabClass(rawValue: Int(flags[0] & 0xFF)) else {
      throw cursor.malformed("array class \(flags[0] & 0xFF)", "1 to 17")
    }
    let dimensions = try cursor.words(count: nil, what: "dimensions").map { Int(Int32(bitPattern: $0)) }
    let ownName = try cursor.text(limit: 4096, what: "name")
    let name = structure.map { "\($0).\(ownName)" } ?? ownName
    guard let count = StoredArray.count(of: dimensions) else {
      throw .tooLarge(path: file.path, claimed: "\(name) of \(dimensions)", limit: "an array can have")
    }
    if kind == .structure && structure == nil && count == 1 {
      return try fields(cursor, of: name, end: end)
    }
    let isComplex = flags[0] & 0x0800 != 0
    let isLogical = flags[0] & 0x0200 != 0
    guard kind.isNumeric, !isComplex, !isLogical, count > 0 else { return [] }
    return [try numbers(cursor, name: name, shape: dimensions, count: count, end: end)]
  }

  /// The real part: numbers that may be stored in a narrower type than the array's class.
  private func numbers(
    _ cursor: MatlabCursor, name: String, shape: [Int], count: Int, end: Int
  ) throws(SignalIOError) -> StoredArray {
    let tag = try cursor.tag()
    guard let encoding = tag.type?.encoding(bigEndian: bigEndian) else {
      throw cursor.malformed("data type \(tag.code) in \(name)", "a numeric type")
    }
    let needed = count * encoding.size
    guard needed <= tag.size, tag.size <= end - cursor.position else {
      throw cursor.malformed(
        "\(tag.size) bytes of data for the \(count) numbers of \(name)",
        "\(needed), within the \(max(0, end - cursor.position)) of the variable")
    }
    let start = cursor.position
    return StoredArray(name: name, shape: shape, columnMajor: true, encoding: encoding) {
      (skipped) throws(SignalIOError) in
      try source(at: start + skipped * encoding.size)
    }
  }

  /// The fields of a structure of one element: a fixed name length, the names, then one matrix each.
  private func fields(
    _ cursor: MatlabCursor, of structure: String, end: Int
  ) throws(SignalIOError) -> [StoredArray] {
    let lengths = try cursor.words(count: 1, what: "length of field names")
    let length = Int(lengths[0])
    guard (1...256).contains(length) else {
      throw cursor.malformed("field names of \(length) bytes", "1 to 256")
    }
    let names = try cursor.payload(limit: 1 << 20, what: "field names")
    var arrays: [StoredArray] = []
    for start in stride(from: 0, to: names.count - names.count % length, by: length) {
      let field = String(decoding: names[start..<start + length].prefix { $0 != 0 }, as: UTF8.self)
      let tag = try cursor.tag()
      let fieldEnd = cursor.position + tag.size
      guard tag.type == .matrix, fieldEnd <= end else {
        throw cursor.malformed(
          "type \(tag.code) of \(tag.size) bytes for \(structure).\(field)", "a matrix within it")
      }
      for var array in try matrix(cursor, size: tag.size, structure: structure) {
        array.name = "\(structure).\(field)"
        arrays.append(array)
      }
      try cursor.skip(to: fieldEnd)
    }
    return arrays
  }
}

/// Classes of arrays, by their number in the file.
enum MatlabClass: Int {
  case cell = 1
  case structure, object, character, sparse, double, single, int8, uint8, int16, uint16, int32, uint32, int64,
    uint64
  case function, opaque

  var isNumeric: Bool { (6...15).contains(rawValue) }
}
