import CPC
import NeuralNet
import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct ContrastiveEncoderTests {
  private func encoder() throws -> ContrastiveEncoder<Double> {
    let model = try RepresentationModel<Double>(TinyEncoder.plan)
    var random = RandomSource(seed: 5)
    var standardizer = Standardizer<Double>(size: model.embeddingSize)
    for i in standardizer.mean.storage.indices {
      standardizer.mean.storage[i] = 0.1 * random.normal()
      standardizer.scale.storage[i] = 1 + random.uniform()
    }
    return ContrastiveEncoder(
      model: model, standardizer: standardizer,
      head: Projector(
        .mlp, inputs: model.embeddingSize, hiddenSize: 7, outputs: 5, unitLength: true, random: &random))
  }

  private func inputs(rows: Int) -> Tensor<Double> {
    GradientCheck(seed: 3).randomTensor(
      [rows, TinyEncoder.plan.features.inputLength, TinyEncoder.plan.features.inputSize])
  }

  /// Through loss, unit length, head, statistics, pooling, context and encoder.
  @Test(arguments: [2, 3]) func gradientsOfTheWholeChain(views: Int) throws {
    let (encoder, labels) = (try encoder(), [0, 1, 0, 2, 1])
    let x = inputs(rows: labels.count * views)
    let loss = SupConLoss(temperature: 0.2, baseTemperature: 0.2)
    let pass = encoder.evaluate(x, labels: labels, views: views, loss: loss, threads: 2)
    let failures = GradientCheck(samples: 12).failures(of: pass.gradient, at: encoder) {
      $0.evaluate(x, labels: labels, views: views, loss: loss, threads: 1).loss
    }
    #expect(failures == [])
    #expect(pass.gradient.parameters.contains { $0.name.hasPrefix("model.encoder") && $0.tensor.norm2 > 0 })
  }

  /// The loss of the chain is the loss of features that were made in one piece.
  @Test func chunksAreOneBatch() throws {
    let (encoder, views) = (try encoder(), 2)
    let labels = (0..<7).map { $0 % 3 }
    let x = inputs(rows: 14)
    let z = encoder.head(encoder.standardizer(encoder.model.embed(x)))
    let whole = SupConLoss()(z.reshaped([7, 2, 5]), .labels(labels)).loss
    let pass = encoder.evaluate(x, labels: labels, views: views, loss: SupConLoss(), threads: 2)
    #expect(close(pass.loss, whole, 1e-12))
  }

  @Test func threadsDoNotChangeBytes() throws {
    let encoder = try encoder()
    let x = inputs(rows: 22)
    let labels = (0..<11).map { $0 % 2 }
    let passes = [1, 2, 5].map {
      encoder.evaluate(x, labels: labels, views: 2, loss: SupConLoss(), threads: $0)
    }
    for pass in passes {
      #expect(pass.loss == passes[0].loss)
      #expect(pass.gradient.parameters.map(\.tensor) == passes[0].gradient.parameters.map(\.tensor))
    }
  }
}

extension Tensor {
  fileprivate var norm2: Double { storage.reduce(0) { $0 + Double($1) * Double($1) } }
}
