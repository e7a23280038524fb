import TestSupport
import Testing

@testable import FaultDiag

@Suite struct SeverityLimitsTests {
  @Test(arguments: [
    ("1", "rigid", [2.3, 4.5, 7.1]), ("1", "flexible", [3.5, 7.1, 11]), ("2", "rigid", [1.4, 2.8, 4.5]),
    ("2", "Flexible", [2.3, 4.5, 7.1]),
  ])
  func standardHasTheFourClasses(group: String, mounting: String, boundaries: [Double]) {
    #expect(SeverityLimits.standard.boundaries(group: group, mounting: mounting) == boundaries)
  }

  @Test func aBoundaryBelongsToTheZoneBelow() {
    let zones = [0.1, 2.3, 2.31, 4.5, 4.51, 7.1, 7.11, 100].map {
      SeverityLimits.zone($0, boundaries: [2.3, 4.5, 7.1])
    }
    #expect(zones == [.a, .a, .b, .b, .c, .c, .d, .d])
  }

  @Test func aTableOfOnesOwnAddsClassesAndReplacesThem() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("[pump]\nsoft = [1, 2, 3]\n[1]\nrigid = [2, 4, 6]\n", to: "limits.toml")
    let limits = try SeverityLimits(path: path)
    #expect(limits.boundaries(group: "Pump", mounting: "soft") == [1, 2, 3])
    #expect(limits.boundaries(group: "1", mounting: "rigid") == [2, 4, 6])
    #expect(limits.boundaries(group: "1", mounting: "flexible") == [3.5, 7.1, 11])
    #expect(limits.boundaries(group: "3", mounting: "rigid") == nil)
    #expect(limits.fingerprint != SeverityLimits.standard.fingerprint)
  }

  @Test(arguments: [
    "rigid = [1, 2, 3]", "[1]\nrigid = [1, 2]", "[1]\nrigid = [3, 2, 1]", "[1]\nrigid = [0, 1, 2]",
    "[1]\nrigid = [1, 2, \"3\"]", "[1]\nrigid = 4", "[1",
  ])
  func tablesThatCannotBeMeantAreRefused(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "limits.toml")
    #expect(throws: FaultDiagError.self) { try SeverityLimits(path: path) }
  }
}
