import ArgumentParser
import FaultDiag

/// A share as people write it: `1%`, `0.01`, or `95` for a percentage; strictly between nothing and all.
struct Rate: ExpressibleByArgument {
  let value: Double

  init(_ value: Double) { self.value = value }

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    let digits = isPercent ? argument.dropLast() : argument[...]
    guard let number = Double(digits.filter { $0 != " " }) else { return nil }
    value = isPercent || number >= 1 ? number / 100 : number
    guard value > 0, value < 1 else { return nil }
  }

  var defaultValueDescription: String { Format.number(value * 100, digits: 3) + "%" }
}
