import ArgumentParser
import Foundation

/// How the work is spread.
struct WorkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads (default: all cores).", valueName: "count"))
  var threads: Int?

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): expected 1 to 1024.")
    }
  }

  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
