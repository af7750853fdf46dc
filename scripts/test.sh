#!/usr/bin/env bash
# Installs what is missing, builds dlv twice, and runs every test:
#
#   scripts/test.sh          all of it
#   scripts/test.sh --quick  the release build and the tests labelled "fast"
#
# First a build with AddressSanitizer and UBSan and its fuzz targets (clang), then the release build (g++). Ends with ctest's summary of
# the release build and how long each part took; its exit status says whether everything passed.
# shellcheck source=scripts/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

quick=
case "${1:-}" in
  '') ;;
  --quick) quick=1 ;;
  *) die "test.sh: unknown option \"$1\"; want --quick or nothing" ;;
esac
need_proc "$@"  # locks, sanitizers and terminals do

jobs="$(nproc)"
failed=()
took=()
part_began=0

# part_done NAME   notes how long it took since the last part was done
part_done() {
  took+=("$(printf '%5d s  %s' $((SECONDS - part_began)) "$1")")
  note "$1: $((SECONDS - part_began)) s"
  part_began=$SECONDS
}

# count_cases LOG   of programs whose cases ctest does not know one by one
count_cases() {
  local skipped
  skipped="$({ grep -oE '^\[  SKIPPED \] [^ ]+ \(' -- "$1" || true; } | cut -d' ' -f5 | sort -u | paste -sd' ')"
  note "cases of GoogleTest: $(grep -cE '^\[       OK \]' -- "$1" || true) passed, $(grep -cE '^\[  FAILED  \] .*\([0-9]+ ms\)$' -- "$1" || true) failed;" \
    "skipped: ${skipped:-none}"
}

# run_tests FOLDER CTEST-OPTIONS...   prints what fails and ctest's closing lines; tests that passed stand in ctest.log
run_tests() {
  local folder="build/$1"
  shift
  # One more than there are processors: some tests wait, for the disk and for each other.
  { ctest --test-dir "$folder" -j "$((jobs + 1))" --output-on-failure --no-tests=error "$@" 2>&1 || echo "$?" >"$folder/ctest.failed"; } |
    tee -- "$folder/ctest.log" |
    { grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed )' || true; }
  count_cases "$folder/Testing/Temporary/LastTest.log"
  if [[ -e "$folder/ctest.failed" ]]; then
    rm -- "$folder/ctest.failed"
    failed+=("tests of $folder")
  fi
}

check_format() {
  local formatter
  formatter="$(command -v clang-format-14 || command -v clang-format)" || { note "clang-format is not installed: skipped"; return; }
  if ! git ls-files -z -- '*.h' '*.cc' '*.cu' '*.cuh' ':!grammar/generated' | xargs -0 -r -n 64 -P "$jobs" "$formatter" --dry-run -Werror; then failed+=("format"); fi
}

scripts/setup.sh
part_done "setup"

say "Layers and format"
python3 tests/tools/check_layers.py || failed+=("layers")
python3 tests/tools/check_unity_names.py || failed+=("names")
check_format
part_done "layers and format"

if [[ -z "$quick" ]]; then
  say "Build with AddressSanitizer and UBSan"
  configure_sanitized
  ninja -C build/asan --quiet
  part_done "sanitizer build"
  run_tests asan -LE 'slow|fuzz|bench'
  part_done "sanitizer tests"
  say "Fuzz targets, ${DLV_FUZZ_SECONDS:-30} s each"
  scripts/fuzz.sh "${DLV_FUZZ_SECONDS:-30}" || failed+=("fuzz targets")
  part_done "fuzz targets"
fi

say "Release build"
# Every unit test has run under the sanitizers by now; here those run again whose code depends most on optimisation.
if [[ -n "$quick" ]]; then unit_tests=all; else unit_tests=numeric; fi
mkdir -p build
cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DDLV_TESTS=ON -DDLV_UNIT_TESTS="$unit_tests" -DDLV_PRECOMPILE=ON "${unity[@]}" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
  >build/release-configure.log 2>&1 || { cat -- build/release-configure.log >&2; die "test.sh: cmake failed"; }
ninja -C build/release --quiet
part_done "release build"
if ((${#failed[@]} > 0)); then note "failed so far: ${failed[*]}"; fi
if [[ -n "$quick" ]]; then run_tests release -L fast; else run_tests release; fi
part_done "release tests"

say "Time"
printf '%s\n' "${took[@]}"
note "$SECONDS s in all"
((${#failed[@]} == 0))
