import FaultDiag

/// The aligned model inside the program as it is; it uses no label, so that P5 is P1.
struct DefaultModelMethod: Method {
  let name = "default"
  let isSeeded = false

  func measure(_ tasks: [MethodTask], seed: UInt64, _ context: MethodsContext) -> MethodOutcome {
    let model = context.model
    return bearingwiseOutcome(tasks) { _ in
      try context.bearingwise(
        { CWRUBearingwise.alignedFeatures($0, settings: model.plan.envelope) },
        CWRUBearingwise.alignedScorer(model))
    }
  }
}

/// The aligned model adapted to the fold's labels: all of them as P1 does it, few as P5 does.
struct AdaptedModelMethod: Method {
  let name = "default-adapted"

  func measure(_ tasks: [MethodTask], seed: UInt64, _ context: MethodsContext) -> MethodOutcome {
    let model = context.model
    return bearingwiseOutcome(tasks) { task in
      let scorer =
        task == .p1
        ? CWRUBearingwise.fittedAlignedScorer(model)
        : CWRUBearingwise.fewLabels(
          draw: seed, CWRUBearingwise.adaptedAlignedScorer(AlignedAdaptation(start: model, threads: 1)))
      return try context.bearingwise(
        { CWRUBearingwise.alignedFeatures($0, settings: model.plan.envelope) }, scorer)
    }
  }
}

/// The encoder trained from random weights by cross-entropy on each fold's labels, without any pretraining.
struct FromScratchMethod: Method {
  let name = "scratch"

  func measure(_ tasks: [MethodTask], seed: UInt64, _ context: MethodsContext) -> MethodOutcome {
    bearingwiseOutcome(tasks) { task in
      let scorer = CWRUBearingwise.scratchScorer(
        plan: context.plan(for: .vibration, objective: "supce", seed: seed, threads: 1),
        settings: SupConSettings())
      return try context.bearingwise(
        { $0 }, task == .p5 ? CWRUBearingwise.fewLabels(draw: seed, scorer) : scorer)
    }
  }
}

/// P1 and P5 by `evaluate`; the other tasks ask for one representation of all recordings, which there is not.
private func bearingwiseOutcome(
  _ tasks: [MethodTask], _ evaluate: (MethodTask) throws -> Double
) -> MethodOutcome {
  var outcome = MethodOutcome()
  for task in tasks {
    switch task {
    case .p1, .p5: outcome.results[task] = Result { try evaluate(task) }.mapError { MethodGap($0) }
    case .p4, .identity: outcome.results[task] = .failure(.notApplicable("-"))
    }
  }
  return outcome
}
