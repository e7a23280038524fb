import NeuralNet
import SignalIO
import Testing

@testable import CPC

@Suite struct WindowSourceTests {
  @Test func whatCannotBeUsedIsListedAndStopsNothing() throws {
    var broken = Melody.samples(notes: 48, seed: 1)
    broken[100] = .nan
    let recordings =
      Melody.recordings(2) + [
        TrainingRecording(
          name: "gone",
          open: { () throws(SignalIOError) in
            throw .cannotOpen(path: "gone", reason: "it is not there")
          }),
        TrainingRecording(name: "short", samples: [[1, 2, 3]], sampleRate: 8000),
        TrainingRecording(name: "one bad window", samples: [broken], sampleRate: 8000),
        TrainingRecording(
          name: "all bad", samples: [[Float](repeating: .infinity, count: 4000)], sampleRate: 8000),
      ]
    let source = try WindowSource(recordings, plan: Melody.plan())
    #expect(source.recordings.map { $0.name } == ["melody 0", "melody 1", "one bad window"])
    #expect(Set(source.skipped.map { $0.name }) == ["gone", "short", "all bad"])
    #expect(source.skipped.allSatisfy { !$0.reason.isEmpty })
    // 96 notes give windows of 24 every 12; of 48 notes the first of three windows holds the bad sample.
    #expect(source.windowCounts == [7, 7, 2])
    #expect(source.discardedWindows == 2 && source.isInMemory)
  }

