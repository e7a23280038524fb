import CPC
import Foundation
import NeuralNet
import SignalIO
import Support
import TestSupport
import Testing

@testable import FaultDiag

/// A small plant: noise through a resonance, as sound; a faulty one clicks.
enum SoundPlant {
  static let rate = 16_000.0

  static func samples(seed: UInt64, seconds: Double = 2, clicks: Bool = false) -> [Float] {
    var random = RandomSource(seed: seed)
    var samples = [Float](repeating: 0, count: Int(seconds * rate))
    var (a, b) = (0.0, 0.0)
    for i in samples.indices {
      (a, b) = (1.6 * a - 0.9 * b + random.normal(), a)
      samples[i] = Float(0.1 * a)
    }
    if clicks {
      for start in stride(from: 900, to: samples.count - 50, by: 6000) {
        for i in 0..<50 { samples[start + i] += Float(i % 2 == 0 ? 4 : -4) }
      }
    }
    return samples
  }

  static func source(_ samples: [Float], name: String = "clip", machine: String? = nil) throws(SignalIOError)
    -> RecordingSource
  {
    var flags = RecordingMetadata()
    flags.machine = machine.map { Sourced($0, from: .flag("--machine")) }
    flags.unit = Sourced("Pa", from: .flag("--unit"))
    return try RecordingSource(
      path: name, stream: MemoryStream([samples], sampleRate: rate), flags: flags)
  }

  static func recordings(_ count: Int, seconds: Double = 2) throws -> [BaselineRecording] {
    try (0..<count).map { index in
      let samples = samples(seed: UInt64(index), seconds: seconds)
      return try BaselineRecording(name: "clip\(index).wav") { () throws(SignalIOError) in
        try source(samples, name: "clip\(index).wav")
      }
    }
  }

  static var settings: BaselineSettings {
    var settings = BaselineSettings()
    settings.steps = 4
    settings.folds = 2
    settings.falseAlarmRate = 0.2
    return settings
  }

  /// Fitted once for all tests.
  static let fitted = Result {
    try BaselineFitter(settings: settings, threads: 2).fit(recordings(8), name: "plant")
  }
}

@Suite struct BaselineFitterTests {
  @Test func piecesAreTheWholeAndHaveAnEnd() throws {
    let whole = try SoundPlant.recordings(1)[0]
    var joined: [Float] = []
    for piece in whole.cut(into: 3) {
      let stream = try piece.open().stream
      while case let block = try stream.read(frames: 700)[0], !block.isEmpty { joined += block }
      #expect(try stream.read(frames: 700) == [[]])
    }
    #expect(joined == SoundPlant.samples(seed: 0))
  }

  @Test func healthyStateOfSounds() throws {
    let baseline = try SoundPlant.fitted.get()
    #expect(baseline.encoders.count == 2 && baseline.machines.count == 1)
    #expect(baseline.unit == .recording && baseline.machines[0].calibration.count == 8)
    #expect(!baseline.used.contains(.level), "the gain of a recorder is no fault")
    let judge = try NoveltyJudge(baseline, threads: 1)
    let clicking = try judge.finding(SoundPlant.source(SoundPlant.samples(seed: 90, clicks: true)))
    #expect(clicking.isAlarm && clicking.pValue == 1.0 / 9)
    #expect(clicking.components.first?.name != .level)
    let strange = (100..<108).count { seed in
      (try? judge.finding(SoundPlant.source(SoundPlant.samples(seed: seed))).isAlarm) == true
    }
    #expect(strange <= 5)
  }

