import ArgumentParser
import FaultDiag
import Foundation
import Plotting
import SignalIO
import Support

/// Draws one recording.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract:
      "Draw a recording: waveform, spectrum, envelope spectrum with the bearing's lines, spectrogram.",
    discussion: """
      Writes an SVG file, light or dark as its reader is. With speed and bearing (flags or side-car) the envelope spectrum \
      is that of the band that shows the bearing's lines best, and points at them. The first 10 s are drawn.

      Example: fault-diag plot motor.wav --rpm 1797 --bearing 6205 --out motor.svg
      """)

  @Argument(help: "The recording.")
  var file: String

  @Option(
    help: ArgumentHelp(
      "Which picture; may be repeated (\(RecordingPictures.names.joined(separator: ", "))). Default: all.",
      valueName: "name"))
  var picture: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The drawing to write.", valueName: "svg"))
  var out: String

  @OptionGroup(title: "Diagnosis") var rows: RowOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if let unknown = picture.first(where: { !RecordingPictures.names.contains($0) }) {
      throw ValidationError(
        "--picture \(unknown): expected one of \(RecordingPictures.names.joined(separator: ", ")).")
    }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      let options = try rows.readOptions()
      func open() throws(SignalIOError) -> RecordingSource {
        try RecordingSource.open(path: file, flags: rows.flags, options: options)
      }
      // A recording that no model can judge can still be looked at.
      let diagnosis = try? rows.maker().diagnoser.diagnose(open())
      let excerpt = try RecordingExcerpt(open(), channel: diagnosis?.recording.channel)
      let names = picture.isEmpty ? RecordingPictures.names : picture
      let panels = try RecordingPictures.panels(names, of: excerpt, diagnosis)
      guard !panels.isEmpty else {
        throw SignalIOError.badSetting(
          name: "the length of \(file)", found: "\(excerpt.samples.count) samples",
          expected: "enough for a picture: a second for the envelope spectrum, 64 samples for a spectrum")
      }
      let name = (file as NSString).lastPathComponent
      let figure = Figure(panels, columns: min(2, panels.count), title: Format.harmless(name))
      try AtomicFile.write(figure.svg, to: out)
      console.note("wrote \(Format.harmless(out))")
    }
  }
}
