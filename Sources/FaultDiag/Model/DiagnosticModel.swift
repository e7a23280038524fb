import CPC
import NeuralNet
import Support

/// A fitted model in one file: encoder, heads, references, classes and calibration, with the settings that made it.
///
/// The file is a safetensors checkpoint. Loading is strict: every tensor by name and shape, nothing beside them, every
/// setting in its range; a file cut anywhere, changed or made by a newer program is refused with the reason.
package struct DiagnosticModel: Sendable {
  package static let version = 1

  package var name: String
  package var embedder: CPCEmbedder
  package var heads: DiagnosticHeads
  package var conditions: TrainingConditions
  package var settings: FitSettings

  package init(
    name: String, embedder: CPCEmbedder, heads: DiagnosticHeads, conditions: TrainingConditions,
    settings: FitSettings
  ) {
    self.name = name
    self.embedder = embedder
    self.heads = heads
    self.conditions = conditions
    self.settings = settings
  }

  private enum Section {
    static let encoder = "encoder"
    static let classifier = "classifier"
    static let siamese = "siamese"
    static let references = "references"
    static let all = [encoder, classifier, siamese, references]
  }
  private static let key = "fault-diag.diagnosis"

  /// What the tensors do not say.
  private struct Description: Codable {
    var version: Int
    var name: String
    var classes: [String]
    var references: [String]
    var referenceClasses: [Int]
    var settings: FitSettings
    var conditions: TrainingConditions
    var calibration: TemperatureCalibration
    var calibrationCount: Int
  }

  /// The file's content. Equal models give equal bytes.
  package func bytes(programVersion: String) -> [UInt8] {
    var content = Checkpoint(programVersion: programVersion, plan: embedder.plan.json)
    content.store(embedder.model, as: Section.encoder)
    content.store(heads.classifier, as: Section.classifier)
    content.store(heads.siamese, as: Section.siamese)
    content.store(ReferencePositions(positions: heads.references.positions), as: Section.references)
    content.store(
      value: Description(
        version: Self.version, name: name, classes: heads.classes, references: heads.references.recordings,
        referenceClasses: heads.references.classes, settings: settings, conditions: conditions,
        calibration: heads.calibration, calibrationCount: heads.calibrationCount), for: Self.key)
    return content.bytes
  }

  /// Writes the file, whole or not at all.
  package func write(to path: String, programVersion: String) throws(FaultDiagError) {
    do throws(AtomicFileError) {
      try AtomicFile.write(bytes(programVersion: programVersion), to: path)
    } catch {
      throw .modelFile(.cannotWrite(error))
    }
  }

  /// Reads the file at `path`.
  package init(path: String) throws(FaultDiagError) {
    let parsed: Result<DiagnosticModel, FaultDiagError>
    do throws(NeuralNetError) {
      parsed = try Self.parse(try Checkpoint.read(path), path: path)
    } catch {
      throw .modelFile(error)
    }
    self = try parsed.get()
  }

  /// Reads a file's content from memory, as the embedded default model; `name` stands for its path in messages.
  package init(bytes: [UInt8], name: String) throws(FaultDiagError) {
    let parsed: Result<DiagnosticModel, FaultDiagError>
    do throws(NeuralNetError) {
      parsed = try Self.parse(try Checkpoint.read(bytes, source: name), path: name)
    } catch {
      throw .modelFile(error)
    }
    self = try parsed.get()
  }

  /// A diagnoser with this model, whose file has this SHA-256.
  package func diagnoser(hash: String, threads: Int) -> Diagnoser {
    Diagnoser(
      model: FittedJudge(embedder: embedder, heads: heads, conditions: conditions),
      identity: ModelIdentity(name: name, hash: hash), threads: threads)
  }
}

// MARK: - Reading

