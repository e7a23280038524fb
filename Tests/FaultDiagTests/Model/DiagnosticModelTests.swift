import CPC
import Foundation
import NeuralNet
import SignalIO
import Testing

@testable import FaultDiag

@Suite struct DiagnosticModelTests {
  /// A small encoder with its first random weights: the file and the pipeline do not depend on what it learnt.
  private static func embedder() throws -> CPCEmbedder {
    let plan = TrainingPlan(
      features: .raw(RawFeatures(sampleRate: 12_000, windowSamples: 4800)),
      encoder: Choice("raw", ["channels": .integer(8)]), contextSize: 6,
      objective: Choice("cpc", ["stepsAhead": .integer(3)]))
    return try CPCEmbedder(plan: plan, model: RepresentationModel<Float>(plan))
  }

  private static let fitted = Result { () throws -> DiagnosticModel in
    let embedder = try Self.embedder()
    var (items, embeddings): ([SplitItem], [Tensor<Float>]) = ([], [])
    for state in ["normal", "outer"] {
      for bearing in UInt64(0)..<3 {
        let source = try RecordingSource(
          path: "-",
          stream: MemoryStream(
            [SimulatedPlant.samples(state, bearing: bearing + (state == "outer" ? 10 : 0))],
            sampleRate: 12_000))
        items.append(SplitItem(path: "\(state)\(bearing).wav", label: state, bearingID: "\(state)\(bearing)"))
        embeddings.append(try EmbeddedRecording(source, embedder: embedder, threads: 1).embeddings)
      }
    }
    let heads = try HeadFitter.fit(
      LabelledCorpus(items: items, embeddings: embeddings), settings: SyntheticCorpus.settings, threads: 2)
    return DiagnosticModel(
      name: "plant", embedder: embedder, heads: heads,
      conditions: TrainingConditions(channel: "DE", sampleRates: [12_000], recordings: 6),
      settings: SyntheticCorpus.settings)
  }

  private func model() throws -> DiagnosticModel { try Self.fitted.get() }

  @Test func theFileHoldsTheWholeModel() throws {
    let model = try model()
    let bytes = model.bytes(programVersion: "1.0")
    let read = try DiagnosticModel(bytes: bytes, name: "memory")
    #expect(read.bytes(programVersion: "1.0") == bytes)
    #expect(read.heads.references == model.heads.references && read.conditions == model.conditions)
    let source = {
      try RecordingSource(
        path: "-", stream: MemoryStream([SimulatedPlant.samples("outer", bearing: 50)], sampleRate: 12_000))
    }
    let a = try model.diagnoser(hash: "a", threads: 1).diagnose(source())
    let b = try read.diagnoser(hash: "a", threads: 2).diagnose(source())
    #expect(a == b)
  }

  @Test func writtenFilesAreReadBack() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UInt64.random(in: 0...(.max))).fdm"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model().write(to: path, programVersion: "1.0")
    #expect(try DiagnosticModel(path: path).name == "plant")
    #expect(throws: FaultDiagError.self) {
      try model().write(to: "/no/such/folder/m.fdm", programVersion: "1.0")
    }
    #expect(throws: FaultDiagError.self) { _ = try DiagnosticModel(path: "/no/such/file") }
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let bytes = try model().bytes(programVersion: "1.0")
    for share in [0, 0.001, 0.01, 0.2, 0.5, 0.9, 0.9999] {
      let cut = Array(bytes.prefix(Int(Double(bytes.count) * share)))
      #expect(throws: FaultDiagError.self, "\(share)") { _ = try DiagnosticModel(bytes: cut, name: "cut") }
    }
  }

  @Test func newerAndForeignFilesAreNamed() throws {
    let text = String(decoding: try model().bytes(programVersion: "1.0").prefix(200_000), as: UTF8.self)
    #expect(text.contains("fault-diag.diagnosis"))
    var foreign = Checkpoint(programVersion: "1.0", plan: "{}")
    #expect {
      _ = try DiagnosticModel(bytes: foreign.bytes, name: "x")
    } throws: { error in
      guard case FaultDiagError.badModel = error else { return false }
      return true
    }
    foreign.store(value: ["version": 99], for: "fault-diag.diagnosis")
    #expect(throws: FaultDiagError.newerModel(path: "x", version: 99, known: 1)) {
      _ = try DiagnosticModel(bytes: foreign.bytes, name: "x")
    }
  }

  @Test func valuesThatAreNotFiniteAreRefused() throws {
    var model = try model()
    model.heads.classifier.classifier.weight.storage[0] = .nan
    let bytes = model.bytes(programVersion: "1.0")
    #expect(throws: FaultDiagError.self) { _ = try DiagnosticModel(bytes: bytes, name: "x") }
  }

  /// Sizes that the settings state and the file cannot hold are refused before memory is taken.
  @Test func claimedSizesTakeNoMemory() throws {
    for change in [
      { (settings: inout FitSettings) in
        (settings.supcon.hiddenSize, settings.supcon.projectionSize) = (65_536, 65_536)
      },
      { $0.siamese.projectionSize = 65_536 },
    ] {
      var model = try model()
      change(&model.settings)
      #expect {
        _ = try DiagnosticModel(bytes: model.bytes(programVersion: "1.0"), name: "x")
      } throws: {
        if case FaultDiagError.modelFile(.tooLarge) = $0 { true } else { false }
      }
    }
    var content = try Safetensors.read(try model().bytes(programVersion: "1.0"), source: "x")
    let plan = try #require(content.metadata["fault-diag.plan"])
    content.metadata["fault-diag.plan"] = plan.replacing(
      "\"contextSize\" : 6", with: "\"contextSize\" : 4096")
    #expect {
      _ = try DiagnosticModel(bytes: content.bytes, name: "x")
    } throws: {
      "\($0)".contains("contextSize cannot be")
    }
  }

  @Test func embeddingsDoNotDependOnThreadsOrBatches() throws {
    let embedder = try Self.embedder()
    let samples = try SimulatedPlant.samples("outer", bearing: 4, seconds: 6)
    let windows = (0..<13).map { Array(samples[$0 * 4800..<($0 + 1) * 4800]) }
    let one = embedder.embeddings(of: windows, threads: 1)
    #expect(one.shape == [13, embedder.embeddingSize])
    #expect(one == embedder.embeddings(of: windows, threads: 3))
    #expect(embedder.embeddings(of: [], threads: 2).shape == [0, embedder.embeddingSize])
  }
}
