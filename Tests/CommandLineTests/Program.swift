import Foundation
import TestSupport

/// The built program, run as a user runs it.
enum Program {
  /// What a run left behind.
  struct Outcome {
    var exitCode: Int32
    var output: String
    var messages: String
  }

  /// Beside the test bundle, where the build puts every product.
  static let path: String = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("fault-diag").path
  }()

  /// Runs it with `arguments` in `folder`, with 80 columns and neither terminal nor colours.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, input: String? = nil,
    environment: [String: String] = [:], executable: String = path
  ) throws -> Outcome {
    let running = try Running(
      arguments, in: folder, input: input, environment: environment, executable: executable)
    return try running.wait()
  }

  /// What `caughtInItsMiddle` throws.
  struct EndedTooSoon: Error {}

  /// Whether a run is still under way when a test looks again is up to the machine. `attempt` gets how many times as much
  /// work as at first the run is to have, and returns nil where it had ended.
  static func caughtInItsMiddle<Result>(_ attempt: (_ times: Int) throws -> Result?) throws -> Result {
    for times in [1, 2, 4, 8, 16, 32] {
      if let result = try attempt(times) { return result }
    }
    throw EndedTooSoon()
  }

  /// A run that goes on in the background.
  final class Running {
    private let process = Process()
    private let scratch: TemporaryFolder

    init(
      _ arguments: [String], in folder: TemporaryFolder, input: String? = nil,
      environment: [String: String] = [:], executable: String = Program.path
    ) throws {
      // Files instead of pipes: a full pipe would stop a talkative run for ever.
      scratch = try TemporaryFolder()
      for name in ["out", "err"] { try scratch.write("", to: name) }
      process.executableURL = URL(fileURLWithPath: executable)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      var variables = ProcessInfo.processInfo.environment
      variables["COLUMNS"] = "80"
      variables.merge(environment) { $1 }
      process.environment = variables
      process.standardOutput = FileHandle(forWritingAtPath: scratch.path + "/out")
      process.standardError = FileHandle(forWritingAtPath: scratch.path + "/err")
      process.standardInput = input.map { FileHandle(forReadingAtPath: $0) as Any } ?? FileHandle.nullDevice
      try process.run()
    }

    /// As Ctrl-C does.
    func interrupt() { process.interrupt() }

    /// As `kill -9` does: nothing is left to do for the program.
    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    var isRunning: Bool { process.isRunning }

    func wait() throws -> Outcome {
      process.waitUntilExit()
      return Outcome(
        exitCode: process.terminationReason == .exit
          ? process.terminationStatus : 128 + process.terminationStatus,
        output: try String(contentsOfFile: scratch.path + "/out", encoding: .utf8),
        messages: try String(contentsOfFile: scratch.path + "/err", encoding: .utf8))
    }
  }
}

extension TemporaryFolder {
  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
  }
}
