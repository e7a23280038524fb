import Foundation
import Testing

@testable import Support

@Suite struct AtomicFileTests {
  /// A new folder, removed with its content after `body`.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "atomic-file-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func writesAndReplaces() throws {
    try withFolder { folder in
      let path = folder + "/report.json"
      try AtomicFile.write("old", to: path)
      try AtomicFile.write("new, longer", to: path)
      #expect(try text(path) == "new, longer")
      #expect(try names(folder) == ["report.json"])
    }
  }

  @Test func takesWhatAnotherWriterHolds() throws {
    try withFolder { folder in
      let (writer, other) = (
        try AtomicFileWriter(path: folder + "/a"), try AtomicFileWriter(path: folder + "/b")
      )
      try writer.append(text: "head ")
      // More than a block of the copy, so that it is taken in pieces.
      let long = String(repeating: "0123456789", count: 60_000)
      try other.append(text: long)
      try writer.append(contentsOf: other)
      try writer.append(text: " foot")
      other.discard()
      try writer.commit()
      #expect(try text(folder + "/a") == "head \(long) foot")
      #expect(try names(folder) == ["a"])
    }
  }

  @Test func keepsTheOldFileUntilCommit() throws {
    try withFolder { folder in
      let path = folder + "/model.bin"
      try AtomicFile.write("old", to: path)
      let writer = try AtomicFileWriter(path: path)
      try writer.append(Array("first ".utf8))
      try writer.append([])
      try writer.append(Array("second".utf8))
      #expect(try text(path) == "old")
      #expect(try names(folder).count == 2)
      try writer.commit()
      #expect(try text(path) == "first second")
      #expect(try names(folder) == ["model.bin"])
    }
  }

  @Test func discardingOrForgettingLeavesNothing() throws {
    try withFolder { folder in
      let path = folder + "/model.bin"
      let writer = try AtomicFileWriter(path: path)
      try writer.append([1, 2, 3])
      writer.discard()
      writer.discard()
      #expect(try names(folder).isEmpty)
      do { try AtomicFileWriter(path: path).append([1]) }
      #expect(try names(folder).isEmpty)
    }
  }

  @Test func twoWritersOfOneFileDoNotMix() throws {
    try withFolder { folder in
      let path = folder + "/log"
      let (one, two) = (try AtomicFileWriter(path: path), try AtomicFileWriter(path: path))
      try one.append(Array("one".utf8))
      try two.append(Array("two".utf8))
      try one.commit()
      #expect(try text(path) == "one")
      try two.commit()
      #expect(try text(path) == "two")
      #expect(try names(folder) == ["log"])
    }
  }

  @Test func followsLinksAndKeepsPermissions() throws {
    try withFolder { folder in
      let (file, link) = (folder + "/file", folder + "/link")
      try AtomicFile.write("old", to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "file")
      try AtomicFile.write("new", to: link)
      #expect(try text(file) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
      let permissions = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(permissions == 0o640)
    }
  }

  @Test func longNamesFit() throws {
    try withFolder { folder in
      let path = folder + "/" + String(repeating: "n", count: 255)
      try AtomicFile.write("x", to: path)
      #expect(try text(path) == "x")
    }
  }

  @Test func missingFolderIsATypedError() throws {
    try withFolder { folder in
      let path = folder + "/absent/file"
      #expect(throws: AtomicFileError.cannotCreate(path: path, reason: "No such file or directory")) {
        try AtomicFile.write("x", to: path)
      }
    }
  }

  @Test func folderInPlaceOfAFileIsATypedError() throws {
    try withFolder { folder in
      #expect(throws: AtomicFileError.cannotCreate(path: folder, reason: "Is a directory")) {
        try AtomicFile.write("x", to: folder)
      }
    }
  }

  /// `/dev/full` answers every write as a full disk does.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDiskIsATypedErrorWithTheSystemsWord() {
    let expected = AtomicFileError.cannotWrite(path: "/dev/full", reason: "No space left on device")
    #expect(throws: expected) { try AtomicFile.write("x", to: "/dev/full") }
    #expect(expected.description.contains("No space left on device"))
  }
}
