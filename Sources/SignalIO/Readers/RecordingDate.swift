/// Dates as sound files state them: `2024-01-31`, `2024-01-31T12:30:05Z`, `2024:01:31 12-30-05`.
enum RecordingDate {
  /// Seconds since 1970-01-01T00:00:00Z, or nil if the text is no date from 1970 on. Separators, zone and fractions of a second are
  /// passed over, as recorders write them in their own ways; a time that is none leaves the day.
  static func seconds(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    func digits(_ place: Int, _ count: Int) -> String? {
      guard place + count <= bytes.count else { return nil }
      let part = bytes[place..<place + count]
      return part.allSatisfy { (0x30...0x39).contains($0) } ? String(decoding: part, as: UTF8.self) : nil
    }
    guard let year = digits(0, 4), year >= "1970", let month = digits(5, 2), let day = digits(8, 2) else {
      return nil
    }
    let date = "\(year)-\(month)-\(day)"
    guard let hour = digits(11, 2), let minute = digits(14, 2) else { return ISO8601.seconds(date) }
    return ISO8601.seconds("\(date)T\(hour):\(minute):\(digits(17, 2) ?? "00")")
      ?? ISO8601.seconds("\(date)T\(hour):\(minute)") ?? ISO8601.seconds(date)
  }
}
