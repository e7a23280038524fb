import Testing

@testable import SignalIO

@Suite struct BearingCatalogueTests {
  @Test(arguments: [
    ("6205", "6205"), ("SKF 6205-2RS JEM", "6205"), ("6205ZZ", "6205"), ("6205/C3", "6205"),
    ("skf6205", "6205"),
    ("62052RS", "6205"), (" FAG  6205.2Z ", "6205"), ("NSK 6203ZZCM", "6203"), ("Rexnord ZA-2115", "ZA2115"),
    ("za 2115", "ZA2115"), ("MB ER-16K", "ER16K"), ("er16k", "ER16K"), ("LDK UER204", "UER204"),
    ("Fafnir (Timken) 203KD", "203K"), ("pronostia", "PRONOSTIA"), ("NSK 6804DD", "6804"),
    ("NICE bearing", "NICE"),
    ("6308-2Z/C4", "6308"),
    ("SKF 22228 CCK/W33", "22228"),
  ]) func namesAreMatchedTolerantly(name: String, expected: String) throws {
    #expect(try BearingCatalogue.entry(named: name).name == expected)
  }

  @Test(arguments: [
    "", " ", "SKF", "62050", "16205", "NU205", "7205B", "205", "ER16", "620", "bearing", "6-2-0-5",
  ])
  func otherBearingsAreNotMistaken(name: String) {
    #expect(BearingCatalogue.orders(named: name) == nil)
  }

  @Test func unknownNameListsNearOnesAndTheWayOut() {
    #expect(
      throws: SignalIOError.unknownBearing(name: "6305", near: ["6205", "6303", "6304", "6307", "6308"])
    ) {
      try BearingCatalogue.entry(named: "6305")
    }
    do {
      _ = try BearingCatalogue.entry(named: "SKF 6305-2RS")
    } catch {
      #expect(error.description.contains("--geometry n,d,D,angle"))
    }
    #expect(throws: SignalIOError.unknownBearing(name: "quite different", near: [])) {
      try BearingCatalogue.entry(named: "quite different")
    }
  }

  @Test func geometryOnlyWhereItIsPublished() throws {
    #expect(BearingCatalogue.geometry(named: "6205")?.elementCount == 9)
    #expect(BearingCatalogue.geometry(named: "6308") == nil)
    #expect(BearingCatalogue.orders(named: "6308")?.outer == 3.023)
  }

  /// What must hold for every entry, so that a mistyped number is found.
  @Test func everyEntryIsConsistent() throws {
    #expect(Set(BearingCatalogue.entries.map(\.name)).count == BearingCatalogue.entries.count)
    for entry in BearingCatalogue.entries {
      let orders = entry.orders
      _ = try entry.geometry?.validated()
      let count = orders.outer + orders.inner
      #expect(abs(count - count.rounded()) < 2e-3, "\(entry.name): BPFO + BPFI = \(count)")
      #expect(abs(orders.cage * count - orders.outer) < 2e-3, "\(entry.name)")
      // BSF and the races must tell the same d/D: with rho = (BPFI - BPFO) / n and angle a,
      // 2 x BSF = (1 - rho^2) cos(a) / rho. No radial bearing here is steeper than 25 degrees.
      let rho = (orders.inner - orders.outer) / count
      let cosine = orders.ball * rho / (1 - rho * rho)
      #expect((0.9...1.002).contains(cosine), "\(entry.name): cos(angle) = \(cosine)")
      #expect(entry.source.count > 20, "\(entry.name) has no source")
      #expect(try BearingCatalogue.entry(named: entry.name) == entry)
    }
  }
}
