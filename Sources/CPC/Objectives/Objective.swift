import NeuralNet
import Support

/// What is learnt from unlabelled or labelled sequences: a loss over ``Representations`` with its gradients.
///
/// An objective owns whatever it trains beside the encoder (a scorer, a projector, prototypes) and is walked,
/// optimised and saved with it. It says what it needs, and the trainer provides that for any of them alike. To add
/// one: a file in `Objectives/` with a type of this protocol and its ``ObjectiveFamily``, and a line in
/// ``Objectives/all``.
package protocol Objective<Scalar>: Parameterized, Sendable {
  /// What the batches must hold.
  var needs: ObjectiveNeeds { get }

  /// The loss of a whole batch, and its gradients: those of the representations are returned, those of the
  /// objective's own parameters are **added** to `gradient`.
  func evaluate(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar>

  /// Called before a training begins or goes on, with the number N of its windows: sizes what is kept for each of them
  /// (as buffers, so that it is saved) and forgets what it held.
  mutating func prepare(windowCount: Int)

  /// Called when the optimizer has moved the parameters; for instance to normalise prototypes or to fill a queue.
  mutating func stepEnded(_ representations: Representations<Scalar>, _ context: inout ObjectiveContext)

  /// Called at an epoch's end where ``ObjectiveNeeds/windowEmbeddings`` asks for it, before
  /// `epochEnded(_:_:)`: `[N, 2 D + H]`, the pooled embedding of every window as recorded, by number, made by
  /// the teacher where there is one.
  mutating func windowsEmbedded(
    _ embeddings: Tensor<Scalar>, epoch: Int, _ context: inout ObjectiveContext)

  /// Called when every window has been seen once more; for instance to cluster.
  mutating func epochEnded(_ epoch: Int, _ context: inout ObjectiveContext)
}

extension Objective {
  package mutating func prepare(windowCount: Int) {}
  package mutating func windowsEmbedded(
    _ embeddings: Tensor<Scalar>, epoch: Int, _ context: inout ObjectiveContext
  ) {}
  package mutating func stepEnded(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext
  ) {}
  package mutating func epochEnded(_ epoch: Int, _ context: inout ObjectiveContext) {}
}

/// What an objective asks of the batches it is given.
package struct ObjectiveNeeds: Sendable, Equatable {
  /// The least number of steps a sequence must have.
  package var steps: Int
  /// The views of each window, in the order in which their rows stand in ``Representations``.
  package var views: [WindowView]
  /// Whether windows must carry labels.
  package var labels: Bool
  /// How slowly a teacher follows the model, in 0 ..< 1, see `MomentumAverage`; nil for no teacher.
  package var momentum: Double?
  /// Whether all windows are to be embedded at the end of every epoch.
  package var windowEmbeddings: Bool

  package init(
    steps: Int = 1, views: [WindowView] = [.original], labels: Bool = false, momentum: Double? = nil,
    windowEmbeddings: Bool = false
  ) {
    precondition(!views.isEmpty, "an objective sees at least one view of a window")
    self.steps = steps
    self.views = views
    self.labels = labels
    self.momentum = momentum
    self.windowEmbeddings = windowEmbeddings
  }
}

/// Where in the training an objective is evaluated.
package struct ObjectiveContext: Sendable {
  /// The step's own stream, a function of seed and step alone.
  package var random: RandomSource
  package let threads: Int
  /// Steps done before this one.
  package let step: Int
  package let totalSteps: Int

  package init(random: RandomSource, threads: Int = 1, step: Int = 0, totalSteps: Int = 1) {
    self.random = random
    self.threads = threads
    self.step = step
    self.totalSteps = totalSteps
  }
}

/// A loss with its parts and its gradients with respect to the representations.
package struct ObjectiveOutcome<Scalar: TensorScalar>: Sendable {
  package var loss: Double
  package var measures: ObjectiveMeasures
  /// `[row, step, D]`.
  package var dLatents: Tensor<Scalar>
  /// `[row, step, H]`.
  package var dContexts: Tensor<Scalar>

  package init(
    loss: Double, measures: ObjectiveMeasures, dLatents: Tensor<Scalar>, dContexts: Tensor<Scalar>
  ) {
    self.loss = loss
    self.measures = measures
    self.dLatents = dLatents
    self.dContexts = dContexts
  }
}

/// What an objective reports beside its loss.
package struct ObjectiveMeasures: Sendable, Equatable {
  /// Terms of the loss by name, in the order of its formula.
  package var terms: [Term]
  /// Share of predictions whose positive scores highest, for each step ahead from 1; empty where nothing is predicted.
  package var accuracyByStep: [Double]
  /// Share of the anchors among rows whose most similar other row is a positive; nil where rows are not compared so.
  package var rowAccuracy: Double?
  /// Share of predictions, or of anchors, with a positive among the five candidates that score highest; nil where rows are
  /// not compared so, or are no more than five.
  package var topFiveAccuracy: Double?
  /// A lower bound of the information between context and latent, in nats.
  package var informationBound: Double?

  package struct Term: Sendable, Equatable {
    package var name: String
    package var value: Double
    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  package init(
    terms: [Term], accuracyByStep: [Double] = [], rowAccuracy: Double? = nil, topFiveAccuracy: Double? = nil,
    informationBound: Double? = nil
  ) {
    self.terms = terms
    self.accuracyByStep = accuracyByStep
    self.rowAccuracy = rowAccuracy
    self.topFiveAccuracy = topFiveAccuracy
    self.informationBound = informationBound
  }

  /// Of rows, or the mean over the steps ahead; nil where there is neither.
  package var accuracy: Double? {
    accuracyByStep.isEmpty ? rowAccuracy : accuracyByStep.reduce(0, +) / Double(accuracyByStep.count)
  }
}
