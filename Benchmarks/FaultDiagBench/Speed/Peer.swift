import FaultDiag
import Foundation

/// The programs that are raced against, in a Python environment outside of the repository.
struct Peer {
  /// Holds `setup.sh`, `cpc_torch.py`, `features_py.py`.
  let folder: String
  /// Where the environment and the test audio are.
  let home: String

  static let explanation =
    "no peer: its programs are not here (FAULT_DIAG_PEER or ../shared/peer), so only our side is measured."

  /// Sets the environment up where that has not been done; nil where there is no peer.
  ///
  /// - Throws: ``ChildProcess/Failure`` when its setup fails.
  init?(folder named: String?) throws {
    let variables = ProcessInfo.processInfo.environment
    let candidates = [named, variables["FAULT_DIAG_PEER"], "../shared/peer"].compactMap { $0 }
    guard
      let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0 + "/setup.sh") })
    else { return nil }
    folder = found
    home = variables["PEER_HOME"] ?? NSTemporaryDirectory() + "/fault-diag-peer"
    print("peer: setting up \(found)")
    _ = try ChildProcess(program: "bash", arguments: [folder + "/setup.sh"], environment: ["PEER_HOME": home])
      .run()
  }

  var python: String { home + "/peerenv/bin/python" }
  /// 200 WAV files of 10 s at 16 kHz.
  var audio: String { home + "/peerdata/a16k" }

  /// Keeps freed memory and uses huge pages, without which PyTorch's step takes up to 2.5 times as long: the comparison
  /// would flatter us.
  private static let tunedMalloc: [String: String?] = [
    "MALLOC_MMAP_THRESHOLD_": "8589934592", "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "THP_MEM_ALLOC_ENABLE": "1",
  ]

  /// Runs one of its programs, which prints one JSON object a line; the last one is returned.
  func run<Line: Decodable>(_ program: String, _ arguments: [String], as: Line.Type) throws -> Line {
    try line(of: ["\(folder)/\(program)"] + arguments)
  }

  /// Runs its step of CPC training, whatever kernels this processor has.
  func runStep<Line: Decodable>(_ arguments: [String], as: Line.Type) throws -> Line {
    try line(of: [Self.stepProgram, folder] + arguments)
  }

  /// Has it compute the step that `example` holds.
  func runExample<Line: Decodable>(_ example: String, encoder: String, as: Line.Type) throws -> Line {
    try line(of: [Self.equalityProgram, folder, example, encoder])
  }

  /// Parts of this repository.
  private static let stepProgram = "Tools/Reference/CPCStepSpeed.py"
  private static let equalityProgram = "Tools/Reference/CPCStepEquality.py"

  private func line<Line: Decodable>(of arguments: [String]) throws -> Line {
    var environment = Self.tunedMalloc
    environment["PEER_HOME"] = home
    environment["PEER_WAIT"] = "2"
    let result = try ChildProcess(
      program: python, arguments: arguments, environment: environment
    ).run()
    guard let line = result.output.split(separator: "\n").last else {
      throw ChildProcess.Failure(program: arguments[0], status: 0)
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Line.self, from: Data(line.utf8))
  }
}
