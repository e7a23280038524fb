import CPC
import Foundation
import SignalIO
import Support
import Testing

@testable import FaultDiag

/// From files in folders to a diagnosis, through every part but the command line.
@Suite struct FitterTests {
  /// A folder per test, removed at the end.
  private struct Plant: ~Copyable {
    let root: String

    init() throws {
      root = FileManager.default.temporaryDirectory.appendingPathComponent("fitter-\(UUID().uuidString)").path
      for (index, state) in ["normal", "outer"].enumerated() {
        try FileManager.default.createDirectory(
          atPath: "\(root)/train/\(state)", withIntermediateDirectories: true)
        for bearing in UInt64(0)..<3 {
          try write("train/\(state)/\(bearing).wav", state, bearing: bearing + UInt64(index) * 10)
        }
      }
    }

    func write(_ name: String, _ state: String, bearing: UInt64, seconds: Double = 2) throws {
      try SoundFileWriter.write(
        [SimulatedPlant.samples(state, bearing: bearing, seconds: seconds)], sampleRate: 12_000,
        to: "\(root)/\(name)", encoding: .wavFloat)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }
  }

  private func fitter() throws -> Fitter {
    let plan = TrainingPlan(
      features: .raw(RawFeatures(sampleRate: 12_000, windowSamples: 4800)),
      encoder: Choice("raw", ["channels": .integer(8)]), contextSize: 6,
      objective: Choice("cpc", ["stepsAhead": .integer(3)]))
    let embedder = try CPCEmbedder(plan: plan, model: RepresentationModel<Float>(plan))
    return Fitter(embedder: embedder, settings: SyntheticCorpus.settings, threads: 2)
  }

  private func discover(_ plant: borrowing Plant) throws -> [FoundRecording] {
    var options = RecordingCollection.Options()
    options.labelsFromFolders = true
    return try RecordingCollection.discover(roots: ["\(plant.root)/train"], options: options).recordings
  }

  @Test func foldersOfRecordingsBecomeAModelThatDiagnoses() throws {
    let plant = try Plant()
    let fitter = try fitter()
    var events: [Fitter.Event] = []
    let corpus = try fitter.corpus(discover(plant), progress: { events.append($0) })
    #expect(corpus.corpus.classes == ["normal", "outer"])
    #expect(corpus.corpus.items.count == 6 && events.count == 6)
    #expect(corpus.conditions.sampleRates == [12_000] && corpus.conditions.recordings == 6)
    let model = try fitter.fit(corpus, name: "plant")
    #expect(model.heads.calibrationCount == 6, "each file is a group of its own")
    try plant.write("new.wav", "outer", bearing: 60, seconds: 4)
    let diagnosis = try model.diagnoser(hash: "", threads: 2).diagnose(
      path: "\(plant.root)/new.wav")
    #expect(model.heads.classes.contains(diagnosis.state))
    #expect(diagnosis.windows.total == 19)
    #expect(diagnosis.references.count == 3)
    #expect(diagnosis.recording.format.hasPrefix("WAV"))
  }

  @Test func sameFilesSameBytes() throws {
    let plant = try Plant()
    let fitter = try fitter()
    let recordings = try discover(plant)
    let a = try fitter.fit(fitter.corpus(recordings), name: "m").bytes(programVersion: "1")
    var other = fitter
    other.threads = 1
    let b = try other.fit(other.corpus(recordings), name: "m").bytes(programVersion: "1")
    #expect(a == b)
  }

  @Test func whatCannotBeUsedIsLeftOutAndSaid() throws {
    let plant = try Plant()
    try plant.write("train/outer/short.wav", "outer", bearing: 61, seconds: 0.1)
    var skipped: [String] = []
    let corpus = try fitter().corpus(discover(plant)) { event in
      if case .skipped(let path, _) = event { skipped.append(path) }
    }
    #expect(corpus.corpus.items.count == 6)
    #expect(skipped.count == 1 && skipped[0].hasSuffix("short.wav"))
    #expect(throws: FaultDiagError.noLabels(found: 0, example: nil)) { _ = try fitter().corpus([]) }
  }

  @Test func settingsOutOfRangeAreRefused() {
    var settings = FitSettings()
    settings.siamese.loss.margin = 0
    #expect(throws: FaultDiagError.self) { try settings.validate() }
    settings = FitSettings()
    settings.supcon.hiddenSize = 1 << 40
    #expect(throws: FaultDiagError.self) { try settings.validate() }
    #expect(throws: Never.self) { try FitSettings().validate() }
  }
}
