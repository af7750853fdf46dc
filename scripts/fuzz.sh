#!/usr/bin/env bash
# Builds the fuzz targets and runs each for SECONDS (default 30), as many at a time as there are cores; fails when one finds something.
#
#   scripts/fuzz.sh [SECONDS [TARGET...]]
#
# Findings and what the search adds to the seeds stay in build/asan/fuzz/.
# shellcheck source=scripts/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

seconds="${1:-30}"
if (($# > 0)); then shift; fi
targets=("$@")
if ((${#targets[@]} == 0)); then
  for source in tests/fuzz/fuzz_*.cc; do targets+=("$(basename -- "$source" .cc)"); done
fi

configure_sanitized
ninja -C "$sanitized" --quiet "${targets[@]}"

# fuzz TARGET   one search, its output in a file
fuzz() {
  local work="$sanitized/fuzz/$1" seeds="tests/fuzz/corpus/$1"
  mkdir -p -- "$work"
  [[ -d "$seeds" ]] || seeds=
  # shellcheck disable=SC2086  # no seeds, no word
  if ! "$sanitized/bin/$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=300 -max_len=65536 \
      -print_final_stats=0 -verbosity=0 -artifact_prefix="$work-" "$work" $seeds >"$work.log" 2>&1; then
    tail -n 40 -- "$work.log"
    echo "FINDING: $1 (its input is $work-*)"
    return 1
  fi
}
export -f fuzz
export sanitized seconds

printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I '{}' bash -c 'fuzz "$1"' fuzz '{}' ||
  die "fuzz.sh: a target found something"
note "${#targets[@]} targets, $seconds s each, found nothing"