extension DiagnosticModel {
  /// Errors of the container are thrown; errors of what it holds are the result's.
  private static func parse(
    _ content: Checkpoint, path: String
  ) throws(NeuralNetError) -> Result<DiagnosticModel, FaultDiagError> {
    guard content.hasValue(for: key) else {
      return .failure(
        .badModel(
          path: path, found: "no heads (a pretrained checkpoint?)", expected: "a model that fit wrote"))
    }
    let text = try content.value(Version.self, for: key)
    guard text.version <= version else {
      return .failure(.newerModel(path: path, version: text.version, known: version))
    }
    let description = try content.value(Description.self, for: key)
    try content.requireNothing(beside: Section.all)
    let (supcon, siamese) = (description.settings.supcon, description.settings.siamese)
    for (name, shape) in [
      ("the classifier's projector", [supcon.hiddenSize, supcon.projectionSize]),
      ("the Siamese projector", [siamese.hiddenSize, siamese.projectionSize]),
      ("the references", [description.references.count, siamese.projectionSize]),
    ] { try content.requireRoom(for: shape, named: name) }
    if let flaw = flaw(in: description) {
      return .failure(.badModel(path: path, found: flaw, expected: "what fit writes"))
    }
    do throws(FaultDiagError) {
      try description.settings.validate()
      return .success(try model(content, description, path: path))
    } catch {
      return .failure(error)
    }
  }

  /// Read before everything else, so that a newer layout is named as such.
  private struct Version: Decodable { var version: Int }

  private static func flaw(in description: Description) -> String? {
    let classes = description.classes
    if classes.count < 2 || classes.count > 10_000 || classes != Set(classes).sorted() {
      return "\(classes.count) classes that are not distinct and in order"
    }
    if description.references.isEmpty || description.references.count != description.referenceClasses.count
      || !description.referenceClasses.allSatisfy(classes.indices.contains)
    {
      return "references that do not match their classes"
    }
    if !TemperatureCalibration.range.contains(description.calibration.temperature) {
      return "a temperature of \(description.calibration.temperature)"
    }
    return nil
  }

  private static func model(
    _ content: Checkpoint, _ description: Description, path: String
  ) throws(FaultDiagError) -> DiagnosticModel {
    let settings = description.settings
    var encoder: RepresentationModel<Float>
    let plan: TrainingPlan
    do throws(CPCError) {
      plan = try TrainingPlan(json: content.plan, path: path, room: content.numberCount)
      encoder = try RepresentationModel<Float>(plan)
    } catch {
      throw .representation(error)
    }
    var random = RandomSource(seed: 0)
    var classifier = SupConClassifier<Float>(
      inputs: encoder.embeddingSize, classes: description.classes.count, settings: settings.supcon,
      random: &random)
    var siamese = SiameseHead<Float>(
      inputs: encoder.embeddingSize, settings: settings.siamese, random: &random)
    var references = ReferencePositions(
      positions: Tensor(zeros: [description.references.count, settings.siamese.projectionSize]))
    do throws(NeuralNetError) {
      try content.load(into: &encoder, from: Section.encoder)
      try content.load(into: &classifier, from: Section.classifier)
      try content.load(into: &siamese, from: Section.siamese)
      try content.load(into: &references, from: Section.references)
    } catch {
      throw .modelFile(error)
    }
    let tensors = encoder.parameters + classifier.parameters + siamese.parameters + references.parameters
    for (name, _, tensor) in tensors where !tensor.isFinite {
      throw .badModel(
        path: path, found: "values that are not finite in '\(name)'", expected: "finite numbers")
    }
    let heads = DiagnosticHeads(
      classes: description.classes, classifier: classifier, siamese: siamese,
      references: SiameseReferences(
        positions: references.positions, recordings: description.references,
        classes: description.referenceClasses),
      decision: settings.decision, calibration: description.calibration,
      calibrationCount: description.calibrationCount)
    return DiagnosticModel(
      name: description.name, embedder: try CPCEmbedder(plan: plan, model: encoder), heads: heads,
      conditions: description.conditions, settings: settings)
  }
}

/// The references' positions, to be stored like a model.
private struct ReferencePositions: Parameterized {
  var positions: Tensor<Float>

  mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Float>) throws -> Void
  ) rethrows {
    try body(join(path, "positions"), .buffer, &positions)
  }
}
