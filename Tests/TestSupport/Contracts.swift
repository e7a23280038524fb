import NeuralNet
import Support

/// What every implementation of an interface must keep, whoever wrote it. A contract returns its violations as text,
/// so that a broken dummy can prove that it bites. To add a layer to the checks, add it to the list in `LayerTests`.
///
/// Use as `#expect(Contracts.violations(of: layer, input: x) == [])`.
package enum Contracts {
  /// The contract of a ``Layer`` in double precision:
  /// 1. its gradient is right (``GradientCheck``);
  /// 2. `backward` adds to what the gradient already holds;
  /// 3. same input and context, same bytes, forward and backward;
  /// 4. parameter names are unique, and the walk visits the same names and shapes every time;
  /// 5. outputs and gradients are finite for inputs of zeros, of one constant, of 1e-150 and of 1e4 in size.
  package static func violations<L: Layer>(
    of layer: L, input: Tensor<Double>, context: ForwardContext = .inference,
    check: GradientCheck = GradientCheck()
  ) -> [String] where L.Scalar == Double {
    check.failures(of: layer, input: input, context: context).map { $0.description }
      + additionViolations(layer, input, context, check)
      + determinismViolations(layer, input, context, check)
      + walkViolations(layer)
      + finitenessViolations(layer, input, context, check)
  }

  private static func pass<L: Layer>(
    _ layer: L, _ x: Tensor<Double>, _ context: ForwardContext, _ check: GradientCheck, into gradient: inout L
  ) -> (output: Tensor<Double>, dInput: Tensor<Double>) where L.Scalar == Double {
    var context = context
    let (y, cache) = layer.forward(x, &context)
    return (y, layer.backward(check.randomTensor(y.shape), cache, into: &gradient))
  }

  private static func additionViolations<L: Layer>(
    _ layer: L, _ input: Tensor<Double>, _ context: ForwardContext, _ check: GradientCheck
  ) -> [String] where L.Scalar == Double {
    var once = layer.zeroed()
    _ = pass(layer, input, context, check, into: &once)
    var onOnes = layer.zeroed()
    onOnes.visit("") { _, role, tensor in
      if role != .buffer { tensor = Tensor(repeating: 1, shape: tensor.shape) }
    }
    _ = pass(layer, input, context, check, into: &onOnes)
    return zip(once.parameters, onOnes.parameters).compactMap { one, other in
      if one.role == .buffer { return nil }
      let expected = Tensor(one.tensor.storage.map { $0 + 1 }, shape: one.tensor.shape)
      return Golden.mismatch(
        other.tensor, expected, tolerance: 1e-12, name: "backward does not add to \(one.name)")
    }
  }

  private static func determinismViolations<L: Layer>(
    _ layer: L, _ input: Tensor<Double>, _ context: ForwardContext, _ check: GradientCheck
  ) -> [String] where L.Scalar == Double {
    var gradients = [layer.zeroed(), layer.zeroed()]
    let first = pass(layer, input, context, check, into: &gradients[0])
    let second = pass(layer, input, context, check, into: &gradients[1])
    var result: [String] = []
    if first.output != second.output { result.append("two forward passes of one context differ") }
    if first.dInput != second.dInput { result.append("two backward passes differ in the input's gradient") }
    for (one, other) in zip(gradients[0].parameters, gradients[1].parameters) where one.tensor != other.tensor
    {
      result.append("two backward passes differ in the gradient of \(one.name)")
    }
    return result
  }

  /// The contract of a walk: unique names that begin with the path, the same over a value and over its gradient.
  package static func walkViolations<M: Parameterized>(_ model: M) -> [String] {
    let entries = model.parameters
    var result: [String] = []
    let names = entries.map { $0.name }
    if Set(names).count != names.count { result.append("parameter names repeat: \(names)") }
    if names.contains(where: { $0.isEmpty || $0.hasPrefix(".") || $0.hasSuffix(".") }) {
      result.append("a parameter has no name of its own: \(names)")
    }
    let zeroed = model.zeroed().parameters
    if zeroed.map({ $0.name }) != names || zeroed.map({ $0.tensor.shape }) != entries.map({ $0.tensor.shape })
    {
      result.append("the walk over the gradient differs from the walk over the value")
    }
    var walker = model
    var prefixed: [String] = []
    walker.visit("root") { name, _, _ in prefixed.append(name) }
    if prefixed != names.map({ "root." + $0 }) {
      result.append("names do not begin with the path: \(prefixed)")
    }
    return result
  }

  private static func finitenessViolations<L: Layer>(
    _ layer: L, _ input: Tensor<Double>, _ context: ForwardContext, _ check: GradientCheck
  ) -> [String] where L.Scalar == Double {
    let normal = check.randomTensor(input.shape)
    let extremes: [(String, Tensor<Double>)] = [
      ("zeros", Tensor(zeros: input.shape)), ("a constant", Tensor(repeating: 0.7, shape: input.shape)),
      ("1e-150", Tensor(normal.storage.map { $0 * 1e-150 }, shape: input.shape)),
      ("1e4", Tensor(normal.storage.map { $0 * 1e4 }, shape: input.shape)),
    ]
    return extremes.flatMap { name, x -> [String] in
      var gradient = layer.zeroed()
      let (output, dInput) = pass(layer, x, context, check, into: &gradient)
      let tensors =
        [("output", output), ("dinput", dInput)] + gradient.parameters.map { ("d" + $0.name, $0.tensor) }
      return tensors.compactMap { label, tensor in
        tensor.storage.allSatisfy(\.isFinite) ? nil : "\(label) is not finite for an input of \(name)"
      }
    }
  }
}
