#!/usr/bin/env bash
# Shows dlv's main job on real files, in a temporary folder:
#
#   scripts/demo.sh          a small training run (datasets/lenet_fashion), about a minute after the build
#   scripts/demo.sh --large  then also a run of about 1 GB, made on the spot by training, with sizes, times and memory
#
# Installs what the build needs (scripts/setup.sh --build-only) and builds first.
# shellcheck source=scripts/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

large=
case "${1:-}" in
  '') ;;
  --large) large=--large ;;
  *) die "demo.sh: unknown option \"$1\"; want --large or nothing" ;;
esac

say "Setting up and building"
scripts/setup.sh --build-only $large
scripts/build.sh

work="$(mktemp -d "${TMPDIR:-/tmp}/dlv-demo.XXXXXX")"
trap 'rm -rf -- "$work" "$work.damaged"' EXIT
PATH="$DLV_ROOT/build/release/bin:$PATH"
cp -r datasets/lenet_fashion "$work/run"
cd -- "$work"

# Prints a command as one would type it, and runs it.
show() {
  local word line=''
  for word in "$@"; do
    if [[ "$word" == *[^A-Za-z0-9_./:=+-]* ]]; then word="'$word'"; fi
    line+=" $word"
  done
  printf '\n%s$%s%s\n' "$bold" "$line" "$plain"
  "$@"
}
bytes_of() { du -sb -- "$@" | awk '{ total += $1 } END { print total }'; }
# row NAME BYTES RAW
row() { awk -v name="$1" -v bytes="$2" -v raw="$3" 'BEGIN { printf "  %-42s %12d bytes %7.1f %%\n", name, bytes, 100 * bytes / raw }'; }

# Compares every file of folder $1 with its original in folder $2.
prove_identical() {
  local file count=0
  # A pipe: process substitution needs /dev/fd, which a bare root file system lacks.
  find "$1" -type f -print0 | {
    while IFS= read -r -d '' file; do
      cmp -- "$file" "$2/$(basename -- "$file")"
      count=$((count + 1))
    done
    ((count > 0)) || die "nothing was checked out into $1"
    printf '  cmp: %d file(s) in %s are byte for byte the originals\n' "$count" "$1"
  }
}

say "1  Keep a training run: ten checkpoints become one version with ten snapshots"
show dlv init
show dlv commit -n lenet -m "LeNet-5 on Fashion-MNIST, SGD" --snapshots 'run/lenet_step_*.pt' \
  --metrics run/train_log.csv --hparam optimizer=sgd --hparam lr=0.05 --hparam batch_size=64 --alias base

say "2  Keep a fine-tune of it: its parent is found by comparing weights"
show dlv commit -n lenet-five -m "fine-tune on five classes, Adam" run/finetune_step_000120.pt \
  --metrics run/finetune_log.csv --hparam optimizer=adam --hparam lr=1e-4

say "3  Look around"
show dlv list
show dlv log --graph
show dlv desc lenet:base
show dlv desc lenet-five

say "4  Get a snapshot back, byte for byte"
show dlv checkout 'lenet:base#1000' -o back
prove_identical back run
show dlv checkout lenet-five -o back-five
prove_identical back-five run

say "5  Get weights in another format"
show dlv checkout lenet-five --format safetensors -o exported
show dlv checkout 'lenet:base#2000' --format npz -o exported

say "6  Everything that was stored is checked; in a copy, one byte is changed first"
show dlv fsck --full
cp -r . "$work.damaged"
pack="$(find "$work.damaged/.dlv/packs" -name '*.pack' -size +1000k | head -n 1)"
byte="$(od -An -tu1 -j 300000 -N1 -- "$pack" | tr -d ' ')"
# The byte is written as an octal escape.
printf '%b' "\\0$(printf '%o' $(((byte + 1) % 256)))" | dd of="$pack" bs=1 seek=300000 conv=notrunc status=none
if show dlv -C "$work.damaged" fsck; then die "the changed byte was not noticed"; fi

say "7  What it takes"
files=(run/lenet_step_*.pt run/finetune_step_000120.pt)
raw="$(bytes_of "${files[@]}")"
zstd3="$(for file in "${files[@]}"; do zstd -3 -q -c -- "$file"; done | wc -c)"
zstd19="$(tar -cf - "${files[@]}" | zstd -19 -q -c | wc -c)"
printf '\n'
row "the ${#files[@]} files as they are" "$raw" "$raw"
row "zstd -3, each file" "$zstd3" "$raw"
row "zstd -19 of one tar of all" "$zstd19" "$raw"
row "dlv: everything in .dlv" "$(bytes_of .dlv)" "$raw"
show dlv du

say "8  Join the network to the weights, and ask about both"
show dlv commit -n lenet-five -m "the same, with its network" run/finetune_step_000120.pt --graph run/lenet.onnx --metrics run/finetune_log.csv
show dlv network lenet-five
show dlv query 'select m, m.metrics["val_acc"] acc, norm(m["fc*"].weight) norms where m["conv*"].next has RELU()'
show dlv query 'explain analyze select m where norm(m["fc1"].weight) > 3'
show dlv query 'slice s from m where m = "lenet-five" mutate s.input = m["conv1"] and s.output = m["fc1"] save as "features"'
show dlv lineage features

say "9  Run the network on 1,000 images that it was not trained on"
show dlv eval lenet-five --data run --preprocess scale=1/255,mean=0.286,std=0.353 --metric top1,top3,loss --save
show dlv query 'select e.version, e.metric, e.value from evaluations e where e.metric = "top1" order by e.value desc'

if [[ -n "$large" ]]; then
  say "10  The same on about 1 GB"
  # shellcheck source=scripts/demo_large.sh
  source "$DLV_ROOT/scripts/demo_large.sh"
fi
