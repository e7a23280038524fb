#!/bin/bash
# Runs tests under a sanitizer: Tools/sanitize.sh address|thread|quick-address|quick-thread [FILTER]
# Each has a build folder of its own. Without FILTER, the tests of what it can find something in: readers, C wrappers and
# kernels for address; whatever splits work over threads for thread. The quick ones are a part of them, of the lower modules,
# which alone are built.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?address, thread, quick-address or quick-thread}
case $kind in
  address) tests='SupportTests|SignalIOTests|NeuralNetTests|FuzzingTests|CPCTests.*(KMeans|Loss|Sampler|Trainer|Candidate|NCE|Contrast)' ;;
  thread)
    tests='SupportTests|FourierTransform|AlignedEnvelope|SoundFileWriter|RecordingReaders|KMeans|TrainerTests|WindowSource'
    tests+='|NegativeSampler|ObjectiveTraining|HeadFitter|DiagnosticModel|BaselineFitter|EncoderTuning|ReportTests'
    ;;
  quick-address)
    tests='SupportTests|SignalIOTests.*(Reader|Hostile|SideCar|TOML|Label)|NeuralNetTests.*(Kernel|Checkpoint|Safetensors)'
    ;;
  quick-thread)
    tests='SupportTests|FourierTransform|AlignedEnvelope|SoundFileWriter|RecordingReaders|NeuralNetTests.*(GRU|Conv)'
    ;;
  *) echo "sanitize: address, thread, quick-address or quick-thread, not $kind" >&2; exit 64 ;;
esac
case $kind in quick-*) export FAULT_DIAG_SANITIZE=1 ;; esac
sanitizer=${kind#quick-}
# Leaks are reported within the test runner itself. A crash would otherwise wait in the backtracer of Swift's runtime.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
export TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/Tools/thread-suppressions.txt"
echo "sanitize: building the tests with the $sanitizer sanitizer"
swift build --build-tests --sanitize="$sanitizer" --scratch-path ".build-$kind" >&2
swift test --skip-build --sanitize="$sanitizer" --scratch-path ".build-$kind" --filter "${2:-$tests}"
