/// A page of figures in HTML: no script, nothing fetched, light and dark, as many columns as there is room for.
package struct PlotPage: Sendable, Equatable {
  package var title: String
  /// Paragraphs above the figures.
  package var notes: [String]
  /// Names of the lines in the order of their colours; empty where there is nothing to tell apart.
  package var legend: [String]
  package var panels: [Panel]

  package init(_ title: String, notes: [String] = [], legend: [String] = [], panels: [Panel]) {
    self.title = title
    self.notes = notes
    self.legend = legend
    self.panels = panels
  }

  package var html: String {
    let title = SVGWriter.escaped(title)
    let paragraphs = notes.map { "<p>\(SVGWriter.escaped($0))</p>\n" }.joined()
    let entries = legend.enumerated().map {
      "<li>\(Self.swatch($0.offset))\(SVGWriter.escaped($0.element))</li>\n"
    }
    let key = entries.isEmpty ? "" : "<ul class=\"key\">\n\(entries.joined())</ul>\n"
    let figures = panels.map { "<figure>\(Figure([$0]).inlined)</figure>\n" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <style>
      \(Self.sheet)\(PlotStyle.sheet)</style>
      </head>
      <body>
      <h1>\(title)</h1>
      \(paragraphs)\(key)<main>
      \(figures)</main>
      </body>
      </html>

      """
  }

  private static func swatch(_ index: Int) -> String {
    "<svg width=\"32\" height=\"12\" aria-hidden=\"true\">"
      + "<line class=\"\(LineSeries.style(index))\" x1=\"2\" y1=\"6\" x2=\"30\" y2=\"6\"/></svg>"
  }

  /// A column is at least as wide as keeps letters legible, and no wider than the window.
  private static let sheet = """
    :root { color-scheme: light dark; }
    body { margin: 0 auto; padding: 12px; max-width: 1640px; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif;
      color: #1f2328; background: #ffffff; }
    h1 { font-size: 1.3rem; margin: 0.3rem 0; overflow-wrap: anywhere; }
    p { margin: 0.3rem 0; max-width: 75ch; overflow-wrap: anywhere; }
    main { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 370px), 1fr)); }
    figure { margin: 0; }
    figure svg { display: block; width: 100%; height: auto; max-width: 720px; }
    ul.key { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 0.6rem 0; padding: 0; }
    ul.key li { overflow-wrap: anywhere; }
    ul.key svg { margin-right: 8px; vertical-align: middle; }
    @media (prefers-color-scheme: dark) { body { color: #e3e6e9; background: #14171a; } }

    """
}
