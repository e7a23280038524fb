/// The names of a panel's lines, each behind a piece of its line, in as many rows as it takes.
struct PanelLegend {
  private static let rowHeight = 17.0
  private static let swatch = 22.0
  /// Longer names are cut.
  private static let mostLetters = 24

  private struct Entry {
    var text: String
    var style: String
    var place: (x: Double, y: Double)
  }
  private var entries: [Entry] = []
  /// Of all rows.
  let height: Double

  /// Fonts are the reader's: a letter is taken as 7.6 wide.
  init(_ series: [LineSeries], width: Double) {
    var (x, row) = (0.0, 0)
    for line in series {
      let text =
        line.name.count > Self.mostLetters ? line.name.prefix(Self.mostLetters - 1) + "…" : line.name
      let taken = Self.swatch + 6 + 7.6 * Double(text.count) + 12
      if x > 0, x + taken > width { (x, row) = (0, row + 1) }
      entries.append(Entry(text: text, style: line.style, place: (x, Double(row) * Self.rowHeight)))
      x += taken
    }
    height = series.isEmpty ? 0 : Double(row + 1) * Self.rowHeight
  }

  /// Draws the rows downwards from `origin`.
  func draw(at origin: (x: Double, y: Double), with svg: inout SVGWriter) {
    for entry in entries {
      let (x, y) = (origin.x + entry.place.x, origin.y + entry.place.y + 5)
      svg.line(from: (x, y), to: (x + Self.swatch, y), class: entry.style)
      svg.words(entry.text, x: x + Self.swatch + 6, y: y + 4.5)
    }
  }
}
