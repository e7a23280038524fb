#!/bin/bash
# Runs tests under a sanitizer: Tools/sanitize.sh address|thread|quick [FILTER]
# Each has a build folder of its own. Without FILTER, the tests of what it can find something in: readers, C wrappers and
# kernels for address; whatever splits work over threads for thread. `quick` is the part of both that continuous
# integration has time for: of the lower modules, which alone are built.
set -euo pipefail
cd "$(dirname "$0")/.."

# Leaks are reported within the test runner itself. A crash would otherwise wait in the backtracer of Swift's runtime.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
export TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/Tools/thread-suppressions.txt"

# run_tests SANITIZER FOLDER FILTER
run_tests() {
  echo "sanitize: building the tests with the $1 sanitizer"
  swift build --build-tests --sanitize="$1" --scratch-path "$2" >&2
  swift test --skip-build --sanitize="$1" --scratch-path "$2" --filter "$3"
}

kind=${1:?address, thread or quick}
case $kind in
  address)
    tests='SupportTests|SignalIOTests|NeuralNetTests|FuzzingTests|CPCTests.*(KMeans|Loss|Sampler|Trainer)'
    run_tests address .build-address "${2:-$tests}"
    ;;
  thread)
    tests='SupportTests|FourierTransform|AlignedEnvelope|SoundFileWriter|RecordingReaders|KMeans|TrainerTests|WindowSource'
    tests+='|NegativeSampler|ObjectiveTraining|HeadFitter|DiagnosticModel|BaselineFitter|EncoderTuning|ReportTests'
    run_tests thread .build-thread "${2:-$tests}"
    ;;
  quick)
    export FAULT_DIAG_SANITIZE=1
    tests='SupportTests|SignalIOTests.*(Reader|Hostile|SideCar|TOML|Label)|NeuralNetTests.*(Kernel|Checkpoint|Safetensors)'
    run_tests address .build-quick-address "${2:-$tests}"
    tests='SupportTests|FourierTransform|AlignedEnvelope|SoundFileWriter|RecordingReaders|NeuralNetTests.*(GRU|Conv)'
    run_tests thread .build-quick-thread "${2:-$tests}"
    ;;
  *) echo "sanitize: address, thread or quick, not $kind" >&2; exit 64 ;;
esac
