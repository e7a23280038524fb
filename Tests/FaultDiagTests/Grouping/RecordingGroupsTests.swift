import CPC
import NeuralNet
import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct RecordingGroupsTests {
  private static func model() throws -> GroupingModel {
    let plan = TrainingPlan(
      features: .spectral(SpectralFeatures(sampleRate: 8000, bands: 8, frameLength: 128, hop: 128, steps: 8)),
      encoder: Choice("spectral", ["sizes": .integers([6])]), contextSize: 4)
    return GroupingModel(
      path: "m.safetensors", embedder: try CPCEmbedder(plan: plan, model: RepresentationModel(plan)))
  }

  /// Five recordings: three of one group around (1, 0), two of another around (0, 1).
  private static let grouping = Grouping<Float>(
    probabilities: Tensor(
      [0.1, 0, 0.9, 0.8, 0, 0.2, 0.3, 0, 0.7, 0.2, 0, 0.8, 0.6, 0, 0.4], shape: [5, 3]),
    places: Tensor([1, 0, 0, 1, 0.8, 0.1, 0.95, 0.05, 0.1, 0.9], shape: [5, 2]))

  private static func groups(labels: [String?]) throws -> RecordingGroups {
    RecordingGroups(
      grouping, source: .learnt, of: try model(), paths: ["a", "b", "c", "d", "e"], labels: labels)
  }

  @Test func theLargestGroupComesFirstAndItsMostCentralMemberToo() throws {
    let found = try Self.groups(labels: [nil, nil, nil, nil, nil])
    #expect(found.groups.map { $0.size } == [3, 2] && found.emptyGroups == 1)
    #expect(found.groups[0].typical == ["d", "a", "c"])
    #expect(found.recordings.map { $0.path } == ["d", "a", "c", "b", "e"])
    #expect(found.recordings.map { $0.group } == [1, 1, 1, 2, 2])
    #expect(close(found.groups[0].probability, 0.8, 1e-6) && close(found.groups[1].probability, 0.7, 1e-6))
    #expect(found.agreement == nil)
  }

  @Test func labelsAreCountedAndComparedButChangeNothing() throws {
    let found = try Self.groups(labels: ["x", "y", "x", nil, "x"])
    #expect(found.groups[0].labels == [.init(label: "x", count: 2)])
    #expect(found.groups[1].labels == [.init(label: "x", count: 1), .init(label: "y", count: 1)])
    #expect(found.agreement == ClusterAgreement(groups: [0, 1, 0, 1], classes: [0, 1, 0, 0]))
    // One label for all is nothing to agree with.
    #expect(try Self.groups(labels: ["x", "x", "x", "x", "x"]).agreement == nil)
  }

  @Test func kMeansGroupsWhatNoModelLearnt() throws {
    let model = try Self.model()
    let size = model.embedder.embeddingSize
    var random = RandomSource(seed: 5)
    let recordings = (0..<8).map { recording in
      Tensor((0..<3 * size).map { _ in Float(random.normal() + (recording < 5 ? 0 : 9)) }, shape: [3, size])
    }
    let (grouping, source) = try model.groups(of: recordings, count: 2, seed: 1, threads: 2)
    #expect(source == .kmeans && grouping.probabilities.shape == [8, 2])
    let first = (0..<8).map { grouping.probabilities.storage[2 * $0] > 0.5 }
    #expect(Set(first.prefix(5)).count == 1 && Set(first.suffix(3)).count == 1 && first[0] != first[7])
    for row in 0..<8 { #expect(abs(grouping.probabilities.outer(row..<row + 1).sum - 1) < 1e-6) }
    let again = try model.groups(of: recordings, count: 2, seed: 1, threads: 1)
    #expect(again.grouping == grouping)
  }

  @Test func withoutANumberOrEnoughRecordingsItIsATypedError() throws {
    let model = try Self.model()
    let one = Tensor<Float>(zeros: [2, model.embedder.embeddingSize])
    for count in [nil, 3] as [Int?] {
      let error = #expect(throws: FaultDiagError.self) {
        try model.groups(of: [one, one], count: count, seed: 1, threads: 1)
      }
      guard case .cannotGroup = error else {
        Issue.record("found \(String(describing: error))")
        continue
      }
      #expect(error!.description.contains("--clusters"))
    }
    let same = try model.groups(of: [one, one], count: 2, seed: 1, threads: 1).grouping
    #expect(same.probabilities.isFinite)
  }
}
