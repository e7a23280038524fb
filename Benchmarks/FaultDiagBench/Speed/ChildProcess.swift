import Foundation
import Support

#if canImport(Glibc)
  import Glibc
#endif

/// A process that is run to its end and measured from outside.
struct ChildProcess {
  /// What it took and said.
  struct Result {
    /// From before its start to after its exit.
    var seconds: Double
    /// Largest resident set, MiB.
    var peakMemory: Double
    var status: Int32
    var output: String
  }

  var program: String
  var arguments: [String]
  /// Added to this process's environment; nil removes.
  var environment: [String: String?] = [:]

  /// The kernels that a user's machine would choose: variables that force others are not handed on.
  static let nativeKernels: [String: String?] = ["OPENBLAS_CORETYPE": nil, "OPENBLAS_L2_SIZE": nil]

  struct Failure: Error, CustomStringConvertible {
    var program: String
    var status: Int32
    var description: String { "\(program) ended with status \(status)" }
  }

  /// Runs it with its errors hidden; throws where it cannot be started or does not end with 0.
  func run() throws -> Result {
    var pipe: [Int32] = [0, 0]
    guard Glibc.pipe(&pipe) == 0 else { throw Failure(program: program, status: errno) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclose(&actions, pipe[0])
    posix_spawn_file_actions_addclose(&actions, pipe[1])
    var variables = ProcessInfo.processInfo.environment
    for (name, value) in Self.nativeKernels.merging(environment, uniquingKeysWith: { $1 }) {
      variables[name] = value
    }
    var process: pid_t = 0
    let began = ContinuousClock.now
    let started = Self.withCStrings([program] + arguments) { argv in
      Self.withCStrings(variables.map { "\($0)=\($1)" }) { envp in
        posix_spawnp(&process, program, &actions, nil, argv, envp)
      }
    }
    close(pipe[1])
    guard started == 0 else {
      close(pipe[0])
      throw Failure(program: program, status: started)
    }
    let output = FileHandle(fileDescriptor: pipe[0], closeOnDealloc: true).readDataToEndOfFile()
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    guard status == 0 else { throw Failure(program: program, status: status >> 8) }
    return Result(
      seconds: seconds, peakMemory: Double(usage.ru_maxrss) / 1024, status: status,
      output: String(decoding: output, as: UTF8.self))
  }

  /// Hands over a null-terminated list; it lives as long as the call.
  static func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { body(UnsafePointer($0.baseAddress!)) }
  }
}

/// What other processes do to the machine while something is measured.
struct MachineLoad {
  private let began = ContinuousClock.now
  private let busy = MachineLoad.busySeconds()
  private let own = MachineLoad.ownSeconds()

  /// Of all processors since the beginning, 0...1: what neither this process nor its children used.
  func othersShare() -> Double {
    let wall = (ContinuousClock.now - began) / .seconds(1)
    let others = (Self.busySeconds() - busy) - (Self.ownSeconds() - own)
    return max(0, others) / (max(wall, 1e-9) * Double(ProcessInfo.processInfo.activeProcessorCount))
  }

  /// From the first line of /proc/stat: all time but idle and waiting (proc(5)).
  private static func busySeconds() -> Double {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let line = text.split(separator: "\n").first
    else { return 0 }
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return 0 }
    return (ticks.reduce(0, +) - ticks[3] - ticks[4]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func ownSeconds() -> Double {
    var sum = 0.0
    for who in [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue] {
      var usage = rusage()
      getrusage(__rusage_who_t(who), &usage)
      for time in [usage.ru_utime, usage.ru_stime] {
        sum += Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
      }
    }
    return sum
  }
}
