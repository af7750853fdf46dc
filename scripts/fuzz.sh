#!/bin/sh
# Builds the fuzz targets and runs each for SECONDS (default 30); fails on the first finding.
# usage: scripts/fuzz.sh [SECONDS [TARGET...]]
# Findings and what the search adds to the seeds stay in build/fuzz/.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-30}
[ $# -gt 0 ] && shift
build=${DLV_FUZZ_BUILD:-build/fuzz}
compiler=${CXX_FUZZ:-clang++-14}
command -v "$compiler" >/dev/null || compiler=clang++
launcher=
command -v ccache >/dev/null && launcher=-DCMAKE_CXX_COMPILER_LAUNCHER=ccache

cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER="$compiler" \
  -DDLV_FUZZ=ON -DDLV_SANITIZE=fuzzer-no-link,address,undefined $launcher >"$build.log" 2>&1 ||
  { mkdir -p "$build"; cat "$build.log"; exit 1; }
if [ $# -gt 0 ]; then targets="$*"; else targets=$(cd tests/fuzz && ls fuzz_*.cc | sed 's/\.cc$//'); fi
ninja -C "$build" ${DLV_JOBS:+-j "$DLV_JOBS"} $targets

status=0
for target in $targets; do
  work="$build/work/$target"
  mkdir -p "$work"
  seeds="tests/fuzz/corpus/$target"
  [ -d "$seeds" ] || seeds=
  echo "== $target, $seconds s"
  if ! "$build/bin/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=300 \
      -max_len=65536 -print_final_stats=0 -verbosity=0 -artifact_prefix="$work-" "$work" $seeds; then
    echo "FINDING: $target (input in $work-*)"
    status=1
  fi
done
exit $status
