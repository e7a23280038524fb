/// How text is laid out on a terminal.
package struct TextStyle: Sendable, Equatable {
  /// Columns to use, 40...80 whatever is asked: longer lines read badly, shorter ones do not fit a row.
  package var width: Int
  package var color: Bool

  package init(width: Int = 80, color: Bool = false) {
    self.width = min(max(width, 40), 80)
    self.color = color
  }

  /// SGR attributes (ECMA-48).
  package enum Paint: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  package func paint(_ text: String, _ paints: Paint...) -> String {
    color && !text.isEmpty ? "\u{1B}[\(paints.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m" : text
  }

  /// `text` broken at spaces into lines of at most `columns`; a longer word (a path) keeps a line of its own.
  package static func wrapped(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= columns {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
  }

  /// `text` filled with spaces to `columns` (left- or right-aligned); a longer one stays as it is.
  package static func padded(_ text: String, _ columns: Int, right: Bool = false) -> String {
    let fill = String(repeating: " ", count: max(0, columns - text.count))
    return right ? fill + text : text + fill
  }

  /// `text` shortened in the middle to `columns`, which keeps both folder and file name of a path.
  package static func shortened(_ text: String, _ columns: Int) -> String {
    guard text.count > columns, columns >= 5 else { return text }
    let tail = (columns - 1) * 2 / 3
    return String(text.prefix(columns - 1 - tail)) + "…" + String(text.suffix(tail))
  }

  /// A bar of at most `columns` for a share of one, in eighths of a column.
  static func bar(_ share: Double, columns: Int) -> String {
    guard !share.isNaN else { return "" }
    let eighths = Int((min(max(share, 0), 1) * Double(columns * 8)).rounded())
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + partial
  }
}
