/// Turns the arrays of a file into a recording: which of them are channels, which state facts.
///
/// Without a wish for channels, a recording is all columns that have the greatest length; a shorter array beside them
/// is something else (an index, a calibration), and the warnings name it.
struct ArrayRecording {
  var path: String
  /// For instance `MATLAB v5`.
  var format: String
  var arrays: [StoredArray]
  /// Names of the arrays that a convention of the format makes the channels; nil where none applies.
  var conventional: [String]?
  /// What a convention of the format states.
  var metadata = RecordingMetadata()
  var sampleRate: Double?
  var warnings: [RecordingWarning] = []

  /// A column and the array that holds it.
  private struct Candidate {
    var array: StoredArray
    var column: StoredArray.Column
  }

  /// Chooses channels and opens them.
  ///
  /// - Throws: ``SignalIOError/noSamples(path:found:)`` when no array could be a channel,
  ///   ``SignalIOError/noSuchChannel(path:wanted:available:)``, ``SignalIOError/badSetting(name:found:expected:)``
  ///   when wished channels differ in length.
  func open(options: ReadOptions) throws(SignalIOError) -> any SampleStream {
    var info = RecordingInfo(
      channels: [], sampleRate: sampleRate, frameCount: 0, format: format, metadata: metadata,
      warnings: warnings)
    let candidates = try candidates(&info)
    guard !candidates.isEmpty else { throw .noSamples(path: path, found: summary) }
    let usual = usualChannels(candidates)
    let chosen = try choose(options.channels, usual: usual, all: candidates)
    if options.channels.isEmpty {
      let left = candidates.indices.filter { !usual.contains($0) }.map { candidates[$0].column.name }
      if !left.isEmpty {
        info.warnings.append(.channelsLeftOut(names: left, reason: reasonLeftOut))
      }
    }
    let frames = chosen[0].column.frames
    info.frameCount = frames
    info.channels = chosen.map { .init(name: $0.column.name) }
    var parts: [BinarySampleStream.Part] = []
    for candidate in chosen {
      parts.append(
        .init(
          source: try candidate.array.open(candidate.column.start), encoding: candidate.array.encoding,
          interleaved: candidate.column.interleaved, picks: [candidate.column.pick]))
    }
    return BinarySampleStream(info: info, path: path, parts: parts)
  }

  private var reasonLeftOut: String {
    conventional == nil ? "not of the greatest length" : "not a channel by the names in this file"
  }

  /// The arrays that hold channels; scalars become facts, a time axis becomes the sample rate.
  private func candidates(_ info: inout RecordingInfo) throws(SignalIOError) -> [Candidate] {
    var candidates: [Candidate] = []
    for array in arrays {
      if let value = try array.scalar() {
        Self.take(array.name, value, into: &info)
      } else if let columns = array.columns {
        if columns.count == 1, Self.timeNames.contains(array.name.lowercased()),
          let rate = try Self.rate(of: array)
        {
          if info.sampleRate == nil { info.sampleRate = rate }
        } else {
          candidates += columns.map { Candidate(array: array, column: $0) }
        }
      }
    }
    return candidates
  }

  /// Indices of the channels that are read without a wish: by convention, or of the greatest length.
  private func usualChannels(_ candidates: [Candidate]) -> [Int] {
    var pool = Array(candidates.indices)
    if let conventional {
      let named = pool.filter { conventional.contains(candidates[$0].array.name) }
      if !named.isEmpty { pool = named }
    }
    let longest = pool.map { candidates[$0].column.frames }.max() ?? 0
    return Array(pool.filter { candidates[$0].column.frames == longest }.prefix(1024))
  }

  private func choose(
    _ wanted: [String], usual: [Int], all: [Candidate]
  ) throws(SignalIOError) -> [Candidate] {
    if wanted.isEmpty { return usual.map { all[$0] } }
    // Numbers count what a listing shows, and a part of a name means a usual channel before any other.
    let usualNames = usual.map { all[$0].column.name }
    let names = all.map { $0.column.name }
    var chosen: [Candidate] = []
    for wish in wanted {
      if let index = try? ChannelSelection.indices(of: [wish], in: usualNames, path: path).first {
        chosen.append(all[usual[index]])
      } else {
        let index = try ChannelSelection.indices(of: [wish], in: names, path: path)[0]
        chosen.append(all[index])
      }
    }
    let lengths = chosen.map { $0.column.frames }
    guard Set(lengths).count == 1 else {
      throw .badSetting(
        name: "--channel",
        found: zip(wanted, lengths).map { "\($0) (\($1) samples)" }.joined(separator: ", "),
        expected: "channels of one length; read them one by one")
    }
    return chosen
  }

  /// What the file has instead of channels, for the message that it has none.
  private var summary: String {
    if arrays.isEmpty { return "no numeric arrays" }
    let shown = arrays.prefix(6).map { array in
      "\(array.name) [\(array.shape.map(String.init).joined(separator: " x "))]"
    }
    return "only " + shown.joined(separator: ", ")
  }

  private static let timeNames: Set<String> = ["t", "time", "timestamp", "zeit"]
  private static let rateNames: Set<String> = [
    "fs", "sr", "samplerate", "samplingrate", "samplefrequency", "samplingfrequency", "samplefreq",
    "samplingfreq",
  ]
  private static let speedNames: Set<String> = ["rpm", "speed", "speedrpm", "shaftrpm"]

  /// A scalar by its name: sample rate in hertz or speed in revolutions a minute.
  private static func take(_ name: String, _ value: Double, into info: inout RecordingInfo) {
    let key = name.lowercased().filter { $0 != "_" && $0 != " " }
    guard rateNames.contains(key) || speedNames.contains(key) else { return }
    guard value.isFinite, value > 0, value < 1e9 else {
      info.warnings.append(.doubtfulFact(name: name, detail: "\(value) is not believed"))
      return
    }
    if rateNames.contains(key) {
      if info.sampleRate == nil { info.sampleRate = value }
    } else if info.metadata.speed == nil {
      info.metadata.speed = Sourced(value, from: .file(detail: "variable \(name)"))
    }
  }

  /// The sample rate by a time axis in seconds: from its first and last value; nil if it does not advance evenly at
  /// its beginning.
  private static func rate(of array: StoredArray) throws(SignalIOError) -> Double? {
    let first = try array.doubles(from: 0, count: min(array.count, 64))
    guard let last = try array.doubles(from: array.count - 1, count: 1).first, first.count > 1 else {
      return nil
    }
    let step = (last - first[0]) / Double(array.count - 1)
    guard step.isFinite, step > 0 else { return nil }
    let even = zip(first, first.dropFirst()).allSatisfy { abs($1 - $0 - step) < 0.1 * step }
    return even ? 1 / step : nil
  }
}
