import NeuralNet
import Support

/// A kind of objective: how it is called, where it comes from, what can be set, and how one is made.
package protocol ObjectiveFamily: Sendable {
  /// What a user types.
  var name: String { get }
  /// One line.
  var summary: String { get }
  /// Authors, year, arXiv number or venue.
  var citation: String { get }
  var settings: [SettingDescription] { get }

  /// `settings` with what follows from the recordings added where it was not given; `classes` is how many labels occur.
  func adapted(_ settings: [String: SettingValue], classes: Int) throws(CPCError) -> [String: SettingValue]

  /// Numbers that one keeps and saves beside the model. Exact, so that a plan or a file that
  /// claims more than there is room for is refused before memory is taken.
  func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int

  /// Makes one with fresh parameters for latents of size D and contexts of size H.
  func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar>
}

extension ObjectiveFamily {
  package func adapted(
    _ settings: [String: SettingValue], classes: Int
  ) throws(CPCError) -> [String: SettingValue] { settings }
}

/// What decides the sizes of an objective's parts beside its settings.
package struct ObjectiveSizes: Sendable {
  /// D.
  package var latent: Int
  /// H.
  package var context: Int
  /// N, windows to learn from; 0 while they are not known.
  package var windows = 0

  package init(latent: Int, context: Int, windows: Int = 0) {
    self.latent = latent
    self.context = context
    self.windows = windows
  }

  /// Of a pooled embedding, see ``RepresentationPooling``.
  var embedding: Int { 2 * latent + context }
}

/// The objectives that can be chosen by name. A new one is one file and one line here.
package enum Objectives {
  package static let all: [any ObjectiveFamily] = [
    InfoNCEFamily(),
    NoiseContrastFamily(),
    SimCLRFamily(),
    SupConFamily(),
    SupCEFamily(),
    SiameseFamily(),
    TripletFamily(),
    BarlowTwinsFamily(),
    SwAVFamily(),
    PCLFamily(),
    TCLFamily(),
    GraphContrastFamily(),
  ]

  /// The family of this name.
  package static func named(_ name: String) throws(CPCError) -> any ObjectiveFamily {
    guard let family = all.first(where: { $0.name == name }) else {
      throw .unknownName(kind: "objective", found: name, available: all.map { $0.name })
    }
    return family
  }

  /// The objective that a plan chose.
  package static func make<Scalar: TensorScalar>(
    _ choice: Choice, latentSize: Int, contextSize: Int, random: inout RandomSource, as scalar: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    let (family, settings) = try chosen(choice)
    return try family.make(
      settings, latentSize: latentSize, contextSize: contextSize, random: &random, as: scalar)
  }

  private static func chosen(_ choice: Choice) throws(CPCError) -> (any ObjectiveFamily, Settings) {
    let family = try named(choice.name)
    return (family, try Settings(choice.settings, of: "objective \(choice.name)", known: family.settings))
  }

  /// What batches must hold for the objective that a plan chose.
  package static func needs(of choice: Choice) throws(CPCError) -> ObjectiveNeeds {
    let (family, settings) = try chosen(choice)
    var random = RandomSource(seed: 0)
    // Sizes do not matter to what it needs.
    return try family.make(
      settings.smallest(known: family.settings), latentSize: 1, contextSize: 1, random: &random,
      as: Float.self
    ).needs
  }

  /// Throws where the objective that a plan chose keeps more than `room` numbers.
  package static func validate(
    _ choice: Choice, room: Int, sizes: ObjectiveSizes
  ) throws(CPCError) {
    let (family, settings) = try chosen(choice)
    let count = family.numberCount(settings, sizes)
    guard count <= room else {
      throw .badSetting(
        name: "objective \(choice.name)", found: "\(count) numbers to keep", expected: "at most \(room)")
    }
  }
}