  @Test func sameSeedSameBytesAndFileRoundTrip() throws {
    let baseline = try SoundPlant.fitted.get()
    let again = try BaselineFitter(settings: SoundPlant.settings, threads: 2).fit(
      SoundPlant.recordings(8), name: "plant")
    let bytes = baseline.checkpoint(programVersion: "1").bytes
    #expect(again.checkpoint(programVersion: "1").bytes == bytes)

    let folder = try TemporaryFolder()
    let path = folder.path + "/healthy.safetensors"
    try baseline.write(to: path, programVersion: "1")
    let read = try HealthyBaseline(path: path)
    #expect(read.checkpoint(programVersion: "1").bytes == bytes)
    let samples = SoundPlant.samples(seed: 91)
    #expect(
      try NoveltyJudge(read, threads: 1).finding(SoundPlant.source(samples))
        == NoveltyJudge(baseline, threads: 2).finding(SoundPlant.source(samples)))
  }

  @Test func filesThatAreNoHealthyStateAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/other.safetensors"
    try Checkpoint(programVersion: "1", plan: "{}").write(to: path)
    #expect {
      _ = try HealthyBaseline(path: path)
    } throws: { error in
      if case .badBaseline(_, let found, _) = error as? FaultDiagError {
        found == "another kind of model"
      } else {
        false
      }
    }
    let bytes = try SoundPlant.fitted.get().checkpoint(programVersion: "1").bytes
    try Data(bytes.prefix(bytes.count / 2)).write(to: URL(fileURLWithPath: path))
    #expect(throws: FaultDiagError.self) { _ = try HealthyBaseline(path: path) }
  }

  /// A range of 10^13 numbers in a file of some thousand is refused before memory is taken.
  @Test func claimedSizesTakeNoMemory() throws {
    let bytes = try SoundPlant.fitted.get().checkpoint(programVersion: "1").bytes
    let folder = try TemporaryFolder()
    for key in ["size", "references"] {
      var content = try Safetensors.read(bytes, source: "x")
      let text = try #require(content.metadata["fault-diag.baseline"])
      let changed = text.replacing("\"\(key)\":", with: "\"\(key)\":10000000000000")
      #expect(changed != text)
      content.metadata["fault-diag.baseline"] = changed
      let path = try folder.write(content.bytes, to: "claims.safetensors")
      #expect {
        _ = try HealthyBaseline(path: path)
      } throws: {
        if case FaultDiagError.modelFile(.tooLarge) = $0 { true } else { false }
      }
    }
  }

  /// Two long recordings: eight pieces, whose windows are compared.
  @Test func fewLongRecordingsAreComparedWindowByWindow() throws {
    var settings = SoundPlant.settings
    settings.windowSeconds = 1
    let baseline = try BaselineFitter(settings: settings, threads: 2).fit(
      SoundPlant.recordings(2, seconds: 10), name: "plant")
    #expect(baseline.unit == .window && baseline.machines[0].calibration.count >= 16)
    #expect(
      baseline.warnings(for: baseline.machines[0]).contains { $0.contains("windows of few recordings") })
    let finding = try NoveltyJudge(baseline, threads: 1).finding(
      SoundPlant.source(SoundPlant.samples(seed: 92, seconds: 5)))
    #expect(finding.items >= 4)
  }

  @Test func layoutFollowsOrderAndCount() throws {
    var fitter = BaselineFitter(settings: BaselineSettings(), threads: 1)
    #expect(try fitter.layout(SoundPlant.recordings(16)).folds == .chronological)
    #expect(try fitter.layout(SoundPlant.recordings(10)).folds == .blocks(4))
    fitter.settings.order = .time
    #expect(try fitter.layout(SoundPlant.recordings(10)).folds == .chronological)
    fitter.settings.order = .blocks
    #expect(try fitter.layout(SoundPlant.recordings(16)).folds == .blocks(4))
  }

  @Test func badRateIsRefused() throws {
    var settings = BaselineSettings()
    settings.falseAlarmRate = 1
    #expect(throws: FaultDiagError.self) {
      _ = try BaselineFitter(settings: settings, threads: 1).fit(SoundPlant.recordings(8), name: "plant")
    }
  }
}

@Suite struct NoveltyInDiagnosisTests {
  private func diagnosis(_ state: String) -> Diagnosis {
    Diagnosis(
      recording: DiagnosedRecording(
        path: "a.wav", format: "WAV", channel: "1", channelCount: 1, sampleRate: 16_000, seconds: 2),
      probabilities: [StateProbability(state: state, probability: state == "unknown" ? 0 : 0.9)],
      windows: WindowAgreement(agreeing: 1, total: 1), model: ModelIdentity(name: "m", hash: "0"))
  }

  @Test func decidesWhereNothingElseIsKnown() throws {
    let judge = try NoveltyJudge(SoundPlant.fitted.get(), threads: 1)
    var changed = diagnosis("unknown")
    judge.examine(&changed) { () throws(SignalIOError) in
      try SoundPlant.source(SoundPlant.samples(seed: 93, clicks: true))
    }
    #expect(changed.state == "changed" && changed.novelty?.isAlarm == true)
    #expect(abs(changed.probability - 8.0 / 9) < 1e-12)
    #expect(changed.text().contains("unlike the healthy recordings (p 0.11, alarm at 0.2)"))
    let json = ReportJSON.text(changed)
    #expect(json.contains("\"is_alarm\" : true") && json.contains("\"p_value\""))
    #expect(try ReportJSON.value(Diagnosis.self, from: json) == changed)
  }

  @Test func contradictsALearnedStateInAWarning() throws {
    let judge = try NoveltyJudge(SoundPlant.fitted.get(), threads: 1)
    var normal = diagnosis("normal")
    judge.examine(&normal) { () throws(SignalIOError) in
      try SoundPlant.source(SoundPlant.samples(seed: 94, clicks: true))
    }
    #expect(normal.state == "normal" && normal.warnings.map { $0.kind } == ["novel"])
  }

  @Test func whatCannotBeComparedIsAWarning() throws {
    let judge = try NoveltyJudge(SoundPlant.fitted.get(), threads: 1)
    var short = diagnosis("unknown")
    judge.examine(&short) { () throws(SignalIOError) in
      try SoundPlant.source(SoundPlant.samples(seed: 95, seconds: 0.2))
    }
    #expect(short.novelty == nil && short.state == "unknown")
    #expect(short.warnings.map { $0.kind } == ["no_novelty"])
  }
}
