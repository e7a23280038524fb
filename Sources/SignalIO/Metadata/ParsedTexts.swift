import Support

/// What was made of texts lately: a batch reads the settings of a folder again for each of its recordings.
///
/// TOMLKit 0.6 never frees what it makes of a text. For the settings of ten thousand recordings that took 24 MB, and
/// much more in effect: the small pieces lay between the windows that come and go, so that the heap could not put a
/// window where an earlier one had been, and grew by 59 kB a recording. Here each text is parsed once while it is
/// among the last ones.
///
/// The values depend on nothing but the text, so a file that changes is read as it is.
final class ParsedTexts: Sendable {
  /// By bytes: strings are equal where they only look the same.
  private struct Known {
    var values: [[UInt8]: ConfigurationValue] = [:]
    /// Keys of `values`, the oldest first.
    var texts: [[UInt8]] = []
  }

  private let known = Lock(Known())
  let capacity: Int
  /// Longer texts are parsed each time, so that memory is bounded, in bytes.
  let longest: Int

  init(capacity: Int = 32, longest: Int = 1 << 16) {
    precondition(capacity > 0, "room for \(capacity) texts")
    self.capacity = capacity
    self.longest = longest
  }

  /// The value of `text`, by `parse` where it is not known; what `parse` throws is not remembered.
  func value<Failure: Error>(
    of text: String, parse: (String) throws(Failure) -> ConfigurationValue
  ) throws(Failure) -> ConfigurationValue {
    let key = Array(text.utf8)
    if let value = known.withLock({ $0.values[key] }) { return value }
    let value = try parse(text)
    guard key.count <= longest else { return value }
    known.withLock { known in
      guard known.values.updateValue(value, forKey: key) == nil else { return }
      known.texts.append(key)
      if known.texts.count > capacity { known.values[known.texts.removeFirst()] = nil }
    }
    return value
  }
}
