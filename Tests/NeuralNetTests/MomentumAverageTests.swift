import TestSupport
import Testing

@testable import NeuralNet

@Suite struct MomentumAverageTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try Golden.load("Optimizers")
    var average = MomentumAverage(of: try TwoTensors<Double>(golden, "start"), decay: 0.9)
    for step in 0..<10 { average.update(with: try TwoTensors(golden, "gradients", step: step)) }
    let expected = try TwoTensors<Double>(golden, "average")
    #expect(Golden.mismatch(average.average.weight, expected.weight, tolerance: 1e-12) == nil)
    #expect(Golden.mismatch(average.average.bias, expected.bias, tolerance: 1e-12) == nil)
  }

  @Test func buffersAreCopiedAndEndsAreExact() {
    var model = TwoTensors<Float>(weight: [1], bias: [2])
    var average = MomentumAverage(of: model, decay: 1)
    model.weight.storage = [5]
    model.buffer.storage = [9]
    average.update(with: model)
    #expect(average.average.weight.storage == [1] && average.average.buffer.storage == [9])
    average.decay = 0
    average.update(with: model)
    #expect(average.average == model)
    #expect(average.parameters.map { $0.name } == model.parameters.map { $0.name })
  }
}
