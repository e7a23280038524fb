import Foundation
import Support
import Testing

@testable import NeuralNet

@Suite struct CheckpointTests {
  private static let model = TwoTensors<Float>(weight: [1, 2, 3], bias: [4])

  private static var checkpoint: Checkpoint {
    var checkpoint = Checkpoint(programVersion: "1.2.3", plan: "{\"steps\":5}")
    checkpoint.store(model, as: "model")
    return checkpoint
  }

  private static func load<M: Parameterized>(_ model: M, from checkpoint: Checkpoint) -> NeuralNetError? {
    var model = model
    do throws(NeuralNetError) {
      try checkpoint.load(into: &model, from: "model")
      return nil
    } catch {
      return error
    }
  }

  /// The checkpoint's file with one metadata entry replaced or, by nil, removed.
  private static func bytes(_ key: String, _ value: String?) -> [UInt8] {
    var content = checkpoint.content
    content.metadata[key] = value
    return content.bytes
  }

  @Test func roundTripThroughAFile() throws {
    let path = NSTemporaryDirectory() + "checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Self.checkpoint.write(to: path)
    let again = try Checkpoint.read(path)
    #expect(again.plan == "{\"steps\":5}" && again.programVersion == "1.2.3" && again.source == path)
    var model = Self.model.zeroed()
    try again.load(into: &model, from: "model")
    #expect(model == Self.model)
    #expect(again.bytes == Self.checkpoint.bytes)
    #expect(again.hasSection("model") && !again.hasSection("mod") && !again.hasSection("optimizer"))
  }

