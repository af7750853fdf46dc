# The large part of demo.sh; sourced by it, in its temporary folder.
# shellcheck shell=bash

# Runs a command; leaves its wall time in $seconds, and in $memory_mb the most anonymous memory seen (sampled every 20 ms).
measure() {
  local begin="$EPOCHREALTIME" peak=0 now status=0
  "$@" &
  local pid=$!
  while now="$(awk '/^RssAnon:/ { print $2 }' "/proc/$pid/status" 2>/dev/null)" && [[ -n "$now" ]]; do
    if ((now > peak)); then peak="$now"; fi
    sleep 0.02
  done
  wait "$pid" || status=$?
  seconds="$(awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')"
  memory_mb="$((peak / 1024))"
  return "$status"
}
copy_and_sync() { cp -- large/*.safetensors "$1" && sync "$1"/*; }
# speed LABEL BYTES
speed() {
  awk -v name="$1" -v bytes="$2" -v s="$seconds" -v mb="$memory_mb" \
    'BEGIN { printf "  %-42s %8.2f s %8.2f GB/s %6d MB of memory\n", name, s, bytes / s / 1e9, mb }'
}

free_kb="$(df -Pk . | awk 'NR == 2 { print $4 }')"
((free_kb > 5000000)) || die "demo.sh --large needs 5 GB free below ${TMPDIR:-/tmp}"

# Debian's Python, which has the packages that setup.sh installed.
note "Training a perceptron of 20 M parameters on the evaluation images, Adam, twelve checkpoints (fp32, safetensors)"
/usr/bin/python3 "$DLV_ROOT/datasets/make_large_run.py" --images run/fashion-eval-images-idx3-ubyte.gz \
  --labels run/fashion-eval-labels-idx1-ubyte.gz --out large
raw="$(bytes_of large/*.safetensors)"
mkdir repository copied
dlv -C repository init >/dev/null

sync
measure copy_and_sync copied
speed "cp and sync" "$raw"
rm -rf copied
measure dlv -C repository commit -n large --snapshots "$PWD/large/step_*.safetensors" --no-parent
speed "dlv commit" "$raw"
measure dlv -C repository checkout large -o "$PWD/large-back" --all-snapshots
speed "dlv checkout, all snapshots" "$raw"
prove_identical large-back large

zstd3="$(for file in large/*.safetensors; do zstd -3 -q -c -- "$file"; done | wc -c)"
printf '\n'
row "12 checkpoints as they are" "$raw" "$raw"
row "zstd -3, each file" "$zstd3" "$raw"
row "dlv: everything in .dlv" "$(bytes_of repository/.dlv)" "$raw"
