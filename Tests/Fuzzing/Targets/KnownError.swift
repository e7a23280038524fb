import CPC
import FaultDiag
import NeuralNet
import SignalIO
import Support

/// The errors that a reader may end in.
enum KnownError {
  static func isKnown(_ error: any Error) -> Bool {
    switch error {
    case is SignalIOError, is NeuralNetError, is CPCError, is FaultDiagError: true
    case is RecordLogError, is AtomicFileError: true
    default: false
    }
  }
}
