import Testing

@Test func NeuralNetBuilds() {}
