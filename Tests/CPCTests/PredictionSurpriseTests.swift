import Foundation
import NeuralNet
import Support
import Testing

@testable import CPC

@Suite struct PredictionSurpriseTests {
  /// The formula once more in plain loops.
  @Test func isInfoNCEOverAllStepsOfTheSequence() {
    var random = RandomSource(seed: 1)
    let (rows, steps, d, h, ahead) = (2, 7, 3, 4, 2)
    func tensor(_ shape: [Int]) -> Tensor<Float> {
      Tensor((0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }, shape: shape)
    }
    let (z, c) = (tensor([rows, steps, d]), tensor([rows, steps, h]))
    let scorer = BilinearScorer<Float>(weight: tensor([ahead * d, h]), stepsAhead: ahead)
    let found = scorer.surprise(latents: z, contexts: c)
    for row in 0..<rows {
      var sum = 0.0
      for t in 0..<steps - ahead {
        for k in 0..<ahead {
          let scores = (0..<steps).map { j -> Double in
            var score = 0.0
            for i in 0..<d {
              var prediction = 0.0
              for x in 0..<h {
                prediction +=
                  Double(scorer.weight.storage[(k * d + i) * h + x])
                  * Double(c.storage[(row * steps + t) * h + x])
              }
              score += prediction * Double(z.storage[(row * steps + j) * d + i])
            }
            return score
          }
          sum += log(scores.reduce(0) { $0 + exp($1) }) - scores[t + 1 + k]
        }
      }
      #expect(abs(found[row] - (sum / Double((steps - ahead) * ahead) - log(Double(steps)))) < 1e-4)
    }
  }

  @Test func isNothingWhereAllPredictionsAreEqual() {
    let scorer = BilinearScorer<Float>(weight: Tensor(zeros: [6, 4]), stepsAhead: 2)
    let surprise = scorer.surprise(
      latents: Tensor((0..<24).map { Float($0) }, shape: [1, 8, 3]), contexts: Tensor(zeros: [1, 8, 4]))
    #expect(abs(surprise[0]) < 1e-12)
  }
}
