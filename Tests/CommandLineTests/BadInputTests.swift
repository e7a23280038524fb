import Foundation
import TestSupport
import Testing

/// What the world does to a program, and what the program says to it.
@Suite struct BadInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func diagnose(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["diagnose", "--model", Workshop.path("diag.safetensors")] + arguments, in: folder)
  }

  /// Runs that fail say why in one line on standard error and nothing on standard output.
  private func expect(
    _ outcome: Program.Outcome, code: Int32, _ pieces: String...,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.exitCode == code, "\(outcome.messages)", sourceLocation: location)
    #expect(outcome.output == "", sourceLocation: location)
    #expect(outcome.messages.lowercased().contains("error: "), sourceLocation: location)
    for piece in pieces {
      #expect(
        outcome.messages.contains(piece), "\(piece) is not in: \(outcome.messages)", sourceLocation: location)
    }
  }

  @Test func missingFile() throws {
    expect(try diagnose("nowhere.wav"), code: 66, "cannot open nowhere.wav", "No such file")
  }

  @Test func emptyFile() throws {
    try folder.write("", to: "empty.wav")
    expect(try diagnose("empty.wav"), code: 65, "empty.wav is empty")
  }

  @Test func folderWithoutRecordings() throws {
    try folder.write("%PDF-1.7 nothing to hear", to: "papers/notes.pdf")
    expect(try diagnose("papers"), code: 66, "no recordings in papers", "notes.pdf")
    let pretrain = try Program.run(["pretrain", "papers", "--out", "m.safetensors"], in: folder)
    expect(pretrain, code: 66, "no recordings in papers")
  }

  @Test func textNamedAsASound() throws {
    try folder.write("this is a letter, not a sound\n", to: "letter.wav")
    expect(
      try diagnose("letter.wav"), code: 65, "letter.wav is not a recording of a known format",
      "this is a letter")
  }

  @Test func soundCutInHalf() throws {
    let made = try Program.run(["simulate", "--seconds", "12", "--out", "whole.wav"], in: folder)
    #expect(made.exitCode == 0)
    let whole = try folder.bytes("whole.wav")
    try folder.write(Array(whole.prefix(whole.count / 2)), to: "cut.wav")
    let outcome = try diagnose("cut.wav")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("cut short"))
    let inspected = try Program.run(["inspect", "cut.wav"], in: folder)
    #expect(inspected.output.contains("the recording ends early"))
  }

  /// Samples as 32-bit floats without a header.
  private func raw(_ samples: [Float], to name: String) throws {
    try folder.write(
      samples.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }, to: name)
  }

  private let rawOptions = ["--raw-encoding", "f32le", "--sample-rate", "12000"]

  @Test func samplesThatAreNoNumbers() throws {
    var samples = (0..<60_000).map { sinf(Float($0) * 0.3) }
    samples[59_990] = .nan
    try raw(samples, to: "hole.raw")
    let inspected = try Program.run(["inspect", "hole.raw"] + rawOptions, in: folder)
    #expect(inspected.exitCode == 0, "\(inspected.messages)")
    #expect(inspected.output.contains("1 samples are not numbers"))

    try raw([Float](repeating: .nan, count: 60_000), to: "void.raw")
    let outcome = try Program.run(
      ["diagnose", "void.raw", "--model", Workshop.path("diag.safetensors")] + rawOptions, in: folder)
    expect(outcome, code: 65, "void.raw cannot be diagnosed", "not finite")
  }

  @Test func threeSamples() throws {
    try raw([0, 1, 0], to: "three.raw")
    let outcome = try Program.run(
      ["diagnose", "three.raw", "--model", Workshop.path("diag.safetensors")] + rawOptions, in: folder)
    expect(outcome, code: 65, "three.raw is too short")
    let pretrain = try Program.run(
      ["pretrain", "three.raw", "--out", "m.safetensors"] + rawOptions, in: folder)
    expect(pretrain, code: 65, "nothing to learn from")
  }

  @Test func twoChannelsWhereOneWasTrained() throws {
    try raw((0..<120_000).map { sinf(Float($0) * 0.3) }, to: "two.raw")
    let outcome = try Program.run(
      ["diagnose", "two.raw", "--raw-channels", "2", "--model", Workshop.path("diag.safetensors")]
        + rawOptions,
      in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("the recording has 2 channels"))
    let chosen = try Program.run(
      ["diagnose", "two.raw", "--raw-channels", "2", "-c", "3", "--model", Workshop.path("diag.safetensors")]
        + rawOptions, in: folder)
    expect(chosen, code: 65, "has no channel '3'")
  }

  @Test func anotherSampleRate() throws {
    let made = try Program.run(
      ["simulate", "--sample-rate", "25600", "--seconds", "6", "--out", "fast.wav"], in: folder)
    #expect(made.exitCode == 0)
    let outcome = try diagnose("fast.wav")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("resampled from 25600 Hz to the model's 12000 Hz"))
  }

  @Test func unknownBearing() throws {
    // On the command line it is a slip of the pen; in a side-car it must not stop a batch.
    expect(
      try diagnose(Workshop.path("rec/outer1.wav"), "--bearing", "9999X"), code: 64, "no bearing '9999X'",
      "--geometry")
    try FileManager.default.copyItem(
      atPath: Workshop.path("rec/outer1.wav"), toPath: folder.path + "/odd.wav")
    _ = try folder.write(#"{"bearing": "9999X", "rpm": 1797}"#, to: "odd.wav.json")
    let outcome = try diagnose(folder.path + "/odd.wav")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("no bearing '9999X' in the catalogue"))
    let named = try Program.run(["bearings", "9999X"], in: folder)
    expect(named, code: 64, "no bearing '9999X'", "--geometry")
  }

  @Test func damagedModels() throws {
    let model = try Workshop.folder.bytes("diag.safetensors")
    let recording = Workshop.path("rec/outer1.wav")
    try folder.write(Array(model.prefix(model.count / 2)), to: "half.safetensors")
    let half = try Program.run(["diagnose", recording, "--model", "half.safetensors"], in: folder)
    expect(half, code: 78, "half.safetensors is cut short")

    try folder.write("not a model", to: "text.safetensors")
    let text = try Program.run(["diagnose", recording, "--model", "text.safetensors"], in: folder)
    expect(text, code: 78, "text.safetensors")

    let key = Array("\"fault-diag.format\":\"".utf8)
    let place = try #require(model.firstRange(of: key))
    var newer = model
    newer[place.upperBound] = UInt8(ascii: "9")
    try folder.write(newer, to: "newer.safetensors")
    let later = try Program.run(["diagnose", recording, "--model", "newer.safetensors"], in: folder)
    expect(later, code: 78, "format version 9", "Update the program")

    let pretrained = try Program.run(
      ["diagnose", recording, "--model", Workshop.path("model.safetensors")], in: folder)
    expect(pretrained, code: 78, "no heads", "fault-diag fit")

    let missing = try Program.run(["diagnose", recording, "--model", "gone.safetensors"], in: folder)
    expect(missing, code: 78, "cannot read gone.safetensors")
  }

  @Test func outputsThatCannotBeWritten() throws {
    let nowhere = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "gone/m.safetensors"] + Workshop.shortPlan, in: folder)
    expect(nowhere, code: 73, "cannot create gone/m.safetensors")

    // A device that is always full stands for a full disk.
    let full = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "/dev/full", "--quiet"] + Workshop.shortPlan, in: folder)
    expect(full, code: 73, "No space left on device")
    let log = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "m.safetensors", "--log", "/dev/full"] + Workshop.shortPlan,
      in: folder)
    #expect(log.exitCode == 0, "\(log.messages)")
    #expect(log.messages.contains("goes on without this log"))
    let embed = try Program.run(
      ["embed", Workshop.path("rec"), "--model", Workshop.path("model.safetensors"), "--out", "v.txt"],
      in: folder)
    expect(embed, code: 64, "v.txt", ".npz or .csv")
  }

  @Test func oneBadRecordingStopsNoOther() throws {
    try folder.write("", to: "empty.wav")
    let good = Workshop.path("rec/none1.wav")
    let text = try diagnose("empty.wav", good)
    #expect(text.exitCode == 1)
    #expect(
      text.messages.contains("empty.wav is empty") && text.messages.contains("1 of 2 recordings failed"))
    #expect(text.output.contains("Nearest"))
    let json = try objects(try diagnose("empty.wav", good, "--json").output)
    #expect(json.count == 2)
    #expect((json[0]["error"] as? String)?.contains("is empty") == true)
    #expect(json[0]["exit_code"] as? Int == 65)
    #expect(json[1]["state"] is String)
  }

  @Test func splitsThatLeakAreRefused() throws {
    let evaluate = ["evaluate", Workshop.path("rec"), "--model", Workshop.path("model.safetensors")]
    expect(try Program.run(evaluate + ["--by", "window"], in: folder), code: 64, "cannot split by window")
    // One bearing filed twice: by file its recordings would stand on both sides.
    try folder.makeFolder("twice")
    for (name, source) in [("a", "none1"), ("b", "none1"), ("c", "outer1"), ("d", "outer2")] {
      for ending in ["wav", "wav.json"] {
        try folder.write(Workshop.folder.bytes("rec/\(source).\(ending)"), to: "twice/\(name).\(ending)")
      }
    }
    let leaking = try Program.run(
      [
        "evaluate", "twice", "--model", Workshop.path("model.safetensors"), "--by", "file", "--folds", "2",
        "-q",
      ],
      in: folder)
    let byFile = leaking.exitCode == 65 && leaking.messages.contains("both sides")
    // Two folds can also happen to keep the pair together: then nothing leaks.
    #expect(byFile || leaking.exitCode == 0, "\(leaking.messages)")
    let each = try Program.run(
      [
        "evaluate", "twice", "--model", Workshop.path("model.safetensors"), "--by", "file", "--folds", "4",
        "-q",
      ],
      in: folder)
    expect(each, code: 65, "bearing none1 on both sides")
  }

  @Test func wrongCommandLines() throws {
    for arguments in [
      ["diagnose"], ["frobnicate"], ["simulate", "--snr", "900", "--out", "a.wav"],
      ["inspect", "a.wav", "-q", "-v"],
      ["pretrain", "x", "--out", "m", "--threads", "0"],
      ["pretrain", "x", "--out", "m", "--resume", "--overwrite"],
      ["fit", "x", "--out", "m", "--from", "default", "--model", "m"],
      ["evaluate", "x", "--fine-tune", "20"],
    ] {
      expect(try Program.run(arguments, in: folder), code: 64)
    }
    let plan = ["pretrain", Workshop.path("rec"), "--out", "m.safetensors"]
    expect(
      try Program.run(plan + ["--encoder", "vocoder", "-q"], in: folder), code: 64, "no encoder 'vocoder'")
    expect(try Program.run(plan + ["--batch", "1", "-q"], in: folder), code: 64, "batchSize cannot be 1")
    expect(try Program.run(plan + ["--resume"], in: folder), code: 66, "nothing to resume")
  }

  /// Adapting the default model needs to know speed and bearing, and states that a bearing can have.
  @Test func recordingsThatCannotAdaptTheDefaultModel() throws {
    func fit(_ root: String, _ more: String...) throws -> Program.Outcome {
      try Program.run(["fit", root, "--out", "m.safetensors", "--no-estimate"] + more, in: folder)
    }
    for name in ["none1", "outer1"] {
      try folder.write(Workshop.folder.bytes("rec/\(name).wav"), to: "bare/\(name)/a.wav")
    }
    let bare = try fit("bare", "--labels-from", "folders", "--rpm", "1797", "--bearing", "6205")
    expect(bare, code: 65, "label 'none1', which names no state of a bearing")
    #expect(bare.messages.contains("fit with --model"))
    try folder.write("file,label\nnone1/a.wav,normal\nouter1/a.wav,outer\n", to: "bare/labels.csv")
    expect(try fit("bare", "--bearing", "6205"), code: 65, "found no shaft speed, expected both")
    try folder.write(
      "file,label\nnone1/a.wav,normal\nouter1/a.wav,healthy\n", to: "bare/labels.csv")
    expect(try fit("bare", "--bearing", "6205", "--rpm", "1797"), code: 65, "found only normal")
    expect(
      try fit("bare", "--from", Workshop.path("model.safetensors")), code: 78,
      "expected an aligned model; a pretrained one goes with --model")
    #expect(!folder.has("m.safetensors"))
  }

  /// The default model needs speed and bearing; without them it says unknown, and why, and guesses nothing.
  @Test func noModelAndNoBearing() throws {
    try FileManager.default.copyItem(
      atPath: Workshop.path("rec/outer1.wav"), toPath: folder.path + "/bare.wav")
    let outcome = try Program.run(["diagnose", "bare.wav", "--fail-on", "unknown"], in: folder)
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.contains("unknown") && outcome.output.contains("--bearing"))
  }
}
