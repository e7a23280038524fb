/// What the variable names of well-known bearing data mean.
///
/// - Case Western Reserve University: `X105_DE_time`, `X105_FE_time`, `X105_BA_time` are the drive-end, fan-end and base
///   accelerometers, `X105RPM` the shaft speed. The number need not be the file's, and one file holds two of them.
///   The sample rate is not stated.
/// - MFPT (E. Bechhoefer, 2013): a structure `bearing` with `gs` (acceleration in g), `sr` (sample rate in hertz), `rate`
///   (shaft speed in hertz) and `load` (pounds).
enum MatlabConventions {
  static func apply(to recording: inout ArrayRecording) throws(SignalIOError) {
    try applyMFPT(to: &recording)
    try applyCaseWestern(to: &recording)
  }

  private static func applyMFPT(to recording: inout ArrayRecording) throws(SignalIOError) {
    guard recording.arrays.contains(where: { $0.name == "bearing.gs" }) else { return }
    recording.conventional = ["bearing.gs"]
    recording.metadata.unit = Sourced("g", from: .file(detail: "MFPT variable bearing.gs"))
    if let rate = try scalar("bearing.sr", in: recording) { recording.sampleRate = rate }
    if let hertz = try scalar("bearing.rate", in: recording) {
      recording.metadata.speed = Sourced(
        60 * hertz, from: .file(detail: "variable bearing.rate, \(hertz) Hz"))
    }
    if let pounds = try scalar("bearing.load", in: recording, least: 0) {
      recording.metadata.load = Sourced("\(pounds) lb", from: .file(detail: "variable bearing.load"))
    }
  }

  private static func applyCaseWestern(to recording: inout ArrayRecording) throws(SignalIOError) {
    let channels = recording.arrays.compactMap { array in
      caseWesternNumber(array.name).map { (number: $0, name: array.name) }
    }
    // One file of the set holds the variables of its neighbour too; the file's own number decides.
    let fileName = recording.path.split(separator: "/").last ?? ""
    let fileNumber = Int(fileName.prefix { $0.isNumber })
    let number = channels.contains { $0.number == fileNumber } ? fileNumber : channels.first?.number
    if !channels.isEmpty { recording.conventional = channels.filter { $0.number == number }.map { $0.name } }
    let speeds = recording.arrays.filter { speedNumber($0.name) != nil }
    // A file of pieces (`X098_DE_seg01`) has the speed and no channel by its full name.
    let speed = speeds.first { speedNumber($0.name) == number } ?? (speeds.count == 1 ? speeds[0] : nil)
    guard let speed, let value = try speed.scalar() else { return }
    guard value > 0, value < 1e6 else {
      recording.warnings.append(.doubtfulFact(name: speed.name, detail: "\(value) rpm is not believed"))
      return
    }
    recording.metadata.speed = Sourced(value, from: .file(detail: "variable \(speed.name)"))
  }

  /// 105 for `X105_DE_time`; nil for other names.
  private static func caseWesternNumber(_ name: String) -> Int? {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].first == "X", ["DE", "FE", "BA"].contains(parts[1]), parts[2] == "time"
    else {
      return nil
    }
    return Int(parts[0].dropFirst())
  }

  /// 105 for `X105RPM`; nil for other names.
  private static func speedNumber(_ name: String) -> Int? {
    guard name.hasPrefix("X"), name.hasSuffix("RPM") else { return nil }
    return Int(name.dropFirst().dropLast(3))
  }

  /// A believable scalar; nil where it is absent, not a scalar, or not above `least`.
  private static func scalar(
    _ name: String, in recording: ArrayRecording, least: Double = 0
  ) throws(SignalIOError) -> Double? {
    guard let array = recording.arrays.first(where: { $0.name == name }), let value = try array.scalar(),
      value.isFinite, value > least, value < 1e9
    else { return nil }
    return value
  }
}
