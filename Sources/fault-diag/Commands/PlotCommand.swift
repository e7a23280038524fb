import ArgumentParser
import FaultDiag
import Foundation
import Plotting
import SignalIO

/// Draws one recording.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract:
      "Draw a recording: waveform, envelope spectrum with the bearing's lines, spectra, spectrogram, scores.",
    discussion: """
      Writes an SVG file, light or dark as its reader is, or a PNG file, always light. With speed and bearing (flags or side-car) the envelope spectrum \
      is that of the band that shows the bearing's lines best, and points at the line that decided. The spectrum of \
      velocity needs a unit. The first 10 s are drawn; the scores of single windows are of the whole recording.

      Example: fault-diag plot motor.wav --rpm 1797 --bearing 6205 --out motor.svg
      """)

  @Argument(help: "The recording.")
  var file: String

  @Option(
    help: ArgumentHelp(
      "Which picture; may be repeated (all, \(RecordingPictures.names.joined(separator: ", "))).",
      valueName: "name"))
  var picture = ["all"]

  @Option(name: .shortAndLong, help: ArgumentHelp("The drawing to write.", valueName: "svg|png"))
  var out: String

  @Option(help: ArgumentHelp("Pixels of a PNG for each unit of the drawing: 1 to 8.", valueName: "factor"))
  var scale = 2.0

  @OptionGroup(title: "Diagnosis") var rows: RowOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    let known = ["all"] + RecordingPictures.names
    if let unknown = picture.first(where: { !known.contains($0) }) {
      throw ValidationError("--picture \(unknown): expected one of \(known.joined(separator: ", ")).")
    }
    guard DrawingFile.hasKnownFormat(out) else {
      throw ValidationError("--out \(out): expected a name that ends in \(DrawingFile.endings).")
    }
    guard (1...8).contains(scale) else {
      throw ValidationError("--scale \(scale): expected 1 to 8.")
    }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      let options = try rows.readOptions()
      func open() throws(SignalIOError) -> RecordingSource {
        try RecordingSource.open(path: file, flags: rows.flags, options: options)
      }
      let diagnosis = try diagnosis(open(), console)
      let excerpt = try RecordingExcerpt(open(), channel: diagnosis?.recording.channel)
      let names = picture.contains("all") ? RecordingPictures.names : picture
      let panels = try RecordingPictures.panels(names, of: excerpt, diagnosis)
      guard !panels.isEmpty else { throw CommandError.nothingToDraw(path: file, pictures: names) }
      let name = Format.harmless((file as NSString).lastPathComponent)
      let figure = Figure(
        panels, columns: min(2, panels.count), title: "\(name), \(Format.harmless(excerpt.words))")
      try DrawingFile.write(figure, to: out, scale: scale)
      console.note("wrote \(Format.harmless(out)) of \(Format.harmless(excerpt.words))")
    }
  }

  /// A recording that no model can judge can still be looked at.
  private func diagnosis(_ source: RecordingSource, _ console: Console) throws -> Diagnosis? {
    let diagnoser = try rows.maker().diagnoser
    do throws(FaultDiagError) {
      return try diagnoser.diagnose(source)
    } catch {
      console.note("drawn without a diagnosis: \(error)")
      return nil
    }
  }
}
