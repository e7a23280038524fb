import Foundation
import Testing

@testable import SignalIO

/// The simulated recordings in `data/`: complete, labelled as their folders say, and fit to learn from.
@Suite struct DemonstrationDataTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("data").path

  private func discovered(_ name: String) throws -> RecordingCollection {
    let root = Self.folder + "/" + name
    return try RecordingCollection.discover(roots: [root], options: .init(settingsRoot: root))
  }

  @Test func labelsAreTheNamesOfTheFolders() throws {
    let found = try discovered("learn")
    #expect(found.recordings.count == 24)
    #expect(found.skipped.isEmpty && found.warnings.isEmpty)
    #expect(found.labels == ["ball", "inner", "normal", "outer"])
    for recording in found.recordings {
      #expect(recording.label == recording.folderLabel(isOnlyRoot: true)?.value, "\(recording.path)")
      #expect(recording.metadata.speed != nil && recording.metadata.machine != nil, "\(recording.path)")
    }
    #expect(Set(found.recordings.compactMap(\.group)).count == 12)
  }

  @Test func newRecordingsDoNotSayWhatIsWrong() throws {
    let found = try discovered("new").recordings
    let learned = Set(try discovered("learn").recordings.compactMap { $0.metadata.machine?.value })
    #expect(found.count == 2)
    for recording in found {
      #expect(recording.label == nil, "\(recording.path)")
      #expect(recording.metadata.speed != nil, "\(recording.path)")
      let bearing = try #require(recording.metadata.bearing?.value, "\(recording.path)")
      #expect(throws: Never.self) { try BearingCatalogue.entry(named: bearing) }
      #expect(!learned.contains(recording.metadata.machine?.value ?? ""), "\(recording.path)")
    }
  }

  @Test func samplesAreSound() throws {
    for recording in try discovered("learn").recordings + discovered("new").recordings {
      let source = try recording.open()
      #expect(source.sampleRate == 12_000)
      let quality = try source.quality()
      #expect(quality.findings.isEmpty, "\(recording.path): \(quality.findings)")
    }
  }
}
