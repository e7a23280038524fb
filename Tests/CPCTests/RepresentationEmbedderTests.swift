import Foundation
import NeuralNet
import SignalIO
import Testing

@testable import CPC

@Suite struct RepresentationEmbedderTests {
  static func embedder() throws -> RepresentationEmbedder {
    RepresentationEmbedder(plan: Melody.plan(), model: try RepresentationModel(Melody.plan()))
  }

  static var windows: [[Float]] {
    (0..<19).map { Melody.samples(notes: 24, seed: UInt64($0)) }
  }

  @Test func threadsChangeNoByte() throws {
    let embedder = try Self.embedder()
    let one = embedder.embeddings(of: Self.windows, threads: 1)
    #expect(one.shape == [19, embedder.embeddingSize] && one.isFinite)
    for threads in [2, 3, 7] { #expect(embedder.embeddings(of: Self.windows, threads: threads) == one) }
  }

  @Test func levelAndOffsetAreNoFeature() throws {
    let embedder = try Self.embedder()
    let one = embedder.embeddings(of: Self.windows, threads: 2)
    let other = embedder.embeddings(of: Self.windows.map { $0.map { 20 * $0 - 3 } }, threads: 2)
    #expect(zip(one.storage, other.storage).allSatisfy { abs($0 - $1) < 1e-2 })
  }

  @Test func silenceAndNothingAreTaken() throws {
    let embedder = try Self.embedder()
    let length = embedder.windowPlan.length
    #expect(length == 24 * 128)
    #expect(embedder.embeddings(of: [[Float](repeating: 3, count: length)], threads: 1).isFinite)
    #expect(embedder.embeddings(of: [], threads: 2).shape == [0, embedder.embeddingSize])
  }

  @Test func aCheckpointBecomesAnEmbedder() throws {
    try TrainerTests.inFolder { folder in
      let path = folder.appendingPathComponent("m.safetensors").path
      let trained = try TrainerTests.train(Melody.plan(), to: path)
      let embedder = try RepresentationEmbedder(TrainingCheckpoint(path: path))
      let again = RepresentationEmbedder(plan: embedder.plan, model: trained.model)
      #expect(
        embedder.embeddings(of: Self.windows, threads: 1) == again.embeddings(of: Self.windows, threads: 1))
      // Cut short, it is refused by name.
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: CPCError.self) { try TrainingCheckpoint(path: path) }
      #expect(error?.description.contains(path) == true)
    }
  }
}
