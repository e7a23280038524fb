/// Pairs every row with a column of its own so that the pairs' gains add up to the most.
///
/// The Hungarian method in its shortest-path form: rows are added one by one, each along a cheapest augmenting path under
/// potentials, O(n^3) in all (Kuhn 1955; Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse
/// linear assignment problems", Computing 1987). Same optimum as SciPy's `linear_sum_assignment(maximize=True)`.
package enum AssignmentProblem {
  /// The column of each row of `gains` `[row][column]`; nil for rows that are left over where there are more rows than columns.
  package static func bestColumns(_ gains: [[Double]]) -> [Int?] {
    let columns = gains.first?.count ?? 0
    precondition(gains.allSatisfy { $0.count == columns }, "the rows of the gains differ in length")
    // Square with zero gains: whoever is paired beyond the real columns or rows is paired with nobody.
    let size = max(gains.count, columns)
    var solver = Solver(size: size) { row, column in
      row < gains.count && column < columns ? -gains[row][column] : 0
    }
    return solver.columns().prefix(gains.count).map { $0 < columns ? $0 : nil }
  }

  /// What the best pairing gains.
  package static func bestTotal(_ gains: [[Double]]) -> Double {
    var total = 0.0
    for (row, column) in zip(gains, bestColumns(gains)) {
      if let column { total += row[column] }
    }
    return total
  }
}

/// The state of the method; rows and columns count from 1, 0 being the place from which a path begins.
private struct Solver {
  private let size: Int
  private let cost: (Int, Int) -> Double
  private var rowPotential: [Double]
  private var columnPotential: [Double]
  /// Row that each column is paired with, 0 for none.
  private var rowOf: [Int]

  init(size: Int, cost: @escaping (Int, Int) -> Double) {
    self.size = size
    self.cost = cost
    rowPotential = [Double](repeating: 0, count: size + 1)
    columnPotential = rowPotential
    rowOf = [Int](repeating: 0, count: size + 1)
  }

  /// The column of each row, both from 0.
  mutating func columns() -> [Int] {
    guard size > 0 else { return [] }
    for row in 1...size { add(row) }
    var result = [Int](repeating: 0, count: size)
    for column in 1...size { result[rowOf[column] - 1] = column - 1 }
    return result
  }

  /// Pairs one more row, re-pairing others along the cheapest path.
  private mutating func add(_ row: Int) {
    var slack = [Double](repeating: .infinity, count: size + 1)
    var cameFrom = [Int](repeating: 0, count: size + 1)
    var isVisited = [Bool](repeating: false, count: size + 1)
    var column = 0
    rowOf[0] = row
    repeat {
      isVisited[column] = true
      let current = rowOf[column]
      var next = 0
      var step = Double.infinity
      for candidate in 1...size where !isVisited[candidate] {
        let reduced =
          cost(current - 1, candidate - 1) - rowPotential[current] - columnPotential[candidate]
        if reduced < slack[candidate] { (slack[candidate], cameFrom[candidate]) = (reduced, column) }
        if slack[candidate] < step { (step, next) = (slack[candidate], candidate) }
      }
      for seen in 0...size {
        if isVisited[seen] {
          rowPotential[rowOf[seen]] += step
          columnPotential[seen] -= step
        } else {
          slack[seen] -= step
        }
      }
      column = next
    } while rowOf[column] != 0
    while column != 0 {
      rowOf[column] = rowOf[cameFrom[column]]
      column = cameFrom[column]
    }
  }
}
