import NeuralNet
import Support

@testable import CPC

/// Normal draws as a tensor, decided by the seed.
func randomTensor<Scalar: TensorScalar>(
  _ shape: [Int], seed: UInt64, as: Scalar.Type = Scalar.self
) -> Tensor<Scalar> {
  var random = RandomSource(seed: seed)
  return Tensor((0..<shape.reduce(1, *)).map { _ in Scalar(random.normal()) }, shape: shape)
}

/// Random latents and contexts of a batch whose windows belong to the given recordings.
func randomRepresentations<Scalar: TensorScalar>(
  recordings: [Int], steps: Int, latent: Int, context: Int, views: Int = 1, labels: [Int?]? = nil,
  seed: UInt64,
  as: Scalar.Type = Scalar.self
) -> Representations<Scalar> {
  Representations(
    latents: randomTensor([views * recordings.count, steps, latent], seed: seed),
    contexts: randomTensor([views * recordings.count, steps, context], seed: seed + 1), viewCount: views,
    recordings: recordings, labels: labels)
}

/// InfoNCE with random matrices.
func randomInfoNCE<Scalar: TensorScalar>(
  _ sampler: NegativeSampler, latent: Int, context: Int, seed: UInt64, as: Scalar.Type = Scalar.self
) -> InfoNCE<Scalar> {
  var random = RandomSource(seed: seed)
  return InfoNCE(
    scorer: BilinearScorer(
      latentSize: latent, contextSize: context, stepsAhead: sampler.stepsAhead, random: &random),
    sampler: sampler)
}

/// The rows of a matrix as arrays, for definitions in plain loops.
func rowArrays(_ matrix: Tensor<Double>) -> [[Double]] {
  (0..<matrix.rows).map { Array(matrix.storage[$0 * matrix.columns..<($0 + 1) * matrix.columns]) }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}

/// An MLP from rows of 2 * latent + context numbers.
func randomProjector<Scalar: TensorScalar>(
  _ kind: ProjectorKind = .mlp, latent: Int, context: Int, hidden: Int = 5, outputs: Int = 3,
  unitLength: Bool,
  seed: UInt64 = 9, as: Scalar.Type = Scalar.self
) -> Projector<Scalar> {
  var random = RandomSource(seed: seed)
  return Projector(
    kind, inputs: 2 * latent + context, hiddenSize: hidden, outputs: outputs, unitLength: unitLength,
    random: &random)
}
