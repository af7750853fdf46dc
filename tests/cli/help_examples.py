#!/usr/bin/env python3
"""Runs the examples of every command's help, each in a fresh copy of the repository of demo.py: what help shows must work."""

import argparse
import pathlib
import re
import subprocess
import sys

import demo

# Examples that need an empty folder, and those whose answer is "no".
FRESH = {"init"}
STATUS: dict[str, int] = {"dlv diff lenet:v1/conv* lenet:v2/conv* --exit-code": 1}


def examples_of(program: pathlib.Path, command: str) -> list[str]:
    page = subprocess.run([program, command, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
    lines = page.splitlines()
    examples = [re.split(r"\s{2,}# ", line.strip())[0] for line in lines[1 : lines.index("")]]
    return [line for line in examples if not line.startswith("#")]


def check(made: demo.Demo, command: str, example: str) -> list[str]:
    folder = made.copy()
    if command in FRESH:
        folder = made.home / "fresh"
        folder.mkdir(exist_ok=True)
        subprocess.run(["rm", "-rf", ".dlv"], cwd=folder, check=True)
    done = made.run(example, folder)
    want = STATUS.get(example, 0)
    if done.returncode != want:
        return [f"{example}: status {done.returncode}, want {want}: {done.stderr.strip()}"]
    if "\x1b" in done.stdout + done.stderr:
        return [f"{example}: escape codes in a pipe"]
    return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    problems, count = [], 0
    with demo.Demo(options.program) as made:
        for command in demo.commands_of(options.program):
            examples = examples_of(options.program, command)
            if len(examples) < 2:
                problems.append(f"dlv {command} --help: {len(examples)} examples, want two or more")
            for example in examples:
                problems += check(made, command, example)
                count += 1
    print("\n".join(problems) if problems else f"{count} examples work")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
