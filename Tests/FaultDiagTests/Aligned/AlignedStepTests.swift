import CKernels
import NeuralNet
import SignalIO
import Support
import TestSupport
import Testing

@testable import FaultDiag

/// The fast path of training against plain loops and against the network's own definition.
@Suite struct AlignedStepTests {
  private static let settings: AlignedEnvelopeSettings = {
    var settings = AlignedEnvelopeSettings()
    settings.positionCount = 21
    settings.rivals = 1
    return settings
  }()

  private let shape = AlignedShape(settings)

  private func examples(_ count: Int) -> AlignedExamples {
    var random = RandomSource(seed: 5)
    var result = AlignedExamples(settings: Self.settings)
    for index in 0..<count {
      var values = [Float](repeating: 0, count: shape.featureCount)
      random.fillNormal(&values)
      // A rival that was not found is a row of zeros.
      if index % 3 == 0 {
        for i in 3 * shape.bands * shape.positions..<shape.count { values[i] = 0 }
      }
      result.append(features: values, target: [index % 2 == 0 ? 1 : 0, 0, index % 5 == 0 ? 1 : 0])
    }
    return result
  }

  private func network(dropout: Double) -> AlignedNetwork<Float> {
    var random = RandomSource(seed: 6)
    var network = AlignedNetwork<Float>(
      families: shape.families, rivals: shape.rivals, bands: shape.bands, positions: shape.positions,
      dropout: dropout, random: &random)
    // Biases of a trained network are not all below zero: silent bands must speak.
    network.lines1.bias!.fill(0.2)
    return network
  }

  private func step(_ change: (inout AlignedPlan) -> Void, threads: Int = 1) -> AlignedStep {
    var plan = AlignedPlan()
    plan.envelope = Self.settings
    (plan.augmentation.axisScale, plan.augmentation.noise, plan.augmentation.bandDrop) = (0, 0, 0)
    plan.dropout = 0
    change(&plan)
    return AlignedStep(plan: plan, shape: shape, threads: threads)
  }

  private func difference(_ a: AlignedNetwork<Float>, _ b: AlignedNetwork<Float>) -> Float {
    zip(a.parameters, b.parameters).map { x, y in
      zip(x.tensor.storage, y.tensor.storage).map { abs($0 - $1) }.max() ?? 0
    }.max() ?? 0
  }

  /// Loss and gradient by ``AlignedNetwork`` alone, of features that are already augmented.
  private func plain(
    _ network: AlignedNetwork<Float>, _ features: [[Float]], _ targets: [[Float]]
  ) -> (loss: Double, gradient: AlignedNetwork<Float>) {
    var context = ForwardContext(mode: .inference, random: RandomSource(seed: 0))
    let x = Tensor(
      features.flatMap { $0.prefix(shape.count) },
      shape: [features.count, shape.rows, shape.bands, shape.positions])
    let (logits, cache) = network.forward(x, &context)
    let (loss, dLogits) = BinaryCrossEntropy.evaluate(
      logits: logits, targets: Tensor(targets.flatMap { $0 }, shape: logits.shape))
    var gradient = network.zeroed()
    _ = network.backward(dLogits, cache, into: &gradient)
    return (loss, gradient)
  }

  /// Twenty windows are three parts, of which the last is short.
  @Test func agreesWithTheNetworksDefinition() {
    let (examples, network) = (examples(20), network(dropout: 0))
    let step = step { _ in }
    var random = RandomSource(seed: 1)
    let loss = step.evaluate(network, on: examples, rows: Array(0..<20), random: &random)
    let expected = plain(network, examples.features, examples.targets)
    #expect(abs(loss - expected.loss) < 1e-6)
    #expect(difference(step.gradient, expected.gradient) < 1e-5)
    #expect(difference(step.gradient, network.zeroed()) > 1e-3, "a gradient that could be wrong")
  }

