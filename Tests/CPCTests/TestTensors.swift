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
  recordings: [Int], steps: Int, latent: Int, context: Int, views: Int = 1, seed: UInt64,
  as: Scalar.Type = Scalar.self
) -> Representations<Scalar> {
  Representations(
    latents: randomTensor([views * recordings.count, steps, latent], seed: seed),
    contexts: randomTensor([views * recordings.count, steps, context], seed: seed + 1), viewCount: views,
    recordings: recordings)
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
