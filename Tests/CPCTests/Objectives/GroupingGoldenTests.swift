import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

/// Against `Tools/Reference/GroupingObjectives.py`: loss and all gradients, then ten steps of gradient descent on
/// parameters, latents and contexts.
@Suite struct GroupingGoldenTests {
  private static let windows = 6
  private static let rate = 0.05

  /// What a golden case moves: an objective's trained tensors and the representations.
  private struct Run<O: Objective> where O.Scalar == Double {
    let golden: GoldenArrays
    let name: String
    var objective: O
    var representations: Representations<Double>

    init(_ name: String, _ objective: O, views: Int = 2) throws {
      let golden = try Golden.load("GroupingObjectives")
      self.golden = golden
      self.name = name
      var filled = objective
      try filled.visit("\(name).start") { path, role, tensor in
        if role != .buffer { tensor = try golden[path] }
      }
      self.objective = filled
      representations = Representations(
        latents: try golden["\(name).start.latents"], contexts: try golden["\(name).start.contexts"],
        viewCount: views, recordings: Array(0..<GroupingGoldenTests.windows))
    }

    /// Lines for whatever disagrees.
    mutating func mismatches(
      after: (inout O) -> Void = { _ in },
      _ evaluate: (O, Representations<Double>, inout O) -> ObjectiveOutcome<Double>
    ) throws -> [String] {
      var lines: [String?] = []
      var losses: [Double] = []
      for step in 0..<10 {
        var gradient = objective.zeroed()
        let outcome = evaluate(objective, representations, &gradient)
        losses.append(outcome.loss)
        if step == 0 {
          lines += try compare("gradient", gradient, outcome.dLatents, outcome.dContexts, tolerance: 1e-9)
        }
        var moves = gradient.parameters.map { $0.tensor }
        objective.visit("") { _, role, tensor in
          let move = moves.removeFirst()
          if role != .buffer { tensor.add(move, scaledBy: -GroupingGoldenTests.rate) }
        }
        representations.latents.add(outcome.dLatents, scaledBy: -GroupingGoldenTests.rate)
        representations.contexts.add(outcome.dContexts, scaledBy: -GroupingGoldenTests.rate)
        after(&objective)
      }
      lines += try compare(
        "end", objective, representations.latents, representations.contexts, tolerance: 1e-8)
      lines.append(
        Golden.mismatch(
          Tensor(losses, shape: [10]), try golden["\(name).losses"], tolerance: 1e-9, name: "losses"))
      return lines.compactMap { $0 }
    }

    private func compare(
      _ moment: String, _ objective: O, _ z: Tensor<Double>, _ c: Tensor<Double>, tolerance: Double
    ) throws -> [String?] {
      let prefix = "\(name).\(moment)"
      // A bias that a standardisation takes away again has a gradient of rounding alone: measured by 1e-3.
      return try golden.mismatches(
        objective, prefix: prefix, tolerance: tolerance, floor: 1e-3, skip: [.buffer]) + [
          Golden.mismatch(z, try golden["\(prefix).latents"], tolerance: tolerance, name: "latents"),
          Golden.mismatch(c, try golden["\(prefix).contexts"], tolerance: tolerance, name: "contexts"),
        ]
    }
  }

  @Test func swav() throws {
    var run = try Run("swav", GroupingFixtures.swav())
    let crops = SwAVTests.crops
    func normalize(_ objective: inout SwAV<Double>) { objective.prototypes.normalize() }
    let lines = try run.mismatches(after: normalize) { $0.evaluate($1, crops: crops, into: &$2) }
    #expect(lines == [])
  }

  @Test func pcl() throws {
    var run = try Run("pcl", GroupingFixtures.pcl(windows: Self.windows))
    let golden = run.golden
    var options = PCL<Double>.Options()
    options.clusters = [3, 4]
    var objective = PCL(projector: run.objective.projector, queueLength: 3, options: options)
    objective.prepare(windowCount: Self.windows)
    objective.queue.append(try golden["pcl.start.queue"])
    let names = ["centers", "concentrations", "assigned"]
    try objective.visit("") { path, role, tensor in
      if path.hasPrefix("teacher") {
        tensor = try golden["pcl.start." + path]
      } else if let name = names.first(where: { path.hasSuffix($0) }) {
        tensor = try golden["pcl.start." + name + (path.hasPrefix("level0") ? "0" : "1")]
      }
    }
    run.objective = objective
    run.representations.teacher = .init(
      latents: try golden["pcl.start.teacherLatents"], contexts: try golden["pcl.start.teacherContexts"])
    let lines = try run.mismatches {
      var context = ObjectiveContext(random: RandomSource(seed: 1))
      return $0.evaluate($1, &context, into: &$2)
    }
    #expect(lines == [])
  }

  @Test(arguments: ["tcl", "boosted"]) func tcl(name: String) throws {
    var run = try Run(name, GroupingFixtures.tcl(windows: Self.windows))
    let labels = name == "tcl" ? nil : TCLTests.labels
    let lines = try run.mismatches { $0.evaluate($1, labels: labels, into: &$2) }
    #expect(lines == [])
  }

  @Test func graph() throws {
    var run = try Run("graph", GroupingFixtures.graph(), views: 1)
    let golden = run.golden
    let views = try (0..<2).map { view -> AdaptiveGraphView<Double> in
      let matrix = try golden["graph.start.edges\(view)"].storage
      let edges = matrix.indices.filter { matrix[$0] == 1 }.map {
        NeighbourGraph.Edge(a: $0 / Self.windows, b: $0 % Self.windows)
      }
      return AdaptiveGraphView(
        graph: NeighbourGraph(count: Self.windows, edges: edges), mask: try golden["graph.start.mask\(view)"])
    }
    let lines = try run.mismatches { $0.evaluate($1, views: views, into: &$2) }
    #expect(lines == [])
  }
}
