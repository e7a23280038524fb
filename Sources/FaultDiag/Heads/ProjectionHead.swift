import NeuralNet
import Support

/// A small network from embeddings to the space in which a contrastive loss measures: linear, or one hidden
/// rectified layer, then unit length where asked.
///
///     linear: y = A x + a        mlp: y = A max(0, B x + b) + a        unit length: y / ||y||
///
/// Khosla et al. 2020 use an MLP with 2048 hidden units and 128 outputs of unit length; here the hidden size is
/// the setting's, as embeddings are smaller.
package struct ProjectionHead<Scalar: TensorScalar>: Layer {
  package enum Kind: String, Sendable, Codable, CaseIterable { case linear, mlp }

  package var hidden: Linear<Scalar>?
  package var output: Linear<Scalar>
  package let unitLength: UnitLength<Scalar>?

  /// - Parameter hiddenSize: of the MLP; nil for a linear head.
  package init(
    inputs: Int, hiddenSize: Int?, outputs: Int, unitLength: Bool, random: inout RandomSource
  ) {
    hidden = hiddenSize.map { Linear(inputs: inputs, outputs: $0, rectified: true, random: &random) }
    output = Linear(inputs: hiddenSize ?? inputs, outputs: outputs, random: &random)
    self.unitLength = unitLength ? UnitLength() : nil
  }

  package struct Cache: Sendable {
    let hidden: Linear<Scalar>.Cache?
    let output: Linear<Scalar>.Cache
    let unitLength: UnitLength<Scalar>.Cache?
  }

  package func forward(
    _ x: Tensor<Scalar>, _ context: inout ForwardContext
  ) -> (output: Tensor<Scalar>, cache: Cache) {
    let inner = hidden?.forward(x, &context)
    let outer = output.forward(inner?.output ?? x, &context)
    let unit = unitLength?.forward(outer.output, &context)
    return (
      unit?.output ?? outer.output, Cache(hidden: inner?.cache, output: outer.cache, unitLength: unit?.cache)
    )
  }

  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout ProjectionHead
  ) -> Tensor<Scalar> {
    var d = dOutput
    if let unitLength, let kept = cache.unitLength {
      var none = unitLength
      d = unitLength.backward(d, kept, into: &none)
    }
    d = output.backward(d, cache.output, into: &gradient.output)
    if let hidden, let kept = cache.hidden { d = hidden.backward(d, kept, into: &gradient.hidden!) }
    return d
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try hidden?.visit(join(path, "hidden"), body)
    try output.visit(join(path, "output"), body)
  }
}
