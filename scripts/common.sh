# Shared by the scripts of this folder; sourced, not run. After it the shell stands in the repository's root.
# shellcheck shell=bash
set -euo pipefail

DLV_ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
cd -- "$DLV_ROOT"

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
  bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'
else
  bold='' dim='' plain=''
fi

# Heading of a step.
say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
# A remark.
note() { printf '%s%s%s\n' "$dim" "$*" "$plain"; }
# Ends the script with a message.
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# What the compiler cache may take as equal: clones in two folders, and precompiled headers of equal contents.
export CCACHE_BASEDIR="$DLV_ROOT" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

# need_proc ARGUMENTS...   starts the script anew with /proc and /dev/pts where they are missing, as in a root file system that debootstrap
# made: mounted for this script alone
need_proc() {
  if [[ -r /proc/self/maps || -n "${DLV_OWN_PROC:-}" ]]; then return; fi
  ((EUID == 0)) || die "$0: /proc is not mounted, and only root can do that"
  note "no /proc here: mounted for this script"
  # shellcheck disable=SC2016  # expanded by the inner shell
  exec env DLV_OWN_PROC=1 unshare --mount --propagation unchanged bash -c \
    'mount -t proc proc /proc && { [[ -e /dev/pts/ptmx ]] || mount -t devpts -o ptmxmode=666 devpts /dev/pts; } && exec "$0" "$@"' "$DLV_ROOT/scripts/$(basename -- "$0")" "$@"
}

have() { command -v -- "$1" >/dev/null 2>&1; }

# Sources of a folder are compiled many at a time, which more than halves the time of a build from nothing: 32, which takes up to 1.5 GB of
# memory for each core, or 16 and 1 GB where there is less (tests/tools/check_unity_names.py keeps that possible). Builds by hand do
# without: there one changed file costs one file.
batch=32
if (($(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null || echo 0) < $(nproc) * 1800)); then batch=16; fi
unity=(-DCMAKE_UNITY_BUILD=ON "-DCMAKE_UNITY_BUILD_BATCH_SIZE=$batch")

# The build for tests and fuzz targets under AddressSanitizer and UBSan: clang, since libFuzzer needs it; one build serves both, and
# the code is read by a second compiler. Stacks of reports name functions; with DLV_DEBUG_INFO=-g1 they name lines, too, which takes a fifth
# more time to compile.
sanitized=build/asan
configure_sanitized() {
  local compiler launcher=()
  compiler="$(command -v clang++-14 || command -v clang++)" || die "no clang++: run scripts/setup.sh"
  if have ccache; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  mkdir -p build
  cmake -S . -B "$sanitized" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="${DLV_DEBUG_INFO:--g0}" -DCMAKE_CXX_COMPILER="$compiler" \
    -DDLV_TESTS=ON -DDLV_FUZZ=ON -DDLV_SANITIZE=address,undefined -DDLV_PRECOMPILE=ON "${unity[@]}" "${launcher[@]}" >"$sanitized-configure.log" 2>&1 ||
    { cat -- "$sanitized-configure.log" >&2; die "cmake failed"; }
}
