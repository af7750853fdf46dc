#!/usr/bin/env python3
"""Commits every real file and gets it back byte for byte, with the tensors that the table says.

    all_files.py DLV [--write]

The files are in DLV_SHARED_DATA; the table is all_files.csv beside this script: file, format, tensors, and, for a file that is refused,
a part of the reason. A file that is not in the table must be a file without tensors. --write makes the table anew: look at what changed.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).with_name("all_files.csv")
ASKED_FOR = {"llama_stories260K/stories260K.bin": "llama2c"}  # says nothing of itself
UNSAFE = 9


def run(dlv, *words):
    return subprocess.run([dlv, *map(str, words)], capture_output=True, text=True)


def read_table():
    with TABLE.open(newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def commit(dlv, root, folder, refused):
    """Commits a folder as a model; files that must be refused are kept unread."""
    words = ["-C", root, "commit", "-n", folder.name, "--no-parent", folder]
    for path in files_of(folder):
        name = f"{folder.name}/{path.relative_to(folder)}"
        if name in refused:
            words += ["--as-file", path]
        if name in ASKED_FOR:
            words += ["--as", f"{ASKED_FOR[name]}={path}"]
    done = run(dlv, *words)
    if done.returncode != 0:
        return {}, [f"{folder.name}: commit exits {done.returncode}: {done.stderr.strip()}"]
    listed = json.loads(run(dlv, "-C", root, "desc", folder.name, "--json").stdout)
    return {f"{folder.name}/{file['path']}": file for file in listed["files"]}, []


def compare_with_table(found, table, write):
    problems = []
    for name, file in sorted(found.items()):
        # The table has the files with tensors, and those that must be refused; a graph without weights is none.
        row = table.get(name, {"format": file["format"], "tensors": "0", "refused": ""})
        got = (file["format"], str(file["tensors"]))
        want = ("blob", "0") if row["refused"] else (row["format"], row["tensors"])
        if got != want and not write:
            problems.append(f"{name}: {got[0]} with {got[1]} tensors, want {want[0]} with {want[1]}")
    return problems


def compare_bytes(dlv, root, folder):
    with tempfile.TemporaryDirectory() as out:
        done = run(dlv, "-C", root, "checkout", folder.name, "-o", out, "-q")
        if done.returncode != 0:
            return [f"{folder.name}: checkout exits {done.returncode}: {done.stderr.strip()}"]
        return [f"{folder.name}/{path.relative_to(folder)}: differs after checkout" for path in files_of(folder)
                if (pathlib.Path(out) / path.relative_to(folder)).read_bytes() != path.read_bytes()]


def check_refusal(dlv, root, data, row):
    done = run(dlv, "-C", root, "commit", "-n", "refused", "--no-parent", data / row["file"])
    known = json.loads(run(dlv, "-C", root, "list", "--json").stdout)
    problems = []
    if done.returncode != UNSAFE or row["refused"] not in done.stderr:
        problems.append(f"{row['file']}: exits {done.returncode}: {done.stderr.strip()}, want \"{row['refused']}\"")
    if any(model["model"] == "refused" for model in known["models"]):
        problems.append(f"{row['file']}: a version was made of a refused file")
    return problems


def write_table(found, table):
    with TABLE.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["file", "format", "tensors", "refused"])
        for name, file in sorted(found.items()):
            refused = table.get(name, {}).get("refused", "")
            if file["tensors"] or refused:
                writer.writerow([name, "" if refused else file["format"], "" if refused else file["tensors"], refused])


def main():
    dlv, write = sys.argv[1], "--write" in sys.argv
    if "DLV_SHARED_DATA" not in os.environ:
        print("DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED")
        return 77
    data = pathlib.Path(os.environ["DLV_SHARED_DATA"])
    table = read_table()
    refused = {name for name, row in table.items() if row["refused"]}
    found, problems = {}, []
    with tempfile.TemporaryDirectory() as root:
        run(dlv, "-C", root, "init")
        for folder in sorted(path for path in data.iterdir() if path.is_dir()):
            files, wrong = commit(dlv, root, folder, refused)
            found.update(files)
            problems += wrong or compare_with_table(files, table, write) + compare_bytes(dlv, root, folder)
        for name in sorted(refused):
            problems += check_refusal(dlv, root, data, table[name])
        checked = run(dlv, "-C", root, "fsck", "-q")
        if checked.returncode != 0:
            problems.append(f"fsck exits {checked.returncode}: {checked.stderr.strip()}")
    missing = [name for name in table if name not in found]
    problems += [f"{name}: is in the table, but was not found" for name in missing]
    if write:
        write_table(found, table)
    tensors = sum(file["tensors"] for file in found.values())
    print("\n".join(problems + [f"{len(found)} files with {tensors} tensors, {len(refused)} refused, {len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
