/// Dates as recordings state them: `2024-01-31`, `2024-01-31T12:30:05Z`, `2024-01-31 12:30:05.25`.
enum RecordingDate {
  /// Seconds since 1970-01-01T00:00:00Z, or nil if the text is no date from 1970 on. A missing time zone means UTC.
  ///
  /// Days by H. Hinnant, chrono-Compatible Low-Level Date Algorithms (days_from_civil).
  static func seconds(_ text: String) -> Double? {
    let digits = Array(text.utf8)
    func number(_ from: Int, _ count: Int) -> Int? {
      guard from + count <= digits.count else { return nil }
      var value = 0
      for byte in digits[from..<from + count] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte) - 0x30
      }
      return value
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      year >= 1970, (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    var seconds = Double(era * 146_097 + dayOfEra - 719_468) * 86_400
    if let hour = number(11, 2), let minute = number(14, 2), hour < 24, minute < 60 {
      seconds += Double(hour * 3600 + minute * 60)
      if let second = number(17, 2), second <= 60 { seconds += Double(second) }
    }
    return seconds
  }
}
