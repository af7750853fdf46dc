#!/usr/bin/env python3
"""The C++ on docs/api.md stands, line by line, in one of the programs in examples/, which are compiled and run by other tests; and every
program there is shown on the page or is one of those that need not be.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def stands_in(block: list[str], program: list[str]) -> bool:
    return any(program[at : at + len(block)] == block for at in range(len(program) - len(block) + 1))


def main() -> int:
    page = (ROOT / "docs/api.md").read_text()
    programs = {path.name: lines_of(path.read_text()) for path in sorted((ROOT / "examples").glob("*.cc"))}
    blocks = [lines_of(block) for block in re.findall(r"```cpp\n(.*?)```", page, re.S)]
    shown, problems = set(), []
    for block in blocks:
        found = {name for name, program in programs.items() if stands_in(block, program)}
        shown |= found
        if not found:
            problems.append(f"stands in no example: {block[0]}")
    problems += [f"examples/{name} is not on the page" for name in sorted(programs.keys() - shown)]
    print("\n".join(problems) if problems else f"{len(blocks)} blocks of docs/api.md stand in {len(programs)} programs")
    return 1 if problems or len(blocks) < 5 else 0


if __name__ == "__main__":
    sys.exit(main())
