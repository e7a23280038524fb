import Testing

@testable import FaultDiag

struct CWRUBearingIdentityTests {
  private static func embeddings(_ number: (CWRUBearingwise.Signal) -> Int) -> [[Float]] {
    CWRUBearingwise.signals.flatMap { signal -> [[Float]] in
      var row = [Float](repeating: 0, count: 18)
      row[number(signal)] = 1
      return [[Float]](repeating: row, count: CWRUBearingwise.segmentsPerSignal)
    }
  }

  private static func fault(_ signal: CWRUBearingwise.Signal) -> Int {
    (signal.faultEnd == .de ? 0 : 3) + signal.fault.rawValue
  }

  @Test func anEmbeddingThatIsTheBearingIsNamed() throws {
    let rows = Self.embeddings { 3 * Self.fault($0) + $0.size / 7 - 1 }
    let result = try CWRUBearingwise.bearingIdentity(rows, seed: 1)
    #expect(result == .init(accuracy: 1, withinFault: 1))
  }

  /// The three sizes of a fault and end look alike, so that one of them is always named.
  @Test func anEmbeddingThatIsTheFaultNamesOneOfThree() throws {
    let result = try CWRUBearingwise.bearingIdentity(Self.embeddings(Self.fault), seed: 1)
    #expect(abs(result.accuracy - 1.0 / 3) < 1e-9)
    #expect(abs(result.withinFault - 1.0 / 3) < 1e-9)
  }
}
