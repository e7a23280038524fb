import Plotting

/// The pictures of one recording's section, or why there are none.
struct SectionPictures {
  let html: String

  static let gone = SectionPictures(
    note: "Not drawn: the recording is not there any more as it was diagnosed.")
  static let leftOut = SectionPictures(
    note: "Not drawn, as many recordings are more urgent: fault-diag plot draws it.")

  /// - Parameter words: what part of the recording was drawn.
  init(_ panels: [Panel], words: String) {
    let figures = panels.map { "<figure>\(Figure([$0]).inlined)</figure>\n" }
    html =
      figures.isEmpty
      ? Self.line("Too short to be drawn.")
      : "<div class=\"plots\">\n\(figures.joined())</div>\n" + Self.line("Drawn from \(words).")
  }

  private init(note: String) { html = Self.line(note) }

  private static func line(_ text: String) -> String {
    "<p class=\"small\">\(PageText.escaped(text))</p>\n"
  }
}
