import FaultDiag
import Foundation
import SignalIO
import Support

/// A report of many files of which a twentieth is bad, in all ways that ``BadFile`` knows.
struct ManyFilesTrial: ReliabilityTrial {
  static let name = "many-files"
  static let title = "a report of thousands of files, a twentieth of them bad"

  /// Samples of a file, of 12 kHz: 1.3 to 1.5 s, more than a window. Hardly two have the same length and folders have speeds of
  /// their own, so that what is kept for one length or speed shows as growing memory.
  private static let (frames, cut, rate) = (18_000, 2_503, 12_000.0)
  private static let signals = 40
  private static let folderSize = 50

  func run(_ context: ReliabilityContext) throws -> [Figure] {
    let folder = try TrialFolder("many-files", in: context.scratch)
    defer { folder.remove() }
    let few = max(100, context.files / 10)
    for (name, count) in [("few", few), ("many", context.files)] {
      try fill(folder, name, count: count, seed: context.seed)
    }
    var faults = Faults()
    var outcomes: [String: Launch.Outcome] = [:]
    say("  files   threads      s  files/s  peak MiB  ok  warning  failed  skipped")
    for (name, count, threads) in [("few", few, 2), ("many", context.files, 2), ("many", context.files, 1)] {
      let out = "out-\(name)-\(threads)"
      let outcome = try Launch.run(
        ["report", name, "--out", out, "--threads", "\(threads)"], in: folder.path)
      faults.require(outcome.exitCode == 1, "\(name): \(outcome.exitCode), \(outcome.messages.suffix(400))")
      let rows = try Self.rows(folder, out)
      check(rows, count: count, folder: name, &faults)
      outcomes["\(name)-\(threads)"] = outcome
      let statuses = ["ok", "warning", "failed", "skipped"].map { status in
        rows.count { $0.value.status == status }
      }
      say(
        "  \(count)  \(threads)  \(Format.fixed(outcome.seconds, digits: 1))  "
          + "\(Format.fixed(Double(count) / outcome.seconds, digits: 0))  \(Format.fixed(outcome.peakMemory, digits: 1))  "
          + statuses.map(String.init).joined(separator: "  "))
    }
    faults.require(
      folder.bytes("out-many-1/report.json") == folder.bytes("out-many-2/report.json"),
      "one thread and two make different reports")
    guard let a = outcomes["few-2"], let b = outcomes["many-2"], let one = outcomes["many-1"] else {
      return []
    }
    say("  \(BadFile.all.count) kinds of bad files; every one has its row")
    return [
      Figure(name: "many_files", value: Double(context.files), goal: .none),
      Figure(name: "many_files_faults", value: Double(faults.count), goal: .atMost(0)),
      Figure(name: "many_files_memory_growth", value: b.peakMemory / a.peakMemory, goal: .atMost(1.25)),
      Figure(name: "many_files_peak_mib", value: b.peakMemory, goal: .none),
      Figure(name: "many_files_per_second_1_thread", value: Double(context.files) / one.seconds, goal: .none),
      Figure(name: "many_files_per_second_2_threads", value: Double(context.files) / b.seconds, goal: .none),
    ]
  }

  // MARK: Files

  /// Every twentieth file is bad, of one kind after the other.
  private static func bad(_ index: Int) -> BadFile? {
    index % 20 == 7 ? BadFile.all[index / 20 % BadFile.all.count] : nil
  }

  private static func name(_ index: Int) -> String {
    let digits = "\(100_000 + index)".dropFirst()
    return "d\(index / folderSize)/r\(digits).\(bad(index)?.ending ?? "wav")"
  }

  private func fill(_ folder: TrialFolder, _ name: String, count: Int, seed: UInt64) throws {
    let signals = try Self.simulated(seed: seed)
    try folder.makeFolder(name)
    for index in 0..<count {
      if index % Self.folderSize == 0 {
        let part = "\(name)/d\(index / Self.folderSize)"
        try folder.makeFolder(part)
        let speed = 1500 + 25 * (index / Self.folderSize % 20)
        try folder.write("rpm = \(speed)\nbearing = \"6205\"\n", to: part + "/fault-diag.toml")
      }
      let path = folder["\(name)/\(Self.name(index))"]
      // No two files have the same bytes.
      let scale = 0.3 + 0.4 * Float(index) / Float(count)
      let signal = signals[index % signals.count].dropLast(index * 37 % Self.cut)
      let data = WaveBytes.whole(signal.map { $0 * scale })
      let wave = WaveBytes.file(tag: 1, rate: Int(Self.rate), bytesPerSample: 2, data: data)
      if let bad = Self.bad(index) {
        try bad.make(at: path, wave: wave)
      } else {
        try Data(wave).write(to: URL(fileURLWithPath: path))
      }
    }
  }

  private static func simulated(seed: UInt64) throws -> [[Float]] {
    let orders = BearingCatalogue.orders(named: "6205")
    guard let orders else { throw TrialFailure("no bearing 6205 in the catalogue") }
    return try (0..<signals).map { index in
      var settings = SimulationSettings(
        fault: [nil, .outer, .inner, .ball][index % 4], orders: orders, shaftHz: 1797 / 60)
      (settings.sampleRate, settings.seconds, settings.signalToNoise) = (rate, Double(frames) / rate, 6)
      let samples = try BearingSimulator(settings).recording(seed: seed, index: UInt64(index)).samples
      let peak = samples.reduce(1e-9) { max($0, abs($1)) }
      return samples.map { $0 / peak }
    }
  }

  // MARK: Rows

  private struct Row: Decodable {
    var path: String
    var status: String
    var reason: String
  }

  private static func rows(_ folder: TrialFolder, _ out: String) throws -> [String: Row] {
    struct Report: Decodable { var rows: [Row] }
    guard let data = folder.bytes(out + "/report.json") else { return [:] }
    let rows = try JSONDecoder().decode(Report.self, from: data).rows
    return Dictionary(rows.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func check(_ rows: [String: Row], count: Int, folder: String, _ faults: inout Faults) {
    faults.require(rows.count == count, "\(folder): \(rows.count) rows of \(count)")
    for index in 0..<count {
      let path = "\(folder)/\(Self.name(index))"
      guard let row = rows[path] else {
        faults.add("no row of \(path)")
        continue
      }
      let bad = Self.bad(index)
      let words = bad?.reason ?? ""
      let isRight =
        (bad?.statuses ?? ["ok", "warning"]).contains(row.status)
        && (words.isEmpty || row.reason.contains(words))
        && (row.status == "ok") == row.reason.isEmpty
      faults.require(isRight, "\(path) (\(bad?.kind ?? "sound")) is \(row.status): \(row.reason)")
    }
  }
}
