import CDefaultModel
import CPC
import NeuralNet
import SignalIO
import Support

/// The representation that the program carries beside its default model: an encoder that `pretrain` starts from.
///
/// Contrastive predictive coding with the plan's defaults for vibration, on simulated recordings of bearings, a quarter of
/// them healthy. No real recording has a part in it.
package enum DefaultRepresentation {
  /// Simulated recordings that it is trained on, of `seconds` each.
  package static let simulations = 100
  static let seconds = 10.0

  /// The training's plan: the defaults for vibration, on two threads whatever the machine has, since the thread count
  /// decides the bytes.
  package static func plan(seed: UInt64 = 1, steps: Int? = nil) -> TrainingPlan {
    var plan = TrainingPlan.preset(for: .vibration)
    plan.seed = seed
    plan.steps = steps ?? plan.steps
    plan.threads = 2
    return plan
  }

  /// The recordings that the seed names: bearings of each state in turn, labelled with it for objectives that learn from
  /// labels.
  package static func recordings(
    seed: UInt64, count: Int = simulations, threads: Int
  ) throws(FaultDiagError) -> [TrainingRecording] {
    var draw = SimulationDraw()
    draw.seconds = seconds
    let drawn = draw
    let results = Parallel.map(count, threads: threads) { index -> Result<[Float], SignalIOError> in
      var random = RandomSource(seed: seed, path: [stream, UInt64(index)])
      let state = SimulationDraw.classes[index % SimulationDraw.classes.count]
      do throws(SignalIOError) {
        let settings = drawn.settings(fault: state, random: &random)
        return .success(try BearingSimulator(settings).recording(random: &random).samples)
      } catch {
        return .failure(error)
      }
    }
    var recordings: [TrainingRecording] = []
    for (index, result) in results.enumerated() {
      do throws(SignalIOError) {
        recordings.append(
          TrainingRecording(
            name: "simulation \(index)", samples: [try result.get()], sampleRate: drawn.sampleRate,
            label: SimulationDraw.classes[index % SimulationDraw.classes.count]?.rawValue ?? "healthy"))
      } catch {
        throw .recording(error)
      }
    }
    return recordings
  }

  /// Trains it and returns the file's content: weights in half precision, without the optimizer's state.
  package static func train(
    plan: TrainingPlan, recordings: [TrainingRecording], programVersion: String,
    report: (TrainingEvent) -> Void = { _ in }
  ) throws(FaultDiagError) -> [UInt8] {
    do throws(CPCError) {
      let source = try WindowSource(recordings, plan: plan)
      return try Trainer(source, checkpointPath: nil, programVersion: programVersion).weights(report: report)
    } catch {
      throw .representation(error)
    }
  }

  /// The embedded one: `fault-diag default-model --representation` made it.
  package static func embedded() throws(FaultDiagError) -> TrainingCheckpoint {
    // Invariant: the pointer is to constant data of the stated size.
    let data = UnsafeBufferPointer(
      start: fault_diag_default_representation(), count: fault_diag_default_representation_size())
    let checkpoint: Checkpoint
    do throws(NeuralNetError) {
      checkpoint = try Checkpoint.read([UInt8](data), source: "the embedded representation")
    } catch {
      throw .modelFile(error)
    }
    do throws(CPCError) { return try TrainingCheckpoint(checkpoint) } catch { throw .representation(error) }
  }

  /// Keeps these draws apart from those of other users of the same seed.
  private static let stream: UInt64 = 0x5245_5052
}
