import FaultDiag

/// What a model was taught, and how well it does on what it was not.
struct FitReport: Encodable {
  var schemaVersion = 1
  var model: String
  var states: [State]
  /// Found on held-out recordings; 1 changes nothing.
  var temperature: Double
  /// Held-out recordings that the temperature was found on; 0 when nothing could be held out.
  var calibrationRecordings: Int
  /// Absent when nothing could be held out or no estimate was asked for.
  var heldOut: GroupEvaluation?

  /// One state with what was there to learn it from.
  struct State: Encodable {
    var name: String
    var recordings: Int
    var windows: Int
    /// Bearings, machines or files.
    var groups: Int
  }

  init(model: String, corpus: LabelledCorpus, heads: DiagnosticHeads, heldOut: GroupEvaluation?) {
    self.model = model
    self.heldOut = heldOut
    temperature = heads.calibration.temperature
    calibrationRecordings = heads.calibrationCount
    let groups = DataSplit.naturalGroups(corpus.items)
    states = corpus.classes.enumerated().map { index, name in
      let members = corpus.items.indices.filter { corpus.items[$0].label == name }
      return State(
        name: name, recordings: members.count, windows: corpus.data.classes.count { $0 == index },
        groups: Set(members.map { groups[$0] }).count)
    }
  }

  /// For people.
  func text(_ style: TextStyle) -> String {
    var text = style.paint(Format.harmless(model), .bold) + "\n\n"
    let names = states.map { TextStyle.shortened(Format.harmless($0.name), 30) }
    let width = max(names.map(\.count).max() ?? 0, 10)
    let titles = ["recordings", "windows", "bearings, machines or files"]
    text += style.paint(
      "  " + TextStyle.padded("state", width) + "  " + titles.joined(separator: "  ") + "\n", .dim)
    for (name, state) in zip(names, states) {
      text +=
        "  " + TextStyle.padded(name, width) + "  "
        + zip([state.recordings, state.windows, state.groups], titles).map { count, title in
          TextStyle.padded("\(count)", title.count, right: true)
        }.joined(separator: "  ") + "\n"
    }
    if let heldOut { text += "\n" + heldOut.text(style) }
    return text
  }
}
