import Testing

@testable import Plotting

@Suite struct AxisTests {
  @Test func valuesHavePlaces() {
    let axis = Axis("time", unit: "s", range: 2...4)
    #expect(axis.title == "time / s" && axis.share(2) == 0 && axis.share(3) == 0.5 && axis.share(5) == 1.5)
    #expect(Axis("loss", range: 0...1).title == "loss")
  }

  @Test func anAxisCoversWhatIsFinite() {
    let axis = Axis("loss", covering: [1, .nan, 3, .infinity], margin: 0.1)
    #expect(abs(axis.range.lowerBound - 0.8) < 1e-12 && abs(axis.range.upperBound - 3.2) < 1e-12)
    #expect(Axis("loss", covering: [Double.nan]).range == 0...1)
  }

  @Test(arguments: [0.0, 5, -2, 1e-9, 1e12]) func aConstantHasAPlace(value: Double) {
    let axis = Axis("loss", covering: [value, value], margin: 0.1)
    #expect(abs(axis.share(value) - 0.5) < 1e-3)
  }
}
