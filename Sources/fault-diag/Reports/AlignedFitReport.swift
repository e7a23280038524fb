import FaultDiag

/// What an aligned model was adapted to, how far it moved, and whether that helped.
struct AlignedFitReport: PrintableResult {
  var schemaVersion = 1
  var model: String
  /// What was adapted.
  var start: String
  var isFromScratch: Bool
  var states: [TaughtState]
  /// How far the networks moved: 0 not at all, 1 all the way.
  var strength: Double
  /// The negative log-likelihood of held-out recordings at each strength, in nats.
  var trials: [AlignedAdaptation.Trial]
  /// Held-out recordings that strength and calibration rest on; 0 when nothing could be held out.
  var calibrationRecordings: Int
  var slope: Double
  var normalLevel: Double
  /// Absent when nothing could be held out or no estimate was asked for.
  var heldOut: AlignedEvaluation?

  init(
    model: String, corpus: AlignedCorpus, result: AlignedAdaptation.Result, start: String,
    isFromScratch: Bool,
    heldOut: AlignedEvaluation?
  ) {
    self.model = model
    self.start = start
    self.isFromScratch = isFromScratch
    states = TaughtState.all(corpus.classes, items: corpus.items, windows: corpus.features.map(\.count))
      .filter { $0.recordings > 0 }
    strength = result.strength
    trials = result.trials
    calibrationRecordings = result.heldOutRecordings
    (slope, normalLevel) = (result.model.slope, result.model.normalLevel)
    self.heldOut = heldOut
  }

  /// For people.
  func text(_ style: TextStyle) -> String {
    var text = style.paint(Format.harmless(model), .bold) + "\n\n" + TaughtState.table(states, style) + "\n"
    for line in TextStyle.wrapped(movement, columns: style.width - 2) { text += "  " + line + "\n" }
    guard let heldOut else { return text }
    text += "\n" + heldOut.text(style, start: Format.harmless(start))
    let verdict = isFromScratch ? nil : Self.verdict(heldOut.helped)
    if let verdict {
      text += "\n"
      for line in TextStyle.wrapped(verdict, columns: style.width - 2) { text += "  " + line + "\n" }
    }
    return text
  }

  private var movement: String {
    if isFromScratch { return "trained from random weights on these recordings alone" }
    let percent = Int((100 * strength).rounded())
    if calibrationRecordings == 0 {
      return
        "\(start), moved \(percent) % of the way: nothing could be held out to choose by, so its calibration is as "
        + "it was"
    }
    return strength == 0
      ? "\(start), not moved: held-out recordings were judged best by the networks as they are; only its calibration "
        + "was adapted"
      : "\(start), moved \(percent) % of the way, which judged held-out recordings best"
  }

  private static func verdict(_ helped: Bool?) -> String {
    switch helped {
    case true?: "Adapting helped on held-out groups."
    case false?:
      "Adapting did not help on held-out groups: the untouched model judged them better. Diagnose without --model, or add "
        + "recordings of more bearings."
    case nil: "Adapting changed nothing that these held-out groups show."
    }
  }
}
