import FaultDiag
import Foundation

/// Where the recordings of the protocols are.
struct BenchData {
  let folder: String

  /// `FAULT_DIAG_DATA`, else `../shared/data` beside the package; nil where neither exists.
  init?() {
    let named = ProcessInfo.processInfo.environment["FAULT_DIAG_DATA"]
    let candidates = [named, "../shared/data"].compactMap { $0 }
    guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0 + "/INDEX.csv") })
    else { return nil }
    folder = found
  }

  static let explanation =
    "skipped: the protocols' recordings are not here; set FAULT_DIAG_DATA to the folder with INDEX.csv."

  /// The folds of P1, or those on which methods may be chosen.
  func bearingwiseFolds(tuning: Bool = false) throws(FaultDiagError) -> [CWRUBearingwise.Fold] {
    tuning
      ? CWRUBearingwise.tuningFolds
      : try CWRUBearingwise.folds(path: folder + "/../protocols/cwru_bearingwise_folds.csv")
  }

  /// The seconds that P1 and P5 judge.
  func bearingwiseSegments() throws(FaultDiagError) -> [CWRUSegment] {
    try CWRUBearingwise.segments { signal throws(FaultDiagError) in
      try CWRUBearingwise.load(signal, folder: folder)
    }
  }

  /// The clips of P4.
  func machineSounds() throws(FaultDiagError) -> [MachineSounds.Clip] {
    try MachineSounds.clips(folder: folder + "/mimii")
  }
}
