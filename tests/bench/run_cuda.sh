#!/usr/bin/env bash
# Builds the CUDA kernels on a machine that has a compiler, CMake and a toolkit, and a device, and nothing else; tests them, looks at
# them with compute-sanitizer, measures them. Under eight minutes. Reports go to $OUT where it is set, else to build/kernels.
#
#     tests/bench/run_cuda.sh [CASES]
#
# CASES: the file that `make_vectors` wrote where the whole tree is built (default: build/kernel_vectors.bin). Ends with 0 when
# everything passed; a part that failed does not keep the others from running.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 1

cases="${1:-build/kernel_vectors.bin}"
build=build/kernels
reports="${OUT:-$build}"
mkdir -p "$build" "$reports"
failed=()

part() {  # part NAME SECONDS COMMAND...
  local name="$1" limit="$2" begin=$SECONDS
  shift 2
  printf '\n== %s\n' "$name"
  export -f configure architecture
  export build reports
  timeout "$limit" bash -c '"$@"' part "$@" 2>&1 | tee "$reports/${name// /_}.log"
  local status=${PIPESTATUS[0]}
  printf '== %s: %s s, status %s\n' "$name" "$((SECONDS - begin))" "$status"
  if ((status != 0)); then failed+=("$name ($status)"); fi
}

# The device's own architecture alone, which halves the time; without a device to ask, what CMakeLists.txt says.
architecture() {
  local capability
  capability="$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -1 | tr -dc 0-9)"
  if [[ -n "$capability" ]]; then printf -- '-DCMAKE_CUDA_ARCHITECTURES=%s' "$capability"; fi
}

configure() {
  local generator=()
  if command -v ninja >/dev/null; then generator=(-G Ninja); fi
  # shellcheck disable=SC2046  # nothing or one word
  cmake -S . -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DDLV_KERNELS_ONLY=ON -DDLV_BENCH=ON $(architecture) \
    >"$reports/configure.log" 2>&1 || { cat "$reports/configure.log"; return 1; }
  cmake --build "$build" -j "$(nproc)"
}

[[ -r "$cases" ]] || { echo "no cases: $cases (make_vectors makes them)" >&2; exit 2; }
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv 2>&1 | head -3
part build 170 configure
if ((${#failed[@]} > 0)); then exit 1; fi
part tests 90 "$build/bin/test_cuda_device" "$cases"
sanitizer="$(command -v compute-sanitizer || echo /usr/local/cuda/bin/compute-sanitizer)"
if [[ -x "$sanitizer" ]]; then
  for tool in memcheck racecheck initcheck synccheck; do
    part "$tool" 50 "$sanitizer" --tool "$tool" --error-exitcode 9 "$build/bin/test_cuda_device" "$cases" --small
  done
else
  failed+=("compute-sanitizer is not here")
fi
part bench 120 "$build/bin/bench_cuda" "$cases"

printf '\n%s s in all\n' "$SECONDS"
if ((${#failed[@]} > 0)); then printf 'FAILED: %s\n' "${failed[@]}"; exit 1; fi
echo "everything passed"
