/// File-name patterns: `*` (any run without `/`), `**` (any run), `?` (one character), `[a-z]` and `[!a-z]`.
///
/// A pattern without `/` is matched against the last component of a path, one with `/` against the whole relative path.
package struct Glob: Sendable, Equatable {
  package let pattern: String
  private let tokens: [Token]

  private enum Token: Sendable, Equatable {
    case literal(Character)
    case anyCharacter
    case anyRun
    case anyPath
    case oneOf([ClosedRange<Character>], negated: Bool)
  }

  package init(_ pattern: String) {
    self.pattern = pattern
    tokens = Self.tokens(Self.characters(pattern))
  }

  /// Characters that must stand as written: the more, the more specific the pattern.
  package var specificity: Int {
    tokens.count { if case .literal = $0 { true } else { false } }
  }

  package func matches(_ relativePath: String) -> Bool {
    let isPath = pattern.utf8.contains(FilePath.slash)
    return matches(Self.characters(isPath ? relativePath : FilePath.name(of: relativePath)))
  }

  /// Characters of a path: slashes stay by themselves, also before a combining mark.
  private static func characters(_ path: String) -> [Character] {
    path.utf8.split(separator: FilePath.slash, omittingEmptySubsequences: false)
      .map { Array(String(Substring($0))) }.joined(separator: ["/"]).map { $0 }
  }

  /// One row of dynamic programming a token, so that no pattern costs more than its length times the name's.
  private func matches(_ name: [Character]) -> Bool {
    // reachable[i]: the tokens so far can match exactly the first i characters.
    var reachable = [Bool](repeating: false, count: name.count + 1)
    reachable[0] = true
    for token in tokens {
      var next = [Bool](repeating: false, count: name.count + 1)
      switch token {
      case .anyRun, .anyPath:
        next[0] = reachable[0]
        for i in name.indices {
          let mayGrow = next[i] && (token == .anyPath || name[i] != "/")
          next[i + 1] = reachable[i + 1] || mayGrow
        }
      default:
        for i in name.indices where reachable[i] && Self.accepts(token, name[i]) { next[i + 1] = true }
      }
      reachable = next
    }
    return reachable[name.count]
  }

  private static func accepts(_ token: Token, _ character: Character) -> Bool {
    switch token {
    case .literal(let wanted): character == wanted
    case .oneOf(let ranges, let negated):
      character != "/" && ranges.contains { $0.contains(character) } != negated
    default: character != "/"
    }
  }

  private static func tokens(_ pattern: [Character]) -> [Token] {
    var result: [Token] = []
    var i = 0
    while i < pattern.count {
      switch pattern[i] {
      case "*":
        let isPath = i + 1 < pattern.count && pattern[i + 1] == "*"
        result.append(isPath ? .anyPath : .anyRun)
        i += isPath ? 2 : 1
      case "?":
        result.append(.anyCharacter)
        i += 1
      case "[":
        if let (token, end) = characterSet(pattern, from: i) {
          result.append(token)
          i = end
        } else {
          // A bracket that never closes stands for itself.
          result.append(.literal("["))
          i += 1
        }
      default:
        result.append(.literal(pattern[i]))
        i += 1
      }
    }
    return result
  }

  private static func characterSet(_ pattern: [Character], from start: Int) -> (Token, Int)? {
    var i = start + 1
    let negated = i < pattern.count && pattern[i] == "!"
    if negated { i += 1 }
    var ranges: [ClosedRange<Character>] = []
    while i < pattern.count, pattern[i] != "]" || ranges.isEmpty {
      let low = pattern[i]
      if i + 2 < pattern.count, pattern[i + 1] == "-", pattern[i + 2] != "]" {
        guard low <= pattern[i + 2] else { return nil }
        ranges.append(low...pattern[i + 2])
        i += 3
      } else {
        ranges.append(low...low)
        i += 1
      }
    }
    return i < pattern.count ? (.oneOf(ranges, negated: negated), i + 1) : nil
  }
}
