/// Rows of a comma-separated table (RFC 4180, lines ended by LF).
package enum CSVText {
  /// One line with its end.
  package static func row(_ fields: [String]) -> String { fields.joined(separator: ",") + "\n" }

  /// A text as a field that no spreadsheet takes for a formula: one that begins like a formula (`= + - @`, tab, carriage
  /// return) gets an apostrophe before it, as OWASP's "CSV injection" advises. Quoted where RFC 4180 needs it.
  package static func field(_ text: String) -> String {
    var safe = text
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { safe = "'" + text }
    guard safe.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
