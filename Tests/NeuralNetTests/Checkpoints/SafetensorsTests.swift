import Foundation
import TestSupport
import Testing

@testable import NeuralNet

@Suite struct SafetensorsTests {
  private static let odd = "odd \"name\" \\ \u{b5}\u{1d54f}"

  private static var small: Safetensors {
    var content = Safetensors()
    content.insert(Tensor<Float>([1, -2, 3, 4, 5, 6], shape: [2, 3]), named: "weight")
    content.insert(Tensor<Double>([0.5], shape: []), named: "scale")
    content["labels"] = .init(shape: [3], values: .uint8([7, 8, 9]))
    content["step"] = .init(shape: [1], values: .int64([-5]))
    content.metadata = ["plan": "{\"a\": \"b\\\\c\"}\n\u{1}", "name": "\u{b5}"]
    return content
  }

  /// A file with `header` and `dataCount` zero bytes.
  private static func file(_ header: String, dataCount: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count)) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: dataCount)
  }

  @Test func readsWhatTheFormatsOwnPackageWrote() throws {
    let content = try Golden.load("Safetensors").content
    #expect(content.metadata == ["plan": "{\"steps\": 3}\n", "unit": "m/s\u{b2}"])
    #expect(content.names == ["bytes", "double", "empty", "integers", Self.odd, "scalar", "single"].sorted())
    #expect(
      content["single"] == .init(shape: [2, 3], values: .float32([1.5, -2.25, 3, .infinity, 1e-38, -0.0])))
    #expect(content["double"] == .init(shape: [2], values: .float64([.pi, -1e300])))
    #expect(content["integers"] == .init(shape: [2, 1], values: .int64([-1, 1 << 62])))
    #expect(content["bytes"] == .init(shape: [3], values: .uint8([0, 127, 255])))
    #expect(content["scalar"] == .init(shape: [], values: .float32([7])))
    #expect(content["empty"] == .init(shape: [0, 4], values: .float32([])))
    #expect(content[Self.odd] == .init(shape: [1], values: .float32([1])))
  }

  @Test func writesWhatItReadsInFixedOrder() throws {
    let bytes = Self.small.bytes
    let again = try Safetensors.read(bytes, source: "again")
    #expect(again.entries == Self.small.entries)
    #expect(again.metadata == Self.small.metadata)
    #expect(again.bytes == bytes)
    // Data begins at a multiple of 8, wide elements first.
    let headerLength = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(headerLength % 8 == 0)
    let text = String(decoding: bytes[8..<8 + headerLength], as: UTF8.self)
    let positions = ["__metadata__", "scale", "step", "weight", "labels"].map {
      text.range(of: "\"\($0)\"")!.lowerBound
    }
    #expect(positions == positions.sorted())
  }

  @Test func halvedIsHalfTheSizeAndReadsAsSinglePrecision() throws {
    let halved = Self.small.halved
    #expect(halved["weight"] == .init(shape: [2, 3], values: .float16([1, -2, 3, 4, 5, 6])))
    #expect(halved["scale"] == Self.small["scale"] && halved["labels"] == Self.small["labels"])
    let again = try Safetensors.read(halved.bytes, source: "again")
    #expect(again.entries == halved.entries)
    #expect(try again.tensor(named: "weight", as: Float.self).storage == [1, -2, 3, 4, 5, 6])
    var third = Safetensors()
    third.insert(Tensor<Float>([1.0 / 3], shape: [1]), named: "a")
    let rounded = try third.halved.tensor(named: "a", as: Double.self).storage[0]
    #expect(rounded != 1.0 / 3 && abs(rounded - 1.0 / 3) < 2e-4)
  }

  @Test func roundTripThroughAFile() throws {
    let path = NSTemporaryDirectory() + "safetensors-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Self.small.write(to: path)
    let again = try Safetensors.read(path)
    #expect(again.entries == Self.small.entries)
    #expect(again.source == path)
  }

  @Test func widensButNeverNarrows() throws {
    let content = Self.small
    #expect(
      try content.tensor(named: "weight", as: Double.self) == Tensor([1, -2, 3, 4, 5, 6], shape: [2, 3]))
    #expect(
      throws: NeuralNetError.wrongDataType(path: "memory", name: "scale", found: "F64", expected: "F32")
    ) {
      try content.tensor(named: "scale", as: Float.self)
    }
    #expect(throws: NeuralNetError.wrongDataType(path: "memory", name: "step", found: "I64", expected: "F64"))
    {
      try content.tensor(named: "step", as: Double.self)
    }
    #expect(throws: NeuralNetError.missingTensor(path: "memory", name: "none", expected: "one of type F32")) {
      try content.tensor(named: "none", as: Float.self)
    }
  }

  /// Every prefix of a sound file is refused by a typed error, in memory and on disk.
  @Test func everyCutIsATypedError() throws {
    let bytes = Self.small.bytes
    let path = NSTemporaryDirectory() + "safetensors-cut-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for length in 0..<bytes.count {
      let cut = Array(bytes[0..<length])
      let fromMemory = #expect(throws: NeuralNetError.self) { try Safetensors.read(cut, source: path) }
      guard let fromMemory, case .cut(_, length, let expected) = fromMemory else {
        Issue.record("cut at \(length): \(String(describing: fromMemory))")
        continue
      }
      #expect(expected > length)
      try Data(cut).write(to: URL(fileURLWithPath: path))
      #expect(throws: fromMemory) { try Safetensors.read(path) }
    }
  }

  /// Any single byte of the file changed: content or a typed error, never a crash.
  @Test func everyDamagedByteIsSurvived() {
    let bytes = Self.small.bytes
    var refused = 0
    for position in bytes.indices {
      for value: UInt8 in [0, 0x22, 0x30, 0x39, 0x5B, 0x5C, 0x7B, 0x80, 0xFF, bytes[position] ^ 1] {
        var damaged = bytes
        damaged[position] = value
        do { _ = try Safetensors.read(damaged, source: "damaged") } catch { refused += 1 }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test(arguments: [
    ("{", 0), ("[]", 0), ("{} x", 0), ("{\"a\"}", 0), ("{\"a\":1}", 0), ("{\"a\":{}}", 0), ("", 0),
    ("{,}", 0),
    // Repeated names, keys and metadata.
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
      2
    ),
    ("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1),
    ("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0), ("{\"__metadata__\":{\"k\":1}}", 0),
    // An unknown key, an unknown type, a wrong type.
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":[1]}}", 1),
    ("{\"a\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1),
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1),
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}", 1),
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}", 1),
    // A hole, an overlap, a reversed range, a size that is not the shape's, products and sums that overflow.
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2),
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
      3
    ),
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,0]},\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
      1
    ),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0),
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,1]}}", 1),
    // Bytes after the data.
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 2),
    // Bad strings.
    ("{\"\\ud800\":{}}", 0), ("{\"\\u12\":{}}", 0), ("{\"\\x\":{}}", 0), ("{\"a", 0), ("{\"a\\", 0),
    ("{\"\n\":{}}", 0),
  ])
  func soundLengthButBadContentIsMalformed(header: String, dataCount: Int) {
    let error = #expect(throws: NeuralNetError.self) {
      try Safetensors.read(Self.file(header, dataCount: dataCount), source: "bad.safetensors")
    }
    guard case .malformed(path: "bad.safetensors", _, _, _)? = error else {
      Issue.record("\(header): \(String(describing: error))")
      return
    }
  }

  @Test func hugeClaimsAreRefusedWithoutAllocating() {
    #expect(
      throws: NeuralNetError.tooLarge(
        path: "x", claimed: "a header of 18446744073709551615 bytes", limit: "100000000 bytes")
    ) { try Safetensors.read([UInt8](repeating: 0xFF, count: 8), source: "x") }
    let end = Int.max - 1
    let header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[\(end)],\"data_offsets\":[0,\(end)]}}"
    #expect(throws: NeuralNetError.cut(path: "x", found: 8 + header.utf8.count, expected: Int.max)) {
      try Safetensors.read(Self.file(header, dataCount: 0), source: "x")
    }
  }

  @Test func namesWithEscapesAndSpaceAreRead() throws {
    let header =
      " {\t\"\\u00b5\\ud835\\udd4f\\/\\n\" :{ \"shape\":[ ], \"data_offsets\" : [0 ,1],\"dtype\":\"U8\"} } \n"
    let content = try Safetensors.read(Self.file(header, dataCount: 1), source: "x")
    #expect(content.entries == ["\u{b5}\u{1d54f}/\n": .init(shape: [], values: .uint8([0]))])
  }

  @Test func whatCannotBeOpenedIsATypedError() {
    #expect(throws: NeuralNetError.cannotRead(path: "/no/such", reason: "No such file or directory")) {
      try Safetensors.read("/no/such")
    }
    #expect(throws: NeuralNetError.cannotRead(path: "/", reason: "Is a directory")) {
      try Safetensors.read("/")
    }
    #expect(throws: NeuralNetError.cannotRead(path: "/dev/null", reason: "not a regular file")) {
      try Safetensors.read("/dev/null")
    }
    #expect(throws: NeuralNetError.self) { try Self.small.write(to: "/no/such/folder/file") }
  }
}
