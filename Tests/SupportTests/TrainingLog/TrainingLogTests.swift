import Foundation
import TestSupport
import Testing

@testable import Support

/// A new folder, removed with its content after `body`.
private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = NSTemporaryDirectory() + "training-log-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

@Suite struct CRC32CTests {
  /// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
  @Test func publishedVectors() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(Array(0..<32)) == 0x46DD_794E)
    #expect(CRC32C.checksum((0..<32).reversed()) == 0x113F_DB5C)
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([]) == 0)
  }
}

@Suite struct TensorBoardWriterTests {
  /// Byte for byte what TensorBoard's own writer makes of the same events (`Tools/Reference/TensorBoard.py`).
  @Test func writesTheBytesOfTensorBoardsOwnWriter() throws {
    try withFolder { folder in
      let writer = try TensorBoardWriter(folder: folder, time: 1_700_000_000.25)
      try writer.write(step: 0, time: 1_700_000_001.5, scalars: [("loss/InfoNCE", 4.85)])
      try writer.write(
        step: 300, time: 1_700_000_002.75, scalars: [("loss/InfoNCE", 0), ("rate \u{b5}", .infinity)])
      let expected = try Data(contentsOf: URL(fileURLWithPath: Golden.path("TensorBoard.tfevents")))
      #expect(try Data(contentsOf: URL(fileURLWithPath: writer.path)) == expected)
      let name = URL(fileURLWithPath: writer.path).lastPathComponent
      #expect(name.hasPrefix("events.out.tfevents.1700000000."))
    }
  }

  @Test func negativeStepsTakeTenBytes() {
    var message = ProtocolMessage()
    message.append(2, integer: -1)
    #expect(message.bytes == [0x10] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
  }

  @Test func missingFolderIsATypedError() {
    let error = #expect(throws: LogFileError.self) { try TensorBoardWriter(folder: "/no/such", time: 0) }
    #expect(error?.description.contains("No such file or directory") == true)
  }
}

@Suite struct JSONLinesWriterTests {
  private struct Record: Codable, Equatable {
    var step: Int
    var loss: Double
    var file: String
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func oneSortedLineForEachRecord() throws {
    try withFolder { folder in
      let path = folder + "/log.jsonl"
      let writer = try JSONLinesWriter(path: path)
      try writer.write(Record(step: 1, loss: 0.5, file: "a/b\nc"))
      try writer.write(Record(step: 2, loss: .nan, file: ""))
      let expected = """
        {"file":"a/b\\nc","loss":0.5,"step":1}
        {"file":"","loss":"nan","step":2}

        """
      #expect(try text(path) == expected)
    }
  }

  @Test func resumingKeepsWhatIsThereAndEndsACutLine() throws {
    try withFolder { folder in
      let path = folder + "/log.jsonl"
      try JSONLinesWriter(path: path).write(["a": 1])
      try JSONLinesWriter(path: path, resuming: true).write(["b": 2])
      #expect(try text(path) == "{\"a\":1}\n{\"b\":2}\n")
      try "{\"a\":1}\n{\"b\"".write(toFile: path, atomically: true, encoding: .utf8)
      try JSONLinesWriter(path: path, resuming: true).write(["c": 3])
      #expect(try text(path) == "{\"a\":1}\n{\"b\"\n{\"c\":3}\n")
      try JSONLinesWriter(path: path).write(["d": 4])
      #expect(try text(path) == "{\"d\":4}\n")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDiskIsATypedError() throws {
    let writer = try JSONLinesWriter(path: "/dev/full")
    #expect(throws: LogFileError.cannotWrite(path: "/dev/full", reason: "No space left on device")) {
      try writer.write(["a": 1])
    }
  }
}
