import Foundation
import Testing

@testable import Support

@Suite struct AbandonedFilesTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "abandoned-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func whatAKilledWriterLeftIsRemoved() throws {
    try withFolder { folder in
      // A process id that may well be somebody's: it is the lock that counts.
      for name in [".a.json.1.0.partial", ".a.json.4194303.12.partial"] {
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
      }
      try AtomicFile.write("whole", to: folder + "/a.json")
      #expect(try names(folder) == ["a.json"])
    }
  }

  @Test func whatIsOwnedOrSomebodyElsesStays() throws {
    try withFolder { folder in
      let others = [
        ".a.json.x.1.0.partial", ".a.json.1.0.partial.txt", ".a.json.partial", "a.json.1.0.partial",
        ".b.json.1.0.partial",
      ]
      for name in others { try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
      let owner = try AtomicFileWriter(path: folder + "/a.json")
      try owner.append(Array("first".utf8))
      try AtomicFile.write("second", to: folder + "/a.json")
      #expect(try names(folder).count == others.count + 2)
      try owner.commit()
      #expect(try String(contentsOfFile: folder + "/a.json", encoding: .utf8) == "first")
      #expect(try names(folder) == (others + ["a.json"]).sorted())
    }
  }

  /// A program that is killed while it holds the lock.
  @Test func theLockEndsWithItsProcess() throws {
    try withFolder { folder in
      let path = folder + "/.a.json.7.0.partial"
      try Data("half".utf8).write(to: URL(fileURLWithPath: path))
      let owner = Process()
      owner.executableURL = URL(fileURLWithPath: "/bin/sh")
      owner.arguments = ["-c", "exec 9<>\"$0\"; flock -x 9; echo held; exec sleep 60", path]
      let output = Pipe()
      owner.standardOutput = output
      try owner.run()
      _ = output.fileHandleForReading.availableData
      AbandonedFiles.sweep(for: "a.json", in: folder + "/")
      #expect(try names(folder) == [".a.json.7.0.partial"])
      kill(owner.processIdentifier, SIGKILL)
      owner.waitUntilExit()
      AbandonedFiles.sweep(for: "a.json", in: folder + "/")
      #expect(try names(folder).isEmpty)
    }
  }
}
