#!/usr/bin/env python3
"""Fails where a source is compiled with flags that change results, or without those that the project promises.

    check_flags.py COMPILE_COMMANDS
"""

import json
import re
import shlex
import sys

# Values must not depend on the optimiser: proofs and stored bytes rest on IEEE arithmetic.
FORBIDDEN = {"-ffast-math", "-Ofast", "-funsafe-math-optimizations", "-fassociative-math", "-freciprocal-math",
             "-ffinite-math-only", "-fno-signed-zeros", "-march=native", "-w"}
# Asked of every source of a library or of the command line.
REQUIRED = {"-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror", "-ffp-contract=off"}
LIBRARIES = ("/storage/", "/engine/", "/cli/")
GENERATED = "/grammar/"  # by ANTLR: its warnings are not ours


def place_of(command, root):
    """Path of the source from the root; of sources compiled as one, which stand in the build folder, the folder that they came from."""
    return re.sub(r"^/build/[^/]+(?=/)", "", command["file"].removeprefix(root))


def complaints(command, root):
    flags = set(command.get("arguments") or shlex.split(command["command"]))
    name = place_of(command, root)
    for flag in sorted(flags & FORBIDDEN - ({"-w"} if name.startswith(GENERATED) else set())):
        yield f"{name}: compiled with {flag}"
    if name.startswith(LIBRARIES):
        for flag in sorted(REQUIRED - flags):
            yield f"{name}: compiled without {flag}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        commands = json.load(file)
    root = __file__.rsplit("/tests/tools/", 1)[0]
    problems = [text for command in commands for text in complaints(command, root)]
    libraries = sum(place_of(command, root).startswith(LIBRARIES) for command in commands)
    print("\n".join(problems + [f"{len(commands)} compilations, {libraries} of libraries, {len(problems)} wrong flags"]))
    return 1 if problems or libraries == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
