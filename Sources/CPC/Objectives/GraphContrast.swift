import NeuralNet
import Support

/// Graph contrast without negatives: windows learn from their neighbours, and two damaged graphs of them agree.
///
///     X = E - mean over the batch of E        A = k nearest neighbours by cosine of X
///     G_v = max(0, propagation(A_v) (X m_v) W^T + b)        Z_v = projector(G_v)        loss = Barlow Twins(Z_1, Z_2)
///
/// E `[B, 2 D + H]` are pooled embeddings of the windows, the nodes; A_v and m_v the edges and features that
/// ``AdaptiveGraphView`` keeps in view v, propagation the graph convolution's normalised adjacency ``NeighbourGraph``. The gradient
/// reaches E through X alone: neither the choice of edges nor the probabilities pass any (Zhou et al. 2023, Journal of
/// Zhejiang University (Engineering Science); the loss by Zbontar et al. 2021, arXiv 2103.03230, equation 1).
///
/// Departures: the graph is that of a batch, made anew each step, as embeddings move; X is centred, or else the cosine would compare what
/// all windows have in common. For use the embedding E is taken, as with the other objectives: the graph is the teacher that
/// lets neighbours share what they know, and no graph is needed to diagnose.
package struct GraphContrast<Scalar: TensorScalar>: Objective {
  package struct Options: Sendable, Equatable {
    /// k.
    package var neighbours = 5
    package var strength = AdaptiveGraphView<Scalar>.Strength(edges: 0.3, features: 0.2)
    /// Weight of the loss's redundancy.
    package var redundancy = 0.0051

    package init() {}
  }

  /// W `[hidden, 2 D + H]` and b.
  package var convolution: Linear<Scalar>
  package var projector: Projector<Scalar>
  package let options: Options

  package init(convolution: Linear<Scalar>, projector: Projector<Scalar>, options: Options) {
    precondition(
      convolution.rectified && convolution.outputs == projector.inputs,
      "a convolution to \(convolution.outputs) does not fit a projector of \(projector.inputs)")
    self.convolution = convolution
    self.projector = projector
    self.options = options
  }

  package var needs: ObjectiveNeeds { ObjectiveNeeds() }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try convolution.visit(join(path, "convolution"), body)
    try projector.visit(join(path, "projector"), body)
  }

  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let views = self.views(of: representations, random: &context.random)
    return evaluate(representations, views: views, into: &gradient)
  }

  /// Two views of the graph of the batch's windows.
  @specialized(where Scalar == Float)
  func views(
    of representations: Representations<Scalar>, random: inout RandomSource
  ) -> [AdaptiveGraphView<Scalar>] {
    let x = nodes(representations).features
    let graph = NeighbourGraph(x, neighbours: options.neighbours)
    return (0..<2).map { _ in
      AdaptiveGraphView(
        of: graph, features: x, numbers: representations.windows, strength: options.strength, random: &random)
    }
  }

  /// X, and what its gradient needs.
  private func nodes(
    _ representations: Representations<Scalar>
  ) -> (features: Tensor<Scalar>, cache: RepresentationPooling.Cache<Scalar>) {
    let pooled = RepresentationPooling.forward(
      latents: representations.latents, contexts: representations.contexts)
    return (Self.centered(pooled.embedding), pooled.cache)
  }

  /// Rows less their mean; its own transpose.
  private static func centered(_ rows: Tensor<Scalar>) -> Tensor<Scalar> {
    rows.affineColumns(
      center: (1 / Scalar(rows.rows)) * rows.columnSums, factor: Tensor(repeating: 1, shape: [rows.columns]))
  }

  /// The loss for given views of the graph.
  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, views: [AdaptiveGraphView<Scalar>],
    into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    precondition(
      views.count == 2 && views.allSatisfy { $0.graph.count == representations.windowCount },
      "\(views.count) views of \(views.map { $0.graph.count }) nodes for \(representations.windowCount) windows"
    )
    let (x, cache) = nodes(representations)
    let passes = views.map { GraphPass(self, x, $0) }
    let twins = BarlowTwinsLoss(redundancyWeight: options.redundancy)(passes[0].output, passes[1].output)
    var dx = Tensor<Scalar>(zeros: x.shape)
    for (pass, dz) in zip(passes, [twins.dA, twins.dB]) { dx.add(pass.backward(dz, self, into: &gradient)) }
    let (dLatents, dContexts) = RepresentationPooling.backward(Self.centered(dx), cache)
    return ObjectiveOutcome(
      loss: twins.loss,
      measures: ObjectiveMeasures(
        terms: [.init("invariance", twins.invariance), .init("redundancy", twins.redundancy)]),
      dLatents: dLatents, dContexts: dContexts)
  }
}

