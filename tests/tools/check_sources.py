#!/usr/bin/env python3
"""Fails on tracked files that are too long or name somebody's machine.

    check_sources.py [ROOT]

- A source has at most 600 lines (generated ones apart).
- No text names a folder that exists on one machine only, such as a home folder.
- Headers have #pragma once. (What they may include is a matter of check_layers.py.)
Works on the files that git tracks; without git, on all files outside build/.
"""

import pathlib
import re
import subprocess
import sys

MAX_LINES = 600
SOURCES = {".h", ".cc", ".cmake", ".py", ".sh"}
# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:" + "|".join(("home" + "/[a-z]", "Users" + "/[A-Za-z]", "root" + "/", "work" + "/[a-z]"))
                          + r")[\w./-]*")


def tracked_files(root):
    listing = subprocess.run(["git", "-C", str(root), "-c", "safe.directory=*", "ls-files", "-z"], capture_output=True)
    if listing.returncode == 0:
        return [root / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in root.rglob("*") if path.is_file() and "build" not in path.relative_to(root).parts]


def problems_of(path, name):
    content = path.read_bytes()
    if b"\0" in content:
        return
    text = content.decode("utf-8", "replace")
    lines = text.splitlines()
    if path.suffix in SOURCES and "generated" not in path.parts and len(lines) > MAX_LINES:
        yield f"{name}: {len(lines)} lines, at most {MAX_LINES} wanted"
    if name not in ("LICENSE",):
        for number, line in enumerate(lines, 1):
            match = MACHINE_PATH.search(line)
            if match:
                yield f"{name}:{number}: names a machine's folder: {match[0]}"
    if path.suffix == ".h" and "#pragma once" not in text:
        yield f"{name}: header without #pragma once"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    files = [path for path in tracked_files(root) if path.is_file()]
    problems = [text for path in files for text in problems_of(path, path.relative_to(root).as_posix())]
    print("\n".join(problems + [f"{len(files)} files, {len(problems)} problems"]))
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
