import Foundation
import TestSupport
import Testing

/// The command `augment`.
@Suite struct AugmentTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func augment(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["augment", Workshop.path("rec/outer1.wav")] + arguments, in: folder)
  }

  /// The samples of a float WAV file, which end it.
  private func samples(_ name: String) throws -> [Float] {
    let bytes = try folder.bytes(name)
    let marker = Array("data".utf8)
    let place = try #require((0..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == marker })
    return bytes[(place + 8)...].withUnsafeBytes { content in
      (0..<content.count / 4).map { content.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  @Test func viewsAreWrittenAsSoundAndPicture() throws {
    let outcome = try augment("--out", "views", "--count", "2", "--strength", "weak")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("wrote 2 views"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/views").sorted()
    #expect(
      names == [
        "outer1-before.wav", "outer1-view1.svg", "outer1-view1.wav", "outer1-view2.svg", "outer1-view2.wav",
      ])
    let before = try samples("views/outer1-before.wav")
    let views = try (1...2).map { try samples("views/outer1-view\($0).wav") }
    // The window of pretrain for vibration: 160 frames of 128 samples, 64 apart.
    #expect(before.count == 10_304 && views.allSatisfy { $0.count == before.count })
    #expect(views[0] != views[1] && views[0] != before)
    let picture = String(decoding: try folder.bytes("views/outer1-view1.svg"), as: UTF8.self)
    for piece in ["Before", "After", "time / s", "frequency / Hz", "level / dB", "gain 3"] {
      #expect(picture.contains(piece), "\(piece)")
    }
    // Once more, the same bytes; another seed, others.
    let first = try names.map { try folder.bytes("views/" + $0) }
    _ = try augment("--out", "views", "--count", "2", "--strength", "weak")
    #expect(try names.map { try folder.bytes("views/" + $0) } == first)
    _ = try augment("--out", "views", "--count", "2", "--strength", "weak", "--seed", "2")
    #expect(try samples("views/outer1-view1.wav") != views[0])
  }

  @Test func oneAugmentationAloneDoesWhatItSays() throws {
    let outcome = try augment(
      "--out", "v", "--strength", "flip=1", "--at", "1.5", "--seconds", "0.5", "--quiet")
    #expect(outcome.exitCode == 0 && outcome.messages == "")
    let (before, view) = (try samples("v/outer1-before.wav"), try samples("v/outer1-view1.wav"))
    #expect(before.count == 6000 && view == before.map { -$0 })
  }

  @Test func theListSaysWhatStrengthsMean() throws {
    let outcome = try Program.run(["augment", "--list"], in: folder)
    #expect(outcome.exitCode == 0)
    for piece in ["gain", "0 to 60 dB", "adaptive-band-mask", "20 dB SNR", "vibration", "strong"] {
      #expect(outcome.output.contains(piece), "\(piece)")
    }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let json = try object(try Program.run(["augment", "--list", "--json"], in: folder).output)
    #expect((json["augmentations"] as? [[String: Any]])?.count ?? 0 >= 11)
  }

  @Test func mistakesAreNamed() throws {
    for (arguments, code, piece) in [
      (["--out", "v", "--strength", "echo=1"], 64, "no augmentation 'echo'"),
      (["--out", "v", "--strength", "gain=99"], 64, "0 to 60 dB"),
      (["--out", "v", "--strength", "weak", "--strength", "strong"], 64, "exclude each other"),
      (["--out", "v", "--at", "100"], 64, "within the recording"),
      (["--out", "v", "--at", "3.9"], 64, "within the recording"), ([], 64, "--out"),
    ] as [([String], Int32, String)] {
      let outcome = try Program.run(["augment", Workshop.path("rec/outer1.wav")] + arguments, in: folder)
      #expect(outcome.exitCode == code, "\(outcome.messages)")
      #expect(outcome.messages.contains(piece), "\(outcome.messages)")
      #expect(!folder.has("v"))
    }
    try folder.write("", to: "file")
    let blocked = try augment("--out", "file/views")
    #expect(blocked.exitCode == 73 && blocked.messages.contains("cannot make the folder"))
  }

  /// Options of pretrain: a wrong name is told, and an objective without augmented views says so.
  @Test func pretrainTakesStrengths() throws {
    let arguments = ["pretrain", Workshop.path("rec"), "--out", "m.safetensors"] + Workshop.shortPlan
    let wrong = try Program.run(arguments + ["--augment-weak", "echo=1"], in: folder)
    #expect(wrong.exitCode == 64 && wrong.messages.contains("no augmentation 'echo'"))
    let idle = try Program.run(arguments + ["--augment-strong", "gain=2"], in: folder)
    #expect(idle.exitCode == 0 && idle.messages.contains("makes no augmented views"))
    let other = try Program.run(arguments + ["--resume", "--augment-strong", "gain=3"], in: folder)
    #expect(other.exitCode == 64 && other.messages.contains("--augment-strong gain 3"))
  }
}
