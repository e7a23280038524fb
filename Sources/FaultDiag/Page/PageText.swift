import Plotting

/// Pieces of a page. Whatever is given to them as text comes out escaped: it may be from a file or its name.
enum PageText {
  static func escaped(_ text: String) -> String { SVGWriter.escaped(Format.harmless(text)) }

  /// Headings and rows of text; nothing where there are no rows.
  static func table(_ headings: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    return
      "<div class=\"wide\"><table>\n<thead><tr>\(headings.map { cell("th", $0) }.joined())</tr></thead>\n<tbody>\n"
      + rows.map { "<tr>\($0.map { cell("td", $0) }.joined())</tr>\n" }.joined()
      + "</tbody>\n</table></div>\n"
  }

  /// Names with what is to be said of them.
  static func facts(_ entries: [(name: String, text: String)]) -> String {
    let rows = entries.map { "\(cell("dt", $0.name))\(cell("dd", $0.text))\n" }
    return "<dl>\n\(rows.joined())</dl>\n"
  }

  static func list(_ items: [String], class style: String = "") -> String {
    guard !items.isEmpty else { return "" }
    let attribute = style.isEmpty ? "" : " class=\"\(style)\""
    return "<ul\(attribute)>\n\(items.map { cell("li", $0) + "\n" }.joined())</ul>\n"
  }

  /// A part with a heading; nothing where it would be empty.
  static func part(_ heading: String, _ content: String) -> String {
    content.isEmpty ? "" : "\(cell("h3", heading))\n\(content)"
  }

  static func cell(_ element: String, _ text: String) -> String {
    "<\(element)>\(escaped(text))</\(element)>"
  }
}
