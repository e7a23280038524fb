/// Times as people write them into side-cars and read them in reports, without a calendar library (which costs start-up
/// time).
package enum ISO8601 {
  /// Seconds since 1970-01-01T00:00:00Z of `YYYY-MM-DD[(T| )HH:MM[:SS[.fraction]][Z|(+|-)HH:MM]]`; UTC where no zone
  /// is given; nil for anything else.
  package static func seconds(_ text: String) -> Double? {
    var rest = Substring(text)
    guard let year = digits(4, &rest), take("-", &rest), let month = digits(2, &rest), take("-", &rest),
      let day = digits(2, &rest), (1...12).contains(month), (1...daysIn(month, year)).contains(day)
    else { return nil }
    let midnight = Double(daysSinceEpoch(year: year, month: month, day: day)) * 86400
    if rest.isEmpty { return midnight }
    guard take("T", &rest) || take("t", &rest) || take(" ", &rest), let clock = clock(&rest),
      let offset = zone(&rest), rest.isEmpty
    else { return nil }
    return midnight + clock - offset
  }

  /// `2026-01-31T12:00:00Z` for seconds since 1970, to the whole second before; nil for times outside the years 0 to 9999.
  ///
  /// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (civil_from_days).
  package static func text(_ seconds: Double) -> String? {
    guard seconds >= -62_167_219_200, seconds < 253_402_300_800 else { return nil }
    let whole = Int(seconds.rounded(.down))
    let second = (whole % 86400 + 86400) % 86400
    // Days since 0000-03-01, in eras of 400 years; the first is that of the year -400.
    let days = (whole - second) / 86400 + 719_468 + 146_097
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let year = yearOfEra + era * 400 - 400 + (month >= 10 ? 1 : 0)
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month < 10 ? month + 3 : month - 9))-\(padded(day))"
      + "T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
  }

  private static func clock(_ rest: inout Substring) -> Double? {
    guard let hour = digits(2, &rest), take(":", &rest), let minute = digits(2, &rest), hour < 24, minute < 60
    else { return nil }
    var seconds = Double(hour * 3600 + minute * 60)
    guard take(":", &rest) else { return seconds }
    guard let second = digits(2, &rest), second <= 60 else { return nil }
    seconds += Double(second)
    if take(".", &rest) {
      let fraction = rest.prefix { $0.isASCII && $0.isNumber }
      guard let value = Double("0." + fraction) else { return nil }
      seconds += value
      rest = rest.dropFirst(fraction.count)
    }
    return seconds
  }

  /// Offset from UTC in seconds.
  private static func zone(_ rest: inout Substring) -> Double? {
    if rest.isEmpty || take("Z", &rest) || take("z", &rest) { return 0 }
    let sign: Double
    if take("+", &rest) { sign = 1 } else if take("-", &rest) { sign = -1 } else { return nil }
    guard let hours = digits(2, &rest), hours < 24 else { return nil }
    _ = take(":", &rest)
    guard let minutes = digits(2, &rest), minutes < 60 else { return nil }
    return sign * Double(hours * 3600 + minutes * 60)
  }

  private static func digits(_ count: Int, _ rest: inout Substring) -> Int? {
    let head = rest.prefix(count)
    guard head.count == count, head.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    rest = rest.dropFirst(count)
    return Int(head)
  }

  private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
    guard rest.first == character else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func daysIn(_ month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days of the proleptic Gregorian calendar, counted in years that begin in March so that the leap day is the last:
  /// `365 y + y/4 - y/100 + y/400 + (153 m + 2)/5 + d`, less the value at 1970-01-01.
  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let m = (month + 9) % 12
    // One era of 400 years more, so that no quotient is of a negative year.
    let y = year + 400 - m / 10
    return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + (day - 1) - 719_468 - 146_097
  }
}
