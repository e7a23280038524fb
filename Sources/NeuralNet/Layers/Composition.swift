import Support

/// Two layers, one after the other: `second(first(x))`. Longer chains nest: `Chain(Chain(a, b), c)`.
package struct Chain<First: Layer, Second: Layer>: Layer where First.Scalar == Second.Scalar {
  package typealias Scalar = First.Scalar
  package var first: First
  package var second: Second

  package init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  package struct Cache: Sendable {
    let first: First.Cache
    let second: Second.Cache
  }

  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    let (between, firstCache) = first.forward(x, &context)
    let (y, secondCache) = second.forward(between, &context)
    return (y, Cache(first: firstCache, second: secondCache))
  }

  // The chain rule: what the second layer returns for its input is the gradient of the first one's output.
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Chain
  ) -> Tensor<Scalar> {
    let dBetween = second.backward(dOutput, cache.second, into: &gradient.second)
    return first.backward(dBetween, cache.first, into: &gradient.first)
  }

  package mutating func absorb(_ cache: Cache) {
    first.absorb(cache.first)
    second.absorb(cache.second)
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try first.visit(join(path, "0"), body)
    try second.visit(join(path, "1"), body)
  }
}

/// Any number of layers of one type, one after the other; none is the identity.
package struct Stack<Element: Layer>: Layer {
  package typealias Scalar = Element.Scalar
  package var layers: [Element]

  package init(_ layers: [Element]) { self.layers = layers }

  package typealias Cache = [Element.Cache]

  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    var y = x
    var caches: Cache = []
    for layer in layers {
      let (output, cache) = layer.forward(y, &context)
      y = output
      caches.append(cache)
    }
    return (y, caches)
  }

  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Stack
  ) -> Tensor<Scalar> {
    var d = dOutput
    for i in layers.indices.reversed() { d = layers[i].backward(d, cache[i], into: &gradient.layers[i]) }
    return d
  }

  package mutating func absorb(_ cache: Cache) {
    for i in layers.indices { layers[i].absorb(cache[i]) }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    for i in layers.indices { try layers[i].visit(join(path, String(i)), body) }
  }
}

/// Multi-layer perceptron: blocks of Linear, ReLU and, if `normalized`, LayerNorm; then a last Linear without either.
///
/// Shape `[.., sizes.first] -> [.., sizes.last]`. With two sizes it is one Linear.
package struct MLP<Scalar: TensorScalar>: Layer {
  /// Linear, ReLU, perhaps LayerNorm: one hidden layer.
  package struct Block: Layer {
    package var linear: Linear<Scalar>
    package var norm: LayerNorm<Scalar>?

    package struct Cache: Sendable {
      let linear: Linear<Scalar>.Cache
      let norm: LayerNorm<Scalar>.Cache?
    }

    package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
      output: Tensor<Scalar>, cache: Cache
    ) {
      let (y, cache) = linear.forward(x, &context)
      guard let norm else { return (y, Cache(linear: cache, norm: nil)) }
      let (z, normCache) = norm.forward(y, &context)
      return (z, Cache(linear: cache, norm: normCache))
    }

    package func backward(
      _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Block
    ) -> Tensor<Scalar> {
      var d = dOutput
      if let norm, let normCache = cache.norm { d = norm.backward(d, normCache, into: &gradient.norm!) }
      return linear.backward(d, cache.linear, into: &gradient.linear)
    }

    package mutating func visit(
      _ path: String,
      _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
    ) rethrows {
      try linear.visit(join(path, "linear"), body)
      if norm != nil { try norm!.visit(join(path, "norm"), body) }
    }
  }

  private var layers: Chain<Stack<Block>, Linear<Scalar>>

  /// - `sizes`: inputs, hidden sizes, outputs; at least two.
  @specialized(where Scalar == Float)
  package init(_ sizes: [Int], normalized: Bool = false, random: inout RandomSource) {
    precondition(sizes.count >= 2, "an MLP has at least two sizes, found \(sizes)")
    var blocks: [Block] = []
    for i in 0..<(sizes.count - 2) {
      let linear = Linear<Scalar>(inputs: sizes[i], outputs: sizes[i + 1], rectified: true, random: &random)
      blocks.append(Block(linear: linear, norm: normalized ? LayerNorm(sizes[i + 1]) : nil))
    }
    let last = Linear<Scalar>(
      inputs: sizes[sizes.count - 2], outputs: sizes[sizes.count - 1], random: &random)
    layers = Chain(Stack(blocks), last)
  }

  package typealias Cache = Chain<Stack<Block>, Linear<Scalar>>.Cache

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    layers.forward(x, &context)
  }

  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout MLP
  ) -> Tensor<Scalar> {
    layers.backward(dOutput, cache, into: &gradient.layers)
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try layers.first.visit(join(path, "hidden"), body)
    try layers.second.visit(join(path, "output"), body)
  }
}
