#!/usr/bin/env python3
"""Archives real series, a face detector and a Caffe network: a second time changes nothing, files come back byte for byte, and what
the plan says is what there is afterwards (bytes within 2 %). The rates of the machine are told, not measured, so that plans do not
depend on how busy it is. Status 77 where shared data is not there.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# Of long series a few, for programs without optimisation.
SERIES = (("rfb", "linzaer_rfb_series/*.pth", -3), ("cifar", "caffe_cifar10_full_series/cifar10_full_iter_*.caffemodel", -3))
BUDGETS = ("4x", "1.6x")
# Seconds for a byte, or times as long: those of a processor with AVX2, whose decoding and reading take alike.
RATES = {
    "base32": 1.2e-9, "base16": 1.5e-9, "delta32": 1.6e-9, "delta16": 1.8e-9, "other": 2e-9, "near32": 2e-9, "nearest32": 2.2e-9, "near16": 1.7e-9, "delta-other": 2e-9,
    "cold-base32": 1.1, "cold-base16": 1.1, "cold-delta32": 2, "cold-delta16": 2, "two-bases32": 1.3, "two-bases16": 1.3,
    "fetch": 1.2e-10, "chunk": 4e-6,
}
MOST_ERROR = 0.02  # of planned bytes
MOST_LOAD_ERROR = 0.2  # of planned loads: which chunks take a second base, and decode more slowly, is known when they are coded


def shared_data() -> pathlib.Path | None:
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = pathlib.Path(os.environ.get("DLV_SHARED_DATA") or root.parent / "shared/data")
    return folder if folder.is_dir() else None


class Repository:
    def __init__(self, program: str, folder: pathlib.Path):
        self.program, self.folder = program, folder
        self.dlv("init", "-q")

    def dlv(self, *words: str) -> str:
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True, timeout=280)
        if done.returncode:
            sys.exit(f"dlv {' '.join(words)}: status {done.returncode}: {done.stderr}")
        return done.stdout

    def plan(self, budget: str) -> dict:
        return json.loads(self.dlv("archive", "--plan", "--json", "--max-load", budget))

    def tell_rates(self) -> None:
        """Replaces what was measured; the first two lines say what the rates are, and of which machine."""
        path = self.folder / ".dlv/rates"
        lines = path.read_text().splitlines()
        names = [line.split()[0] for line in lines[2:]]
        if names != list(RATES):
            sys.exit(f"{path.name}: want {list(RATES)}, got {names}")
        path.write_text("\n".join(lines[:2] + [f"{name} {RATES[name]}" for name in names]) + "\n")

    def packs(self) -> set[str]:
        return {path.name for path in (self.folder / ".dlv/packs").iterdir()}

    def archive(self, budget: str) -> dict:
        return json.loads(self.dlv("archive", "--yes", "--json", "--max-load", budget))


def commit(repository: Repository, data: pathlib.Path) -> dict[str, pathlib.Path]:
    """Each file as a model of its own, so that archive has to find its kin; by model."""
    files = {}
    for name, pattern, first in SERIES:
        for number, path in enumerate(sorted(data.glob(pattern))[first:]):
            model = f"{name}{number}"
            repository.dlv("commit", "-q", "-n", model, "--no-parent", str(path))
            files[model] = path
    return files


def check_files(repository: Repository, files: dict[str, pathlib.Path]) -> list[str]:
    problems = []
    for model, path in files.items():
        repository.dlv("checkout", "-q", model, "-o", f"out/{model}")
        if (repository.folder / "out" / model / path.name).read_bytes() != path.read_bytes():
            problems.append(f"{model}: not the file that was committed")
    subprocess.run(["rm", "-r", str(repository.folder / "out")], check=True)
    return problems


def check_budget(repository: Repository, budget: str) -> list[str]:
    problems = []
    plan, done = repository.plan(budget), repository.archive(budget)
    planned, written = plan["planned"]["bytes"], done["after_bytes"]
    if done["rewritten"] == 0:
        problems.append(f"{budget}: nothing to do")
    if abs(written / planned - 1) > MOST_ERROR:
        problems.append(f"{budget}: planned {planned} bytes, became {written}")
    after = repository.plan(budget)
    if after["changes"] or not after["within_budget"]:
        problems.append(f"{budget}: {len(after['changes'])} changes are left, within budget: {after['within_budget']}")
    for what in ("median", "worst"):
        said, now = plan["planned"]["load_seconds"][what], after["now"]["load_seconds"][what]
        if abs(now / said - 1) > MOST_LOAD_ERROR:
            problems.append(f"{budget}: {what} load planned {said}, became {now}")
    packs = repository.packs()
    for time in ("second", "third"):
        again = repository.archive(budget)
        if again["rewritten"] or repository.packs() != packs:
            problems.append(f"{budget}: {again['rewritten']} tensors rewritten the {time} time")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    program = str(parser.parse_args().program.resolve())
    data = shared_data()
    if data is None:
        print("SKIPPED: no shared data (DLV_SHARED_DATA)")
        return 77
    with tempfile.TemporaryDirectory(prefix="dlv-archive-") as folder:
        repository = Repository(program, pathlib.Path(folder))
        files = commit(repository, data)
        repository.plan(BUDGETS[0])
        repository.tell_rates()
        problems = []
        for budget in BUDGETS:
            problems += check_budget(repository, budget) + check_files(repository, files)
        repository.dlv("fsck", "--full", "-q")
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(files)} files archived under {len(BUDGETS)} budgets: settled, and as they were")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
