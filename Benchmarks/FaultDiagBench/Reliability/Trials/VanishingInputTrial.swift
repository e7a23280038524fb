import FaultDiag
import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Takes recordings away, cuts and overwrites them while a report is being made of them.
struct VanishingInputTrial: ReliabilityTrial {
  static let name = "vanishing"
  static let title = "recordings that vanish, shrink or change while they are read"

  private static let count = 60

  func run(_ context: ReliabilityContext) throws -> [Figure] {
    let folder = try TrialFolder("vanishing", in: context.scratch)
    defer { folder.remove() }
    try folder.addRecordings()
    var (faults, failed, changed) = (Faults(), 0, 0)
    for (index, change) in Change.allCases.enumerated() {
      try fill(folder)
      let launch = try Launch(
        ["report", "night", "--out", "out-\(index)", "--threads", "2"], in: folder.path)
      while !launch.hasEnded, folder.bytes("out-\(index)/rows.jsonl")?.count(where: { $0 == 10 }) ?? 0 < 5 {
        usleep(500)
      }
      for file in (Self.count / 2)..<Self.count { try change.apply(to: folder["night/r\(100 + file).wav"]) }
      if change == .wholeFolder { try? FileManager.default.removeItem(atPath: folder["night"]) }
      let outcome = launch.wait(limit: 300)
      let rows = try Self.rows(folder, "out-\(index)")
      let lost = rows.filter { $0.status == "failed" }
      failed += lost.count
      faults.require(
        [0, 1].contains(outcome.exitCode), "\(change): \(outcome.exitCode), \(outcome.messages)")
      faults.require(rows.count == Self.count, "\(change): \(rows.count) rows")
      faults.require(
        lost.allSatisfy { !$0.reason.isEmpty } && (outcome.exitCode == 1) == !lost.isEmpty,
        "\(change): a failed row without a reason, or another exit code")
      faults.require(
        !folder.leftovers(in: "out-\(index)").contains { _ in true }, "\(change): temporary files")
      // What is cut or overwritten before it is read is a recording still.
      if change != .overwritten, change != .halved {
        faults.require(!lost.isEmpty, "\(change): too late to be noticed")
      }
      changed += 1
      let reasons = Set(lost.map { Self.kind($0.reason) }).sorted().joined(separator: "; ")
      say("  \(change.rawValue): \(lost.count) of \(rows.count) failed (\(reasons))")
    }
    return [
      Figure(name: "vanishing_runs", value: Double(changed), goal: .none),
      Figure(name: "vanishing_rows_failed", value: Double(failed), goal: .none),
      Figure(name: "vanishing_faults", value: Double(faults.count), goal: .atMost(0)),
    ]
  }

  private enum Change: String, CaseIterable {
    case removed, emptied, halved, overwritten
    case wholeFolder = "the whole folder removed"

    func apply(to path: String) throws {
      switch self {
      case .removed: try? FileManager.default.removeItem(atPath: path)
      case .emptied: truncate(path, 0)
      case .halved: truncate(path, 24_000)
      case .overwritten:
        guard let file = FileHandle(forWritingAtPath: path) else { return }
        try file.seek(toOffset: 1000)
        try file.write(contentsOf: Data(repeating: 0x3C, count: 5000))
        try file.close()
      case .wholeFolder: break
      }
    }
  }

  private func fill(_ folder: TrialFolder) throws {
    try? FileManager.default.removeItem(atPath: folder["night"])
    try folder.makeFolder("night")
    for file in 0..<Self.count {
      let source = ["none1", "outer1", "inner2"][file % 3]
      for ending in ["wav", "wav.json"] {
        try FileManager.default.copyItem(
          atPath: folder["rec/\(source).\(ending)"], toPath: folder["night/r\(100 + file).\(ending)"])
      }
    }
  }

  private struct Row {
    var status: String
    var reason: String
  }

  private static func rows(_ folder: TrialFolder, _ out: String) throws -> [Row] {
    guard let data = folder.bytes(out + "/report.json"),
      let report = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let rows = report["rows"] as? [[String: Any]]
    else { return [] }
    return rows.map { Row(status: $0["status"] as? String ?? "", reason: $0["reason"] as? String ?? "") }
  }

  /// A reason without the file's own name and numbers.
  private static func kind(_ reason: String) -> String {
    let words = reason.split(separator: " ").filter { !$0.contains("night/") }.prefix(6)
    return words.joined(separator: " ")
  }
}
