/// Reads the times that people write into side-cars, without a calendar library (which costs start-up time).
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
    let y = year - m / 10
    return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + (day - 1) - 719_468
  }
}
