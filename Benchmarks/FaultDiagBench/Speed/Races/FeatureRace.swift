import FaultDiag

/// Log-mel spectrogram and envelope spectrum of 200 files of 10 s at 16 kHz, one thread, reading included.
struct FeatureRace: SpeedRace {
  static let name = "features"
  static let title = "log-mel spectrogram and envelope spectrum, hours of signal a second, one thread"

  private struct PeerLine: Decodable {
    var audioS: Double
    var wallSMed: Double
    var peakRssMib: Double
  }

  /// Above a library's name, what it should be beaten by.
  private static let works: [(name: String, task: Worker.Task, peer: String, goal: Double)] = [
    ("log_mel", .logMel, "mel", 5), ("envelope", .envelope, "envelope", 3.5),
  ]

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    guard let peer = context.peer else {
      print("skipped: its recordings are made by the peer's setup")
      return RaceOutcome(figures: [], rows: [])
    }
    var figures: [Figure] = []
    var rows: [RaceRow] = []
    for work in Self.works {
      var ours = RaceRow(work: work.name, side: "ours", values: [], unit: "h/s", peakMemory: 0)
      var theirs = ["scipy", "librosa", "torchaudio"].map {
        RaceRow(work: work.name, side: $0, values: [], unit: "h/s", peakMemory: 0)
      }
      for _ in 0..<context.pairs {
        let own = try Worker.measure(work.task, ["--folder", peer.audio])
        ours.values.append(own.value)
        ours.peakMemory = max(ours.peakMemory ?? 0, own.peakMemory)
        for index in theirs.indices {
          let line = try peer.run(
            "features_py.py", [peer.audio, theirs[index].side, work.peer, "1"], as: PeerLine.self)
          theirs[index].values.append(line.audioS / 3600 / line.wallSMed)
          theirs[index].peakMemory = max(theirs[index].peakMemory ?? 0, line.peakRssMib)
        }
      }
      let best = theirs.map(\.median).max() ?? .nan
      figures.append(
        Figure(name: "\(work.name)_over_best_peer", value: ours.median / best, goal: .atLeast(work.goal)))
      rows += [ours] + theirs
    }
    return RaceOutcome(figures: figures, rows: rows)
  }
}
