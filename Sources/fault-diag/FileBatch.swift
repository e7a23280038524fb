import ArgumentParser
import FaultDiag
import SignalIO

/// A result that is printed for each of several recordings.
protocol PrintableResult: Encodable {
  /// For people.
  func text(_ style: TextStyle) -> String
}

extension Diagnosis: PrintableResult {}

/// Does the same for several recordings and prints each result as it comes.
///
/// One recording: its error is the command's. Several: an error is told and stops nothing; in the end the exit code is
/// ``FaultDiagExit/partialFailure``. JSON is one object for one recording and an array for several, in which a
/// recording that failed has an object with `path` and `error`.
struct FileBatch {
  let console: Console
  let json: Bool

  /// What stands in the array for a recording that failed.
  private struct Failure: Encodable {
    var schemaVersion = 1
    var path: String
    var error: String
    var exitCode: Int32
  }

  func run(_ inputs: [RecordingInput], _ work: (RecordingInput) throws -> some PrintableResult) throws {
    if inputs.count == 1 {
      let result = try work(inputs[0])
      console.result(json ? ReportJSON.text(result) : trimmed(result))
      return
    }
    var failures = 0
    if json { console.result("[") }
    for (index, input) in inputs.enumerated() {
      let end = index + 1 < inputs.count ? "," : ""
      do {
        let result = try work(input)
        console.result(
          json ? indented(ReportJSON.text(result)) + end : trimmed(result) + (end.isEmpty ? "" : "\n"))
      } catch {
        failures += 1
        console.error("\(error)")
        let failure = Failure(
          path: input.path, error: "\(error)", exitCode: FaultDiagExit.code(for: error).rawValue)
        if json { console.result(indented(ReportJSON.text(failure)) + end) }
      }
    }
    if json { console.result("]") }
    if failures > 0 {
      console.note("\(failures) of \(inputs.count) recordings failed")
      throw FaultDiagExit.partialFailure
    }
  }

  private func trimmed(_ result: some PrintableResult) -> String {
    let text = result.text(TextStyle(width: console.width, color: console.colorsResults))
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// JSON escapes line ends inside strings, so every line end is between values.
  private func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
  }
}
