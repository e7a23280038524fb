import Foundation

/// Reads a golden file whose keys are in snake case.
package func golden<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: Data(contentsOf: URL(fileURLWithPath: Golden.path(name))))
}

/// Whether `a` and `b` agree to `tolerance` relative to the larger of their size and one.
package func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-10) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
