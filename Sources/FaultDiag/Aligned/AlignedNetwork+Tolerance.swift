import NeuralNet

extension AlignedNetwork<Float> {
  /// The network that reads the mean of its input's rows stretched by each of `scales`.
  ///
  /// Reading is linear, so the first layers take the stretching up: nothing costs more afterwards.
  ///
  /// - `shape`: of its input, which says where the positions lie.
  func tolerant(of scales: [Double], shape: AlignedShape) -> AlignedNetwork {
    guard scales != [1] else { return self }
    // Row p holds the weights of the positions that are read for p.
    var reading = Tensor<Float>(repeating: 0, shape: [positions, positions])
    for scale in scales {
      let stretch = AxisStretch(scale: scale, shape: shape)
      for (run, offset) in stretch.offsets.enumerated() {
        for place in Int(stretch.begins[run])..<Int(stretch.begins[run + 1]) {
          let left = place * positions + place + Int(offset)
          reading.storage[left] += (1 - stretch.share[place]) / Float(scales.count)
          reading.storage[left + 1] += stretch.share[place] / Float(scales.count)
        }
      }
    }
    func read(_ weight: Tensor<Float>) -> Tensor<Float> {
      Tensor.product(weight.reshaped([weight.count / positions, positions]), reading).reshaped(weight.shape)
    }
    var result = self
    result.lines1.weight = read(lines1.weight)
    result.agreement1.weight = read(agreement1.weight)
    return result
  }
}
