import Foundation
import TestSupport
import Testing

@testable import SignalIO

struct RecordingReadersTests {
  @Test func saysWhatIsWrongWithAPath() {
    let cases: [(path: String, part: String)] = [
      ("/no/such/file.wav", "No such file"), (NSTemporaryDirectory(), "is a directory"),
    ]
    for (path, part) in cases {
      #expect {
        try RecordingReaders.open(path: path)
      } throws: {
        "\($0)".contains(part)
      }
    }
  }

  @Test func refusesEmptyAndUnknownFiles() throws {
    try withFile([], extension: "wav") { path in
      #expect(throws: SignalIOError.emptyFile(path: path)) { try RecordingReaders.open(path: path) }
    }
    try withFile([0x7F, 0x45, 0x4C, 0x46, 0, 1, 2, 3], extension: "bin") { path in
      #expect(throws: SignalIOError.unknownFormat(path: path, found: "bytes 7F 45 4C 46 00 01 02 03")) {
        try RecordingReaders.open(path: path)
      }
    }
  }

  @Test func forcedFormatMustExist() throws {
    let path = Golden.path("Readers/pcm16.wav")
    #expect(
      try RecordingReaders.open(path: path, options: ReadOptions(forcedFormat: "Sound")).info.frameCount == 96
    )
    #expect {
      try RecordingReaders.open(path: path, options: ReadOptions(forcedFormat: "tape"))
    } throws: {
      "\($0)".contains("'tape'")
    }
  }

  @Test func aPipeIsSpooledAndLeavesNothingBehind() throws {
    let content = try bytes(of: Golden.path("Readers/pcm16.flac"))
    let before = try Self.spools()
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(content))
    try pipe.fileHandleForWriting.close()
    let stream = try SpooledStream.open(
      descriptor: pipe.fileHandleForReading.fileDescriptor, name: "standard input", options: ReadOptions())
    #expect(try readAll(stream)[1] == ReaderFixture.goldenChannel(1))
    #expect(try Self.spools().subtracting(before).isEmpty)
  }

  @Test func errorsOfAPipeNameIt() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("RIFF....WAVE and nothing else".utf8))
    try pipe.fileHandleForWriting.close()
    #expect {
      try SpooledStream.open(
        descriptor: pipe.fileHandleForReading.fileDescriptor, name: "standard input", options: ReadOptions())
    } throws: {
      "\($0)".contains("standard input") && !"\($0)".contains("fault-diag-")
    }
  }

  @Test func aNamedPipeIsReadLikeStandardInput() throws {
    let path = NSTemporaryDirectory() + "fault-diag-fifo-\(UUID().uuidString)"
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let content = try bytes(of: Golden.path("Readers/pcm16.wav"))
    let writer = Thread {
      try? FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data(content))
    }
    writer.start()
    #expect(try readAll(RecordingReaders.open(path: path))[0] == ReaderFixture.goldenChannel(0))
  }

  @Test func everyErrorCanBeMovedToAnotherPath() {
    let errors: [SignalIOError] = [
      .cannotOpen(path: "a.x", reason: "r"), .emptyFile(path: "a.x"), .unknownFormat(path: "a.x", found: "f"),
      .malformed(path: "a.x", location: "l", found: "f", expected: "e"), .noSamples(path: "a.x", found: "f"),
      .noSuchChannel(path: "a.x", wanted: "w", available: ["v"]),
      .tooLarge(path: "a.x", claimed: "c", limit: "l"),
    ]
    for error in errors {
      let moved = error.at(path: "standard input")
      #expect("\(moved)" == "\(error)".replacingOccurrences(of: "a.x", with: "standard input"))
    }
  }

  private static func spools() throws -> Set<String> {
    let directory = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    return Set(
      try FileManager.default.contentsOfDirectory(atPath: directory).filter {
        $0.hasPrefix("fault-diag-") && $0.count == "fault-diag-XXXXXX".count
      })
  }
}

struct ChannelSelectionTests {
  let names = ["X105_DE_time", "X105_FE_time", "X105_BA_time", "rpm"]

  @Test func findsByNameNumberPartAndEnd() throws {
    let cases: [(wanted: [String], expected: [Int])] = [
      ([], [0, 1, 2, 3]), (["X105_FE_time"], [1]), (["3"], [2]), (["de"], [0]), (["BA", "1"], [2, 0]),
      (["FE_time"], [1]), (["RPM"], [3]), (["1", "DE"], [0]),
    ]
    for (wanted, expected) in cases {
      #expect(try ChannelSelection.indices(of: wanted, in: names, path: "p") == expected, "\(wanted)")
    }
  }

  @Test func refusesWhatFitsNoneOrSeveral() {
    #expect(throws: SignalIOError.noSuchChannel(path: "p", wanted: "5", available: names)) {
      try ChannelSelection.indices(of: ["5"], in: names, path: "p")
    }
    #expect(
      throws: SignalIOError.noSuchChannel(path: "p", wanted: "time alone", available: Array(names.prefix(3)))
    ) {
      try ChannelSelection.indices(of: ["time"], in: names, path: "p")
    }
  }

  @Test func anExactNameWinsOverANumber() throws {
    #expect(try ChannelSelection.indices(of: ["2"], in: ["2", "1"], path: "p") == [0])
  }
}