  /// Stretch, noise and silent bands as plain loops make them; the silent ones are left out of large products only.
  @Test func augmentsAsDefined() {
    let (examples, network) = (examples(11), network(dropout: 0))
    let augmentation = AlignedAugmentation()
    let step = step { $0.augmentation = augmentation }
    var random = RandomSource(seed: 2)
    var same = random
    let loss = step.evaluate(network, on: examples, rows: Array(0..<11), random: &random)
    var features: [[Float]] = []
    for part in 0..<2 {
      for index in part * 8..<min(11, part * 8 + 8) {
        let draw = augmentation.draw(bands: shape.bands, random: &same)
        features.append(augmented(examples.features[index], draw))
      }
      // The keys of dropout.
      _ = (same.next(), same.next())
    }
    let expected = plain(network, features, examples.targets)
    #expect(abs(loss - expected.loss) < 1e-5)
    #expect(difference(step.gradient, expected.gradient) < 1e-5)
  }

  private func augmented(_ values: [Float], _ draw: AlignedAugmentation.Draw) -> [Float] {
    var result = values
    for slice in 0..<shape.rows * shape.bands {
      for p in 0..<shape.positions {
        let at = slice * shape.positions
        guard !draw.isSilent[slice % shape.bands] else {
          result[at + p] = 0
          continue
        }
        let wanted = (shape.firstStep + Double(p)) * draw.scale - shape.firstStep
        let place = min(max(wanted, 0), Double(shape.positions - 1))
        let left = min(Int(place), shape.positions - 2)
        let share = Float(place - Double(left))
        let bits = ak_bits(draw.key, UInt32(at + p))
        let triangular = Float(Int(bits & 0xffff) + Int(bits >> 16) - 65535) * Float(6).squareRoot() / 65536
        result[at + p] =
          (1 - share) * values[at + left] + share * values[at + left + 1] + draw.noise * triangular
      }
    }
    return result
  }

  @Test func theSameBytesOnAnyThreadCount() {
    let (examples, network) = (examples(30), network(dropout: 0.4))
    let gradients = [1, 2, 3].map { threads in
      let step = step({ ($0.dropout, $0.augmentation) = (0.4, AlignedAugmentation()) }, threads: threads)
      var random = RandomSource(seed: 3)
      _ = step.evaluate(network, on: examples, rows: Array(0..<30), random: &random)
      return step.gradient.parameters.map { $0.tensor }
    }
    #expect(gradients[0] == gradients[1] && gradients[0] == gradients[2])
  }

  /// Dropout leaves an element's mean as it is, and its mask is the gradient's mask: doubling what follows it doubles
  /// the gradient before it.
  @Test func dropsTheShareThatIsAsked() {
    var values = [Float](repeating: 1, count: 64 * 100)
    let bias = [Float](repeating: 1, count: 64)
    ak_bias_relu_dropout(100, 64, bias, 7, UInt32(0.4 * 0x1p32), 1 / 0.6, &values)
    let kept = values.count { $0 > 0 }
    #expect(abs(Double(kept) / 6400 - 0.6) < 0.02)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 2 / 0.6) < 1e-5 })
  }

  /// Finite differences of the loss with dropout on: the same draws make it a function of the weights alone.
  @Test func gradientIsThatOfTheLossWithDropout() {
    let examples = examples(9)
    let network = network(dropout: 0.3)
    let step = step { ($0.dropout, $0.augmentation) = (0.3, AlignedAugmentation()) }
    func loss(_ network: AlignedNetwork<Float>) -> Double {
      var random = RandomSource(seed: 4)
      return step.evaluate(network, on: examples, rows: Array(0..<9), random: &random)
    }
    _ = loss(network)
    let gradient = step.gradient
    // Along the gradient itself, where the loss changes most and rounding matters least.
    let square = gradient.parameters.flatMap { $0.tensor.storage }.reduce(0.0) {
      $0 + Double($1) * Double($1)
    }
    let size = 1e-3
    func moved(_ sign: Float) -> AlignedNetwork<Float> {
      var result = network
      var place = 0
      let steps = gradient.parameters.map { $0.tensor }
      result.visit("") { _, _, tensor in
        tensor.add(steps[place], scaledBy: sign * Float(size / square.squareRoot()))
        place += 1
      }
      return result
    }
    let slope = (loss(moved(1)) - loss(moved(-1))) / (2 * size)
    #expect(abs(slope / square.squareRoot() - 1) < 0.01)
  }
}
