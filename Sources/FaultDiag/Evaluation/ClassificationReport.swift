/// The figures of one classifier on held-out items, with the protocol that they belong to.
package struct ClassificationReport: Sendable, Equatable, Codable {
  /// What one item is: `recording` or `window`.
  package var item: String
  package var confusion: ConfusionMatrix
  package var accuracy: Double?
  package var balancedAccuracy: Double?
  package var macroF1: Double?
  package var macroAuroc: Double?
  package var aurocPerClass: [Double?]
  package var expectedCalibrationError: Double?

  /// - `probabilities`: `[item][class]`, rows summing to one; the largest is the prediction.
  /// - `truth`: class index of each item.
  package init(item: String, classes: [String], probabilities: [[Double]], truth: [Int]) {
    let predicted = probabilities.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    let confusion = ConfusionMatrix(classes: classes, truth: truth, predicted: predicted)
    let areas = MacroAUROC(scores: probabilities, classes: truth, classCount: classes.count)
    self.item = item
    self.confusion = confusion
    accuracy = confusion.accuracy
    balancedAccuracy = confusion.balancedAccuracy
    macroF1 = confusion.macroF1
    macroAuroc = areas.macro
    aurocPerClass = areas.perLabel
    expectedCalibrationError = CalibrationError.expected(probabilities: probabilities, classes: truth)
  }

  /// The confusion matrix (rows true, columns predicted) and the figures below it.
  package func text(_ style: TextStyle = TextStyle()) -> String {
    let names = confusion.classes.map { TextStyle.shortened(Format.harmless($0), 12) }
    let label = max(names.map(\.count).max() ?? 0, 6)
    let cell = max(names.map(\.count).max() ?? 0, String(confusion.total).count, 4) + 2
    var text = style.paint(
      TextStyle.padded("  true", label + 2)
        + names.map { TextStyle.padded($0, cell, right: true) }.joined() + "  recall\n", .dim)
    for (row, name) in names.enumerated() {
      text += "  " + TextStyle.padded(name, label)
      for (column, count) in confusion.counts[row].enumerated() {
        let entry = TextStyle.padded(count == 0 ? "." : String(count), cell, right: true)
        text += row == column ? style.paint(entry, .bold) : entry
      }
      text += TextStyle.padded(Self.figure(confusion.recalls[row]), 8, right: true) + "\n"
    }
    text += "\n"
    for (name, value) in [
      ("accuracy", accuracy), ("balanced accuracy", balancedAccuracy), ("macro F1", macroF1),
      ("macro AUROC", macroAuroc), ("calibration error", expectedCalibrationError),
    ] {
      text += "  " + TextStyle.padded(name, 20) + Self.figure(value) + "\n"
    }
    return text
  }

  static func figure(_ value: Double?) -> String { value.map { Format.fixed($0, digits: 3) } ?? "-" }
}
