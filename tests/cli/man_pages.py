#!/usr/bin/env python3
"""Manual pages: one for each command, and neither man nor mandoc has anything to complain about."""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

import demo


def check_page(page: pathlib.Path, options: list[str]) -> list[str]:
    problems = []
    text = page.read_text()
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"):
        if f'.SH {heading}' not in text and f'.SH "{heading}"' not in text:
            problems.append(f"{page.name}: no section {heading}")
    for option in options:
        if option.replace("-", "\\-") not in text:
            problems.append(f"{page.name}: {option} is not there")
    if shutil.which("mandoc"):
        done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True, timeout=60)
        problems += [f"mandoc: {line}" for line in done.stdout.splitlines()]
    if shutil.which("man"):
        done = subprocess.run(["man", "--warnings=all", "-l", "-Tutf8", page], capture_output=True, text=True, timeout=60,
                              env={"LC_ALL": "C.UTF-8", "MANWIDTH": "80", "PATH": "/usr/bin:/bin"})
        problems += [f"{page.name}: man: {line}" for line in done.stderr.splitlines()]
    return problems


def options_of(program: pathlib.Path, command: str) -> list[str]:
    page = subprocess.run([program, command, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
    own = page.split("\nOptions of every command\n")[0]
    return [word.rstrip(",") for line in own.splitlines() if line.startswith("  -") for word in line.split()[:2] if word.startswith("--")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    problems = []
    commands = demo.commands_of(options.program)
    with tempfile.TemporaryDirectory(prefix="dlv-man-") as folder:
        subprocess.run([options.program, "help", "--man-pages", folder], check=True, timeout=60)
        pages = {page.name for page in pathlib.Path(folder).iterdir()}
        if pages != {"dlv.1"} | {f"dlv-{command}.1" for command in commands}:
            problems.append(f"pages {sorted(pages)}")
        for command in commands:
            page = pathlib.Path(folder) / f"dlv-{command}.1"
            problems += check_page(page, options_of(options.program, command))
            shown = subprocess.run([options.program, "help", "--man", command], capture_output=True, text=True, timeout=60).stdout
            if shown != page.read_text():
                problems.append(f"dlv help --man {command} is another page")
        problems += check_page(pathlib.Path(folder) / "dlv.1", ["--json", "--repo"])
    for judge in ("man", "mandoc"):
        if not shutil.which(judge):
            print(f"SKIPPED: {judge} is not installed, and has not looked at the pages")
    print("\n".join(problems) if problems else f"{len(commands) + 1} pages are well")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
