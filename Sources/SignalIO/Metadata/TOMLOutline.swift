/// What must be known of a TOML text before toml++ takes it: exact for valid TOML, and up to the first error otherwise.
///
/// Parser, values and their end of life all recurse, so depth is limited; and toml++ 3 ends the program by an assertion at
/// some errors, which are told here instead: see ``Fault``.
struct TOMLOutline {
  /// An error at which toml++ would end the program.
  struct Fault: Equatable {
    enum Kind: Equatable {
      /// A table's header begins with what begins no key (`[#`).
      case namelessTable
      /// A bracket is closed by one of the other kind (`[1, }`).
      case wrongBracket
      /// A date is followed by what is no time of day (`2026-01-31Tnoon`).
      case noTime
    }

    var kind: Kind
    var line: Int

    /// What was found and expected, for messages.
    var words: (found: String, expected: String) {
      switch kind {
      case .namelessTable: ("a bracket without a name", "a table like [name]")
      case .wrongBracket: ("a closing bracket of another kind than the open one", "[ with ] and { with }")
      case .noTime: ("a date that goes on, but not with a time", "a time like 2026-01-31T12:00:00")
      }
    }
  }

  /// Open brackets at most, outside strings and comments.
  private(set) var depth = 0
  /// Dots of one key at most; each opens a table.
  private(set) var dots = 0
  /// The first one; nil where there is none.
  private(set) var fault: Fault?

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var open: [UInt8] = []
    var (run, i) = (0, 0)
    var line = 1
    var beginsLine = true
    // Whether a value may begin here, and not a key.
    var expectsValue = false
    func fails(_ kind: Fault.Kind) { fault = fault ?? Fault(kind: kind, line: line) }
    while i < bytes.count {
      let byte = bytes[i]
      if beginsLine, open.isEmpty, byte == UInt8(ascii: "["), !Self.namesTable(bytes, at: i) {
        fails(.namelessTable)
      }
      beginsLine = byte == UInt8(ascii: "\n") || beginsLine && Self.isBlank(byte)
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let end = Self.endOfString(bytes, from: i)
        line += bytes[i..<end].count { $0 == UInt8(ascii: "\n") }
        i = end
        expectsValue = false
        continue
      case UInt8(ascii: "#"):
        while i < bytes.count, bytes[i] != UInt8(ascii: "\n") { i += 1 }
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        open.append(byte)
        depth = max(depth, open.count)
        run = 0
        // In an inline table a key comes first, and in a table's header.
        expectsValue = expectsValue && byte == UInt8(ascii: "[")
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // In ASCII a bracket closes the one two places before it.
        if let last = open.popLast(), last != byte - 2 { fails(.wrongBracket) }
        expectsValue = false
      case UInt8(ascii: "."):
        run += 1
        dots = max(dots, run)
        expectsValue = false
      case UInt8(ascii: ","):
        run = 0
        expectsValue = open.last == UInt8(ascii: "[")
      case UInt8(ascii: "="):
        run = 0
        expectsValue = true
      case UInt8(ascii: "\n"):
        run = 0
        line += 1
        if open.isEmpty { expectsValue = false }
      case UInt8(ascii: "0")...UInt8(ascii: "9") where expectsValue:
        if Self.lacksTime(bytes, at: i) { fails(.noTime) }
        expectsValue = false
      default: expectsValue = expectsValue && Self.isBlank(byte)
      }
      i += 1
    }
  }

  /// What may stand before a table's header: spaces, and what toml++ takes for one (a second byte-order mark).
  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 || byte >= 0x7F }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func endsValue(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || "]},#".utf8.contains(byte)
  }

  /// Whether a date begins at `start`, and what follows it is neither the end of the value nor two digits and a colon.
  ///
  /// As toml++ looks for the kind of a value: underscores are skipped, and only the two dashes must stand in their places.
  private static func lacksTime(_ bytes: [UInt8], at start: Int) -> Bool {
    let dashes = [4, 7]
    var i = start
    var place = 0
    while place < 10, i < bytes.count {
      let byte = bytes[i]
      i += 1
      // The bytes after the first of a character count with it.
      if byte == UInt8(ascii: "_") || byte & 0xC0 == 0x80 { continue }
      guard dashes.contains(place) ? byte == UInt8(ascii: "-") : !endsValue(byte) else { return false }
      place += 1
    }
    while i < bytes.count, bytes[i] == UInt8(ascii: "_") || bytes[i] & 0xC0 == 0x80 { i += 1 }
    guard place == 10, i < bytes.count else { return false }
    switch bytes[i] {
    case UInt8(ascii: "T"), UInt8(ascii: "t"): break
    // A space may stand between the two, or behind a date alone.
    case UInt8(ascii: " "): guard i + 1 < bytes.count, isDigit(bytes[i + 1]) else { return false }
    default: return false
    }
    let time = bytes[(i + 1)...].prefix(3)
    return !(time.count == 3 && time.prefix(2).allSatisfy(isDigit) && time.last == UInt8(ascii: ":"))
  }

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
