import Foundation
import TestSupport
import Testing

@testable import SignalIO

/// Folders that somebody packed to lead the program astray.
struct HostileFolderTests {
  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  /// A link to a folder elsewhere, or to the whole machine, is told and not followed; one to a file is.
  @Test func linksOutOfTheFolderAreNotWalked() throws {
    let (folder, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
    try folder.write("REC1", to: "night/in/a.rec")
    try elsewhere.write("REC2", to: "secret/b.rec")
    try link(folder.path + "/night/out", to: elsewhere.path)
    try link(folder.path + "/night/all", to: "/")
    try link(folder.path + "/night/up", to: "..")
    try link(folder.path + "/night/again", to: "in")
    try link(folder.path + "/night/c.rec", to: elsewhere.path + "/secret/b.rec")
    let root = folder.path + "/night"
    let found = try RecordingCollectionTests.discover([root])
    #expect(Set(found.recordings.map { $0.path }) == [root + "/again/a.rec", root + "/c.rec"])
    let reasons = Dictionary(uniqueKeysWithValues: found.skipped.map { ($0.path, $0.reason) })
    #expect(reasons[root + "/out"] == .leadsOutside(target: elsewhere.path))
    #expect(reasons[root + "/all"] == .leadsOutside(target: "/"))
    #expect(reasons[root + "/up"] == .leadsOutside(target: folder.path))
    #expect(reasons[root + "/in"] == .sameAs(path: root + "/again"))
    #expect(found.skipped.contains { "\($0)".contains("name \(elsewhere.path) itself") })
    // Who names the place, or a link to it, means it.
    #expect(try RecordingCollectionTests.discover([root + "/out"]).recordings.count == 1)
  }

  /// A link to a file of the kernel, where reading may wait for ever, is taken by its size.
  @Test func filesOfTheKernelAreNotRead() throws {
    let folder = try TemporaryFolder()
    try link(folder.path + "/log.rec", to: "/proc/self/status")
    let found = try RecordingCollectionTests.discover([folder.path])
    #expect(found.recordings.isEmpty && found.skipped.map { $0.reason } == [.empty])
  }

  /// Names of a label table lead to recordings that were found, and nowhere else.
  @Test func aLabelTableLeadsNowhereElse() throws {
    let (folder, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
    try folder.write("REC1", to: "night/a.rec")
    try elsewhere.write("REC2", to: "b.rec")
    let outside = "../../" + FilePath.name(of: elsewhere.path) + "/b.rec"
    let table = try folder.write(
      "file,label\n\(outside),x\n\(elsewhere.path)/b.rec,y\n/etc/passwd,z\n../night/a.rec,w\n",
      to: "night/labels.csv")
    let found = try RecordingCollectionTests.discover([folder.path + "/night"], .init(labelTable: table))
    #expect(found.recordings.map { $0.label } == ["w"])
    #expect(found.warnings == [.unmatchedLabels(table: table, count: 3, example: outside)])
  }

  /// A pattern holds for the folder of its file and below, whatever it says; a side-car's texts name nothing to open.
  @Test func settingsReachNoOtherFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("REC1", to: "night/a.rec")
    try folder.write("REC2", to: "secret/b.rec")
    try folder.write(
      "[files.\"../secret/*\"]\nrpm = 1\n[files.\"/**\"]\nrpm = 2", to: "night/fault-diag.toml")
    try folder.write(#"{"machine": "../../secret", "tacho": "/etc/passwd"}"#, to: "night/a.rec.json")
    let found = try RecordingCollectionTests.discover([folder.path])
    #expect(found.recordings.map { $0.metadata.speed?.value } == [nil, nil])
    #expect(found.recordings.map { $0.metadata.machine?.value } == ["../../secret", nil])
  }

  /// Linux allows any bytes in a name; what is no UTF-8 is told, and stops nothing.
  @Test func namesThatAreNoTextStopNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write("REC1", to: "a.rec")
    let name = Array((folder.path + "/b").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0x2E, 0x72, 0]
    let file = try #require(fopen(name, "w"))
    fputs("REC2", file)
    fclose(file)
    let found = try RecordingCollectionTests.discover([folder.path])
    #expect(found.recordings.map { FilePath.name(of: $0.path) }.contains("a.rec"))
    #expect(found.recordings.count + found.skipped.count == 2)
  }
}
