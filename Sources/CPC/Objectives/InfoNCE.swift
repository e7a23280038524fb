import Foundation
import NeuralNet
import Support

/// Contrastive predictive coding: tell the latent that follows a context from N that do not.
///
///     loss = mean over (k, b, t) of -log( exp(z_{t+k} . W_k c_t) / sum over candidates j of exp(z_j . W_k c_t) )
///
/// Candidates are the positive z_{t+k} and the N negatives of ``NegativeSampler``; k runs over 1...K and t over
/// 0 ..< L - K for every k, so that all steps ahead are judged on the same anchors. No temperature, no scaling.
///
/// The information bound is `log(N + 1) - loss` nats (Oord et al. 2018, arXiv 1807.03748, section 2.3: I >= log N - L,
/// where their N counts the positive and is our N + 1). It can never exceed log(N + 1).
///
/// Departures from the paper: dot products are not scaled; W_k is the paper's; with ``NegativeSampler/Sharing/shared``
/// negatives serve all K predictions of an anchor.
package struct InfoNCE<Scalar: TensorScalar>: Objective {
  package var scorer: BilinearScorer<Scalar>
  package let sampler: NegativeSampler
  /// For corrupted negatives: signal-to-noise ratio in dB.
  package let signalToNoise: Double

  @specialized(where Scalar == Float)
  package init(scorer: BilinearScorer<Scalar>, sampler: NegativeSampler, signalToNoise: Double = 0) {
    precondition(
      scorer.stepsAhead == sampler.stepsAhead,
      "scorer predicts \(scorer.stepsAhead) steps ahead, sampler draws for \(sampler.stepsAhead)")
    self.scorer = scorer
    self.sampler = sampler
    self.signalToNoise = signalToNoise
  }

  package var needs: ObjectiveNeeds {
    let copies = sampler.strategy == .corrupted ? sampler.count : 0
    let corrupted = [WindowView](repeating: .corrupted(signalToNoise: signalToNoise), count: copies)
    return ObjectiveNeeds(steps: sampler.stepsAhead + 1, views: [.original] + corrupted)
  }

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
      recordings: representations.recordings, steps: representations.stepCount,
      views: representations.viewCount, threads: context.threads, random: &context.random)
    return evaluate(representations, negatives: negatives, threads: context.threads, into: &gradient)
  }

  /// The loss for given negatives: a function of its arguments alone.
  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, negatives: Negatives, threads: Int, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let pass = BilinearContrast(
      representations, scorer: scorer, negatives: negatives, criterion: .softmax)
    let sums = pass.run(threads: threads)
    Scalar.axpy(sums.dWeight.count, 1, sums.dWeight, &gradient.scorer.weight.storage)
    let anchors = negatives.shape.windows * negatives.shape.anchors
    let loss = sums.loss / Double(anchors * scorer.stepsAhead)
    let accuracies = pass.accuracies(sums)
    return ObjectiveOutcome(
      loss: loss,
      measures: ObjectiveMeasures(
        terms: [.init("infonce", loss)],
        accuracyByStep: accuracies.byStep, topFiveAccuracy: accuracies.topFive,
        informationBound: InformationBound.nats(loss: loss, negatives: negatives.shape.count)),
      dLatents: sums.dLatents,
      dContexts: sums.dContexts)
  }
}

/// What the loss says about mutual information.
package enum InformationBound {
  /// `log(N + 1) - loss`, a lower bound of I(z_{t+k}; c_t) in nats for N negatives (Oord et al. 2018, section 2.3,
  /// whose N counts the positive too).
  package static func nats(loss: Double, negatives: Int) -> Double {
    log(Double(negatives + 1)) - loss
  }
}

/// How ``InfoNCE`` is called and set.
package struct InfoNCEFamily: ObjectiveFamily {
  package let name = "cpc"
  package let summary = "contrastive predictive coding: predict latents several steps ahead (InfoNCE)"
  package let citation =
    "Oord, Li, Vinyals 2018, Representation learning with contrastive predictive coding, arXiv 1807.03748"

  package static let stepsAhead = Setting<Int>.integer(
    "stepsAhead", "how many steps ahead are predicted, K", default: 6, in: 1...64)
  package static let negatives = Setting<Int>.integer(
    "negatives", "negatives for each prediction, N; corrupted copies for negativesFrom=corrupted",
    default: 32,
    in: 1...4096)
  package static let strategy = Setting<NegativeSampler.Strategy>.choice(
    "negativesFrom", "where negatives come from", default: .withinRecording)
  package static let sharing = Setting<NegativeSampler.Sharing>.choice(
    "negativesFor", "draw afresh for every step ahead, or share among them", default: .fresh)
  package static let signalToNoise = Setting<Double>.number(
    "signalToNoise", "of corrupted negatives, in dB", default: 0, in: -40...40)

  package init() {}

  package var settings: [SettingDescription] {
    [
      Self.stepsAhead.description, Self.negatives.description, Self.strategy.description,
      Self.sharing.description,
      Self.signalToNoise.description,
    ]
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    settings[Self.stepsAhead] * sizes.latent * sizes.context
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    let stepsAhead = settings[Self.stepsAhead]
    let scorer = BilinearScorer<Scalar>(
      latentSize: latentSize, contextSize: contextSize, stepsAhead: stepsAhead, random: &random)
    let count = settings[Self.negatives]
    if settings[Self.strategy] == .corrupted && count > 32 {
      throw .badSetting(
        name: "objective cpc: negatives", found: "\(count)",
        expected: "at most 32 corrupted copies, for each of them is encoded")
    }
    let sampler = NegativeSampler(
      strategy: settings[Self.strategy], sharing: settings[Self.sharing], count: count, stepsAhead: stepsAhead
    )
    return InfoNCE(scorer: scorer, sampler: sampler, signalToNoise: settings[Self.signalToNoise])
  }
}
