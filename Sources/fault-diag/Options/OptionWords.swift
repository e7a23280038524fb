import SignalIO

/// Options as words of a command line, which reports keep so that `verify` can give them again.
struct OptionWords {
  private(set) var words: [String] = []

  /// Adds `name` with its value, where there is one. One word, so that a value may begin with a dash.
  mutating func add(_ name: String, _ value: String?) {
    if let value { words.append("\(name)=\(value)") }
  }

  mutating func add(_ name: String, _ value: Double?) {
    add(name, value.map(ConfigurationValue.spelling))
  }
}
