#!/usr/bin/env python3
"""Reads all the time while others write: no error, and the right bytes.

One process after the other commits, archives, removes and collects garbage (with trash and without); beside it readers list, describe,
check and check out a version that stays. Whatever a reader gets must be right and complete, whatever happens meanwhile.

    reader_loop.py DLV [--seconds 60] [--readers 2] [--seed S]
"""

import argparse
import collections
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from kill_loop import safetensors


class Failure(Exception):
    pass


def run(dlv: str, folder: pathlib.Path, *args: str) -> str:
    done = subprocess.run([dlv, *args], cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise Failure(f"dlv {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Reader(threading.Thread):
    """One reading process after the other."""

    def __init__(self, number: int, loop: "Loop"):
        super().__init__()
        self.number, self.loop = number, loop
        self.reads = collections.Counter()
        self.failure = None

    def run(self) -> None:
        calls = [self.checkout, self.list, self.describe, self.fsck]
        turn = self.number
        try:
            while not self.loop.stop.is_set():
                calls[turn % len(calls)]()
                turn += 1
        except (Failure, subprocess.TimeoutExpired) as failure:
            self.failure = failure

    def dlv(self, *args: str) -> str:
        self.reads[args[0] if args[0] != "--json" else args[1]] += 1
        return run(self.loop.dlv, self.loop.folder, *args)

    def checkout(self) -> None:
        out = self.loop.folder / f"out{self.number}"
        shutil.rmtree(out, ignore_errors=True)
        self.dlv("checkout", "kept", "-o", out.name)
        if (out / "kept.safetensors").read_bytes() != self.loop.kept:
            raise Failure("the version that stays came back with other bytes")

    def list(self) -> None:
        listing = json.loads(self.dlv("--json", "list", "--versions"))
        versions = listing if isinstance(listing, list) else listing["versions"]
        if "kept:v1" not in [version["reference"] for version in versions]:
            raise Failure("the version that stays is not in the list")

    def describe(self) -> None:
        self.dlv("--json", "desc", "kept")
        self.dlv("--json", "status")

    def fsck(self) -> None:
        self.dlv("fsck")


class Loop:
    def __init__(self, dlv: str, folder: pathlib.Path, rng: random.Random):
        self.dlv, self.folder, self.rng = dlv, folder, rng
        self.stop = threading.Event()
        self.changes = collections.Counter()
        run(dlv, folder, "init")
        self.kept, self.values = safetensors(rng, None)
        (folder / "kept.safetensors").write_bytes(self.kept)
        run(dlv, folder, "commit", "-n", "kept", "kept.safetensors")

    def change(self, *args: str) -> None:
        run(self.dlv, self.folder, *args)
        self.changes[args[0]] += 1

    def write_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        turn = 0
        while time.monotonic() < end and not self.stop.is_set():
            content, self.values = safetensors(self.rng, self.values)
            (self.folder / "next.safetensors").write_bytes(content)
            self.change("commit", "-n", "moving", "next.safetensors")
            if turn % 3 == 1:
                self.change("archive", "--yes", *self.rng.choice([["moving"], [], ["--max-load", "9x"], ["--max-load", "1.01x"]]))
            if turn % 4 == 3:
                self.change("rm", "--yes", "moving~2")
                self.change("gc", "--yes", *self.rng.choice([["--no-trash"], ["--grace", "0"], []]))
            turn += 1

    def go(self, seconds: float, count: int) -> str:
        readers = [Reader(number, self) for number in range(count)]
        for reader in readers:
            reader.start()
        try:
            self.write_for(seconds)
        finally:
            self.stop.set()
            for reader in readers:
                reader.join()
        for reader in readers:
            if reader.failure is not None:
                raise reader.failure
        reads = sum((reader.reads for reader in readers), collections.Counter())
        if reads["checkout"] == 0 or self.changes["commit"] == 0:
            raise Failure("too little time: nothing was tested")
        run(self.dlv, self.folder, "fsck", "--full")
        return f"{reads.total()} reads {dict(reads)} beside {self.changes.total()} changes {dict(self.changes)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dlv")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="dlv-readers-") as name:
        loop = Loop(str(pathlib.Path(options.dlv).resolve()), pathlib.Path(name), random.Random(options.seed))
        try:
            print(f"{options.seconds:.0f} s: {loop.go(options.seconds, options.readers)}; no error, the right bytes each time")
        except (Failure, subprocess.TimeoutExpired) as failure:
            print(f"failed: {failure}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
