import Foundation

/// Text in the `man` macros of troff (groff_man(7)).
struct Roff {
  private(set) var text = ""

  /// A macro with its arguments; each may hold spaces.
  mutating func macro(_ name: String, _ arguments: String...) {
    let words = arguments.map { " \"\(Self.escaped($0).replacingOccurrences(of: "\"", with: "\\(dq"))\"" }
    text += ".\(name)\(words.joined())\n"
  }

  /// Running text, on one line of the source.
  mutating func words(_ words: String) { line(Self.escaped(words)) }

  /// Text that is already marked up.
  mutating func line(_ line: String) {
    // A line that begins with a dot or an apostrophe would be a request.
    text += (line.first == "." || line.first == "'" ? "\\&" : "") + line + "\n"
  }

  /// Lines as they are, in a typewriter's face.
  mutating func example(_ lines: [String]) {
    text += ".RS 4\n.EX\n"
    for line in lines { words(line) }
    text += ".EE\n.RE\n"
  }

  static func bold(_ words: String) -> String { "\\fB\(escaped(words))\\fR" }
  static func italic(_ words: String) -> String { "\\fI\(escaped(words))\\fR" }

  /// Hyphens become the minus that can be pasted into a shell; the rest of what troff would read as its own is masked.
  static func escaped(_ words: String) -> String {
    var result = ""
    for character in words {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      default: result.append(character)
      }
    }
    return result
  }
}
