#!/usr/bin/env python3
"""Anonymous memory of commit and checkout, for a 4 GB and a 16 GB checkpoint.

    run_memory.py --dlv build/release/bin/dlv [--sizes 4,16] [--scratch FOLDER] [--threads N] [--limit 512]

For each size a safetensors file is made (one tensor of a quarter of it, many of 64 MB, a thousand small ones; normal values with the
precision of bf16 in f32, so that the repository stays small), committed, followed by a second version that is stored against the
first, exported whole as safetensors and checked out. The files are deleted on the way: room for about 2.5 times the largest size is
needed, and looked for before anything begins. Printed is the most RssAnon of the process, sampled every 5 ms. Status 1 where it is
above --limit MB for the first size, or more than a tenth above that for a later one.
Needs NumPy (Debian's /usr/bin/python3 has it).
"""

import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile

import numpy as np

import run_bench

BLOCK = 1 << 24  # elements that are made at a time


def plan(size: int) -> list[tuple[str, int]]:
    """Names and element counts of about `size` bytes."""
    tensors = [("embedding.weight", size // 16)]
    tensors += [(f"norm.{i}.weight", 1000 + i) for i in range(1000)]
    left = size // 4 - sum(count for _, count in tensors)
    while left > 0:
        tensors.append((f"layers.{len(tensors)}.weight", min(left, BLOCK)))
        left -= BLOCK
    return tensors


class Values:
    """Normal values in blocks; every block of every tensor is another, a second version is near the first."""

    def __init__(self):
        self.base = np.random.default_rng(1).normal(0, 0.02, BLOCK).astype("<f4")
        self.noise = np.random.default_rng(2).normal(0, 2e-5, BLOCK).astype("<f4")

    def block(self, number: int, count: int, version: int) -> bytes:
        rolled = np.roll(self.base, number * 7919)[:count]  # else one block would be stored against another
        values = rolled * np.float32(1 + number * 0.6180339887 % 1) + self.noise[:count] * np.float32(version)
        bits = values.astype("<f4").view("<u4")
        bits &= np.uint32(0xFFFF0000)
        return bits.tobytes()


def write_checkpoint(path: pathlib.Path, size: int, version: int, values: Values) -> None:
    header, at = {}, 0
    tensors = plan(size)
    for name, count in tensors:
        header[name] = {"dtype": "F32", "shape": [count], "data_offsets": [at, at + 4 * count]}
        at += 4 * count
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    number = 0
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, count in tensors:
            for begin in range(0, count, BLOCK):
                file.write(values.block(number, min(BLOCK, count - begin), version))
                number += 1
    run_bench.make_cold([path])


class Memory:
    def __init__(self, options):
        self.dlv = str(options.dlv.resolve())
        self.scratch = options.scratch
        self.environment = dict(os.environ, DLV_PROGRESS="0") | ({"DLV_THREADS": str(options.threads)} if options.threads else {})
        self.values = Values()
        self.peaks: dict[str, list[int]] = {}

    def measure(self, what: str, size: int, folder: pathlib.Path, *words: str) -> None:
        seconds, peak = run_bench.timed([self.dlv, "-C", str(folder), *words], folder / "out", self.environment)
        self.peaks.setdefault(what, []).append(peak)
        print(f"  {what:34}{seconds:9.1f} s {size / seconds / 1e9:7.2f} GB/s {peak / 1e6:9.1f} MB", flush=True)

    def run(self, size: int) -> None:
        print(f"{size / 2**30:.0f} GiB", flush=True)
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix="dlv-memory-") as name:
            folder = pathlib.Path(name)
            source, out = folder / "model.safetensors", folder / "out"
            out.mkdir()
            run_bench.timed([self.dlv, "-C", str(folder), "init"], out, self.environment)
            write_checkpoint(source, size, 0, self.values)
            self.measure("commit", size, folder, "commit", "-n", "m", str(source))
            write_checkpoint(source, size, 1, self.values)
            self.measure("commit against the first", size, folder, "commit", "-n", "m", str(source))
            source.unlink()
            self.measure("checkout, byte for byte", size, folder, "checkout", "m", "-o", str(out / "a"))
            shutil.rmtree(out / "a")
            self.measure("checkout, as npz", size, folder, "checkout", "m", "--format", "npz", "-o", str(out / "b"))
            shutil.rmtree(out / "b")
            self.measure("fsck --full", 2 * size, folder, "fsck", "--full")
            print(f"  repository {run_bench.bytes_below(folder / '.dlv') / 1e9:.2f} GB", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dlv", type=pathlib.Path, required=True)
    parser.add_argument("--sizes", default="4,16", help="GiB")
    parser.add_argument("--scratch", default=tempfile.gettempdir())
    parser.add_argument("--threads", type=int)
    parser.add_argument("--limit", type=float, default=512, help="MB")
    options = parser.parse_args()
    sizes = [int(float(word) * 2**30) for word in options.sizes.split(",")]
    free = shutil.disk_usage(options.scratch).free
    if free < 2.5 * max(sizes):
        sys.exit(f"run_memory.py: {options.scratch} has {free / 1e9:.0f} GB free, want {2.5 * max(sizes) / 1e9:.0f}")
    memory = Memory(options)
    for size in sizes:
        memory.run(size)
    good = True
    for what, peaks in memory.peaks.items():
        grown = peaks[-1] / peaks[0] - 1
        fits = peaks[0] <= options.limit * 1e6 and max(peaks) <= 1.1 * options.limit * 1e6
        good = good and fits
        print(f"{what:36} {max(peaks) / 1e6:7.1f} MB at most, {100 * grown:+6.1f} % from {options.sizes.split(',')[0]} to"
              f" {options.sizes.split(',')[-1]} GiB{'' if fits else '  MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
