import SignalIO

/// Whether recordings last long enough to tell lines apart.
///
/// A line of the envelope spectrum is 2 / T wide under a Hann window. Over 30 turns, harmonics of neighbouring families
/// separate; ten windows of that length even out chance.
enum LengthRule: CheckupRule {
  static let name = "length"

  static let leastRevolutions = 30.0
  static let goodRevolutions = 300.0
  static let goodSeconds = 10.0

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let total = survey.recordings.count
    let short = survey.recordings.filter {
      $0.seconds < 1 || ($0.revolutions ?? .infinity) < leastRevolutions
    }
    let modest = survey.recordings.filter { recording in
      !short.contains(recording) && recording.seconds < goodSeconds
        && (recording.revolutions ?? 0) < goodRevolutions
    }
    var found: [CheckupFinding] = []
    if !short.isEmpty {
      let slowest = short.compactMap { $0.metadata.speed?.value }.min()
      let needed = max(1, leastRevolutions / ((slowest ?? 1800) / 60))
      found.append(
        finding(
          .problem,
          "\(CheckupWords.share(short.count, of: total)) shorter than a second or \(Int(leastRevolutions)) turns of "
            + "the shaft: lines of different parts cannot be told apart",
          advice: "Record \(Format.number(needed, digits: 1)) s or more; ten times that is good.",
          recordings: short))
    }
    if !modest.isEmpty {
      found.append(
        finding(
          .note,
          "\(CheckupWords.share(modest.count, of: total)) shorter than \(Int(goodSeconds)) s and "
            + "\(Int(goodRevolutions)) turns: verdicts rest on few windows, and no speed can be found in the signal",
          advice: "Record 10 s or more where that is easy.", recordings: modest))
    }
    return found
  }
}
