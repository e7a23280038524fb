import ArgumentParser
import CPC
import FaultDiag
import NeuralNet
import SignalIO
import Support

extension ParsableCommand {
  /// Runs `body`; what goes wrong in the world becomes one line on standard error and a documented exit code.
  func perform(_ console: Console, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as ExitCode {
      throw error
    } catch let error as ValidationError {
      throw error
    } catch {
      console.error("\(error)")
      throw FaultDiagExit.code(for: error)
    }
  }
}

extension FaultDiagExit {
  /// The exit code of an error, by its kind and not by the command that met it.
  static func code(for error: any Error) -> ExitCode {
    switch error {
    case let error as SignalIOError: code(for: error)
    case let error as NeuralNetError: code(for: error)
    case let error as FaultDiagError: code(for: error)
    case let error as CPCError: code(for: error)
    case let error as CommandError: code(for: error)
    case is AtomicFileError, is RecordLogError: cannotWrite
    default: software
    }
  }

  private static func code(for error: SignalIOError) -> ExitCode {
    switch error {
    case .cannotOpen: noInput
    case .cannotWrite: cannotWrite
    case .badSetting, .unknownBearing: usage
    default: badData
    }
  }

  private static func code(for error: NeuralNetError) -> ExitCode {
    switch error {
    case .cannotWrite: cannotWrite
    default: configuration
    }
  }

  private static func code(for error: FaultDiagError) -> ExitCode {
    switch error {
    case .recording(let inner): code(for: inner)
    case .modelFile(let inner): code(for: inner)
    case .representation(let inner): code(for: inner)
    case .badModel, .newerModel, .badBaseline, .badTable: configuration
    case .badSetting, .windowSplit, .cannotGroup: usage
    case .diverged: software
    default: badData
    }
  }

  private static func code(for error: CPCError) -> ExitCode {
    switch error {
    case .recording(let inner): code(for: inner)
    case .badSetting, .unknownSetting, .unknownName: usage
    case .checkpoint(let inner): code(for: inner)
    case .malformedPlan, .checkpointMismatch: configuration
    case .notFinite: software
    default: badData
    }
  }

  private static func code(for error: CommandError) -> ExitCode {
    switch error {
    case .noRecordings, .nothingToResume, .noLabelTable, .noLogs: noInput
    case .unfinishedTraining, .contradictsCheckpoint, .unsuitableStart, .unknownOutputFormat,
      .severalLabelTables:
      usage
    case .log, .cannotMakeFolder, .noPainter, .notPainted: cannotWrite
    case .nothingUsable, .nothingToDraw: badData
    }
  }
}
