import FoundationEssentials

/// A model with what is needed to use it or to go on training: named tensors, the plan, versions, counters and the
/// states of optimizers and random sources, in one safetensors file.
///
/// Tensors are stored in sections, each under its own prefix: `model.gru.bias` is the tensor `gru.bias` of the section
/// `model`. Loading a section is strict: the same names, the same shapes, nothing beside them; a model is changed
/// only when all of it fits.
package struct Checkpoint: Sendable {
  /// The newest layout of files that this program knows.
  package static let formatVersion = 1

  enum Key {
    static let format = "fault-diag.format"
    static let program = "fault-diag.version"
    static let plan = "fault-diag.plan"
  }

  package private(set) var content: Safetensors

  /// An empty checkpoint. `plan` is the JSON text of the plan that builds the model's structure.
  package init(programVersion: String, plan: String) {
    content = Safetensors()
    content.metadata = [
      Key.format: String(Self.formatVersion), Key.program: programVersion, Key.plan: plan,
    ]
  }

  /// Reads the file at `path` and checks that this program can understand it.
  package static func read(_ path: String) throws(NeuralNetError) -> Checkpoint {
    try Checkpoint(checking: try Safetensors.read(path))
  }

  /// Reads a file's content from memory; `source` names it in messages.
  package static func read(_ bytes: [UInt8], source: String) throws(NeuralNetError) -> Checkpoint {
    try Checkpoint(checking: try Safetensors.read(bytes, source: source))
  }

  private init(checking content: Safetensors) throws(NeuralNetError) {
    self.content = content
    let expected = "the version of the file's layout"
    let text = try text(for: Key.format, expected: expected)
    guard let version = Int(text), version > 0 else {
      throw .badMetadata(path: source, key: Key.format, found: "'\(text)'", expected: expected)
    }
    guard version <= Self.formatVersion else {
      let program =
        content.metadata[Key.program].map { "version \($0) of the program" } ?? "an unknown program"
      throw .newerVersion(
        path: source, found: version, supported: Self.formatVersion, writtenBy: program)
    }
    _ = try self.text(for: Key.program, expected: "the version of the program that wrote it")
    _ = try self.text(for: Key.plan, expected: "the plan of the model")
  }

  /// Replaces the file at `path`, whole or not at all.
  package func write(to path: String) throws(NeuralNetError) { try content.write(to: path) }

  /// The file's content.
  package var bytes: [UInt8] { content.bytes }

  /// Where it was read from, for messages.
  package var source: String { content.source }

  package var programVersion: String { content.metadata[Key.program] ?? "" }

  /// The JSON text of the plan.
  package var plan: String { content.metadata[Key.plan] ?? "" }

  // MARK: Models

  /// Stores the tensors of `model`, buffers included, as the section `section`.
  package mutating func store<M: Parameterized>(_ model: M, as section: String) {
    for (name, _, tensor) in model.parameters { content.insert(tensor, named: join(section, name)) }
  }

  /// Fills `model` from the section `section`. The model is unchanged when an error is thrown.
  package func load<M: Parameterized>(into model: inout M, from section: String) throws(NeuralNetError) {
    var loaded = model
    var failure: NeuralNetError?
    var expected: Set<String> = []
    loaded.visit("") { name, _, tensor in
      guard failure == nil else { return }
      let fullName = join(section, name)
      expected.insert(fullName)
      do throws(NeuralNetError) {
        tensor = try checked(fullName, tensor)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    let others = names(in: section).filter { !expected.contains($0) }
    guard others.isEmpty else { throw .unexpectedTensors(path: source, names: others) }
    model = loaded
  }

  private func checked<Scalar: TensorScalar>(
    _ name: String, _ current: Tensor<Scalar>
  ) throws(NeuralNetError) -> Tensor<Scalar> {
    guard let entry = content[name] else {
      throw .missingTensor(path: source, name: name, expected: "shape \(current.shape)")
    }
    guard entry.shape == current.shape else {
      throw .wrongShape(path: source, name: name, found: entry.shape, expected: current.shape)
    }
    return try content.tensor(named: name)
  }

  /// Names of the tensors of `section`.
  private func names(in section: String) -> [String] {
    content.names.filter { section.isEmpty || $0.hasPrefix(section + ".") }
  }

  /// Numbers in all tensors together.
  package var numberCount: Int { content.names.reduce(0) { $0 + (content[$1]?.shape.reduce(1, *) ?? 0) } }

  /// Refuses, before memory is taken for it, a tensor that the file is too small to hold.
  package func requireRoom(for shape: [Int], named name: String) throws(NeuralNetError) {
    var count = 1
    var isSound = shape.allSatisfy { $0 >= 0 }
    for size in shape where isSound {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      (count, isSound) = (product, !overflow)
    }
    guard isSound, count <= numberCount else {
      throw .tooLarge(
        path: source, claimed: "shape \(shape) for \(name)", limit: "the \(numberCount) numbers it holds")
    }
  }

  package func hasSection(_ section: String) -> Bool { !names(in: section).isEmpty }

  /// Refuses tensors outside of `sections`.
  package func requireNothing(beside sections: [String]) throws(NeuralNetError) {
    let others = content.names.filter { name in !sections.contains { name.hasPrefix($0 + ".") } }
    guard others.isEmpty else { throw .unexpectedTensors(path: source, names: others) }
  }

  // MARK: Optimizers

  /// Stores the state of `optimizer` and its count of steps as the section `section`.
  package mutating func store<O: Optimizer>(optimizer: O, as section: String) {
    store(optimizer, as: section)
    store(value: optimizer.stepCount, for: section + ".steps")
  }

  /// Fills `optimizer` with the state that it had when it trained `model`. Its settings come from the plan.
  package func load<O: Optimizer, M: Parameterized>(
    into optimizer: inout O, for model: M, from section: String
  ) throws(NeuralNetError) where O.Scalar == M.Scalar {
    var loaded = optimizer
    loaded.stepCount = try value(Int.self, for: section + ".steps")
    loaded.prepare(for: model)
    // Before its first step an optimizer has no state to store.
    if loaded.stepCount > 0 || hasSection(section) { try load(into: &loaded, from: section) }
    optimizer = loaded
  }

  // MARK: Other values

  /// Stores a counter, a `RandomSource` or another small value as JSON text in the metadata.
  package mutating func store<V: Encodable>(value: V, for key: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("the value of '\(key)' cannot be written as JSON: \(V.self)")
    }
    content.metadata[key] = String(decoding: data, as: UTF8.self)
  }

  /// The value stored under `key`.
  package func value<V: Decodable>(_ type: V.Type, for key: String) throws(NeuralNetError) -> V {
    let text = try text(for: key, expected: "a value of type \(V.self)")
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(type, from: Data(text.utf8))
    } catch {
      throw .badMetadata(
        path: source, key: key, found: "'\(text.prefix(40))'", expected: "a value of type \(V.self)")
    }
  }

  package func hasValue(for key: String) -> Bool { content.metadata[key] != nil }

  private func text(for key: String, expected: String) throws(NeuralNetError) -> String {
    guard let text = content.metadata[key] else {
      throw .missingMetadata(path: source, key: key, expected: expected)
    }
    return text
  }
}
