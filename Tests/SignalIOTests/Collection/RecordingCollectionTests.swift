import Foundation
import TestSupport
import Testing

@testable import SignalIO

struct RecordingCollectionTests {
  /// Takes files that begin with `REC` or end in `.rec`, so that these tests need no real format.
  struct MarkReader: RecordingReader {
    let format = RecordingFormat(name: "mark", extensions: ["rec"], summary: "test")
    func recognizes(header: [UInt8], pathExtension: String) -> Bool {
      header.starts(with: Array("REC".utf8)) || pathExtension == "rec"
    }
    func open(path: String, options: ReadOptions) throws(SignalIOError) -> any SampleStream {
      MemoryStream([[1, 2, 3]], sampleRate: 100)
    }
  }

  static func discover(
    _ roots: [String], _ options: RecordingCollection.Options = .init()
  ) throws -> RecordingCollection {
    try RecordingCollection.discover(roots: roots, options: options, readers: [MarkReader()])
  }

  static func names(_ collection: RecordingCollection, below folder: TemporaryFolder) -> [String] {
    collection.recordings.map { String($0.path.dropFirst(folder.path.count + 1)) }
  }

  @Test func findsRecordingsInByteOrderAndTellsWhatItSkips() throws {
    let folder = try TemporaryFolder()
    for name in ["b/2.rec", "b/10.rec", "a.rec", "a/z.bin", "a-b.rec", "Z.rec"] {
      try folder.write("REC" + name, to: name)
    }
    try folder.write("hello", to: "notes.txt")
    try folder.write("", to: "empty.rec")
    try folder.write("{}", to: "a.rec.json")
    try folder.write("{}", to: "a.yaml")
    try folder.write("{}", to: "alone.json")
    try folder.write("", to: "fault-diag.toml")
    try folder.write("x", to: "model.safetensors")
    try folder.write("x", to: "fault-diag-report.html")
    try folder.write("REC", to: ".hidden.rec")
    try folder.write("REC", to: ".git/x.rec")
    let found = try Self.discover([folder.path])
    #expect(
      Self.names(found, below: folder) == ["Z.rec", "a-b.rec", "a.rec", "a/z.bin", "b/10.rec", "b/2.rec"])
    #expect(found.recordings.allSatisfy { $0.format == "mark" })
    let skipped = found.skipped.map { "\($0)".dropFirst(folder.path.count + 1) }
    #expect(skipped.count == 3)
    #expect(skipped[0].hasPrefix("alone.json: no recording"))
    #expect(skipped[1] == "empty.rec: empty")
    #expect(skipped[2].hasPrefix("notes.txt: no recording"))
    #expect(found.warnings.isEmpty)
  }

  @Test func survivesLoopsAndTakesEachFileOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write("REC", to: "a/x.rec")
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder.path + "/a/loop", withDestinationPath: folder.path)
    try manager.createSymbolicLink(atPath: folder.path + "/b", withDestinationPath: folder.path + "/a")
    try manager.createSymbolicLink(
      atPath: folder.path + "/c.rec", withDestinationPath: folder.path + "/a/x.rec")
    try manager.createSymbolicLink(atPath: folder.path + "/d.rec", withDestinationPath: "/nowhere/at/all")
    let found = try Self.discover([folder.path, folder.path, folder.path + "/a/x.rec"])
    #expect(Self.names(found, below: folder) == ["a/x.rec"])
    let reasons = found.skipped.map { $0.reason }
    #expect(reasons.contains(.sameAs(path: folder.path + "/a/x.rec")))
    #expect(reasons.contains(.sameAs(path: folder.path)))
    #expect(reasons.contains(.unreadable("the link leads nowhere")))
  }

  @Test func labelsComeFromTableThenSideCarThenFolder() throws {
    let folder = try TemporaryFolder()
    for name in ["inner/1.rec", "inner/2.rec", "inner/3.rec", "outer/1.rec", "top.rec"] {
      try folder.write("REC " + name, to: name)
    }
    try folder.write(#"{"label": "side-car", "bearing_id": "B9"}"#, to: "inner/2.rec.json")
    try folder.write(#"{"label": "side-car"}"#, to: "inner/3.rec.json")
    let table = try folder.write(
      """
      file;label;bearing_id;rpm;comment;machne
      inner/3.rec;table;"B""7; x";1200;;

      outer\\1.rec;outer table;;;"two
      lines";
      gone.rec;x;;;;
      """, to: "labels/labels.csv")
    var options = RecordingCollection.Options(labelTable: table)
    let found = try Self.discover([folder.path], options)
    func item(_ name: String, _ collection: RecordingCollection) throws -> FoundRecording {
      try #require(collection.recordings.first { $0.path.hasSuffix(name) })
    }
    #expect(try item("inner/1.rec", found).label == nil)
    #expect(try item("inner/2.rec", found).label == "side-car")
    #expect(try item("inner/2.rec", found).group == "B9")
    #expect(
      try item("inner/3.rec", found).metadata.label == Sourced("table", from: .flag("\(table), line 2")))
    #expect(try item("inner/3.rec", found).group == "B\"7; x")
    #expect(try item("inner/3.rec", found).metadata.speed?.value == 1200)
    #expect(try item("outer/1.rec", found).label == "outer table")
    #expect(
      found.warnings == [
        .unknownKey(path: table, key: "machne", nearest: "machine"),
        .unmatchedLabels(table: table, count: 1, example: "gone.rec"),
      ])
    #expect(found.labels == ["outer table", "side-car", "table"])
    options = RecordingCollection.Options(labelsFromFolders: true)
    let byFolder = try Self.discover([folder.path], options)
    #expect(byFolder.recordings.map { $0.label } == ["inner", "side-car", "side-car", "outer", nil])
    // Where folders are the roots, their own names are labels.
    let roots = try Self.discover([folder.path + "/inner", folder.path + "/outer"], options)
    #expect(roots.recordings.map { $0.label } == ["inner", "side-car", "side-car", "outer"])
  }

  @Test func flagsHoldForAll() throws {
    let folder = try TemporaryFolder()
    try folder.write("REC", to: "x.rec")
    try folder.write("rpm = 900\nlabel = \"general\"", to: "fault-diag.toml")
    var flags = RecordingMetadata()
    flags.speed = Sourced(1000, from: .flag("--rpm"))
    let found = try Self.discover([folder.path], .init(flags: flags))
    #expect(found.recordings[0].metadata.speed == Sourced(1000, from: .flag("--rpm")))
    #expect(found.recordings[0].label == "general")
  }

  @Test func badSurroundingsAreTold() throws {
    let folder = try TemporaryFolder()
    try folder.write("REC1", to: "x.rec")
    try folder.write("REC2", to: "y.rec")
    try folder.write(#"{"rpm": -1}"#, to: "x.rec.json")
    let found = try Self.discover([folder.path])
    #expect(Self.names(found, below: folder) == ["y.rec"])
    #expect(found.skipped.count == 1 && "\(found.skipped[0])".contains("rpm"))
    // A folder file concerns everything below it.
    let settings = try folder.write("rpm = -2", to: "fault-diag.toml")
    #expect(
      throws: SignalIOError.badMetadata(
        path: settings, key: "rpm", found: "-2", expected: MetadataRange.rpm.words)
    ) { try Self.discover([folder.path]) }
    #expect(throws: SignalIOError.self) { try Self.discover([folder.path + "/missing"]) }
  }

  @Test(arguments: [
    ("label\nx", "columns label"), ("file,label\na.rec", "line 2"), ("file,label\n,x", "line 2, file"),
    ("file,rpm\na.rec,fast", "line 2, rpm"), ("file,label\n\"a.rec,x", "never closes"), ("", "empty"),
    ("file,label\nx.rec,a\n./x.rec,b", "line 3"),
  ])
  func badTablesAreRefused(_ text: String, _ word: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("REC", to: "x.rec")
    let table = try folder.write(text, to: "labels.csv")
    let error = #expect(throws: SignalIOError.self) {
      try Self.discover([folder.path], .init(labelTable: table))
    }
    let message = error.map { $0.description } ?? ""
    #expect(message.contains(word))
  }
}
