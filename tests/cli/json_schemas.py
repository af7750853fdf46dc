#!/usr/bin/env python3
"""Runs every command with --json and --jsonl on a real repository, and holds what stdout carries against the schemas of docs/json.

A schema NAME.schema.json belongs to the command NAME; `dlvRuns` are the command lines that the test runs (each in a fresh copy
of the repository of demo.py; --json is added to the last `dlv` of the line). Where $defs has `line`, the command is a listing,
and each line of --jsonl must fit that; else there is one line, and it must fit the schema itself. The schemas allow keys that
they do not name, for readers must; this test does not. A command that `dlv help` lists and that has no schema is an error.
"""

import argparse
import json
import pathlib
import sys

import demo

try:
    import jsonschema
except ImportError:
    print("SKIPPED: the package python3-jsonschema is not installed: no document was held against its schema")
    sys.exit(77)

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "docs/json"
NO_DOCUMENT = {"completion", "shell"}  # a script; documents of query
ERRORS = ["dlv desc nothing-of-that-name", "dlv comit", "dlv list --wersions", "dlv -C nowhere list", "dlv desc 'lenet:'", "dlv init"]


def strict(schema):
    """The schema with every object closed: a key that is not described is an error."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
    return closed


def load(path: pathlib.Path) -> dict:
    """A schema with the parts of common.schema.json in it: older validators fetch no neighbours."""
    schema, common = (json.loads(part.read_text().replace("common.schema.json#", "#")) for part in (path, SCHEMAS / "common.schema.json"))
    schema.setdefault("$defs", {}).update(common["$defs"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return strict(schema)


def complaints(document, schema: dict, what: str) -> list[str]:
    found = []
    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        best = jsonschema.exceptions.best_match([error]) or error
        found.append(f"{what}: {'/'.join(map(str, best.absolute_path))}: {best.message[:300]}")
    return found


def refuse_constant(word: str):
    raise ValueError(f"{word} is not JSON")


def parse(text: str):
    return json.loads(text, parse_constant=refuse_constant)


def with_option(line: str, option: str) -> str:
    """`dlv a -q && dlv b c` -> `dlv a -q && dlv OPTION b c`; the last word `dlv` is the one under test."""
    before, after = line.rsplit("dlv ", 1)
    return f"{before}dlv {option} {after}"


def check_run(made: demo.Demo, line: str, schema: dict) -> list[str]:
    whole = made.run(with_option(line, "--json"))
    if whole.returncode not in (0, 1):
        return [f"{line}: status {whole.returncode}: {whole.stderr.strip()}"]
    problems = [] if whole.stdout.isascii() else [f"{line}: not plain ASCII"]
    try:
        problems += complaints(parse(whole.stdout), schema, line)
    except ValueError as error:
        return [f"{line}: not one JSON document: {error}: {whole.stdout[:200]!r}"]
    rows = made.run(with_option(line, "--jsonl")).stdout.splitlines()
    listing = "line" in schema.get("$defs", {})
    row_schema = {"$ref": "#/$defs/line", "$defs": schema["$defs"]} if listing else schema
    if not listing and len(rows) != 1:
        problems.append(f"{line} --jsonl: {len(rows)} lines, want 1")
    for row in rows:
        try:
            problems += complaints(parse(row), row_schema, f"{line} --jsonl")
        except ValueError as error:
            problems.append(f"{line} --jsonl: {error}: {row[:200]!r}")
    return problems


def check_error(made: demo.Demo, line: str, schema: dict) -> list[str]:
    done = made.run(with_option(line, "--json"))
    try:
        document = parse(done.stdout)
    except ValueError as error:
        return [f"{line}: not one JSON document: {error}: {done.stdout[:200]!r}"]
    problems = complaints(document, schema, line)
    if not problems and document["error"]["exit"] != done.returncode:
        problems.append(f"{line}: exit {document['error']['exit']}, status {done.returncode}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("commands", nargs="*", help="only these")
    options = parser.parse_args()
    schemas = {path.name.removesuffix(".schema.json"): load(path) for path in sorted(SCHEMAS.glob("*.schema.json"))}
    problems, runs = [], 0
    for command in set(demo.commands_of(options.program)) - set(schemas) - NO_DOCUMENT:
        problems.append(f"dlv {command}: no docs/json/{command}.schema.json (docs/contributing.md says how)")
    with demo.Demo(options.program) as made:
        for name, schema in schemas.items():
            if options.commands and name not in options.commands:
                continue
            if name not in ("common", "error") and not schema.get("dlvRuns"):
                problems.append(f"docs/json/{name}.schema.json: no dlvRuns")
            for line in schema.get("dlvRuns", []):
                problems += check_run(made, line, schema)
                runs += 1
        for line in ERRORS:
            problems += check_error(made, line, schemas["error"])
    print("\n".join(problems) if problems else f"{runs} runs and {len(ERRORS)} errors fit {len(schemas)} schemas")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
