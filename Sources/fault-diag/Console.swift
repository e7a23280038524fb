import FaultDiag
import Foundation

/// Where results and messages go: results to standard output, everything else to standard error.
struct Console: Sendable {
  /// How much is said on standard error.
  enum Verbosity: Int, Sendable, Comparable {
    case quiet, normal, verbose
    static func < (a: Verbosity, b: Verbosity) -> Bool { a.rawValue < b.rawValue }
  }

  let verbosity: Verbosity
  /// Whether results may carry ANSI colours.
  let colorsResults: Bool
  /// Whether messages may carry ANSI colours and a progress bar may redraw its line.
  let messagesAreOnTerminal: Bool
  /// Columns of the terminal, or 80.
  let width: Int

  init(verbosity: Verbosity, noColor: Bool) {
    let environment = ProcessInfo.processInfo.environment
    // NO_COLOR (no-color.org): present and not empty means no colours; TERM=dumb cannot show them.
    let plain =
      noColor || environment["NO_COLOR"].map { !$0.isEmpty } == true || environment["TERM"] == "dumb"
    self.verbosity = verbosity
    colorsResults = !plain && isatty(STDOUT_FILENO) == 1
    messagesAreOnTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    width = Console.terminalWidth() ?? 80
  }

  /// A result: always printed, on standard output.
  func result(_ text: String) {
    Console.write(text + "\n", to: STDOUT_FILENO)
  }

  /// What a user should know in passing; silent with `--quiet`.
  func note(_ text: String) {
    if verbosity >= .normal { Console.write(Console.harmless(text) + "\n", to: STDERR_FILENO) }
  }

  /// A sentence or more: broken at spaces on a terminal, one line elsewhere, where programs look for it.
  func paragraph(_ text: String) {
    guard messagesAreOnTerminal else { return note(text) }
    for line in TextStyle.wrapped(text, columns: max(20, min(width, 100) - 1)) { note(line) }
  }

  /// Detail for `--verbose`.
  func detail(_ text: String) {
    if verbosity >= .verbose { Console.write(Console.harmless(text) + "\n", to: STDERR_FILENO) }
  }

  /// A warning: printed even with `--quiet`, since silence would hide it.
  func warning(_ text: String) {
    message("warning: " + text)
  }

  /// An error: always printed.
  func error(_ text: String) {
    message("error: " + text)
  }

  private func message(_ text: String) {
    let text = Console.harmless(text)
    let lines =
      messagesAreOnTerminal ? TextStyle.wrapped(text, columns: max(20, min(width, 100) - 1)) : [text]
    Console.write(lines.joined(separator: "\n") + "\n", to: STDERR_FILENO)
  }

  /// Text without a line end on standard error, for a progress line that redraws itself.
  func progress(_ text: String) {
    if verbosity >= .normal { Console.write(text, to: STDERR_FILENO) }
  }

  /// Messages quote names and contents of files, whose control characters must not reach a terminal.
  private static func harmless(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Format.harmless(String($0)) }
      .joined(separator: "\n")
  }

  private static func terminalWidth() -> Int? {
    var size = winsize()
    for descriptor in [STDOUT_FILENO, STDERR_FILENO]
    where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return nil
  }

  /// Writes all bytes. A closed pipe ends the program quietly, as `| head` expects.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      // Invariant: the pointer is used only during the call and covers `bytes`.
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno != EINTR {
        exit(errno == EPIPE ? 0 : FaultDiagExit.cannotWrite.rawValue)
      }
    }
  }
}
