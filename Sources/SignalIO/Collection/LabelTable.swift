/// A CSV file that says what recordings are: `file,label[,bearing_id,machine,rpm,...]`.
///
/// The first line names the columns; any key of ``MetadataKey`` with a plain value may be one, others are passed over.
/// Separator `,`, `;` or tab, whichever the first line has most of; quotes as in RFC 4180. An empty field says nothing.
package struct LabelTable: Sendable, Equatable {
  package let path: String
  package let rows: [Row]
  package let warnings: [IngestWarning]

  package struct Row: Sendable, Equatable {
    package let line: Int
    /// As written: absolute, or relative to the table's folder or a root, or just a name.
    package let file: String
    package let metadata: RecordingMetadata
  }

  /// About 100,000 rows.
  static let sizeLimit = 16 << 20

  package init(path: String) throws(SignalIOError) {
    let text = try ConfigurationFile.text(path: path, limit: Self.sizeLimit)
    try self.init(text: text, path: path)
  }

  package init(text: String, path: String) throws(SignalIOError) {
    let lines = try Self.lines(text, path: path)
    guard let header = lines.first else { throw .emptyFile(path: path) }
    let names = header.fields.map { $0.lowercased().filter { !$0.isWhitespace } }
    guard let fileColumn = names.firstIndex(of: "file") else {
      throw .badMetadata(
        path: path, key: "line \(header.number)", found: "columns \(names.joined(separator: ", "))",
        expected: "a first line with the columns file and label")
    }
    var rows: [Row] = []
    for line in lines.dropFirst() {
      guard line.fields.count == names.count else {
        throw .badMetadata(
          path: path, key: "line \(line.number)", found: "\(line.fields.count) fields",
          expected: "\(names.count), as in the first line")
      }
      guard !line.fields[fileColumn].isEmpty else {
        throw .badMetadata(
          path: path, key: "line \(line.number), file", found: "nothing", expected: "a file name")
      }
      rows.append(try Self.row(line, names: names, fileColumn: fileColumn, path: path))
    }
    self.path = path
    self.rows = rows
    // Tables are often somebody's index with columns of their own: only a likely slip is worth a word.
    warnings = names.compactMap { name in
      guard name != "file", MetadataKey(spelling: name) == nil, let nearest = MetadataKey.nearest(to: name)
      else { return nil }
      return .unknownKey(path: path, key: name, nearest: nearest)
    }
  }

  private static func row(
    _ line: Line, names: [String], fileColumn: Int, path: String
  ) throws(SignalIOError) -> Row {
    var entries: [String: ConfigurationValue] = [:]
    for (name, field) in zip(names, line.fields) where !field.isEmpty {
      guard let key = MetadataKey(spelling: name), key != .geometry, key != .facts else { continue }
      entries[key.rawValue] = Double(field).map { .number($0, text: field) } ?? .text(field)
    }
    let source = MetadataSource.flag("\(path), line \(line.number)")
    var table = MetadataTable(path: path, prefix: "line \(line.number), ", source: source)
    return Row(line: line.number, file: line.fields[fileColumn], metadata: try table.read(entries))
  }
}

// MARK: - CSV

extension LabelTable {
  private struct Line {
    var number: Int
    var fields: [String]
  }

  /// Splits into lines and fields; blank lines are passed over.
  private static func lines(_ text: String, path: String) throws(SignalIOError) -> [Line] {
    let bytes = Array(text.utf8)
    let separator = separator(bytes)
    var lines: [Line] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var number = 1
    var first = 1
    func trimmed() -> String { String(decoding: field, as: UTF8.self).trimmingSpaces() }
    func endLine() {
      fields.append(trimmed())
      if fields != [""] { lines.append(Line(number: first, fields: fields)) }
      fields = []
      field = []
    }
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      i += 1
      if isQuoted {
        if byte == UInt8(ascii: "\n") { number += 1 }
        if byte != UInt8(ascii: "\"") {
          field.append(byte)
        } else if i < bytes.count, bytes[i] == UInt8(ascii: "\"") {
          field.append(byte)
          i += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
      case separator:
        fields.append(trimmed())
        field = []
      case UInt8(ascii: "\n"):
        endLine()
        number += 1
        first = number
      case UInt8(ascii: "\r"): break
      default: field.append(byte)
      }
    }
    guard !isQuoted else {
      throw .badMetadata(
        path: path, key: "line \(first)", found: "a quote that never closes", expected: "a closing quote")
    }
    endLine()
    return lines
  }

  private static func separator(_ bytes: [UInt8]) -> UInt8 {
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    let counts = candidates.map { candidate in header.count { $0 == candidate } }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    var rest = Substring(self)
    while rest.first == " " { rest = rest.dropFirst() }
    while rest.last == " " { rest = rest.dropLast() }
    return String(rest)
  }
}
