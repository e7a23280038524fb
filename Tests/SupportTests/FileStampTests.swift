import Foundation
import TestSupport
import Testing

@testable import Support

@Suite struct FileStampTests {
  /// As if the file had last been written then.
  private func age(_ path: String, seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: path)
  }

  /// The time of the entry's own change cannot be set back: a fresh file is never told from one that changed in the same tick.
  @Test func aFreshFileTellsNothing() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", to: "x.wav")
    try age(path, seconds: 100)
    #expect(try #require(FileStamp(path)).stillHolds(at: path) == false)
  }

  @Test func whatIsNotThereHasNoStamp() throws {
    let folder = try TemporaryFolder()
    #expect(FileStamp(folder.path + "/none") == nil)
  }

  /// After the clocks of all file systems have moved on.
  @Test func anOldFileHoldsUntilItChanges() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("abc", to: "x.wav")
    let other = try folder.write("abc", to: "y.wav")
    try await Task.sleep(for: .seconds(3.1))
    let stamp = try #require(FileStamp(path))
    #expect(stamp.stillHolds(at: path))
    #expect(!stamp.stillHolds(at: other) && !stamp.stillHolds(at: folder.path + "/none"))
    // As many bytes, and the old time of the content: the entry's own time tells.
    let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data("xyz".utf8))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: try #require(date)], ofItemAtPath: path)
    #expect(!stamp.stillHolds(at: path))
  }
}
