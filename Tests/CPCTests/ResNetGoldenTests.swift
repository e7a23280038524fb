import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

/// Against `Tools/Reference/ResNet.py`.
@Suite struct ResNetGoldenTests {
  /// Parameters by the script's formula.
  static func encoder(_ inputSize: Int, _ blockCounts: [Int], _ strides: [Int]) -> ResNetEncoder<Double> {
    var random = RandomSource(seed: 1)
    var encoder = ResNetEncoder<Double>(
      inputSize: inputSize, blockCounts: blockCounts, width: 4, strides: strides, standardized: true,
      random: &random)
    var number = 0
    encoder.visit("") { name, role, tensor in
      guard role != .buffer else { return }
      let wave = tensor.storage.indices.map { sin(0.7 * Double($0) + Double(number)) }
      let fanIn = tensor.shape.count == 3 ? Double(tensor.shape[0] * tensor.shape[1]) : 0
      let isScale = name.lowercased().hasSuffix("norm.weight")
      tensor.storage = wave.map { fanIn > 0 ? $0 / fanIn.squareRoot() : isScale ? 1 + 0.3 * $0 : 0.1 * $0 }
      number += 1
    }
    return encoder
  }

  @Test(arguments: [
    ("resnet18", [2, 2, 2, 2], 1, [3, 1, 2, 2, 1]), ("resnet34", [3, 4, 6, 3], 5, [1, 1, 1, 2, 1]),
  ])
  func outputsAndGradients(name: String, blockCounts: [Int], inputSize: Int, strides: [Int]) throws {
    let golden = try Golden.load("ResNet")
    let encoder = Self.encoder(inputSize, blockCounts, strides)
    var context = ForwardContext(mode: .training, random: RandomSource(seed: 1))
    let (output, cache) = encoder.forward(try golden["\(name).input"], &context)
    #expect(Golden.mismatch(output, try golden["\(name).output"], tolerance: 1e-10, name: "output") == nil)
    var gradient = encoder.zeroed()
    let dInput = encoder.backward(try golden["\(name).doutput"], cache, into: &gradient)
    #expect(Golden.mismatch(dInput, try golden["\(name).dinput"], tolerance: 1e-9, name: "dinput") == nil)

    let gradients = gradient.parameters.filter { $0.role != .buffer }.map { $0.tensor }
    let norms = gradients.map { $0.dot($0).squareRoot() }
    let entries = gradients.flatMap { g in (0..<6).map { g.storage[$0 % g.count] } }
    #expect(
      Golden.mismatch(
        Tensor(norms, shape: [norms.count]), try golden["\(name).gradient.norms"], tolerance: 1e-9,
        name: "norms") == nil)
    #expect(
      Golden.mismatch(
        Tensor(entries, shape: [norms.count, 6]), try golden["\(name).gradient.entries"], tolerance: 1e-9,
        name: "entries") == nil)
  }

  /// Depths by name, defaults by input, and sequences long enough for prediction.
  @Test func familiesMakeTheNetworksTheyName() throws {
    var random = RandomSource(seed: 1)
    for (name, layers) in [("resnet18", 18), ("resnet34", 34)] {
      #expect(try Encoders.named(name).summary.contains("\(layers) layers"))
      for (inputSize, length, steps) in [(1, 10_240, 64), (256, 40, 40)] {
        let encoder = try Encoders.make(
          Choice(name), inputSize: inputSize, random: &random, as: Float.self)
        let made = try #require(encoder as? ResNetEncoder<Float>)
        // The stem and two a block; the paper's last layer is the classifier that is not here.
        #expect(1 + 2 * made.blocks.count + 1 == layers)
        #expect(made.stepCount(of: length) == steps && made.latentSize == 128)
      }
      #expect(throws: CPCError.self) {
        try Encoders.make(
          Choice(name, ["strides": .integers([2, 2])]), inputSize: 1, random: &random, as: Float.self)
      }
    }
  }
}
