import NeuralNet

/// A part of a view's steps, in all its windows.
package struct Crop: Sendable, Equatable {
  package var view: Int
  package var steps: Range<Int>

  package init(view: Int, steps: Range<Int>) {
    self.view = view
    self.steps = steps
  }
}

/// ``RepresentationPooling`` over parts of the steps: several embeddings of a window for one pass of the encoder.
///
/// Row `i * B + b` of the result is crop i of window b, `[crop * B, 2 D + H]`.
package struct CropPooling<Scalar: TensorScalar>: Sendable {
  package let embeddings: Tensor<Scalar>
  private let crops: [Crop]
  private let caches: [RepresentationPooling.Cache<Scalar>]

  @specialized(where Scalar == Float)
  package init(latents: Tensor<Scalar>, contexts: Tensor<Scalar>, windows: Int, crops: [Crop]) {
    self.crops = crops
    let pooled = crops.map { crop in
      let rows = crop.view * windows..<(crop.view + 1) * windows
      return RepresentationPooling.forward(
        latents: latents.outer(rows).slice(crop.steps, axis: 1),
        contexts: contexts.outer(rows).slice(crop.steps, axis: 1))
    }
    caches = pooled.map { $0.cache }
    embeddings = Tensor.concatenated(pooled.map { $0.embedding }, axis: 0)
  }

  /// The gradients of the latents and contexts, of the shapes of `representations`.
  @specialized(where Scalar == Float)
  package func backward(
    _ dEmbeddings: Tensor<Scalar>, to representations: Representations<Scalar>
  ) -> (dLatents: Tensor<Scalar>, dContexts: Tensor<Scalar>) {
    let windows = representations.windowCount
    var dLatents = (0..<representations.viewCount).map { _ in
      Tensor<Scalar>(zeros: [windows, representations.stepCount, representations.latentSize])
    }
    var dContexts = (0..<representations.viewCount).map { _ in
      Tensor<Scalar>(zeros: [windows, representations.stepCount, representations.contextSize])
    }
    for (index, crop) in crops.enumerated() {
      let d = RepresentationPooling.backward(
        dEmbeddings.outer(index * windows..<(index + 1) * windows), caches[index])
      dLatents[crop.view].addSlice(d.dLatents, at: crop.steps.lowerBound, axis: 1)
      dContexts[crop.view].addSlice(d.dContexts, at: crop.steps.lowerBound, axis: 1)
    }
    return (Tensor.concatenated(dLatents, axis: 0), Tensor.concatenated(dContexts, axis: 0))
  }
}
