import SignalIO

/// Protocol P3: whole recordings of the Case Western Reserve University bearing data, diagnosed without training on them.
///
/// The 60 recordings with a fault at the drive end, 12 kHz, drive-end sensor: the families are ranked from signal, nominal
/// speed and geometry alone. And the normal recordings 97 and 98 (48 kHz): none of them, whole or second by second, may
/// raise an alarm, that is, a state that is neither normal nor unknown. Of 98 only pieces exist; those shorter than a
/// window of the model are refused and counted as such.
package enum CWRURecordings {
  /// One faulty recording.
  package struct Recording: Sendable, Equatable {
    /// Number of the original file.
    package var file: Int
    package var fault: FaultFamily
    /// Horse power, 0...3; decides the nominal speed.
    package var load: Int

    package var rpm: Double { CWRUBearingwise.speeds[load] }
  }

  /// By fault, then file. 3001-3008 are the 28-mil faults.
  package static let recordings: [Recording] = {
    let files: [(FaultFamily, [[Int]])] = [
      (.inner, [Array(105...108), Array(169...172), Array(209...212), Array(3001...3004)]),
      (.ball, [Array(118...121), Array(185...188), Array(222...225), Array(3005...3008)]),
      (
        .outer,
        [
          Array(130...133), Array(144...147), [156, 158, 159, 160], Array(197...200), Array(234...237),
          Array(246...249), Array(258...261),
        ]
      ),
    ]
    return files.flatMap { fault, runs in
      runs.flatMap { run in
        run.enumerated().map { Recording(file: $1, fault: fault, load: $0) }
      }
    }
  }()

  /// What was said of a faulty recording.
  package struct Outcome: Sendable, Equatable, Codable {
    package var file: Int
    package var fault: String
    /// The state that the diagnosis gives.
    package var state: String
    /// The fault families, most probable first.
    package var ranking: [String]
    package var isRight: Bool { ranking.first == fault }
  }

  /// What was said of a normal recording.
  package struct NormalOutcome: Sendable, Equatable, Codable {
    package var name: String
    /// Nil where the recording is too short for the model.
    package var state: String?
    package var isAlarm: Bool {
      state.map { !HealthyNames.contains($0) && $0 != JudgedRecording.unknown } ?? false
    }
  }

  /// The figures of the protocol.
  package struct Result: Sendable, Equatable, Codable {
    package var outcomes: [Outcome]
    package var normals: [NormalOutcome]

    package var right: Int { outcomes.filter(\.isRight).count }
    package func right(of fault: FaultFamily) -> (right: Int, of: Int) {
      let own = outcomes.filter { $0.fault == fault.rawValue }
      return (own.filter(\.isRight).count, own.count)
    }
    /// Faulty recordings whose state is right; the others are called normal, unknown or another fault.
    package var namedRight: Int { outcomes.filter { $0.state == $0.fault }.count }
    package var alarms: Int { normals.filter(\.isAlarm).count }
    package var refused: Int { normals.filter { $0.state == nil }.count }
  }

  /// Diagnoses every recording of the protocol as the command line would.
  ///
  /// - `folder`: holds `cwru/<number>.mat` and `cwru_derived/98_DE_segments.mat`.
  package static func evaluate(
    _ diagnoser: Diagnoser, folder: String, progress: (String) -> Void = { _ in }
  ) throws(FaultDiagError) -> Result {
    var result = Result(outcomes: [], normals: [])
    for recording in recordings {
      let diagnosis = try diagnoser.diagnose(
        path: "\(folder)/cwru/\(recording.file).mat", flags: flags(rpm: recording.rpm, bearing: "6205"),
        options: ReadOptions(channels: ["DE"]))
      result.outcomes.append(
        Outcome(
          file: recording.file, fault: recording.fault.rawValue, state: diagnosis.state,
          ranking: ranking(diagnosis)))
      progress("\(recording.file)")
    }
    for normal in try normals(folder: folder) {
      result.normals.append(
        NormalOutcome(name: normal.name, state: try state(of: normal, by: diagnoser)))
    }
    return result
  }

  /// Fault families by falling probability, whatever the probability of the normal state.
  static func ranking(_ diagnosis: Diagnosis) -> [String] {
    let families = FaultFamily.allCases.map(\.rawValue)
    let states = [StateProbability(state: diagnosis.state, probability: diagnosis.probability)]
    return (states + diagnosis.alternatives).sorted { $0.probability > $1.probability }.map(\.state)
      .filter(families.contains)
  }

  private static func flags(rpm: Double, bearing: String, rate: Double = 12_000) -> RecordingMetadata {
    var flags = RecordingMetadata()
    flags.speed = Sourced(rpm, from: .flag("--rpm"))
    flags.bearing = Sourced(bearing, from: .flag("--bearing"))
    flags.sampleRate = Sourced(rate, from: .flag("--sample-rate"))
    return flags
  }
}

