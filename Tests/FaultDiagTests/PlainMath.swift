import Foundation

/// The library's own exponential and logarithm, for definitions in plain loops.
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
