import FaultDiag
import Foundation
import SignalIO
import Support

/// Simulated recordings as WAV files with one `fault-diag.toml`, in a temporary folder.
struct SimulatedFolder {
  let path: String
  let files: [String]

  /// The product beside this bench.
  static var programPath: String {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("fault-diag").path
  }

  /// - Parameter recordings: at most eight different ones are simulated; the others are copies under their own names.
  init(recordings: Int, seconds: Double) throws {
    path = NSTemporaryDirectory() + "/fault-diag-bench-\(getpid())-\(recordings)"
    let path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    files = (0..<recordings).map { "\(path)/motor-\($0).wav" }
    try "rpm = 1797\nbearing = \"6205\"\n".write(
      toFile: path + "/fault-diag.toml", atomically: true, encoding: .utf8)
    for (index, file) in files.enumerated() {
      if index < 8 {
        _ = try ChildProcess(
          program: Self.programPath,
          arguments: [
            "simulate", "--out", file, "--seed", "\(index)", "--seconds", "\(seconds)", "--sample-rate",
            "12000",
            "--bearing", "6205", "--rpm", "1797", "--fault", ["none", "outer", "inner", "ball"][index % 4],
          ]
        ).run()
      } else {
        try FileManager.default.copyItem(atPath: files[index % 8], toPath: file)
      }
    }
  }

  /// The product, told to do something with these recordings.
  func program(_ arguments: [String]) -> ChildProcess {
    ChildProcess(program: Self.programPath, arguments: arguments)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
