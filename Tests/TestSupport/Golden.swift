import Foundation
import NeuralNet

/// Finds the golden files that the scripts in `Tools/Reference` wrote.
package enum Golden {
  /// The path of `Tests/Golden/<name>`, from wherever the calling test lies.
  package static func path(_ name: String) -> String {
    // This file's own place: a default argument would be the caller's, at any depth.
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden").appendingPathComponent(name).path
  }

  /// Reads `Tests/Golden/<name>.safetensors`.
  package static func load(_ name: String) throws -> GoldenArrays {
    GoldenArrays(content: try Safetensors.read(path(name + ".safetensors")))
  }

  /// Compares whole arrays; nil where all entries agree, else a line with the worst entry.
  ///
  /// Entry i agrees where |observed - expected| <= tolerance * max(|expected_i|, rms(expected)): relative, but entries
  /// that cancelled to nearly nothing are measured by the array they belong to. Infinities and NaN must be the same.
  /// Use as `#expect(Golden.mismatch(output, golden["output"], tolerance: 1e-10) == nil)`.
  package static func mismatch<Scalar: TensorScalar>(
    _ observed: Tensor<Scalar>, _ expected: Tensor<Double>, tolerance: Double, floor: Double = 0,
    name: String = ""
  ) -> String? {
    guard observed.shape == expected.shape else {
      return "\(name): observed shape \(observed.shape), expected \(expected.shape)"
    }
    let finite = expected.storage.filter(\.isFinite)
    let meanSquare = finite.reduce(0) { $0 + $1 * $1 } / Double(max(finite.count, 1))
    let scale = max(meanSquare.squareRoot(), floor)
    var worst: (index: Int, error: Double)?
    for (i, wanted) in expected.storage.enumerated() {
      let found = Double(observed.storage[i])
      if found == wanted || (found.isNaN && wanted.isNaN) { continue }
      let ratio = abs(found - wanted) / max(abs(wanted), scale)
      let error = ratio.isNaN ? .infinity : ratio
      if error > worst?.error ?? tolerance { worst = (i, error) }
    }
    return worst.map {
      "\(name)\(position($0.index, expected.shape)): observed \(observed.storage[$0.index]), "
        + "expected \(expected.storage[$0.index]), relative error \($0.error), tolerance \(tolerance)"
    }
  }

  /// `[2, 0, 5]` for a row-major index into an array of `shape`.
  package static func position(_ index: Int, _ shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { size in
      defer { rest /= size }
      return rest % size
    }.reversed()
  }
}

/// The arrays of one golden file.
package struct GoldenArrays: Sendable {
  package let content: Safetensors

  package init(content: Safetensors) {
    self.content = content
  }

  /// The array `name` in double precision, whatever numeric type it is stored in.
  package subscript(name: String) -> Tensor<Double> {
    get throws {
      guard let entry = content[name] else {
        throw NeuralNetError.missingTensor(
          path: content.source, name: name, expected: "one of \(content.names)")
      }
      return Tensor(entry.values.doubles, shape: entry.shape)
    }
  }

  /// The array `name` in `Scalar`, rounded where need be.
  package func tensor<Scalar: TensorScalar>(_ name: String, as type: Scalar.Type) throws -> Tensor<Scalar> {
    let tensor = try self[name]
    return Tensor(tensor.storage.map { Scalar($0) }, shape: tensor.shape)
  }

  /// Sets every tensor of `model`, by name under `prefix`, to the golden array; shapes must agree.
  package func fill<M: Parameterized>(_ model: inout M, prefix: String = "") throws {
    try model.visit(prefix) { name, _, tensor in
      let golden = try self.tensor(name, as: M.Scalar.self)
      guard golden.shape == tensor.shape else {
        throw NeuralNetError.wrongShape(
          path: content.source, name: name, found: golden.shape, expected: tensor.shape)
      }
      tensor = golden
    }
  }

  /// Compares every tensor of `model` with the golden array of its name under `prefix`; a line per tensor that differs.
  ///
  /// `skip` names roles that the golden file does not hold, for instance the buffers of a gradient.
  package func mismatches<M: Parameterized>(
    _ model: M, prefix: String = "", tolerance: Double, floor: Double = 0,
    skip: Set<ParameterRole> = []
  ) throws -> [String] {
    var lines: [String] = []
    for (name, role, tensor) in model.parameters where !skip.contains(role) {
      let expected = try self[join(prefix, name)]
      let line = Golden.mismatch(
        tensor, expected, tolerance: tolerance, floor: floor, name: join(prefix, name))
      if let line { lines.append(line) }
    }
    return lines
  }
}
