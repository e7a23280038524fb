import Foundation
import TestSupport
import Testing

@testable import SignalIO

/// The way from file to windows on real recordings, where they are at hand: `FAULT_DIAG_DATA`, or `../shared/data`
/// beside the package.
enum RealRecordings {
  static let folder: String? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let candidates = [ProcessInfo.processInfo.environment["FAULT_DIAG_DATA"], package + "/../shared/data"]
    return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0 + "/INDEX.csv") }
  }()
}

@Suite(.enabled(if: RealRecordings.folder != nil, "no real recordings: set FAULT_DIAG_DATA"))
struct RealRecordingsTests {
  /// No normal machine recording is called faulty by the gate; the oddities that it tells are there.
  @Test func theGateIsQuietOnMachineData() throws {
    let folder = try #require(RealRecordings.folder)
    var options = RecordingCollection.Options(labelTable: folder + "/INDEX.csv")
    options.flags.machine = Sourced("any", from: .flag("test"))
    let sets = ["cwru", "hit_sm", "femto", "mimii"].map { folder + "/" + $0 }
    let collection = try RecordingCollection.discover(roots: sets, options: options)
    #expect(collection.recordings.count > 100)
    var told: [String: Int] = [:]
    for found in collection.recordings {
      let source: RecordingSource
      do {
        source = try found.open()
      } catch {
        Issue.record("\(error)")
        continue
      }
      let quality = try source.quality()
      #expect(quality.isUsable, "\(found.path): \(quality.findings)")
      for finding in quality.findings {
        let place = found.path.dropFirst(folder.count + 1).prefix { $0 != "/" }
        told["\(place) \(finding.kind.rawValue)", default: 0] += 1
        if ProcessInfo.processInfo.environment["FAULT_DIAG_VERBOSE"] != nil {
          print("\(found.path): \(finding.severity) \(finding)")
        }
      }
    }
    print("quality findings by data set: \(told.sorted { $0.key < $1.key })")
    let serious = told.keys.filter { key in
      [.flatLine, .dropOut, .constant, .notANumber, .infinite, .truncated].contains {
        (kind: QualityFinding.Kind) in
        key.hasSuffix(kind.rawValue)
      }
    }
    #expect(serious.isEmpty)
  }
}
