#!/usr/bin/env python3
"""Kills dlv at random moments and looks at what is left.

Each round starts a command that changes the repository (commit, alias, rm, gc, archive), kills it with SIGKILL after a
random time, and then checks: `fsck` finds nothing, every version that was acknowledged is there, and a random one comes
back byte for byte. What was not acknowledged may be there or not, but never in part.

    kill_loop.py DLV [--rounds N] [--seed S] [--keep]

The seed is printed; the same seed gives the same commands and the same waiting times.
"""

import argparse
import hashlib
import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time


def safetensors(rng: random.Random, previous: dict | None) -> tuple[bytes, dict]:
    """Returns a small checkpoint near `previous`, as file bytes, and its values."""
    shapes = {"conv.weight": 9000, "conv.bias": 32, "fc.weight": 40000, "fc.bias": 10}
    values = {}
    for name, count in shapes.items():
        old = previous[name] if previous else None
        if old is None:
            values[name] = [rng.gauss(0, 0.1) for _ in range(count)]
        else:
            values[name] = [v * 0.999 + rng.gauss(0, 1e-4) for v in old]
    header, data, at = {}, b"", 0
    for name, numbers in values.items():
        raw = struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": [len(numbers)], "data_offsets": [at, at + len(raw)]}
        data += raw
        at += len(raw)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data, values


class Loop:
    def __init__(self, dlv: str, folder: pathlib.Path, rng: random.Random):
        self.dlv, self.folder, self.rng = dlv, folder, rng
        self.files: dict[str, bytes] = {}
        self.previous = None
        self.acknowledged: dict[str, str] = {}  # model -> files committed by sha256, by "model/sha"
        self.killed = self.finished = 0

    def run(self, *args: str, check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run([self.dlv, *args], cwd=self.folder, capture_output=True, text=True, timeout=120)
        if check and done.returncode != 0:
            raise AssertionError(f"dlv {' '.join(args)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def start_and_kill(self, *args: str, longest: float) -> bool:
        """Returns whether the command ended by itself with success."""
        process = subprocess.Popen([self.dlv, *args], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.rng.random() * longest)
        if process.poll() is None:
            process.kill()
            self.killed += 1
        else:
            self.finished += 1
        return process.wait() == 0

    def versions(self) -> list[dict]:
        listing = json.loads(self.run("--json", "list", "--versions").stdout)
        return listing if isinstance(listing, list) else listing.get("versions", [])

    def commit(self, longest: float) -> None:
        content, self.previous = safetensors(self.rng, self.previous)
        digest = hashlib.sha256(content).hexdigest()
        name = f"step_{len(self.files):05d}.safetensors"
        (self.folder / name).write_bytes(content)
        self.files[digest] = content
        if self.start_and_kill("commit", "-n", "net", name, "-m", digest, longest=longest):
            self.acknowledged[digest] = name
        (self.folder / name).unlink()

    def check(self) -> None:
        fsck = self.run("fsck", check=False)
        if fsck.returncode != 0:
            raise AssertionError(f"fsck: {fsck.returncode}\n{fsck.stdout}\n{fsck.stderr}")
        versions = self.versions()
        there = {v["message"]: v for v in versions}
        missing = set(self.acknowledged) - set(there)
        if missing:
            raise AssertionError(f"{len(missing)} acknowledged versions are gone")
        if versions:
            message = self.rng.choice(sorted(there))
            reference = there[message].get("reference") or f"net:v{there[message]['number']}"
            out = self.folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            self.run("checkout", reference, "-o", "out")
            got = [p.read_bytes() for p in out.rglob("*") if p.is_file()]
            if self.files[message] not in got:
                raise AssertionError(f"{reference} did not come back byte for byte")
            shutil.rmtree(out)

    def round(self, longest: float) -> None:
        kind = self.rng.choice(["commit"] * 6 + ["alias", "gc", "archive", "rm"])
        there = [v.get("reference") or f"net:v{v['number']}" for v in self.versions()] if kind != "commit" else []
        if kind == "commit" or not there:
            self.commit(longest)
        elif kind == "alias":
            self.start_and_kill("alias", "best", self.rng.choice(there), longest=longest / 3)
        elif kind == "gc":
            self.start_and_kill("gc", "--yes", "--grace", "0", longest=longest)
        elif kind == "archive":
            self.start_and_kill("archive", self.rng.choice(there), longest=longest)
        elif len(there) > 3:
            victim = self.rng.choice(there)
            by_reference = {v.get("reference") or f"net:v{v['number']}": v["message"] for v in self.versions()}
            self.acknowledged.pop(by_reference[victim], None)  # from now on it may be gone
            self.start_and_kill("rm", "--force", victim, longest=longest / 3)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dlv")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dlv-kill-"))
    loop = Loop(str(pathlib.Path(options.dlv).resolve()), folder, random.Random(options.seed))
    print(f"seed {options.seed}")
    loop.run("init")
    began = time.monotonic()
    longest = 0.15
    for number in range(options.rounds):
        try:
            loop.round(longest)
            loop.check()
        except AssertionError as error:
            print(f"round {number}: {error}\nfolder {folder}", file=sys.stderr)
            return 1
        # Aim at killing about two thirds of the commands, whatever the speed of this machine.
        longest *= 0.98 if loop.killed > 2 * loop.finished else 1.03
        longest = min(max(longest, 0.01), 2.0)
        if (number + 1) % 50 == 0:
            print(f"{number + 1} rounds, {loop.killed} killed, {loop.finished} finished, {time.monotonic() - began:.0f} s", flush=True)
    loop.run("fsck", "--full")
    print(f"{options.rounds} rounds: {loop.killed} killed, {loop.finished} finished, {len(loop.acknowledged)} versions kept, fsck clean")
    if not options.keep:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
