#!/usr/bin/env bash
# Installs the Debian 12 packages that dlv needs. Does nothing where they are there already.
#
#   scripts/setup.sh               to build, test and run the demo
#   scripts/setup.sh --build-only  to build and run the demo
#   ... --large                    and what the demo's large part needs
#   ... --bench                    and what the scripts of tests/bench need
#
# Uses apt-get as root, or through sudo. Nothing else on the system is changed.
# shellcheck source=scripts/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

build_packages=(
  ca-certificates git           # a clone of this repository
  g++ cmake ninja-build ccache pkg-config
  libsqlite3-dev                # the catalog
  libzstd-dev liblz4-dev        # codecs
  zlib1g-dev                    # compressed members of PyTorch and NumPy archives
  libyaml-dev                   # params.yaml and the like
  libssl-dev libxxhash-dev      # SHA-256, checksums
  libprotobuf-dev               # ONNX and Caffe files
  libpng-dev libturbojpeg0-dev  # images to evaluate networks on
  libantlr4-runtime-dev libre2-dev  # the query language: its parser, regular expressions
  libdnnl-dev                   # networks that run: convolutions and products of matrices
  libopenblas0-pthread          # bounds of networks that are read in part: opened when first needed; without it they take longer
  nlohmann-json3-dev libcli11-dev libedit-dev  # the command line
  python3 python3-dev python3-venv  # the Python package: pip install ./python
  zstd                          # what the demo compares with
)
test_packages=(
  libgtest-dev
  clang-14 libclang-rt-14-dev lld-14  # the sanitizer build and its fuzz targets
  clang-format-14
  python3-jsonschema            # documents of --json against docs/json
  python3-numpy                 # exports and statistics are compared with numpy
  pybind11-dev                  # the Python package, built in place
  antlr4                        # the generated parser against its grammar
  openssl sqlite3
  zsh fish man-db mandoc        # completion in every shell, manual pages
  graphviz                      # dlv network --svg
  util-linux e2fsprogs          # a small file system for the test of a full disk, where loop mounts are allowed
)
large_packages=(python3 python3-numpy libopenblas0-pthread)  # trains the large run
bench_packages=(python3 python3-numpy python3-zstandard python3-torch python3-onnx lz4 openssl)  # and judges of exports

packages=("${build_packages[@]}")
tests=yes
for option in "$@"; do
  case "$option" in
    --build-only) tests= ;;
    --large) packages+=("${large_packages[@]}") ;;
    --bench) packages+=("${bench_packages[@]}") ;;
    *) die "setup.sh: unknown option \"$option\"; want --build-only, --large or --bench" ;;
  esac
done
if [[ -n "$tests" ]]; then packages+=("${test_packages[@]}"); fi

missing=()
for package in "${packages[@]}"; do
  state="$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)"
  [[ "$state" == ii* ]] || missing+=("$package")
done

if ((${#missing[@]} == 0)); then
  note "setup: all ${#packages[@]} packages are installed"
  exit 0
fi

run_as_root=()
if ((EUID != 0)); then
  have sudo || die "setup.sh: run as root, or install sudo; missing packages: ${missing[*]}"
  run_as_root=(sudo)
fi

need_proc "$@"  # Java does, which antlr4 brings
note "setup: installing ${#missing[@]} of ${#packages[@]} Debian packages: ${missing[*]}"
log="$(mktemp)"
trap 'rm -f -- "$log"' EXIT
apt() {
  "${run_as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" \
    >"$log" 2>&1 </dev/null
}
if ! { apt update && apt install --no-install-recommends "${missing[@]}"; }; then
  tail -n 30 -- "$log" >&2
  die "setup.sh: apt-get failed; its last lines stand above"
fi
note "setup: done"
