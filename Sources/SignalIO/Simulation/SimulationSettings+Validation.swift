extension SimulationSettings {
  /// These settings, if a recording can be made of them; otherwise the first that cannot be used.
  package func validated() throws(SignalIOError) -> SimulationSettings {
    try check("the sample rate", sampleRate, 100...10_000_000, "hertz")
    try check("the length", seconds, 0.001...1e6, "seconds")
    let samples = sampleRate * seconds
    // Four buffers of this many floats are alive while a recording is made.
    try check("the number of samples", samples, 16...0x1p28, "samples (make a shorter recording)")
    try check("the shaft speed", shaftHz, 0.01...(sampleRate / 4), "hertz")
    try check("the speed wander", speedWander, 0...0.1, "of the speed")
    try check("the noise colour", noiseColour, -0.99...0.99, "")
    try check("the amplitude", amplitude, 0...1e9, "")
    if let signalToNoise { try check("the signal-to-noise ratio", signalToNoise, -100...200, "dB") }
    try Self.check(orders, "the bearing's fault orders")
    try impacts.check()
    try check(resonances, least: 1)
    try check(noiseResonances, least: 0)
    try check("the resonant noise", resonantNoise, -100...100, "dB")
    if let noiseModulation {
      try check("the order of the noise's modulation", noiseModulation.order, 0.001...1e6, "")
      try check("the depth of the noise's modulation", noiseModulation.amplitude, 0...1, "")
    }
    for value in shaftHarmonics { try check("a shaft harmonic", value, -1e6...1e6, "") }
    for tone in tones {
      try check("a tone's order", tone.order, 0.001...1e6, "")
      try check("a tone's amplitude", tone.amplitude, -1e6...1e6, "")
    }
    if let crosstalk {
      try Self.check(crosstalk.orders, "the other bearing's fault orders")
      try check("the crosstalk level", crosstalk.level, -100...200, "dB")
      try crosstalk.impacts.check()
      try check(crosstalk.resonances, least: 1)
    }
    if let rub {
      try check("the rub level", rub.level, -100...200, "dB")
      try check(rub.resonances, least: 1)
    }
    return self
  }

  private static func check(_ orders: FaultOrders, _ name: String) throws(SignalIOError) {
    for family in FaultFamily.allCases {
      try check(name, orders[family], 0.01...1000, "times the shaft speed")
    }
  }

  private func check(_ resonances: [Resonance], least: Double) throws(SignalIOError) {
    try check(
      "the number of resonances", Double(resonances.count), least...Double(ResonatorBank.capacity), "")
    for resonance in resonances {
      try check("a resonance", resonance.frequency, 1...(0.49 * sampleRate), "hertz at this sample rate")
      try check("a resonance's damping", resonance.damping, 1e-4...0.5, "")
      try check("a resonance's gain", resonance.gain, -1e6...1e6, "")
    }
  }

  private func check(
    _ name: String, _ value: Double, _ range: ClosedRange<Double>, _ unit: String
  ) throws(SignalIOError) {
    try Self.check(name, value, range, unit)
  }

  fileprivate static func check(
    _ name: String, _ value: Double, _ range: ClosedRange<Double>, _ unit: String
  ) throws(SignalIOError) {
    // A NaN lies in no range, so it is refused as well.
    guard range.contains(value) else {
      throw .badSetting(
        name: name, found: "\(value)",
        expected: "\(range.lowerBound) to \(range.upperBound)\(unit.isEmpty ? "" : " " + unit)")
    }
  }
}

extension ImpactSettings {
  fileprivate func check() throws(SignalIOError) {
    try SimulationSettings.check("the slip", slip, -0.2...0.5, "")
    try SimulationSettings.check("the jitter", jitter, 0...0.2, "of the interval")
    try SimulationSettings.check("the spread of impact strengths", strengthSpread, 0...1, "")
    try SimulationSettings.check("the modulation", modulation, 0...10, "")
    try SimulationSettings.check("the strike imbalance", strikeImbalance, 0...1, "")
  }
}
