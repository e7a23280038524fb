/// What must be known of a TOML text before toml++ takes it: exact for valid TOML, and up to the first error otherwise.
///
/// Parser, values and their end of life all recurse, so depth is limited; and toml++ 3 ends the program by an assertion
/// where a table's header begins with what begins no key (`[#`).
struct TOMLOutline {
  /// Open brackets at most, outside strings and comments.
  private(set) var depth = 0
  /// Dots of one key at most; each opens a table.
  private(set) var dots = 0
  /// Line of the first table header that begins with what begins no key; nil where there is none.
  private(set) var namelessTable: Int?

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var (open, run, i) = (0, 0, 0)
    var line = 1
    var beginsLine = true
    while i < bytes.count {
      let byte = bytes[i]
      if beginsLine, open == 0, byte == UInt8(ascii: "["), !Self.namesTable(bytes, at: i),
        namelessTable == nil
      {
        namelessTable = line
      }
      beginsLine = byte == UInt8(ascii: "\n") || beginsLine && Self.isSpace(byte)
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let end = Self.endOfString(bytes, from: i)
        line += bytes[i..<end].count { $0 == UInt8(ascii: "\n") }
        i = end
        continue
      case UInt8(ascii: "#"):
        while i < bytes.count, bytes[i] != UInt8(ascii: "\n") { i += 1 }
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        open += 1
        depth = max(depth, open)
        run = 0
      case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
      case UInt8(ascii: "."):
        run += 1
        dots = max(dots, run)
      case UInt8(ascii: ","), UInt8(ascii: "="): run = 0
      case UInt8(ascii: "\n"):
        run = 0
        line += 1
      default: break
      }
      i += 1
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// Whether a key, or the closing bracket that toml++ refuses by itself, follows the one or two brackets at `start`.
  private static func namesTable(_ bytes: [UInt8], at start: Int) -> Bool {
    var i = start + 1
    if i < bytes.count, bytes[i] == UInt8(ascii: "[") { i += 1 }
    while i < bytes.count, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
    guard i < bytes.count else { return true }
    switch bytes[i] {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return true
    default: return "_-\"']".utf8.contains(bytes[i])
    }
  }

  /// The place behind the string that begins at `start`: between quotes, three quotes, with escapes only in double ones.
  private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
    let quote = bytes[start]
    func isTriple(_ at: Int) -> Bool {
      at + 2 < bytes.count && bytes[at] == quote && bytes[at + 1] == quote && bytes[at + 2] == quote
    }
    let isLong = isTriple(start)
    var i = start + (isLong ? 3 : 1)
    while i < bytes.count {
      if bytes[i] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        i += 2
      } else if isLong ? isTriple(i) : bytes[i] == quote {
        i += isLong ? 3 : 1
        // Up to two quotes may stand before the closing three.
        while isLong, i < bytes.count, bytes[i] == quote { i += 1 }
        return i
      } else if !isLong, bytes[i] == UInt8(ascii: "\n") {
        return i
      } else {
        i += 1
      }
    }
    return bytes.count
  }
}
