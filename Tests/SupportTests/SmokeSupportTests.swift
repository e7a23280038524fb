import Testing

@Test func SupportBuilds() {}
