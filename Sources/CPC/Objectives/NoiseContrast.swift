import Foundation
import NeuralNet
import Support

/// Noise-contrastive estimation of the density ratio that ``InfoNCE`` also learns: tell each true pair from N noise
/// pairs, one by one.
///
///     loss = mean over (k, b, t) of -log h(z_{t+k}) - sum over negatives j of log(1 - h(z_j))
///     h(z) = sigmoid(z . W_k c_t - log(N p_noise)),    p_noise = 1 / M
///
/// Gutmann and Hyvarinen 2010 ("Noise-contrastive estimation: a new estimation principle for unnormalized statistical
/// models", AISTATS, equations 2 to 4, with N noise samples for each true one). Noise is uniform over the M latents
/// that the strategy allows, so at the optimum the exponential of the score is the probability of a latent given the
/// context, normalised by itself.
package struct NoiseContrast<Scalar: TensorScalar>: Objective {
  package var scorer: BilinearScorer<Scalar>
  package let sampler: NegativeSampler

  @specialized(where Scalar == Float)
  package init(scorer: BilinearScorer<Scalar>, sampler: NegativeSampler) {
    precondition(
      scorer.stepsAhead == sampler.stepsAhead,
      "scorer predicts \(scorer.stepsAhead) steps ahead, sampler draws for \(sampler.stepsAhead)")
    self.scorer = scorer
    self.sampler = sampler
  }

  package var needs: ObjectiveNeeds { ObjectiveNeeds(steps: sampler.stepsAhead + 1) }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try scorer.visit(join(path, "scorer"), body)
  }

  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let negatives = sampler.draw(
      recordings: representations.recordings, steps: representations.stepCount, threads: context.threads,
      random: &context.random)
    return evaluate(representations, negatives: negatives, threads: context.threads, into: &gradient)
  }

  /// The loss for given negatives: a function of its arguments alone.
  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, negatives: Negatives, threads: Int, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let candidates = sampler.candidateCounts(
      recordings: representations.recordings, steps: representations.stepCount)
    let logNoise = candidates.map { log(Double(sampler.count) / Double($0)) }
    let pass = BilinearContrast(
      representations, scorer: scorer, negatives: negatives, criterion: .logistic(logNoise: logNoise))
    let sums = pass.run(threads: threads)
    Scalar.axpy(sums.dWeight.count, 1, sums.dWeight, &gradient.scorer.weight.storage)
    let anchors = negatives.shape.windows * negatives.shape.anchors
    let loss = sums.loss / Double(anchors * scorer.stepsAhead)
    let accuracies = pass.accuracies(sums)
    return ObjectiveOutcome(
      loss: loss,
      measures: ObjectiveMeasures(
        terms: [.init("nce", loss)], accuracyByStep: accuracies.byStep, topFiveAccuracy: accuracies.topFive),
      dLatents: sums.dLatents, dContexts: sums.dContexts)
  }
}

/// How ``NoiseContrast`` is called and set.
package struct NoiseContrastFamily: ObjectiveFamily {
  /// The strategies whose noise has one density.
  enum Noise: String, Sendable, CaseIterable { case withinRecording, acrossBatch }

  package let name = "nce"
  package let summary = "predict latents several steps ahead, each true one told from noise one by one (NCE)"
  package let citation =
    "Gutmann, Hyvarinen 2010, Noise-contrastive estimation: a new estimation principle for unnormalized statistical models, AISTATS"

  static let noise = Setting<Noise>.choice(
    "negativesFrom", "where noise comes from", default: .withinRecording)

  package init() {}

  package var settings: [SettingDescription] {
    [
      InfoNCEFamily.stepsAhead.description, InfoNCEFamily.negatives.description, Self.noise.description,
      InfoNCEFamily.sharing.description,
    ]
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    settings[InfoNCEFamily.stepsAhead] * sizes.latent * sizes.context
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    let stepsAhead = settings[InfoNCEFamily.stepsAhead]
    return NoiseContrast<Scalar>(
      scorer: BilinearScorer(
        latentSize: latentSize, contextSize: contextSize, stepsAhead: stepsAhead, random: &random),
      sampler: NegativeSampler(
        strategy: settings[Self.noise] == .acrossBatch ? .acrossBatch : .withinRecording,
        sharing: settings[InfoNCEFamily.sharing], count: settings[InfoNCEFamily.negatives],
        stepsAhead: stepsAhead))
  }
}
