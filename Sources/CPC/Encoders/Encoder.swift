import NeuralNet
import Support

/// The part of a model that makes a latent of each step: z = g_enc(x).
///
/// Input `[batch, length, channel]` as a ``FeaturePlan`` makes it, output `[batch, step, latent]`. To add one: a file in
/// `Encoders/` with a type of this protocol and its ``EncoderFamily``, and a line in ``Encoders/all``.
package protocol Encoder<Scalar>: Layer {
  /// Channels of an input step.
  var inputSize: Int { get }
  /// D, channels of an output step.
  var latentSize: Int { get }
  /// Output steps L for an input of this length; 0 where it is too short.
  func stepCount(of length: Int) -> Int

  /// The part of `backward` that concerns the parameters; the input's gradient is not made where that saves work.
  func accumulate(_ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Self)
}

extension Encoder {
  package func accumulate(_ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Self) {
    _ = backward(dOutput, cache, into: &gradient)
  }
}

/// The operations of a layer whose type is not known where it is used. An encoder and its gradient, `self`, are of one
/// type by construction: the gradient is a copy of the encoder filled with zeros.
extension Encoder {
  func forwardErased(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (Tensor<Scalar>, any Sendable) {
    let (output, cache) = forward(x, &context)
    return (output, cache)
  }

  /// Adds the gradient of `model` to `self` and returns the input's gradient.
  mutating func add(
    backwardOf model: any Encoder<Scalar>, _ dOutput: Tensor<Scalar>, _ cache: any Sendable
  ) -> Tensor<Scalar> {
    let (model, cache) = Self.same(model, cache)
    return model.backward(dOutput, cache, into: &self)
  }

  /// Adds the gradient of `model`'s parameters to `self`.
  mutating func add(
    accumulationOf model: any Encoder<Scalar>, _ dOutput: Tensor<Scalar>, _ cache: any Sendable
  ) {
    let (model, cache) = Self.same(model, cache)
    model.accumulate(dOutput, cache, into: &self)
  }

  mutating func absorbErased(_ cache: any Sendable) {
    absorb(Self.same(self, cache).cache)
  }

  private static func same(
    _ model: any Encoder<Scalar>, _ cache: any Sendable
  ) -> (model: Self, cache: Cache) {
    guard let model = model as? Self, let cache = cache as? Cache else {
      preconditionFailure(
        "an encoder \(type(of: model)) with cache \(type(of: cache)) has a gradient of \(Self.self)")
    }
    return (model, cache)
  }
}

/// A kind of encoder: how it is called, what can be set, and how one is made.
package protocol EncoderFamily: Sendable {
  /// What a user types.
  var name: String { get }
  /// One line.
  var summary: String { get }
  var settings: [SettingDescription] { get }

  /// Weights of its largest layer, which tells a plan of absurd size before memory is taken for it.
  func largestLayer(_ settings: Settings, inputSize: Int) -> Int

  /// Makes one with fresh parameters for inputs of `inputSize` channels.
  func make<Scalar: TensorScalar>(
    _ settings: Settings, inputSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Encoder<Scalar>
}

/// The encoders that can be chosen by name. A new one is one file and one line here.
package enum Encoders {
  package static let all: [any EncoderFamily] = [
    SpectralEncoderFamily(),
    RawEncoderFamily(),
    ResNetFamily.resnet18,
    ResNetFamily.resnet34,
  ]

  /// The family of this name.
  package static func named(_ name: String) throws(CPCError) -> any EncoderFamily {
    guard let family = all.first(where: { $0.name == name }) else {
      throw .unknownName(kind: "encoder", found: name, available: all.map { $0.name })
    }
    return family
  }

  /// Weights of the largest layer of the encoder that a plan chose.
  package static func largestLayer(_ choice: Choice, inputSize: Int) throws(CPCError) -> Int {
    let (family, settings) = try chosen(choice)
    return family.largestLayer(settings, inputSize: inputSize)
  }

  private static func chosen(_ choice: Choice) throws(CPCError) -> (any EncoderFamily, Settings) {
    let family = try named(choice.name)
    return (
      family, try Settings(choice.settings, of: "encoder \(choice.name)", known: family.settings)
    )
  }

  /// The encoder that a plan chose.
  package static func make<Scalar: TensorScalar>(
    _ choice: Choice, inputSize: Int, random: inout RandomSource, as scalar: Scalar.Type
  ) throws(CPCError) -> any Encoder<Scalar> {
    let (family, settings) = try chosen(choice)
    return try family.make(settings, inputSize: inputSize, random: &random, as: scalar)
  }
}
