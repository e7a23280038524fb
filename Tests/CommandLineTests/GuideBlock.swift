import Foundation

/// A fenced block of a page, such as those that hold the guide's commands.
struct GuideBlock {
  /// What stands behind the fence: a language, and what a test should know.
  var info: String
  var text: String
  var page: String
  /// Of the opening fence, from 1.
  var line: Int

  /// For messages.
  var place: String { "\(page):\(line)" }

  var isShell: Bool { info == "sh" || info.hasPrefix("sh ") }

  /// Why it cannot be run: ```` ```sh not run: needs root ````.
  var reasonNotRun: String? {
    info.range(of: " not run: ").map { String(info[$0.upperBound...]) }
  }

  /// What it ends with: ```` ```sh exit=2 ````.
  var exitCode: Int32? { value(of: "exit").map { Int32($0) ?? -1 } ?? 0 }

  /// The file that it is: ```` ```json file=fan.wav.json ````.
  var fileName: String? { value(of: "file") }

  private func value(of key: String) -> String? {
    info.split(separator: " ").first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
  }

  /// All of a page in its order.
  static func all(of page: String, _ text: String) -> [GuideBlock] {
    var result: [GuideBlock] = []
    var open: GuideBlock?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          result.append(block)
          open = nil
        } else {
          open = GuideBlock(info: String(line.dropFirst(3)), text: "", page: page, line: index + 1)
        }
      } else {
        open?.text += line + "\n"
      }
    }
    return result
  }

  /// Whether `output` is what this block shows: `…` alone on a line stands for any lines, within a line for any text.
  func shows(_ output: String) -> Bool {
    let pattern = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
      if line == "…" { return "(?:.*\n)*?" }
      let parts = line.components(separatedBy: "…").map(NSRegularExpression.escapedPattern)
      return parts.joined(separator: ".*") + "\n"
    }
    return output.range(of: "^\(pattern.joined())$", options: .regularExpression) == output
      .startIndex..<output.endIndex
  }
}
