/// Everything that decides a simulated recording besides its seed; it is also the recording's truth.
///
/// Levels are relative to the broadband noise, whose root mean square is 1 before ``amplitude`` scales the whole.
/// Orders are multiples of the shaft speed. The model is described at ``BearingSimulator``.
package struct SimulationSettings: Sendable, Equatable, Codable {
  /// The damaged part; nil is a healthy bearing.
  package var fault: FaultFamily?
  /// Fault orders of the bearing, by geometry or catalogue.
  package var orders: FaultOrders
  /// Mean shaft speed in hertz.
  package var shaftHz: Double
  /// Slow wander of the shaft speed: its standard deviation relative to the mean, 0 ... 0.1.
  package var speedWander = 0.0
  /// Samples a second.
  package var sampleRate = 12_000.0
  package var seconds = 1.0
  /// Power of the fault's vibration over that of the broadband noise, in decibels; nil is no noise at all (and a
  /// fault of root mean square 1).
  package var signalToNoise: Double?
  /// The fault's vibration.
  package var impacts = ImpactSettings()
  /// What the fault's impacts ring, 1 to 4 of them.
  package var resonances = [Resonance(frequency: 2800, damping: 0.03)]
  /// Pole of the noise's one-pole colouring, -0.99 ... 0.99: positive weighs low frequencies, 0 is white.
  package var noiseColour = 0.0
  /// The structure that the noise shakes as well, 0 to 4 resonances.
  package var noiseResonances: [Resonance] = []
  /// Power of the noise that has passed ``noiseResonances`` over that of the broadband noise, in decibels.
  package var resonantNoise = 0.0
  /// How the noise swells with the shaft: 1 + amplitude cos(2 pi order x turns); flow and load do that.
  package var noiseModulation: Tone?
  /// Amplitudes of the shaft's sinusoids at orders 1, 2, 3, ...
  package var shaftHarmonics: [Double] = []
  /// Further sinusoids locked to the shaft, for instance gear mesh.
  package var tones: [Tone] = []
  /// A faulty bearing elsewhere on the same shaft.
  package var crosstalk: Crosstalk?
  /// A rub once per turn.
  package var rub: Rub?
  /// Factor on the whole recording.
  package var amplitude = 1.0

  package init(fault: FaultFamily?, orders: FaultOrders, shaftHz: Double) {
    self.fault = fault
    self.orders = orders
    self.shaftHz = shaftHz
  }

  package struct Tone: Sendable, Equatable, Codable {
    package var order: Double
    package var amplitude: Double

    package init(order: Double, amplitude: Double) {
      self.order = order
      self.amplitude = amplitude
    }
  }

  /// Vibration of another bearing's fault, through its own transfer path.
  package struct Crosstalk: Sendable, Equatable, Codable {
    package var fault: FaultFamily
    package var orders: FaultOrders
    /// Its power over that of the broadband noise, in decibels.
    package var level: Double
    package var impacts: ImpactSettings
    package var resonances: [Resonance]

    package init(
      fault: FaultFamily, orders: FaultOrders, level: Double, impacts: ImpactSettings = ImpactSettings(),
      resonances: [Resonance]
    ) {
      self.fault = fault
      self.orders = orders
      self.level = level
      self.impacts = impacts
      self.resonances = resonances
    }
  }

  package struct Rub: Sendable, Equatable, Codable {
    /// Its power over that of the broadband noise, in decibels.
    package var level: Double
    package var resonances: [Resonance]

    package init(level: Double, resonances: [Resonance]) {
      self.level = level
      self.resonances = resonances
    }
  }
}

/// How a train of impacts departs from strict periodicity.
package struct ImpactSettings: Sendable, Equatable, Codable {
  /// Elements slide as well as roll, so that impacts come slower than the geometry says: rate = order (1 - slip).
  /// Small negative values stand for a contact angle or geometry that is not quite the assumed one.
  package var slip = 0.0
  /// Standard deviation of each interval between impacts, relative to its mean. Intervals are independent, so the
  /// impact times are a random walk.
  package var jitter = 0.005
  /// Standard deviation of an impact's strength, relative to its mean.
  package var strengthSpread = 0.1
  /// How deep the load modulates the strength, 0 ... 1: by the shaft's turn for an inner or outer race, by the
  /// cage's for a rolling element; a cage is not modulated.
  package var modulation = 0.0
  /// A rolling element strikes inner and outer race in turn: every second impact is weaker by this fraction, 0 ... 1.
  package var strikeImbalance = 0.0

  package init(
    slip: Double = 0, jitter: Double = 0.005, strengthSpread: Double = 0.1, modulation: Double = 0,
    strikeImbalance: Double = 0
  ) {
    self.slip = slip
    self.jitter = jitter
    self.strengthSpread = strengthSpread
    self.modulation = modulation
    self.strikeImbalance = strikeImbalance
  }
}

/// A structural resonance that impacts excite: gain exp(-2 pi damping frequency t) sin(2 pi frequency t).
package struct Resonance: Sendable, Equatable, Codable {
  /// Damped natural frequency in hertz, below half the sample rate.
  package var frequency: Double
  /// Ratio of the decay rate to the frequency (to the first order, the share of critical damping), above 0 to 0.5.
  package var damping: Double
  /// Relative amplitude; its sign is the phase of the path.
  package var gain: Double

  package init(frequency: Double, damping: Double, gain: Double = 1) {
    self.frequency = frequency
    self.damping = damping
    self.gain = gain
  }
}
