#!/usr/bin/env bash
# Builds the release binary: build/release/bin/dlv. Arguments go to ninja (the default target is dlv).
# shellcheck source=scripts/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

options=(-G Ninja -DCMAKE_BUILD_TYPE=Release -DDLV_PRECOMPILE=ON "${unity[@]}")
if have ccache; then options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
# A folder that test.sh has configured keeps its tests; a new one does without them, and without GoogleTest.
if [[ ! -f build/release/CMakeCache.txt ]]; then options+=(-DDLV_TESTS=OFF); fi

mkdir -p build
log=build/release-configure.log
cmake -S . -B build/release "${options[@]}" >"$log" 2>&1 || { cat -- "$log" >&2; die "build.sh: cmake failed"; }
if (($# == 0)); then set -- dlv; fi
ninja -C build/release "$@"
