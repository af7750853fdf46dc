#!/usr/bin/env python3
"""Kills dlv at random moments and looks at what is left.

Each round starts a command that changes the repository (commit, add, alias, tag, rm, gc, archive, fsck --rebuild-catalog), kills it
with SIGKILL after a random time, and then checks: `fsck --full` finds nothing; versions, ids, aliases and tags are exactly those of
before or those that the command was to bring, the latter if it was acknowledged; a random version comes back byte for byte.

    kill_loop.py DLV [--rounds N | --kills N] [--seed S] [--keep]

The seed is printed; the same seed gives the same commands and the same fractions of the waiting times.
"""

import argparse
import array
import collections
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

KINDS = ["commit"] * 6 + ["gc", "archive"] * 2 + ["rm"] * 2 + ["alias", "tag", "add", "rebuild"]
KEPT = 12  # versions; above that rm comes more often


def safetensors(rng: random.Random, previous: dict | None) -> tuple[bytes, dict]:
    """Returns a small checkpoint near `previous`, as file bytes, and its values."""
    values = {"numbers": array.array("i", [0])}  # a random walk: archive makes it smaller than commit does
    for _ in range(4000):
        values["numbers"].append(values["numbers"][-1] + rng.randrange(-1, 2))
    for name, count in {"conv.weight": 9000, "conv.bias": 32, "fc.weight": 40000, "fc.bias": 10}.items():
        old = previous[name] if previous else (rng.gauss(0, 0.1) for _ in range(count))
        values[name] = array.array("f", [v * 0.999 + rng.gauss(0, 1e-4) for v in old])
    header, data = {}, b""
    for name, numbers in values.items():
        raw = numbers.tobytes()
        dtype = "I32" if numbers.typecode == "i" else "F32"
        header[name] = {"dtype": dtype, "shape": [len(numbers)], "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data, values


class Loop:
    def __init__(self, dlv: str, folder: pathlib.Path, rng: random.Random):
        self.dlv, self.folder, self.rng = dlv, folder, rng
        self.files: dict[str, bytes] = {}  # by SHA-256, which is the message of their version
        self.previous = None
        self.longest = collections.defaultdict(lambda: 0.1)  # seconds to wait at most, by kind
        self.killed, self.finished = collections.Counter(), collections.Counter()
        self.old = self.new = 0  # states after a kill

    def run(self, *args: str) -> str:
        done = subprocess.run([self.dlv, *args], cwd=self.folder, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"dlv {' '.join(args)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start_and_kill(self, kind: str, *args: str) -> bool | None:
        """Returns whether the command ended with success; None: it was killed."""
        process = subprocess.Popen([self.dlv, *args], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            error = process.communicate(timeout=self.rng.random() * self.longest[kind])[1]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            if process.returncode == -9:
                self.killed[kind] += 1
                self.longest[kind] = min(2.0, self.longest[kind] * 1.03)
                return None
            error = b"ended while it was being killed"
        self.finished[kind] += 1
        # Aim at killing about two thirds of the commands, whatever the speed of this machine.
        self.longest[kind] = max(0.005, self.longest[kind] * 0.94)
        if process.returncode != 0 and error != b"ended while it was being killed":
            raise AssertionError(f"dlv {' '.join(args)}: {process.returncode}\n{error.decode()}")
        return process.returncode == 0

    def state(self) -> dict:
        """Versions with id, message, aliases and tags; the staging list."""
        listing = json.loads(self.run("--json", "list", "--versions"))
        versions = listing if isinstance(listing, list) else listing["versions"]
        keys = ("id", "message", "aliases", "tags")
        state = {v["reference"]: json.dumps([v.get(key) for key in keys]) for v in versions}
        staged = json.loads(self.run("--json", "status"))["staged"]
        return state | {"staged": json.dumps(sorted(file["path"] for file in staged))}

    def check(self, kind: str, before: dict, done: bool | None, is_new) -> None:
        """`is_new(after)` tells whether `after` is what the command was to bring."""
        self.run("fsck", "--full")
        after = self.state()
        if is_new(after):
            self.new += done is None
        elif after == before and not done:
            self.old += 1
        else:
            raise AssertionError(f"{kind} (acknowledged: {done}): neither the old state nor the new one\n{before}\n{after}")
        self.check_bytes(after)

    def check_bytes(self, state: dict) -> None:
        references = sorted(set(state) - {"staged"})
        if not references:
            return
        reference = self.rng.choice(references)
        message = json.loads(state[reference])[1]
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        self.run("checkout", reference, "-o", "out")
        if self.files[message] not in [path.read_bytes() for path in out.rglob("*") if path.is_file()]:
            raise AssertionError(f"{reference} did not come back byte for byte")

    def next_file(self) -> tuple[str, str]:
        content, self.previous = safetensors(self.rng, self.previous)
        digest = hashlib.sha256(content).hexdigest()
        name = f"step_{len(self.files):05d}.safetensors"
        for old in self.folder.glob("step_*.safetensors"):
            old.unlink()
        (self.folder / name).write_bytes(content)
        self.files[digest] = content
        return name, digest

    def commit(self, before: dict) -> None:
        name, digest = self.next_file()
        done = self.start_and_kill("commit", "commit", "-n", "net", name, "-m", digest)

        def is_new(after: dict) -> bool:
            added = set(after) - set(before)
            return len(added) == 1 and json.loads(after[added.pop()])[1] == digest and all(after[k] == before[k] for k in before)

        self.check("commit", before, done, is_new)

    def change(self, kind: str, before: dict, is_new, *args: str) -> None:
        done = self.start_and_kill(kind, *args)
        self.check(kind, before, done, is_new)

    def round(self) -> None:
        before = self.state()
        versions = sorted(set(before) - {"staged"})
        kind = self.rng.choice(KINDS + ["rm"] * 4 * (len(versions) > KEPT))
        if kind == "commit" or len(versions) < 3:
            return self.commit(before)
        chosen = self.rng.choice(versions)
        if kind == "alias":
            self.change(kind, before, lambda after: set(after) == set(before) and "best" in json.loads(after[chosen])[2], "alias", "best", chosen)
        elif kind == "tag":
            value = str(self.rng.randrange(1000))
            self.change(kind, before, lambda after: json.loads(after[chosen])[3].get("n") == value, "tag", chosen, f"n={value}")
        elif kind == "add":
            name, _ = self.next_file()
            self.change(kind, before, lambda after: name in json.loads(after["staged"]), "add", name)
        elif kind == "gc":
            trash = self.rng.choice([["--grace", "0"], ["--no-trash"], []])
            self.change(kind, before, lambda after: after == before, "gc", "--yes", *trash)
        elif kind == "archive":
            self.change(kind, before, lambda after: after == before, "archive", "--yes", *self.rng.choice([[chosen], [], ["--max-load", "9x"], ["--max-load", "1.01x"]]))
        elif kind == "rebuild":
            self.change(kind, before, lambda after: after == before, "fsck", "--rebuild-catalog")
        else:
            left = {k: v for k, v in before.items() if k != chosen}
            self.change(kind, before, lambda after: after == left, "rm", "--yes", "--force", chosen)

    def report(self, rounds: int, seconds: float) -> str:
        kinds = ", ".join(f"{kind} {self.killed[kind]} of {self.killed[kind] + self.finished[kind]}" for kind in sorted(self.killed))
        return (f"{rounds} rounds in {seconds:.0f} s: {self.killed.total()} killed ({kinds}), {self.finished.total()} finished; "
                f"after a kill {self.old} times the old state, {self.new} times the new one")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dlv")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--kills", type=int, help="go on until so many were killed, instead of --rounds")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dlv-kill-"))
    loop = Loop(str(pathlib.Path(options.dlv).resolve()), folder, random.Random(options.seed))
    print(f"seed {options.seed}")
    loop.run("init")
    began = time.monotonic()
    number = 0
    while loop.killed.total() < options.kills if options.kills else number < options.rounds:
        try:
            loop.round()
        except AssertionError as error:
            print(f"round {number}: {error}\nfolder {folder}", file=sys.stderr)
            return 1
        number += 1
        if number % 100 == 0:
            print(loop.report(number, time.monotonic() - began), flush=True)
    print(loop.report(number, time.monotonic() - began) + "; fsck --full clean each time")
    if not options.keep:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
