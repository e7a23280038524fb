import Testing

@Test func CPCBuilds() {}
