import Testing

@Test func CommandLineBuilds() {}
