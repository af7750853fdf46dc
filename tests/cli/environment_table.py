#!/usr/bin/env python3
"""The variables of the environment: those that the code asks for, those of `dlv help environment` and those of the table in
docs/cli.md are the same.
"""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Looked at by the C library, or set for others: no line of dlv asks for them.
NOT_ASKED_FOR = {"TZ", "DLV_REFERENCE", "DLV_STEP"}
ASKING = re.compile(r"getenv\(|EnvironmentValue\(|ThreadsFromEnvironment\(|Variable\(")
NAME = re.compile(r'"([A-Z][A-Z0-9_]+)"')


def names_in_code() -> set[str]:
    """Names in capitals near a call that asks the environment: on the same line, or as a row of a table of settings."""
    names = set()
    for folder in ("storage", "engine", "cli"):
        for path in (ROOT / folder).rglob("*.cc"):
            if path.name == "environment.cc":
                continue
            lines = path.read_text().splitlines()
            for number, line in enumerate(lines):
                if ASKING.search(line) or re.search(r'for \(const char\* \w+ :', line):
                    around = "\n".join(lines[number : number + 2])
                    names |= {name for name in NAME.findall(around) if not name.isdigit()}
            if path.name == "settings.cc":
                names |= {name for name in NAME.findall(path.read_text()) if name.startswith("DLV_")}
    return names


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    page = subprocess.run([options.program, "help", "environment"], capture_output=True, text=True, check=True, timeout=60).stdout
    helped = set(re.findall(r"^  ([A-Z][A-Z0-9_]+)  ", page, re.M))
    section = (ROOT / "docs/cli.md").read_text().split("## Environment")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", section, re.M))
    code = names_in_code()
    problems = []
    for name in sorted(code - helped):
        problems.append(f"{name} is asked for in the code and is not in cli/environment.cc")
    for name in sorted(helped - code - NOT_ASKED_FOR):
        problems.append(f"{name} is in cli/environment.cc and nothing asks for it")
    for name in sorted(helped ^ documented):
        problems.append(f"{name}: docs/cli.md, Environment, differs from dlv help environment")
    print("\n".join(problems) if problems else f"{len(helped)} variables")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
