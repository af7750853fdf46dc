#!/usr/bin/env bash
# Runs the codec's tests with its kernels for AVX-512 VBMI, VBMI2 and GFNI on a processor with AVX-512 that lacks these, the missing
# instructions emulated (emulated_vbmi.h): to be run by hand where those kernels were changed on such a machine.
#
#   tests/tools/emulate_vbmi.sh [FOLDER]     FOLDER: a build with tests and without sanitizers, build/release unless given
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
build="$(realpath -- "${1:-build/release}")"
grep -qw avx512dq /proc/cpuinfo || { echo "emulate_vbmi.sh: this processor has no AVX-512" >&2; exit 1; }
ninja -C "$build" --quiet test_codec
work="$(mktemp -d)"
trap 'rm -rf -- "$work"' EXIT

flags=(-std=c++20 -O2 -DNDEBUG -DDLV_X86_KERNELS=1 -I. -Iinclude -w -fPIC)
avx512=(-mavx2 -mbmi -mbmi2 -mlzcnt -mpopcnt -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512cd)
for kernels in kernels_avx512vbmi delta_kernels_avx512vbmi; do
  g++ "${flags[@]}" "${avx512[@]}" -include tests/tools/emulated_vbmi.h -c -o "$work/$kernels.cc.o" "storage/codec/$kernels.cc"
done
# The processor is asked for these three by name.
sed -E 's/__builtin_cpu_supports\("(avx512vbmi|avx512vbmi2|gfni)"\)/true/' storage/codec/cpu_dispatch.cc >"$work/cpu_dispatch.cc"
g++ "${flags[@]}" -c -o "$work/cpu_dispatch.cc.o" "$work/cpu_dispatch.cc"

cp -- "$build/storage/codec/libdlv_codec.a" "$work/"
ar r "$work/libdlv_codec.a" "$work"/*.cc.o
link="$(ninja -C "$build" -t commands test_codec | tail -n 1 | sed 's/^: && //; s/ && .*$//')"
link="${link//storage\/codec\/libdlv_codec.a/$work/libdlv_codec.a}"
(cd -- "$build" && eval "${link//-o bin\/test_codec/-o $work/test_codec}")
DLV_KERNELS=avx512vbmi "$work/test_codec" --gtest_brief=1
