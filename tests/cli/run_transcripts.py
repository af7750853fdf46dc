#!/usr/bin/env python3
"""Runs transcripts: lines `$ command`, below them the expected output, then `? N` where the status is not 0.

    $ dlv init
    Initialised [..]/.dlv
    $ dlv desc nothing
    error[not-found]: no model "nothing"
    ? 3

Every transcript runs in an empty folder of its own, with sh; `dlv` is the program given on the command line.
Output is stdout and stderr together, blanks at line ends dropped. `[..]` stands for anything within a line, a line
`[...]` for any number of lines. Lines beginning with `#` are comments.  With --update the files are rewritten with
what came out (wildcards are kept where they still fit).
"""

import argparse
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile


@dataclasses.dataclass
class Step:
    line: int
    command: str
    comments: list[str]
    expected: list[str]
    status: int = 0


def parse(path: pathlib.Path) -> tuple[list[Step], list[str]]:
    steps: list[Step] = []
    comments: list[str] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("$ "):
            steps.append(Step(number, line[2:], comments, []))
            comments = []
        elif line.startswith("#"):
            comments.append(line)
        elif line.startswith("? ") and steps:
            steps[-1].status = int(line[2:])
        elif steps:
            if comments:  # a comment in the middle of output was output
                steps[-1].expected += comments
                comments = []
            steps[-1].expected.append(line)
        elif line:
            raise SystemExit(f"{path}:{number}: output before any command")
    for step in steps:
        while step.expected and not step.expected[-1]:
            step.expected.pop()
    return steps, comments


def pattern_of(lines: list[str]) -> re.Pattern:
    parts = []
    for line in lines:
        if line == "[...]":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(r"[^\n]*?".join(re.escape(piece) for piece in line.split("[..]")) + r"\n")
    return re.compile("".join(parts) + r"\Z")


def fits(expected: list[str], got: list[str]) -> bool:
    return pattern_of(expected).match("".join(line + "\n" for line in got)) is not None


def run(step: Step, folder: str, environment: dict[str, str]) -> tuple[list[str], int]:
    done = subprocess.run(["sh", "-c", step.command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    text = done.stdout.decode("utf-8", "backslashreplace").replace("\x1b", "<ESC>")  # none is expected in a pipe
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines, done.returncode


def environment_for(program: pathlib.Path, folder: str) -> dict[str, str]:
    bin_folder = pathlib.Path(folder) / ".bin"
    bin_folder.mkdir()
    (bin_folder / "dlv").symlink_to(program)
    kept = {k: v for k, v in os.environ.items() if k in ("DLV_SHARED_DATA", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")}
    source = str(pathlib.Path(__file__).resolve().parents[2])
    return {**kept, "PATH": f"{bin_folder}:{os.environ['PATH']}", "HOME": folder, "SOURCE": source, "TZ": "UTC",
            "LC_ALL": "C.UTF-8", "DLV_AUTHOR": "tester"}


def play(path: pathlib.Path, program: pathlib.Path, update: bool) -> int:
    steps, trailing = parse(path)
    failures = 0
    with tempfile.TemporaryDirectory(prefix="dlv-transcript-") as folder:
        environment = environment_for(program, folder)
        work = pathlib.Path(folder) / "here"
        work.mkdir()
        for step in steps:
            got, status = run(step, str(work), environment)
            if fits(step.expected, got) and status == step.status:
                continue
            failures += 1
            if update:
                step.expected, step.status = got, status
                continue
            print(f"{path}:{step.line}: $ {step.command}")
            for line in step.expected:
                print(f"  want  {line}")
            for line in got:
                print(f"  got   {line}")
            if status != step.status:
                print(f"  status {status}, want {step.status}")
            break  # what follows depends on it
    if update:
        lines = []
        for step in steps:
            lines += step.comments + [f"$ {step.command}"] + step.expected
            if step.status:
                lines.append(f"? {step.status}")
        path.write_text("\n".join(lines + trailing) + "\n")
        print(f"{path.name}: {failures} of {len(steps)} steps rewritten")
        return 0
    if not failures:
        print(f"{path.name}: {len(steps)} steps")
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("transcripts", nargs="+", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    program = options.program.resolve()
    return 1 if sum(play(path, program, options.update) for path in options.transcripts) else 0


if __name__ == "__main__":
    sys.exit(main())
