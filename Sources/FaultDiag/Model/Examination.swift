import SignalIO

/// What physics is asked of a recording: the bearing's lines where their places are known, else whatever repeats.
struct Examination {
  private(set) var evidence: BearingEvidence?
  private(set) var blind: BlindAnalysis?
  private let shaftHz: Double?
  /// Why there is no search.
  let obstacle: DiagnosisWarning?

  init(_ metadata: RecordingMetadata, plan: WindowPlan) {
    var orders = metadata.geometry?.value.faultOrders
    var problem: DiagnosisWarning? = orders == nil ? .noBearing : nil
    if orders == nil, let name = metadata.bearing?.value {
      do throws(SignalIOError) {
        orders = try BearingCatalogue.entry(named: name).orders
        problem = nil
      } catch {
        problem = .unknownBearing(error)
      }
    }
    shaftHz = metadata.speed.map { $0.value / 60 }
    obstacle = problem
    guard let rate = plan.sampleRate else { return }
    if let orders, let shaftHz {
      evidence = BearingEvidence(sampleRate: rate, shaftHz: shaftHz, orders: orders)
    }
    if evidence == nil { blind = BlindAnalysis(sampleRate: rate) }
  }

  mutating func add(_ samples: ArraySlice<Float>) {
    evidence?.add(samples)
    blind?.add(samples)
  }

  /// What comes next does not follow what came before.
  mutating func gap() {
    evidence?.gap()
    blind?.gap()
  }

  var isIdle: Bool { evidence == nil && blind == nil }
  var evidenceFindings: [Evidence] { evidence?.findings() ?? [] }
  var blindFindings: BlindFindings? { blind?.findings(shaftHz: shaftHz) }
}
