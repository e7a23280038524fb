import Testing

@Test func SignalIOBuilds() {}