// MARK: - Normal recordings

extension CWRURecordings {
  /// A piece of a normal recording, 48 kHz.
  struct Normal {
    var name: String
    var samples: [Float]
    var rpm: Double
    var bearing: String
  }

  private static let normalRate = 48_000.0

  /// 97 at both sensors, whole and in seconds, and the pieces of 98.
  static func normals(folder: String) throws(FaultDiagError) -> [Normal] {
    var result: [Normal] = []
    for (sensor, bearing) in [("DE", "6205"), ("FE", "6203")] {
      let channels = try channels(
        path: "\(folder)/cwru/97.mat", options: ReadOptions(channels: [sensor]))
      for channel in channels {
        let whole = Normal(
          name: "97 \(sensor)", samples: channel.samples, rpm: CWRUBearingwise.speeds[0], bearing: bearing)
        result.append(whole)
        let second = Int(normalRate)
        for start in stride(from: 0, through: channel.samples.count - second, by: second) {
          var piece = whole
          piece.name += ", second \(start / second + 1)"
          piece.samples = Array(channel.samples[start..<start + second])
          result.append(piece)
        }
      }
    }
    // Pieces differ in length, so that each is asked for by its name.
    for piece in 1...43 {
      let name = "X098_DE_seg" + (piece < 10 ? "0" : "") + "\(piece)"
      let found = try channels(
        path: "\(folder)/cwru_derived/98_DE_segments.mat", options: ReadOptions(channels: [name]))
      result += found.map {
        Normal(name: $0.name, samples: $0.samples, rpm: CWRUBearingwise.speeds[1], bearing: "6205")
      }
    }
    return result
  }

  private static func channels(
    path: String, options: ReadOptions
  ) throws(FaultDiagError) -> [(name: String, samples: [Float])] {
    do throws(SignalIOError) {
      let stream = try RecordingReaders.open(path: path, options: options)
      var samples = stream.info.channels.map { _ in [Float]() }
      while case let block = try stream.read(frames: 1 << 16), !block[0].isEmpty {
        for index in samples.indices { samples[index] += block[index] }
      }
      return zip(stream.info.channels, samples).map { ($0.name, $1) }
    } catch {
      throw .recording(error)
    }
  }

  private static func state(of normal: Normal, by diagnoser: Diagnoser) throws(FaultDiagError) -> String? {
    let flags = flags(rpm: normal.rpm, bearing: normal.bearing, rate: normalRate)
    let source: RecordingSource
    do throws(SignalIOError) {
      source = try RecordingSource(
        path: "-", stream: ArrayStream([normal.samples], sampleRate: normalRate), flags: flags)
    } catch {
      throw .recording(error)
    }
    do throws(FaultDiagError) { return try diagnoser.diagnose(source).state } catch {
      if case .recording(.tooShort) = error { return nil }
      throw error
    }
  }
}
