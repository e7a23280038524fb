import FaultDiag

/// One state with what was there to learn it from.
struct TaughtState: Encodable {
  var name: String
  var recordings: Int
  var windows: Int
  /// Bearings, machines or files.
  var groups: Int

  /// - Parameter windows: of each recording.
  static func all(_ names: [String], items: [SplitItem], windows: [Int]) -> [TaughtState] {
    let groups = DataSplit.naturalGroups(items)
    return names.map { name in
      let members = items.indices.filter { items[$0].label == name }
      return TaughtState(
        name: name, recordings: members.count, windows: members.reduce(0) { $0 + windows[$1] },
        groups: Set(members.map { groups[$0] }).count)
    }
  }

  /// A line a state.
  static func table(_ states: [TaughtState], _ style: TextStyle) -> String {
    let names = states.map { TextStyle.shortened(Format.harmless($0.name), 30) }
    let width = max(names.map(\.count).max() ?? 0, 10)
    let titles = ["recordings", "windows", "bearings, machines or files"]
    var text = style.paint(
      "  " + TextStyle.padded("state", width) + "  " + titles.joined(separator: "  ") + "\n", .dim)
    for (name, state) in zip(names, states) {
      text +=
        "  " + TextStyle.padded(name, width) + "  "
        + zip([state.recordings, state.windows, state.groups], titles).map { count, title in
          TextStyle.padded("\(count)", title.count, right: true)
        }.joined(separator: "  ") + "\n"
    }
    return text
  }
}

/// What heads were taught, and how well they do on what they were not.
struct FitReport: PrintableResult {
  var schemaVersion = 1
  var model: String
  var states: [TaughtState]
  /// Found on held-out recordings; 1 changes nothing.
  var temperature: Double
  /// Held-out recordings that the temperature was found on; 0 when nothing could be held out.
  var calibrationRecordings: Int
  /// Absent when nothing could be held out or no estimate was asked for.
  var heldOut: GroupEvaluation?

  init(model: String, corpus: LabelledCorpus, heads: DiagnosticHeads, heldOut: GroupEvaluation?) {
    self.model = model
    self.heldOut = heldOut
    temperature = heads.calibration.temperature
    calibrationRecordings = heads.calibrationCount
    var windows = [Int](repeating: 0, count: corpus.items.count)
    for recording in corpus.data.recordings { windows[recording] += 1 }
    states = TaughtState.all(corpus.classes, items: corpus.items, windows: windows)
  }

  /// For people.
  func text(_ style: TextStyle) -> String {
    var text = style.paint(Format.harmless(model), .bold) + "\n\n" + TaughtState.table(states, style)
    if let heldOut { text += "\n" + heldOut.text(style) }
    return text
  }
}
