/// The header of a `.npy` file (NumPy Enhancement Proposal 1 and its versions 2 and 3): a magic string, the length of
/// a Python dictionary, and the dictionary with type, order and shape.
struct NumPyHeader {
  /// As NumPy writes it, for instance `<f8`.
  var type: String
  var encoding: NumberEncoding
  var fortranOrder: Bool
  var shape: [Int]
  /// Bytes before the first number.
  var length: Int

  /// Product of the shape, which does not overflow.
  var count: Int { shape.reduce(1, *) }

  /// Reads the header from the beginning of `source`.
  ///
  /// - Parameter name: names the array in errors.
  init(_ source: any ByteSource, path: String, name: String) throws(SignalIOError) {
    func malformed(_ found: String, _ expected: String) -> SignalIOError {
      .malformed(path: path, location: "header of \(name)", found: found, expected: expected)
    }
    let start = try source.bytes(8)
    guard NumPyReader.isArray(start), start.count == 8 else {
      throw malformed(FirstBytes.describe(start), "\\x93NUMPY and a version")
    }
    guard (1...3).contains(start[6]) else { throw malformed("version \(start[6])", "1 to 3") }
    let lengthBytes = try source.bytes(start[6] == 1 ? 2 : 4)
    let textLength = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    // NumPy itself refuses more than 10,000 characters unless told otherwise.
    guard textLength <= 65_536 else {
      throw malformed("a dictionary of \(textLength) bytes", "at most 65536")
    }
    let text = String(decoding: try source.bytes(textLength), as: UTF8.self)
    length = 8 + lengthBytes.count + textLength
    guard let type = Self.quoted("descr", in: text) else {
      throw malformed("no simple type in \(text.prefix(60))", "'descr': '<f8' or the like")
    }
    guard let encoding = Self.encoding(type) else {
      throw malformed("type \(type)", "integers or floating-point numbers of up to 8 bytes")
    }
    guard let order = Self.value("fortran_order", in: text), let shape = Self.shape(in: text) else {
      throw malformed("\(text.prefix(80))", "'fortran_order' and a 'shape' of whole numbers")
    }
    guard StoredArray.count(of: shape) != nil else {
      throw .tooLarge(path: path, claimed: "shape \(shape)", limit: "an array can have")
    }
    self.type = type
    self.encoding = encoding
    self.shape = shape
    fortranOrder = order.hasPrefix("True")
  }

  /// Shrinks the shape to what `numbers` numbers hold; false where channels follow one another, so that the last ones
  /// would be missing, or where not one frame is left.
  mutating func keep(numbers: Int) -> Bool {
    let sides = shape.filter { $0 != 1 }
    let planar = sides.count == 2 && (sides[0] >= sides[1]) == fortranOrder
    guard (1...2).contains(sides.count), !planar, !sides.contains(0), numbers > 0 else { return false }
    let channels = sides.count == 2 ? min(sides[0], sides[1]) : 1
    let frames = numbers / channels
    // Fewer frames than channels would swap the two.
    guard frames > channels else { return false }
    shape = fortranOrder ? [channels, frames] : [frames, channels]
    return true
  }

  private static func encoding(_ type: String) -> NumberEncoding? {
    guard let order = type.first, "<>|=".contains(order) else { return nil }
    let kinds: [String: NumberEncoding.Kind] = [
      "i1": .int8, "u1": .uint8, "i2": .int16, "u2": .uint16, "i4": .int32, "u4": .uint32, "i8": .int64,
      "u8": .uint64,
      "f2": .float16, "f4": .float32, "f8": .float64,
    ]
    return kinds[String(type.dropFirst())].map { NumberEncoding($0, bigEndian: order == ">") }
  }

  /// What follows `'key':` in the dictionary.
  private static func value(_ key: String, in text: String) -> Substring? {
    for quote in ["'", "\""] {
      let wanted = "\(quote)\(key)\(quote)"
      var rest = text[...]
      while let start = rest.firstIndex(of: Character(quote)) {
        rest = rest[start...]
        if rest.hasPrefix(wanted) {
          let after = rest.dropFirst(wanted.count).drop { $0 == " " }
          guard after.first == ":" else { return nil }
          return after.dropFirst().drop { $0 == " " }
        }
        rest = rest.dropFirst()
      }
    }
    return nil
  }

  private static func quoted(_ key: String, in text: String) -> String? {
    guard let value = value(key, in: text), let quote = value.first, quote == "'" || quote == "\"" else {
      return nil
    }
    return String(value.dropFirst().prefix { $0 != quote })
  }

  private static func shape(in text: String) -> [Int]? {
    guard let value = value("shape", in: text), value.first == "(", let close = value.firstIndex(of: ")")
    else {
      return nil
    }
    var shape: [Int] = []
    for part in value[value.index(after: value.startIndex)..<close].split(separator: ",") {
      let number = part.filter { $0 != " " && $0 != "L" }
      if number.isEmpty { continue }
      guard let size = Int(number), shape.count < 32 else { return nil }
      shape.append(size)
    }
    return shape
  }
}
