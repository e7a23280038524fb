// swift-tools-version: 6.2
import PackageDescription

/// C kernels are compiled with optimisation in debug builds too: unoptimised numeric loops
/// would make the test suite unusably slow. `unsafeFlags` is allowed in a root package.
let kernelSettings: [CSetting] = [
  .unsafeFlags(["-O2", "-fno-math-errno"], .when(configuration: .debug)),
  .unsafeFlags(["-fno-math-errno"], .when(configuration: .release)),
]

let package = Package(
  name: "fault-diag",
  products: [
    .executable(name: "fault-diag", targets: ["fault-diag"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels", cSettings: kernelSettings),
    // Loads libmatio when a file needs it, so nothing is linked; its header is libmatio-dev's.
    .target(name: "CMatFile"),

    .target(name: "Support", dependencies: ["CKernels"]),
    .target(name: "Plotting", dependencies: ["CKernels", "CZlib"]),
    .target(
      name: "SignalIO",
      dependencies: [
        "Support", "CKernels", "CFFTW", "CSndFile", "CMatFile", "CSoxr", "CZlib", "TOMLKit", "Yams",
      ]),
    .target(name: "NeuralNet", dependencies: ["Support", "COpenBLAS", "CKernels"]),
    .target(name: "CPC", dependencies: ["Support", "SignalIO", "NeuralNet"]),
    .target(
      name: "CDefaultModel", exclude: ["default-model.safetensors", "default-representation.safetensors"]),
    .target(
      name: "FaultDiag",
      dependencies: ["CDefaultModel", "CKernels", "Support", "CPC", "SignalIO", "NeuralNet", "Plotting"]),
    .executableTarget(
      name: "fault-diag",
      dependencies: [
        "FaultDiag", "CPC", "SignalIO", "NeuralNet", "Plotting", "Support",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .executableTarget(
      name: "fault-diag-bench",
      dependencies: [
        "FaultDiag", "CPC", "SignalIO", "NeuralNet", "Support", "CFFTW",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/FaultDiagBench"),

    .target(
      name: "TestSupport", dependencies: ["Support", "NeuralNet", "SignalIO"], path: "Tests/TestSupport"),
    .target(
      name: "FuzzTargets", dependencies: ["FaultDiag", "CPC", "SignalIO", "NeuralNet", "Support"],
      path: "Tests/Fuzzing/Targets"),
    .testTarget(name: "FuzzingTests", dependencies: ["FuzzTargets", "TestSupport"]),
    .testTarget(name: "SupportTests", dependencies: ["CKernels", "Support", "TestSupport"]),
    .testTarget(name: "PlottingTests", dependencies: ["Plotting"]),
    .testTarget(name: "SignalIOTests", dependencies: ["SignalIO", "CFFTW", "CKernels", "TestSupport"]),
    .testTarget(name: "NeuralNetTests", dependencies: ["NeuralNet", "TestSupport"]),
    .testTarget(name: "CPCTests", dependencies: ["CPC", "TestSupport"]),
    .testTarget(name: "FaultDiagTests", dependencies: ["CKernels", "FaultDiag", "Plotting", "TestSupport"]),
    .testTarget(name: "CommandLineTests", dependencies: ["fault-diag", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)

// libFuzzer brings its own `main`, so this links with `-sanitize=fuzzer` alone: `make fuzz` asks for it.
if Context.environment["FAULT_DIAG_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "fault-diag-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzzing/Driver"))
}

// A sanitizer builds everything anew: continuous integration asks for what readers, kernels and threads are made of.
if Context.environment["FAULT_DIAG_SANITIZE"] != nil {
  let upper = [
    "CPC", "CDefaultModel", "FaultDiag", "Plotting", "fault-diag", "fault-diag-bench", "FuzzTargets",
    "FuzzingTests", "PlottingTests", "CPCTests", "FaultDiagTests", "CommandLineTests",
  ]
  package.products.removeAll()
  package.targets.removeAll { upper.contains($0.name) }
}
