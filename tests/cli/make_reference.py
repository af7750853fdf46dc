#!/usr/bin/env python3
"""Writes the section "Commands" of docs/cli.md from `dlv COMMAND --help`, so that the reference is never older than the
program.  --check only says whether it is up to date, and that every command's help begins with two examples or more.
"""

import argparse
import pathlib
import subprocess
import sys

import demo

BEGIN, END = "<!-- commands: begin -->\n", "<!-- commands: end -->\n"


def help_of(program: pathlib.Path, command: str) -> str:
    return subprocess.run([program, command, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    document = pathlib.Path(__file__).resolve().parents[2] / "docs/cli.md"
    text = document.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    sections = []
    for command in demo.commands_of(options.program):
        page = help_of(options.program, command)
        own, common = page.split("\nOptions of every command\n")
        lines = own.splitlines()
        examples = lines[1 : lines.index("")]
        if lines[0] != "Examples" or sum("dlv " in line for line in examples) < 2:
            print(f"dlv {command} --help does not begin with two examples")
            return 1
        sections.append(f"### dlv {command}\n\n```\n{own.rstrip()}\n```\n")
    sections.append(f"### Options of every command\n\n```\n{common.rstrip()}\n```\n")
    new = before + BEGIN + "\n" + "\n".join(sections) + "\n" + END + after
    if options.check:
        if new != text:
            print("docs/cli.md is not what the program says: run tests/cli/make_reference.py build/release/bin/dlv")
        return int(new != text)
    document.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