  @Test func valuesSurvive() throws {
    var random = RandomSource(seed: 9)
    _ = random.next()
    var checkpoint = Self.checkpoint
    checkpoint.store(value: random, for: "random")
    checkpoint.store(value: 12_345_678_901, for: "step")
    checkpoint.store(value: [Double.infinity, 0.1, -0.0], for: "losses")
    let again = try Checkpoint.read(checkpoint.bytes, source: "again")
    #expect(try again.value(RandomSource.self, for: "random") == random)
    #expect(try again.value(Int.self, for: "step") == 12_345_678_901)
    #expect(try again.value([Double].self, for: "losses") == [.infinity, 0.1, -0.0])
    #expect(again.hasValue(for: "step") && !again.hasValue(for: "steps"))
    #expect(
      throws: NeuralNetError.badMetadata(
        path: "again", key: "step", found: "'12345678901'", expected: "a value of type String")
    ) { try again.value(String.self, for: "step") }
    #expect(throws: NeuralNetError.missingMetadata(path: "again", key: "x", expected: "a value of type Int"))
    {
      try again.value(Int.self, for: "x")
    }
  }

  @Test func everyMismatchHasItsOwnError() {
    let checkpoint = Self.checkpoint
    #expect(Self.load(Self.model, from: checkpoint) == nil)
    #expect(
      Self.load(TwoTensors<Float>(weight: [1, 2], bias: [4]), from: checkpoint)
        == .wrongShape(path: "memory", name: "model.weight", found: [3], expected: [2]))
    var content = checkpoint.content
    content["model.bias"] = nil
    #expect(
      Self.load(Self.model, from: Self.rewritten(content))
        == .missingTensor(path: "rewritten", name: "model.bias", expected: "shape [1]"))
    content = checkpoint.content
    content.insert(Tensor<Float>(zeros: [1]), named: "model.extra")
    #expect(
      Self.load(Self.model, from: Self.rewritten(content))
        == .unexpectedTensors(path: "rewritten", names: ["model.extra"]))
    content = checkpoint.content
    content["model.bias"] = .init(shape: [1], values: .float64([4]))
    #expect(
      Self.load(Self.model, from: Self.rewritten(content))
        == .wrongDataType(path: "rewritten", name: "model.bias", found: "F64", expected: "F32"))
    // Single precision widens without loss.
    #expect(Self.load(TwoTensors<Double>(weight: [0, 0, 0], bias: [0]), from: checkpoint) == nil)
  }

  private static func rewritten(_ content: Safetensors) -> Checkpoint {
    do { return try Checkpoint.read(content.bytes, source: "rewritten") } catch { fatalError("\(error)") }
  }

  @Test func aFailedLoadChangesNothing() {
    var content = Self.checkpoint.content
    content["model.bias"] = nil
    var model = Self.model.zeroed()
    let checkpoint = Self.rewritten(content)
    #expect(throws: NeuralNetError.self) { try checkpoint.load(into: &model, from: "model") }
    #expect(model == Self.model.zeroed())
  }

  @Test func foreignSectionsAreNamed() throws {
    var checkpoint = Self.checkpoint
    checkpoint.store(Self.model, as: "teacher")
    try checkpoint.requireNothing(beside: ["model", "teacher"])
    #expect(
      throws: NeuralNetError.unexpectedTensors(
        path: "memory", names: ["teacher.bias", "teacher.buffer", "teacher.weight"])
    ) { try checkpoint.requireNothing(beside: ["model"]) }
  }

  @Test func versionsAndForeignFilesAreRefused() {
    #expect(
      throws: NeuralNetError.newerVersion(
        path: "x", found: 2, supported: 1, writtenBy: "version 1.2.3 of the program")
    ) { try Checkpoint.read(Self.bytes("fault-diag.format", "2"), source: "x") }
    for text in ["", "one", "0", "-1", "1.5"] {
      #expect(
        throws: NeuralNetError.badMetadata(
          path: "x", key: "fault-diag.format", found: "'\(text)'",
          expected: "the version of the file's layout")
      ) { try Checkpoint.read(Self.bytes("fault-diag.format", text), source: "x") }
    }
    for key in ["fault-diag.format", "fault-diag.version", "fault-diag.plan"] {
      let error = #expect(throws: NeuralNetError.self) {
        try Checkpoint.read(Self.bytes(key, nil), source: "x")
      }
      guard case .missingMetadata("x", key, _)? = error else {
        Issue.record("\(key): \(String(describing: error))")
        continue
      }
    }
  }

  /// What, where, found, expected, what to try: the text of each case has all of its values.
  @Test func messagesHoldTheirValues() {
    let messages: [(NeuralNetError, [String])] = [
      (.cannotRead(path: "P", reason: "R"), ["P", "R"]),
      (.cannotWrite(.cannotWrite(path: "P", reason: "R")), ["P", "R"]),
      (.cut(path: "P", found: 11, expected: 22), ["P", "11", "22"]),
      (
        .malformed(path: "P", location: "L", found: "F", expected: "E"),
        ["P", "at L", "found F", "expected E"]
      ),
      (.tooLarge(path: "P", claimed: "C", limit: "M"), ["P", "C", "M"]),
      (.newerVersion(path: "P", found: 3, supported: 1, writtenBy: "W"), ["P", "3", "1", "W"]),
      (.missingMetadata(path: "P", key: "K", expected: "E"), ["P", "K", "E"]),
      (.badMetadata(path: "P", key: "K", found: "F", expected: "E"), ["P", "K", "F", "E"]),
      (.missingTensor(path: "P", name: "N", expected: "E"), ["P", "N", "E"]),
      (
        .unexpectedTensors(path: "P", names: (1...7).map { "t\($0)" }),
        ["P", "t1, t2, t3, t4, t5 and 2 more"]
      ),
      (.wrongShape(path: "P", name: "N", found: [1, 2], expected: [3]), ["P", "N", "[1, 2]", "[3]"]),
      (.wrongDataType(path: "P", name: "N", found: "F64", expected: "F32"), ["P", "N", "F64", "F32"]),
    ]
    for (error, parts) in messages {
      for part in parts { #expect(error.description.contains(part), "\(error)") }
      #expect(error.description.hasSuffix("."))
    }
  }
}
