import SignalIO

/// Whether the bearing is known.
enum BearingRule: CheckupRule {
  static let name = "bearing"

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let silent = survey.recordings.filter { $0.metadata.bearing == nil && $0.metadata.geometry == nil }
    let named = survey.recordings.filter { $0.metadata.geometry == nil && $0.metadata.bearing != nil }
    var found: [CheckupFinding] = []
    if !silent.isEmpty {
      found.append(
        finding(
          .warning,
          "the bearing is unknown for \(CheckupWords.share(silent.count, of: survey.recordings.count)): "
            + "its lines cannot be looked for",
          advice: "State its name (fault-diag bearings lists them) or its geometry.", recordings: silent))
    }
    let byName = Dictionary(grouping: named) { $0.metadata.bearing?.value ?? "" }
    for (bearing, concerned) in byName.sorted(by: { $0.key < $1.key }) {
      do throws(SignalIOError) { _ = try BearingCatalogue.entry(named: bearing) } catch {
        found.append(
          finding(
            .warning, "\(error)",
            advice: "Give the geometry (elements, diameters, angle) instead of the name.",
            recordings: concerned))
      }
    }
    return found
  }
}
