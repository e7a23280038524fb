import CPC
import FaultDiag
import NeuralNet

extension FuzzTarget {
  /// A file of named arrays, byte by byte; what was understood is written, read again, and must be the same.
  static let safetensors = FuzzTarget("safetensors") { bytes in
    let content = try Safetensors.read(bytes, source: "fuzz")
    let again = try Safetensors.read(content.bytes, source: "again")
    precondition(again.metadata == content.metadata && again.names == content.names, "\(content.names)")
    for name in content.names { precondition(again[name]?.shape == content[name]?.shape, "\(name)") }
  }

  /// The JSON of a training's plan.
  static let trainingPlan = FuzzTarget("training-plan") { bytes in
    let plan = try TrainingPlan(json: String(decoding: bytes, as: UTF8.self), path: "fuzz")
    let again = try TrainingPlan(json: plan.json, path: "again")
    precondition(again == plan, "\(plan.json)")
  }

  static let checkpoint = FuzzTarget("checkpoint") { bytes in
    let checkpoint = try TrainingCheckpoint(ModelFile.checkpoint(header: bytes))
    _ = try checkpoint.model()
    _ = try checkpoint.objective()
  }

  static let diagnosticModel = FuzzTarget("diagnostic-model") { bytes in
    let file = try ModelFile.complete(header: bytes)
    let model = try DiagnosticModel(bytes: file, name: "fuzz")
    _ = model.diagnoser(hash: "", threads: 1)
  }

  static let alignedModel = FuzzTarget("aligned-model") { bytes in
    let model = try AlignedModel(ModelFile.checkpoint(header: bytes))
    _ = model.diagnoser(ModelIdentity(name: "fuzz", hash: ""), threads: 1)
  }

  static let healthyBaseline = FuzzTarget("healthy-baseline") { bytes in
    let file = try ModelFile.complete(header: bytes)
    let baseline = try MemoryFile.with(file) { try HealthyBaseline(path: $0) }
    for machine in baseline.machines {
      _ = baseline.calibration(of: machine)
      _ = baseline.warnings(for: machine)
    }
  }
}

/// Model files made of their headers: the length in front is put there, numbers that are left out are zeros.
///
/// Mutation then works on what decides, and hardly ever on what any change makes unreadable.
private enum ModelFile {
  /// Most bytes that are filled in.
  private static let mostZeros = 1 << 22

  static func checkpoint(header: [UInt8]) throws(NeuralNetError) -> Checkpoint {
    try Checkpoint.read(complete(header: header), source: "fuzz")
  }

  static func complete(header: [UInt8]) throws(NeuralNetError) -> [UInt8] {
    var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    do {
      _ = try Safetensors.read(file, source: "fuzz")
    } catch {
      guard case .cut(_, let found, let expected) = error, expected - found <= mostZeros else { throw error }
      file += [UInt8](repeating: 0, count: expected - found)
    }
    return file
  }
}
