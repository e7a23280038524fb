/// Panels side by side and below each other, with a title and, where lines are to be told apart, a legend.
package struct Figure: Sendable, Equatable {
  package var title: String?
  /// Row after row.
  package var panels: [Panel]
  package var columns: Int
  /// Names of the lines in the order of their colours; empty draws no legend.
  package var legend: [String]

  package init(_ panels: [Panel], columns: Int = 1, title: String? = nil, legend: [String] = []) {
    precondition(columns > 0, "a figure of \(columns) columns")
    self.panels = panels
    self.columns = columns
    self.title = title
    self.legend = legend
  }

  private var width: Double { Double(min(columns, max(panels.count, 1))) * Panel.size.width }
  private static let lineHeight = 19.0
  private var titleLines: [String] { title.map { Self.wrapped($0, width: width - 24) } ?? [] }
  private var titleHeight: Double { title == nil ? 0 : Double(titleLines.count) * Self.lineHeight + 9 }
  private static let entryHeight = 20.0
  private var headHeight: Double { titleHeight + Double(legend.count) * Self.entryHeight }
  private var height: Double {
    headHeight + Double((panels.count + columns - 1) / columns) * Panel.size.height + 6
  }

  /// A whole SVG file.
  package var svg: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + drawing(withStyle: true) }

  /// As it stands in a page that has ``PlotStyle/sheet``.
  package var inlined: String { drawing(withStyle: false) }

  private func drawing(withStyle: Bool) -> String {
    var svg = SVGWriter()
    svg.open(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("viewBox", "0 0 \(SVGWriter.number(width)) \(SVGWriter.number(height))"),
        ("width", SVGWriter.number(width)), ("height", SVGWriter.number(height)), ("role", "img"),
      ])
    svg.element("title", [], text: title ?? panels.map(\.title).joined(separator: ", "))
    if withStyle { svg.element("style", [], text: PlotStyle.sheet) }
    svg.element("rect", [("class", "paper"), ("width", "100%"), ("height", "100%")])
    for (index, line) in titleLines.enumerated() {
      svg.words(line, x: 12, y: 20 + Double(index) * Self.lineHeight, class: "title")
    }
    for (index, name) in legend.enumerated() {
      let y = titleHeight + (Double(index) + 0.5) * Self.entryHeight
      svg.line(from: (14, y), to: (42, y), class: LineSeries.style(index))
      svg.words(name, x: 50, y: y + 4.5)
    }
    for (index, panel) in panels.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      var aligned = panel
      aligned.reservesScale = panels.contains { $0.heatMap != nil }
      aligned.draw(
        at: (Double(column) * Panel.size.width, headHeight + Double(row) * Panel.size.height), with: &svg)
    }
    svg.close()
    return svg.text
  }

  /// Lines of words. Fonts are the reader's: a bold letter of 14 is taken as 8.6 wide, which few exceed on average.
  private static func wrapped(_ text: String, width: Double) -> [String] {
    let limit = max(8, Int(width / 8.6))
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= limit {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
