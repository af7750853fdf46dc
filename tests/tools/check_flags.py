#!/usr/bin/env python3
"""Fails where a source is compiled with flags that change results, or without those that the project promises.

    check_flags.py COMPILE_COMMANDS
"""

import json
import shlex
import sys

# Values must not depend on the optimiser: proofs and stored bytes rest on IEEE arithmetic.
FORBIDDEN = {"-ffast-math", "-Ofast", "-funsafe-math-optimizations", "-fassociative-math", "-freciprocal-math",
             "-ffinite-math-only", "-fno-signed-zeros", "-march=native", "-w"}
# Asked of every source of a library or of the command line.
REQUIRED = {"-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror", "-ffp-contract=off"}
LIBRARIES = ("/storage/", "/engine/", "/cli/")


def complaints(command, root):
    flags = set(command.get("arguments") or shlex.split(command["command"]))
    name = command["file"].removeprefix(root)
    for flag in sorted(flags & FORBIDDEN):
        yield f"{name}: compiled with {flag}"
    if name.startswith(LIBRARIES):
        for flag in sorted(REQUIRED - flags):
            yield f"{name}: compiled without {flag}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        commands = json.load(file)
    root = __file__.rsplit("/tests/tools/", 1)[0]
    problems = [text for command in commands for text in complaints(command, root)]
    libraries = sum(command["file"].removeprefix(root).startswith(LIBRARIES) for command in commands)
    print("\n".join(problems + [f"{len(commands)} compilations, {libraries} of libraries, {len(problems)} wrong flags"]))
    return 1 if problems or libraries == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
