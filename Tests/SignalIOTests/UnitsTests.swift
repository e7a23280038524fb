import Testing

@testable import SignalIO

struct UnitsTests {
  @Test(arguments: [
    ("g", 9.80665), ("G", 9.80665), ("m/s2", 1), ("m/s^2", 1), ("m/s²", 1), ("mm/s", 0.001), ("in/s", 0.0254),
    ("ips", 0.0254), ("Pa", 1),
  ])
  func convertsToSI(_ unit: String, _ factor: Double) throws {
    #expect(try UnitConversion(unit: unit, sensitivity: nil).factor == factor)
    // A sensitivity says nothing about samples that are scaled already.
    #expect(try UnitConversion(unit: unit, sensitivity: 100).factor == factor)
  }

  @Test func voltsNeedASensitivity() throws {
    // 1 V from a sensor of 100 mV/g is 10 g.
    let volts = try UnitConversion(unit: "V", sensitivity: 100)
    #expect(abs(volts.factor - 98.0665) < 1e-12 && volts.quantity == .acceleration)
    #expect(abs(try UnitConversion(unit: "mV", sensitivity: 100).factor - 0.0980665) < 1e-15)
    for sensitivity in [nil, 0, -5, Double.nan] {
      #expect(throws: SignalIOError.self) { try UnitConversion(unit: "V", sensitivity: sensitivity) }
    }
  }

  @Test func refusesWhatItDoesNotKnow() {
    #expect {
      try UnitConversion(unit: "furlong", sensitivity: nil)
    } throws: { "\($0)".contains("'furlong'") && "\($0)".contains("mm/s") }
  }

  @Test func everySymbolIsItsOwnSpelling() {
    for unit in SignalUnit.allCases { #expect(SignalUnit(spelling: unit.rawValue) == unit) }
  }
}
