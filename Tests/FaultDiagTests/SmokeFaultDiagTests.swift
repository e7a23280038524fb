import Testing

@Test func FaultDiagBuilds() {}
