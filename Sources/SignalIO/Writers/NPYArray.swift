/// An array as NumPy stores it (NEP 1, format version 1.0): a short header, then the values in C order.
///
/// Numbers are little-endian; texts are UTF-32 of equal length, padded with zeros (`<U`), as NumPy's own.
package struct NPYArray: Sendable, Equatable {
  /// Outermost dimension first.
  package let shape: [Int]
  /// NumPy's name of the element type, for instance `<f4`.
  package let type: String
  private let content: [UInt8]

  private init(shape: [Int], type: String, content: [UInt8]) {
    self.shape = shape
    self.type = type
    self.content = content
  }

  /// 32-bit floating-point numbers, row-major.
  package init(_ values: [Float], shape: [Int]) {
    precondition(
      values.count == shape.reduce(1, *), "\(values.count) values do not fill an array of shape \(shape)")
    var content: [UInt8] = []
    content.reserveCapacity(4 * values.count)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { content += $0 } }
    self.init(shape: shape, type: "<f4", content: content)
  }

  /// 64-bit floating-point numbers in one dimension.
  package init(_ values: [Double]) {
    var content: [UInt8] = []
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { content += $0 } }
    self.init(shape: [values.count], type: "<f8", content: content)
  }

  /// 64-bit integers in one dimension.
  package init(_ values: [Int]) {
    var content: [UInt8] = []
    for value in values { withUnsafeBytes(of: Int64(value).littleEndian) { content += $0 } }
    self.init(shape: [values.count], type: "<i8", content: content)
  }

  /// Texts in one dimension.
  package init(_ values: [String]) {
    // NumPy refuses a text type of length zero in some versions; one padding zero reads back as "".
    let length = max(1, values.map { $0.unicodeScalars.count }.max() ?? 1)
    var content: [UInt8] = []
    content.reserveCapacity(4 * length * values.count)
    for value in values {
      for scalar in value.unicodeScalars {
        withUnsafeBytes(of: scalar.value.littleEndian) { content += $0 }
      }
      content += [UInt8](repeating: 0, count: 4 * (length - value.unicodeScalars.count))
    }
    self.init(shape: [values.count], type: "<U\(length)", content: content)
  }

  /// The whole file: magic, version, header, values. The values begin at a multiple of 64 bytes.
  package var bytes: [UInt8] {
    let sizes = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let preamble = 10
    let padding = 63 - (preamble + text.utf8.count) % 64
    let header =
      Array(text.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    return magic + [UInt8(header.count & 0xFF), UInt8(header.count >> 8)] + header + content
  }
}