/// One view through convolution and projector, with what backward needs.
private struct GraphPass<Scalar: TensorScalar> {
  let output: Tensor<Scalar>
  private let propagation: Tensor<Scalar>
  private let mask: Tensor<Scalar>
  private let convolution: Linear<Scalar>.Cache
  private let projector: Projector<Scalar>.Cache

  init(_ objective: GraphContrast<Scalar>, _ x: Tensor<Scalar>, _ view: AdaptiveGraphView<Scalar>) {
    var context = ForwardContext.inference
    propagation = view.graph.propagation(as: Scalar.self)
    mask = view.mask
    let spread = Tensor.product(propagation, x.affineColumns(center: Tensor(zeros: mask.shape), factor: mask))
    let hidden = objective.convolution.forward(spread, &context)
    convolution = hidden.cache
    let projected = objective.projector.forward(hidden.output, &context)
    output = projected.output
    projector = projected.cache
  }

  /// Adds to `gradient` and returns the gradient of x. The propagation is symmetric.
  func backward(
    _ dOutput: Tensor<Scalar>, _ objective: GraphContrast<Scalar>, into gradient: inout GraphContrast<Scalar>
  ) -> Tensor<Scalar> {
    let dHidden = objective.projector.backward(dOutput, projector, into: &gradient.projector)
    let dSpread = objective.convolution.backward(dHidden, convolution, into: &gradient.convolution)
    return Tensor.product(propagation, dSpread).affineColumns(
      center: Tensor(zeros: mask.shape), factor: mask)
  }
}

extension Tensor {
  /// `(x - center) factor`, with one of each a column.
  fileprivate func affineColumns(center: Tensor, factor: Tensor) -> Tensor {
    let zero = Tensor(zeros: factor.shape)
    return Tensor(written: shape) {
      Scalar.columnAffine(
        rows, columns, storage, center: center.storage, factor: factor.storage, shift: zero.storage, $0)
    }
  }
}

/// How ``GraphContrast`` is called and set.
package struct GraphContrastFamily: ObjectiveFamily {
  package let name = "graph"
  package let summary = "neighbouring windows share what they know, by a graph convolution without negatives"
  package let citation =
    "Zhou et al. 2023, graph contrast with adaptive augmentation, Journal of Zhejiang University (Engineering Science)"

  package static let neighbours = Setting<Int>.integer(
    "neighbours", "nearest neighbours of each window in the batch, k", default: 5, in: 1...1024)
  package static let edgeDrop = Setting<Double>.number(
    "edgeDrop", "mean probability that an edge is dropped", default: 0.3, in: 0...1)
  package static let featureMask = Setting<Double>.number(
    "featureMask", "mean probability that a feature is masked", default: 0.2, in: 0...1)
  package static let redundancy = Setting<Double>.number(
    "lambda", "weight of the correlations between different components", default: 0.0051, in: 0...1)
  package static let hiddenSize = Setting<Int>.integer(
    "hidden", "outputs of the graph convolution", default: 128, in: 1...8192
  )
  .size(smallest: .integer(1))

  package init() {}

  package var settings: [SettingDescription] {
    [
      Self.neighbours.description, Self.edgeDrop.description, Self.featureMask.description,
      Self.redundancy.description, Self.hiddenSize.description,
    ] + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    let hidden = settings[Self.hiddenSize]
    return (sizes.embedding + 1) * hidden + ProjectorSettings.numberCount(settings, inputs: hidden)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    var options = GraphContrast<Scalar>.Options()
    options.neighbours = settings[Self.neighbours]
    options.strength = .init(edges: settings[Self.edgeDrop], features: settings[Self.featureMask])
    options.redundancy = settings[Self.redundancy]
    let convolution = Linear<Scalar>(
      inputs: 2 * latentSize + contextSize, outputs: settings[Self.hiddenSize], rectified: true,
      random: &random)
    let projector = Projector<Scalar>(
      settings[ProjectorSettings.kind], inputs: convolution.outputs,
      hiddenSize: settings[ProjectorSettings.hiddenSize], outputs: settings[ProjectorSettings.outputSize],
      unitLength: false, random: &random)
    return GraphContrast(convolution: convolution, projector: projector, options: options)
  }
}
