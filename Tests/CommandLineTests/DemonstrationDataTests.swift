import Foundation
import SignalIO
import TestSupport
import Testing

@testable import fault_diag

/// `data/new/compressor.wav` made again by the command that `data/README.md` names.
@Suite struct DemonstrationDataTests {
  private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("data")

  /// The words of the `fault-diag simulate` example, without the program's name and `--out`.
  private func documentedCommand() throws -> [String] {
    let text = try String(contentsOf: Self.data.appendingPathComponent("README.md"), encoding: .utf8)
    let start = try #require(text.range(of: "    fault-diag simulate "))
    let end = try #require(text.range(of: " --out compressor.wav", range: start.upperBound..<text.endIndex))
    return text[start.upperBound..<end.lowerBound].split { $0.isWhitespace || $0 == "\\" }.map(String.init)
  }

  @Test func theDocumentedCommandMakesTheRecording() throws {
    let folder = try TemporaryFolder()
    let again = folder.path + "/compressor.wav"
    let command = try SimulateCommand.parse(documentedCommand() + ["--quiet", "--out", again])
    try command.run()
    let made = try RecordingReaders.open(path: again).read(frames: 100_000)
    let kept = try RecordingReaders.open(path: Self.data.path + "/new/compressor.wav").read(frames: 100_000)
    #expect(made.map(\.count) == [48_000])
    #expect(kept.map(\.count) == [48_000])
    // Another processor may round the last bit of a sample differently; a 16-bit step is 3e-5.
    let worst = zip(made[0], kept[0]).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
    #expect(worst < 1e-4)
  }
}
