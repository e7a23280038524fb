#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Values of reports as JSON: keys sorted and in snake case, two spaces of indentation, no escaped slashes.
///
/// Numbers that JSON cannot hold (infinite, not a number) are written as the strings `inf`, `-inf` and `nan`.
package enum ReportJSON {
  package static func text(_ value: some Encodable, pretty: Bool = true) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // Report values are structures of strings, numbers and arrays, which always encode.
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("\(type(of: value)) does not encode")
    }
    return String(decoding: data, as: UTF8.self)
  }

  package static func value<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Array(text.utf8).withUnsafeBytes { Data($0) })
  }
}
