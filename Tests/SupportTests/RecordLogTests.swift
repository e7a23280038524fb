import Foundation
import Support
import TestSupport
import Testing

@Suite struct RecordLogTests {
  private func places(_ log: RecordLog) -> [RecordLog.Place] {
    var found: [RecordLog.Place] = []
    log.forEachLine { found.append($0) }
    return found
  }

  @Test func linesReadBackFromTheirPlaces() throws {
    let folder = try TemporaryFolder()
    let log = try RecordLog(path: folder.path + "/log", keepsContent: false)
    let lines = ["first", "", "dritte Zeile äöü", String(repeating: "x", count: 700_000)]
    let kept = try lines.map { try log.append($0) }
    #expect(kept.map { log.line(at: $0) } == lines)
    #expect(places(log) == kept)
    let text = try String(contentsOfFile: folder.path + "/log", encoding: .utf8)
    #expect(text == lines.joined(separator: "\n") + "\n")
  }

  /// A file that holds no line end for gigabytes, here without taking any room on the disk.
  @Test func whatIsTooLongForARecordTakesNoMemory() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("one\n", to: "log")
    let length = RecordLog.longestLine + 1
    #expect(truncate(path, off_t(4 + length)) == 0)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("\ntwo\n".utf8))
    let log = try RecordLog(path: path, keepsContent: true)
    #expect(places(log).map { log.line(at: $0) } == ["one", nil, "two"])
  }

  @Test func aTornLineGoesWhenTheLogIsOpenedAgain() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("one\ntwo\nthr", to: "log")
    do {
      let log = try RecordLog(path: path, keepsContent: true)
      #expect(places(log).compactMap { log.line(at: $0) } == ["one", "two"])
      _ = try log.append("three")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\nthree\n")
    _ = try RecordLog(path: path, keepsContent: false)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
  }

  @Test func onlyOneWritesAtATime() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log"
    let first = try RecordLog(path: path, keepsContent: false)
    _ = try first.append("kept")
    #expect(throws: RecordLogError.inUse(path: path)) { try RecordLog(path: path, keepsContent: false) }
    #expect(places(first).count == 1)
  }

  @Test func whatCannotBeWrittenIsTold() throws {
    let full = try RecordLog(path: "/dev/full", keepsContent: false)
    #expect(throws: RecordLogError.self) { try full.append("line") }
    #expect(throws: RecordLogError.self) { try RecordLog(path: "/nowhere/log", keepsContent: false) }
  }
}
