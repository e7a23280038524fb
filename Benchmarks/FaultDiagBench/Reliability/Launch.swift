import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// One run of the program under trial: started, perhaps killed, waited for, and what it left behind.
final class Launch {
  struct Outcome {
    /// Of the program; 128 and the signal's number where one ended it, as a shell says it.
    var exitCode: Int32
    /// What it wrote to standard output and standard error.
    var output: String
    var messages: String
    /// From its start to its end.
    var seconds: Double
    /// User and system time of all its threads.
    var processorSeconds: Double
    /// Largest resident set, MiB.
    var peakMemory: Double

    var wasKilled: Bool { exitCode == 128 + SIGKILL }
    /// The first line of what it said, for tables.
    var firstMessage: String { messages.split(separator: "\n").first.map(String.init) ?? "" }
  }

  private let process: pid_t
  private let began = ContinuousClock.now
  private let files: (output: String, messages: String)

  /// Changes the folder and becomes the program, under the same process id.
  private static let env = "/usr/bin/env"

  /// Starts `arguments` of the program in `folder`.
  ///
  /// - Parameters:
  ///   - output: where its standard output goes; nil for a file that ``wait()`` reads and removes.
  ///   - environment: added to this process's.
  init(
    _ arguments: [String], in folder: String, output: String? = nil, environment: [String: String] = [:]
  ) throws {
    let name = FileManager.default.temporaryDirectory.path + "/fault-diag-launch-" + UUID().uuidString
    files = (output ?? name + ".out", name + ".err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files.output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.messages, flags, 0o600)
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var started: pid_t = 0
    let program = SimulatedFolder.programPath
    let status = ChildProcess.withCStrings([Self.env, "-C", folder, program] + arguments) { argv in
      ChildProcess.withCStrings(variables.map { "\($0)=\($1)" }) { envp in
        posix_spawn(&started, Self.env, &actions, nil, argv, envp)
      }
    }
    guard status == 0 else { throw ChildProcess.Failure(program: program, status: status) }
    process = started
  }

  func kill() { Glibc.kill(process, SIGKILL) }

  /// Whether it has ended, without waiting.
  var hasEnded: Bool {
    var info = siginfo_t()
    // WNOWAIT leaves the status for ``wait()``.
    return waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo != 0
  }

  /// Waits for the end; a run that takes longer than `limit` seconds counts as hung and is killed.
  func wait(limit: Double = 3600) -> Outcome {
    while !hasEnded {
      if (ContinuousClock.now - began) / .seconds(1) > limit { kill() }
      usleep(2000)
    }
    var (status, usage): (Int32, rusage) = (0, rusage())
    while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    func text(_ path: String) -> String {
      // A device has no end.
      guard let data = path.hasPrefix("/dev/") ? nil : FileManager.default.contents(atPath: path) else {
        return ""
      }
      try? FileManager.default.removeItem(atPath: path)
      return String(decoding: data, as: UTF8.self)
    }
    let times = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + 1e-6 * Double($0.tv_usec) }
    return Outcome(
      exitCode: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, output: text(files.output),
      messages: text(files.messages), seconds: seconds, processorSeconds: times[0] + times[1],
      peakMemory: Double(usage.ru_maxrss) / 1024)
  }

  /// Starts and waits.
  static func run(
    _ arguments: [String], in folder: String, output: String? = nil, environment: [String: String] = [:],
    limit: Double = 3600
  ) throws -> Outcome {
    try Launch(arguments, in: folder, output: output, environment: environment).wait(limit: limit)
  }
}
