import SignalIO

/// What physics is asked of a recording: the bearing's lines where their places are known, else whatever repeats.
struct Examination {
  private(set) var evidence: BearingEvidence?
  private(set) var blind: BlindAnalysis?
  private let shaftHz: Double?
  /// Why there is no search.
  let obstacle: DiagnosisWarning?
  /// Whether the lines that evidence averages are those that the model judges windows by.
  private let sharesLines: Bool

  /// - `lines`: how the model makes lines of its windows; nil where it sees none.
  init(_ metadata: RecordingMetadata, plan: WindowPlan, lines: AlignedEnvelopeSettings?) {
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
    if let rate = plan.sampleRate, let orders, let shaftHz {
      evidence = BearingEvidence(sampleRate: rate, shaftHz: shaftHz, orders: orders)
    }
    if let lines, let evidence { sharesLines = evidence.takesLines(like: lines) } else { sharesLines = false }
    if evidence == nil, let rate = plan.sampleRate { blind = BlindAnalysis(sampleRate: rate) }
  }

  /// Adds the next samples, of which ``wantsSamples`` tells whether they are of any use.
  mutating func add(_ samples: ArraySlice<Float>) {
    if !sharesLines { evidence?.add(samples) }
    blind?.add(samples)
  }

  /// What comes next does not follow what came before.
  mutating func gap() {
    evidence?.gap()
    blind?.gap()
  }

  /// Adds the lines that the model made of its next window.
  mutating func add(_ lines: EnvelopeLines) {
    if sharesLines { evidence?.add(lines) }
  }

  var wantsSamples: Bool { evidence != nil && !sharesLines || blind != nil }
  var evidenceFindings: [Evidence] { evidence?.findings() ?? [] }
  var blindFindings: BlindFindings? { blind?.findings(shaftHz: shaftHz) }
}
