import CPC
import NeuralNet
import SignalIO
import Support

/// What is compared with the healthy state.
package enum BaselineUnit: String, Sendable, Codable, CaseIterable {
  /// A recording as a whole.
  case recording
  /// Every window of a recording for itself.
  case window
}

/// Turns recordings into items, in one pass and in memory that does not grow with their length.
package struct BaselineListener: Sendable {
  package let plan: TrainingPlan
  package let encoders: [BaselineEncoder]
  package let unit: BaselineUnit
  /// Name of the channel to listen to.
  package let channel: String?
  package let threads: Int
  private let features: SpectralFeatures

  /// Windows that pass an encoder together; fixed, as the shapes of products decide their rounding.
  private static let chunk = 8

  /// - Throws: ``FaultDiagError/representation(_:)`` for a plan that does not hear band spectra.
  package init(
    plan: TrainingPlan, encoders: [BaselineEncoder], unit: BaselineUnit, channel: String?, threads: Int
  ) throws(FaultDiagError) {
    guard case .spectral(let features) = plan.features else {
      throw .representation(
        .badSetting(
          name: "features", found: plan.features.kindName, expected: "spectral, whose bands are compared"))
    }
    do throws(CPCError) { try plan.validate() } catch { throw .representation(error) }
    self.plan = plan
    self.encoders = encoders
    self.unit = unit
    self.channel = channel
    self.threads = threads
    self.features = features
  }

  /// Steps from one window to the next.
  private var hopSteps: Int { unit == .window ? features.steps : max(1, features.steps / 4) }

  /// Windows of a recording overlap by three quarters, so that contexts have a past and little is lost at the end; where
  /// each window counts for itself they do not overlap.
  package var windowPlan: WindowPlan {
    let hop = unit == .window ? features.windowSamples : hopSteps * features.stack * features.hop
    return WindowPlan(length: features.windowSamples, hop: hop, sampleRate: features.sampleRate)
  }

  /// The items of a recording, in their order; its stream is read to the end.
  ///
  /// - Throws: ``FaultDiagError/recording(_:)`` for what cannot be read or is shorter than one window, and
  ///   ``FaultDiagError/noFiniteWindow(path:windows:)``.
  package func items(of source: RecordingSource) throws(FaultDiagError) -> [HeardItem] {
    let choice = ChannelChoice(source.info.channels, trained: channel)
    var items: [HeardItem] = []
    var sums = emptySums
    var count = 0
    do throws(SignalIOError) {
      let windows = try source.windows(windowPlan, channels: [choice.index])
      var waiting: [(samples: [Float], isFirst: Bool)] = []
      while let window = try windows.next() {
        count += 1
        if window.isFinite { waiting.append((window.samples[0], window.index == 0)) }
        if waiting.count == Self.chunk { flush(&waiting, &sums, &items) }
      }
      flush(&waiting, &sums, &items)
    } catch {
      throw .recording(error)
    }
    if unit == .recording && !sums.isEmpty { items.append(sums.item) }
    guard !items.isEmpty else { throw .noFiniteWindow(path: source.path, windows: count) }
    return items
  }

  private var emptySums: ItemSums { ItemSums(bands: features.bands, framesPerStep: features.stack) }

  private func flush(
    _ waiting: inout [(samples: [Float], isFirst: Bool)], _ sums: inout ItemSums, _ items: inout [HeardItem]
  ) {
    for window in heard(waiting) {
      sums.add(window)
      if unit == .window {
        items.append(sums.item)
        sums = emptySums
      }
    }
    waiting.removeAll()
  }

  private func heard(_ windows: [(samples: [Float], isFirst: Bool)]) -> [HeardWindow] {
    guard !windows.isEmpty else { return [] }
    let extracted = Parallel.map(windows.count, threads: threads) { index -> [Float] in
      // Invariant: init validated the plan, and its extractor is made of the plan alone.
      guard let extractor = try? features.makeExtractor() else {
        preconditionFailure("the features of a validated plan cannot be made: \(features)")
      }
      return extractor.features(of: windows[index].samples)
    }
    let inputs = Tensor(
      extracted.flatMap { $0 }, shape: [windows.count, features.inputLength, features.inputSize])
    let fresh = windows.map { $0.isFirst || unit == .window ? features.steps : hopSteps }
    let learnt = Parallel.map(encoders.count, threads: threads) {
      encoders[$0].hear(inputs, freshSteps: fresh)
    }
    return windows.indices.map { index in
      HeardWindow(
        samples: windows[index].samples, frames: extracted[index], freshSteps: fresh[index],
        learnt: learnt.map { $0[index] })
    }
  }
}

extension FeaturePlan {
  fileprivate var kindName: String { type(of: features).kind }
}
