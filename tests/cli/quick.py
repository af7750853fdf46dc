#!/usr/bin/env python3
"""What must be quick: the version, help and errors that need no repository (10 ms), completion (20 ms). Times are those of the
processor, the best of many runs, so that a busy machine does not fail the test.
"""

import argparse
import pathlib
import resource
import subprocess
import sys

import demo

RUNS = 15
LIMITS = [
    (10, ["--version"]),
    (10, ["help"]),
    (10, ["help", "commit"]),
    (10, ["commit", "--help"]),
    (10, ["comit"]),
    (10, ["list", "--wersions"]),
    (10, ["-C", "/", "list"]),
    (10, ["config", "gc.grace"]),
    (20, ["completion", "bash"]),
    (20, ["completion", "bash", "--line", "dlv che"]),
    (20, ["completion", "bash", "--line", "dlv desc len"]),
    (20, ["completion", "bash", "--line", "dlv desc lenet:v"]),
    (20, ["completion", "bash", "--line", "dlv desc lenet/c"]),
]


def milliseconds(program: pathlib.Path, words: list[str], folder: pathlib.Path, environment: dict[str, str]) -> float:
    best = float("inf")
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                       timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    problems = []
    with demo.Demo(options.program) as made:
        for limit, words in LIMITS:
            took = milliseconds(options.program.resolve(), words, made.original, made.environment)
            line = f"dlv {' '.join(words)}: {took:.1f} ms, limit {limit}"
            print(line)
            if took > limit:
                problems.append(line)
    for line in problems:
        print(f"too slow: {line}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
