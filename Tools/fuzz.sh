#!/bin/bash
# Fuzzes every reader of what the world hands in: Tools/fuzz.sh RUNS [TARGET...]
# Builds with libFuzzer and AddressSanitizer in a folder of its own, gives each target RUNS inputs made of its seeds, and
# prints a table and a line FIGURE for each figure. An input that broke a target is left in .build-fuzz/findings.
# FUZZ_PLAIN=1 leaves AddressSanitizer out, in .build-fuzz-plain: more inputs a second, for where Swift, which checks its own
# bounds, does the work.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:?number of inputs a target}
shift
build=.build-fuzz
sanitizers=address
if [[ ${FUZZ_PLAIN:-} != "" ]]; then build=.build-fuzz-plain sanitizers=; fi
memory_mb=2048   # of the whole process
malloc_mb=512    # of one allocation
seconds=30       # for one input, by the clock: other work on the machine counts too
export FAULT_DIAG_FUZZ=1
# A crash would otherwise wait in the backtracer of Swift's runtime.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=0

if [[ ${FUZZ_SKIP_BUILD:-} == "" ]]; then
  echo "fuzz: building with libFuzzer${sanitizers:+ and AddressSanitizer}"
  swift build -c release --scratch-path "$build" --product fault-diag-fuzz \
    -Xswiftc -sanitize=fuzzer${sanitizers:+,$sanitizers} -Xswiftc -parse-as-library \
    -Xcc -fsanitize=fuzzer-no-link${sanitizers:+,$sanitizers} -Xcxx -fsanitize=fuzzer-no-link${sanitizers:+,$sanitizers}
fi
binary=$build/release/fault-diag-fuzz

# One process for each input, so a hundredth of the inputs.
slow_runs() { case $1 in matlab-7.3) echo $((runs / 100)) ;; *) echo "$runs" ;; esac; }

# Longest input, in bytes.
longest() {
  case $1 in
    *-model | checkpoint | healthy-baseline) echo 16384 ;;
    recording | sound | matlab-7.3) echo 10240 ;;
    # Its cost is the product of the pattern's length and the name's.
    pattern) echo 1024 ;;
    *) echo 4096 ;;
  esac
}

# Seeds beside those in the corpus: what the tests of the readers compare with.
golden() {
  case $1 in
    recording | sound | matlab | matlab-7.3 | numpy | text) echo Tests/Golden/Readers ;;
    safetensors) echo Tests/Golden ;;
  esac
}

targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  mapfile -t targets < <(cd Tests/Fuzzing/Corpus && ls)
fi
mkdir -p "$build/findings" "$build/logs"
printf '%-18s %10s %8s %8s %9s %9s\n' target inputs /s edges "peak MB" findings
failed=0
for target in "${targets[@]}"; do
  log=$build/logs/$target.log
  grown=$build/corpus/$target
  mkdir -p "$grown"
  wanted=$(slow_runs "$target")
  # shellcheck disable=SC2046
  FAULT_DIAG_FUZZ_TARGET=$target "$binary" -runs="$wanted" -seed=1 -timeout=$seconds -rss_limit_mb=$memory_mb \
    -malloc_limit_mb=$malloc_mb -max_len="$(longest "$target")" -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$build/findings/$target-" "$grown" "Tests/Fuzzing/Corpus/$target" $(golden "$target") \
    > "$log" 2>&1 || true
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
  edges=$(grep -o ' cov: [0-9]*' "$log" | tail -1 | grep -o '[0-9]*' || echo 0)
  findings=$(grep -c '^artifact_prefix=' "$log" || true)
  printf '%-18s %10s %8s %8s %9s %9s\n' "$target" "${inputs:-0}" "${rate:-0}" "${edges:-0}" "${peak:-0}" "$findings"
  goal=short
  [[ ${inputs:-0} -ge $runs && $findings -eq 0 ]] && goal=ok
  echo "FIGURE fuzz.$target.inputs ${inputs:-0} >=$runs $goal"
  echo "FIGURE fuzz.$target.findings $findings 0 $([[ $findings -eq 0 ]] && echo ok || echo short)"
  [[ $findings -eq 0 ]] || failed=1
done
exit $failed
