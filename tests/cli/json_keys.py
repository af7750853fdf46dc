#!/usr/bin/env python3
"""Runs every command with --json and --jsonl: what stdout holds must parse, and the top-level keys must be those that
docs/cli.md lists for the command.  With a program that has a repository behind it (not the canned one) it also commits.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Commands in an order in which each has what it needs; the words in front of `:` name a row of docs/cli.md.
COMMANDS = [
    ("init", ["init"]),
    ("add", ["add", "model.bin"]),
    ("status", ["status"]),
    ("commit --dry-run", ["commit", "-n", "lenet", "--dry-run", "model.bin"]),
    ("commit", ["commit", "-n", "lenet", "model.bin", "--metric", "val_acc=0.5", "--hparam", "lr=0.1", "--alias", "best"]),
    ("list", ["list"]),
    ("list --versions", ["list", "--versions"]),
    ("log", ["log"]),
    ("desc", ["desc", "lenet"]),
    ("desc --tensors", ["desc", "lenet", "--tensors"]),
    ("diff", ["diff", "lenet", "lenet", "--tensors"]),
    ("plot curves", ["plot", "curves", "lenet"]),
    ("plot lineage", ["plot", "lineage", "lenet"]),
    ("plot sizes", ["plot", "sizes"]),
    ("desc --storage", ["desc", "lenet", "--storage"]),
    ("check", ["check", "lenet", "--require", "val_acc > 0.1"]),
    ("checkout", ["checkout", "lenet", "-o", "out"]),
    ("commit", ["commit", "-n", "lenet", "w.npy"]),
    ("show REF/TENSOR", ["show", "lenet/w"]),
    ("plot histogram", ["plot", "histogram", "lenet/w", "--bins", "8"]),
    ("lineage", ["lineage", "lenet"]),
    ("blame", ["blame", "lenet"]),
    ("search", ["search", "lenet"]),
    ("query", ["query", "select m"]),
    ("alias ALIAS REF", ["alias", "good", "lenet"]),
    ("alias", ["alias"]),
    ("alias --log", ["alias", "--log", "lenet"]),
    ("alias ALIAS REF", ["alias", "-d", "lenet:good"]),
    ("tag", ["tag", "lenet", "shipped"]),
    ("note", ["note", "lenet", "-m", "a note"]),
    ("copy", ["copy", "lenet", "lenet-b"]),
    ("op log", ["op", "log"]),
    ("undo", ["undo"]),
    ("restore", ["restore", "lenet-b"]),
    ("restore --list", ["restore", "--list"]),
    ("mv", ["mv", "lenet-b", "lenet-c"]),
    ("export", ["export", "--all", "plain"]),
    ("import", ["import", "plain", "--dry-run"]),
    ("du", ["du"]),
    ("archive", ["archive", "--yes"]),
    ("fsck", ["fsck"]),
    ("gc", ["gc"]),
    ("rm", ["rm", "lenet", "--force"]),
    ("config", ["config", "--keys"]),
    ("config KEY", ["config", "gc.grace"]),
    ("config KEY VALUE", ["config", "gc.grace", "30d"]),
    ("version", ["--version"]),
    ("help", ["help"]),
    ("help", ["help", "commit"]),
    ("error", ["desc", "nothing-of-that-name"]),
    ("error", ["comit"]),
    ("error", ["list", "--wersions"]),
]


def documented(source: pathlib.Path) -> dict[str, list[str]]:
    """Rows `| command | keys |` below the heading JSON of docs/cli.md; keys in backquotes."""
    text = (source / "docs/cli.md").read_text().split("## JSON")[1]
    rows = re.findall(r"^\| `([^`]*)` \| (.*?) \|", text, re.M)
    return {name: re.findall(r"`([^`]*)`", keys) for name, keys in rows}


def check(program: pathlib.Path, name: str, args: list[str], keys: list[str], folder: str) -> list[str]:
    problems = []
    done = subprocess.run([program, "--json", *args], cwd=folder, capture_output=True, text=True, timeout=60)
    if (done.returncode != 0) != (name == "error"):
        return [f"{name}: status {done.returncode}: {done.stderr.strip()}"]
    try:
        document = json.loads(done.stdout)
    except ValueError as error:
        return [f"{name}: not JSON: {error}: {done.stdout[:200]!r}"]
    if list(document) != keys:
        problems.append(f"{name}: keys {list(document)}, documented {keys}")
    if not done.stdout.isascii():
        problems.append(f"{name}: not plain ASCII")
    return problems


def check_lines(program: pathlib.Path, args: list[str], folder: str) -> list[str]:
    done = subprocess.run([program, *args, "--jsonl"], cwd=folder, capture_output=True, text=True, timeout=60)
    try:
        for line in done.stdout.splitlines():
            if not isinstance(json.loads(line), dict):
                return [f"{args} --jsonl: a line that is no object"]
    except ValueError as error:
        return [f"{args} --jsonl: {error}"]
    return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    program = options.program.resolve()
    keys = documented(pathlib.Path(__file__).resolve().parents[2])
    problems = [f"{name}: not in docs/cli.md" for name, _ in COMMANDS if name not in keys]
    with tempfile.TemporaryDirectory(prefix="dlv-json-") as folder:
        (pathlib.Path(folder) / "model.bin").write_bytes(os.urandom(1000))
        header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }".ljust(117) + "\n"
        (pathlib.Path(folder) / "w.npy").write_bytes(b"\x93NUMPY\x01\x00\x76\x00" + header.encode() + bytes(16))
        for name, args in COMMANDS:
            problems += check(program, name, args, keys.get(name, []), folder)
            if name.split()[0] in ("list", "log", "desc", "show", "alias", "op", "du", "status", "fsck", "gc", "diff", "plot") and "-d" not in args:
                problems += check_lines(program, args, folder)
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(COMMANDS)} documents parse and have the documented keys")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
