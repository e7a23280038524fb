import FaultDiag
import SignalIO
import Support

/// Recordings in groups, for people, programs and tables.
struct GroupingReport: PrintableResult {
  var groups: RecordingGroups
  /// Recordings that could not be heard.
  var failed: Int

  func encode(to encoder: any Encoder) throws {
    try groups.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(failed, forKey: .failed)
  }

  private enum CodingKeys: String, CodingKey {
    case failed
  }

  func text(_ style: TextStyle) -> String {
    let origin = groups.source == .learnt ? "learnt by \(groups.objective)" : "by k-means"
    var text =
      style.paint(
        "\(Discovery.number(groups.groups.count, "group")) of "
          + "\(Discovery.number(groups.recordings.count, "recording")), \(origin)", .bold) + "\n"
    for group in groups.groups { text += "\n" + self.text(group, style) }
    if groups.emptyGroups > 0 {
      text += "\n" + style.paint("\(groups.emptyGroups) more of the model's groups are empty", .dim) + "\n"
    }
    if let agreement = groups.agreement {
      text +=
        "\nagreement with the labels of \(Discovery.number(agreement.count, "recording")): "
        + "ACC \(Self.figure(agreement.accuracy))  NMI \(Self.figure(agreement.normalizedMutualInformation))  "
        + "ARI \(Self.figure(agreement.adjustedRandIndex))\n"
    }
    return text
  }

  private func text(_ group: RecordingGroups.Group, _ style: TextStyle) -> String {
    var lines = [
      style.paint("group \(group.number)", .bold) + "  \(Discovery.number(group.size, "recording")), "
        + "probability \(Self.figure(group.probability))"
    ]
    if !group.labels.isEmpty {
      let counts = group.labels.map { "\($0.count) \(Format.harmless($0.label))" }.joined(separator: ", ")
      lines += TextStyle.wrapped("labels: " + counts, columns: style.width - 2).map { "  " + $0 }
    }
    for path in group.typical {
      lines.append("  " + TextStyle.shortened(Format.harmless(path), style.width - 2))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func figure(_ value: Double) -> String { Format.fixed(value, digits: 3) }

  /// A line a recording, in the order of the groups.
  func writeCSV(to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    try writer.append(text: CSVText.row(["recording", "group", "probability", "distance", "label"]))
    for member in groups.recordings {
      let row = [
        CSVText.field(Format.harmless(member.path)), "\(member.group)", "\(member.probability)",
        "\(member.distance)",
        CSVText.field(Format.harmless(member.label ?? "")),
      ]
      try writer.append(text: CSVText.row(row))
    }
    try writer.commit()
  }
}