  @Test func nothingToLearnFromIsATypedErrorWithReasons() throws {
    let error = #expect(throws: CPCError.self) {
      try WindowSource(
        [TrainingRecording(name: "short", samples: [[1, 2, 3]], sampleRate: 8000)], plan: Melody.plan())
    }
    guard case .noWindows(1, _, let reasons) = error else {
      Issue.record("found \(String(describing: error))")
      return
    }
    #expect(reasons.count == 1 && reasons[0].contains("short"))
    #expect(throws: CPCError.self) { try WindowSource([], plan: Melody.plan()) }
  }

  @Test func theLowestRateIsUsedAndSaid() throws {
    let slow = TrainingRecording(
      name: "slow", samples: [Melody.samples(notes: 96, seed: 1)], sampleRate: 6000)
    var plan = Melody.plan()
    let source = try WindowSource(Melody.recordings(1) + [slow], plan: plan)
    #expect(source.plan.features.sampleRate == 6000)
    #expect(source.notes == [.sampleRate(used: 6000, lowest: 6000, lowestPath: "slow", limit: 8000)])
    plan.features.sampleRate = 4000
    let capped = try WindowSource(Melody.recordings(1) + [slow], plan: plan)
    #expect(capped.plan.features.sampleRate == 4000)
    #expect(capped.notes.first?.description.contains("highest rate") == true)
  }

  @Test(
    arguments: [
      (unit: "Pa", format: "CSV", rate: 25_600, kind: SignalKind.sound),
      ("g", "WAV, 16-bit PCM", 16_000, .vibration), ("V", "WAV, 16-bit PCM", 48_000, .sound),
      (nil, "WAV (extensible), 16-bit PCM", 16_000, .sound), (nil, "FLAC, 16-bit", 44_100, .sound),
      (nil, "WAV, 32-bit float", 12_000, .vibration), (nil, "MATLAB v5", 48_000, .vibration),
    ] as [(unit: String?, format: String, rate: Double, kind: SignalKind)])
  func kindsAreTold(unit: String?, format: String, rate: Double, kind: SignalKind) {
    #expect(SignalKind(unit: unit, format: format, sampleRate: rate) == kind)
  }

  @Test func theKindDecidesThePresetAndIsSaid() throws {
    var asked: SignalKind?
    let source = try WindowSource(Melody.recordings(2)) { kind in
      asked = kind
      return Melody.plan()
    }
    #expect(asked == .vibration && source.notes.first == .kind(.vibration, recordings: 2, of: 2))
    #expect(TrainingPlan.preset(for: .sound).features != TrainingPlan.preset(for: .vibration).features)
  }

  /// A recording somewhat shorter than a window shortens it; a scrap does not.
  @Test func theShortestUsefulRecordingDecidesTheWindow() throws {
    let plan = Melody.plan()
    func steps(_ seconds: [Double]) throws -> Int {
      try plan.adapted(
        to: seconds.map { RecordingSummary(path: "a", sampleRate: 8000, seconds: $0) }
      ).plan.features.inputLength
    }
    // A window is 24 notes of 16 ms, 0.384 s.
    #expect(try steps([10, 10, 0.3, 10]) == 18)
    #expect(try steps([Double](repeating: 10, count: 20) + [0.01]) == 24)
    #expect(try steps([10, 0.4]) == 24)
  }

  @Test func windowsShrinkToShortRecordingsAsFarAsTheObjectiveAllows() throws {
    let source = try WindowSource(
      (0..<10).map {
        TrainingRecording(name: "\($0)", samples: [Melody.samples(notes: 10, seed: 1)], sampleRate: 8000)
      }, plan: Melody.plan())
    #expect(source.plan.features.inputLength == 9 && source.windowCounts == [Int](repeating: 1, count: 10))
    #expect(source.notes.count == 2)
  }

  /// Inputs have mean 0 and deviation 1 over the source, whatever the bands' own levels.
  @Test func scalingIsMeasuredOverAllWindows() throws {
    let source = try WindowSource(Melody.recordings(3), plan: Melody.plan())
    let maker = BatchMaker(source, views: [.original])
    var moments = ChannelMoments(size: 16)
    for recording in source.loaded {
      for window in recording.windows {
        let x = Tensor(window.features, shape: [24, 16])
        moments.add(source.scaling(x).storage)
      }
    }
    let again = moments.scaling
    #expect(again.mean.storage.allSatisfy { abs($0) < 1e-4 })
    #expect(again.factor.storage.allSatisfy { abs($0 - 1) < 1e-3 })
    #expect(try maker.batch(at: 0).inputs.shape == [8, 24, 16])
  }

  @Test func batchesAreTheSameWheneverAskedAndLevelIsNoFeature() throws {
    let loud = Melody.recordings(4).indices.map { index in
      TrainingRecording(
        name: "melody \(index)",
        samples: [Melody.samples(notes: 96, seed: UInt64(index) + 100).map { $0 * 50 + 7 }],
        sampleRate: 8000)
    }
    let source = try WindowSource(Melody.recordings(4), plan: Melody.plan())
    let louder = try WindowSource(loud, plan: Melody.plan())
    let (one, two) = (BatchMaker(source, views: [.original]), BatchMaker(louder, views: [.original]))
    let later = try one.batch(at: 9)
    for step in [0, 3, 9] {
      let (a, b) = (try one.batch(at: step), try two.batch(at: step))
      #expect(a.recordings == b.recordings && a.epoch == b.epoch)
      #expect(zip(a.inputs.storage, b.inputs.storage).allSatisfy { abs($0 - $1) < 2e-3 })
    }
    #expect(try one.batch(at: 9).inputs == later.inputs)
  }

  /// Where memory does not hold everything, recordings are read again, and every batch still comes from one pool.
  @Test func aLimitOfMemoryMeansReadingAgain() throws {
    let recordings = Melody.recordings(6)
    let limited = try WindowSource(recordings, plan: Melody.plan(), memoryLimit: 2 * 7 * 24 * 16 * 4)
    #expect(!limited.isInMemory && limited.loaded.isEmpty && limited.windowCount == 42)
    let (one, two) = (BatchMaker(limited, views: [.original]), BatchMaker(limited, views: [.original]))
    var seen: Set<Int> = []
    for step in 0..<12 {
      let batch = try one.batch(at: step)
      #expect(Set(batch.recordings).count <= 2 && batch.recordings.count == 8)
      seen.formUnion(batch.recordings)
      if step == 7 { #expect(try two.batch(at: 7).inputs == batch.inputs) }
    }
    #expect(seen == Set(0..<6))
  }

  @Test func corruptedViewsDifferFromTheWindowAsMuchAsAsked() throws {
    var plan = Melody.plan(objective: ["negativesFrom": .text("corrupted"), "negatives": .integer(2)])
    plan.features = .raw(RawFeatures(sampleRate: 8000, windowSamples: 1600, isStandardized: false))
    plan.encoder = Choice("raw", ["channels": .integer(4)])
    let source = try WindowSource(Melody.recordings(2), plan: plan)
    let views: [WindowView] = [.original, .corrupted(signalToNoise: 6), .corrupted(signalToNoise: 6)]
    let batch = try BatchMaker(source, views: views).batch(at: 0)
    #expect(batch.viewCount == 3 && batch.inputs.shape == [24, 1600, 1])
    for window in 0..<8 {
      var clean = Array(batch.inputs.outer(window..<window + 1).storage)
      WindowStandardization.apply(&clean)
      let noisy = (1...2).map { batch.inputs.outer($0 * 8 + window..<$0 * 8 + window + 1).storage }
      for view in noisy {
        let noise = zip(view, clean).map { Double($0 - $1) }
        let power = noise.reduce(0) { $0 + $1 * $1 } / 1600
        // 6 dB below a window of power 1 is 0.251; 1600 squares of normal draws scatter by 3.5%.
        #expect(abs(power - 0.2512) < 0.05)
      }
      #expect(noisy[0] != noisy[1])
    }
  }

  /// The stream of a view is that of seed, step, view and window: neither threads nor other views touch it.
  @Test func augmentedViewsDependOnSeedStepViewAndWindowAlone() throws {
    func batch(_ views: [WindowView], step: Int = 2, threads: Int = 1, seed: UInt64 = 3) throws -> [[Float]] {
      // An objective that needs views of any kind has the samples kept.
      var plan = Melody.plan(threads: threads, seed: seed, objective: ["negativesFrom": .text("corrupted")])
      plan.features = .raw(RawFeatures(sampleRate: 8000, windowSamples: 1600, isStandardized: false))
      plan.encoder = Choice("raw", ["channels": .integer(4)])
      plan.augmentations = AugmentationPlan(weak: [.init("noise", 0.1)], strong: [.init("gain", 20)])
      let source = try WindowSource(Melody.recordings(2), plan: plan)
      let inputs = try BatchMaker(source, views: views).batch(at: step).inputs
      return (0..<views.count).map { Array(inputs.outer($0 * 8..<$0 * 8 + 8).storage) }
    }
    let views: [WindowView] = [.augmented(.weak), .augmented(.strong), .original, .augmented(.weak)]
    let one = try batch(views)
    #expect(try batch(views, threads: 3) == one)
    #expect(one[0] != one[3] && one[0] != one[2])
    #expect(try batch([.original, .augmented(.strong), .original])[1] == one[1])
    #expect(try batch(views, step: 3)[0] != one[0])
    // The strong view is another level of the window, the weak one is the window with noise at 20 dB or above.
    for window in 0..<8 {
      let part = window * 1600..<window * 1600 + 1600
      let ratios = zip(one[1][part], one[2][part]).map { $0 / $1 }
      #expect(ratios.allSatisfy { abs($0 / ratios[0] - 1) < 1e-4 })
      let noise = zip(one[0][part], one[2][part]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(noise > 0 && noise < 0.012 * one[2][part].reduce(0) { $0 + $1 * $1 })
    }
  }
}
