import SignalIO

/// A diagnosis as tables of a page; each is empty where the diagnosis has nothing of its kind.
extension Diagnosis {
  /// How the verdict came about.
  var judgement: [(name: String, text: String)] {
    var result = [
      (name: "recording", text: recording.summary),
      (name: "windows", text: "\(windows.agreeing) of \(windows.total) say the same alone"),
    ]
    func add(_ name: String, _ states: [StateProbability]?) {
      guard let states, !states.isEmpty else { return }
      let words = states.map { "\($0.state) \(Format.percent($0.probability))" }
      result.append((name: name, text: words.joined(separator: ", ")))
    }
    add("learned alone", learned)
    add("lines fit", plausibility)
    if let predictionSet {
      result.append(
        (
          name: "not excluded",
          text: predictionSet.states.joined(separator: ", ")
            + " (at a coverage of \(Format.percent(predictionSet.coverage)))"
        ))
    }
    if let resampling {
      result.append(
        (
          name: "resampled",
          text:
            "\(Format.number(resampling.from, digits: 2)) Hz to \(Format.number(resampling.to, digits: 2)) Hz"
        ))
    }
    return result
  }

  var evidenceTable: String {
    let deciding = BearingMarks.deciding(self)
    return PageText.table(
      ["lines", "found", "expected", "level", "by chance", "harmonics", "sidebands", "best band", "slip"],
      evidence.map { line in
        [
          line.family.symbol + (line == deciding ? " ◀ decides" : "") + (line.isPresent ? ", present" : ""),
          "\(Format.fixed(line.foundHz, digits: 1)) Hz",
          "\(Format.fixed(line.expectedHz, digits: 1)) Hz, \(Format.fixed(line.expectedOrder, digits: 3)) × shaft",
          Format.decibels(line.decibels), Format.decibels(line.chanceDecibels),
          line.harmonicDecibels.map { Format.decibels($0, digits: 0, unit: false) }.joined(separator: " ")
            + " dB",
          line.sidebandDecibels.map { Format.decibels($0, digits: 0) } ?? "none", line.band?.text ?? "none",
          "\(Format.fixed(100 * line.slip, digits: 1)) %",
        ]
      })
  }

  var repetitionTable: String {
    guard let blind else { return "" }
    let impulses =
      "Kurtosis \(Format.fixed(blind.kurtosis, digits: 1)) (noise has 0), crest factor "
      + "\(Format.fixed(blind.crestFactor, digits: 1))."
    let rows = blind.repetitions.map { repetition in
      [repetition.row] + [repetition.details.joined(separator: "; ")]
    }
    return "<p>\(PageText.escaped(impulses))</p>\n" + PageText.table(["rate", "what it may be"], rows)
  }

  /// Verdict, every component's score, and the bands that differ most.
  var noveltyTable: String {
    guard let novelty else { return "" }
    let verdict = (novelty.rows + novelty.details).map { $0 + "." }
    let components = novelty.components.map { component in
      [
        component.name.rawValue, "\(Format.fixed(component.score, digits: 1)) sd",
        NoveltyFinding.spelled(component.pValue), component.isUsed ? "yes" : "no",
      ]
    }
    return PageText.list(verdict) + PageText.table(["component", "score", "p", "in the verdict"], components)
  }

  var referenceTable: String {
    PageText.table(
      ["recording", "label", "distance"],
      references.map { [$0.recording, $0.label, Format.fixed($0.distance, digits: 2)] })
  }

  var metadataTable: String {
    PageText.table(["fact", "value", "source"], metadata.map { [$0.name, $0.value, $0.source] })
  }
}
