#!/usr/bin/env python3
"""What a repository of 10,000 versions of 300 tensors costs: size of the catalog, time of the commands that list.

    run_scale.py --dlv build/release/bin/dlv --make build/release/bin/make_scale [--repository FOLDER] [--versions 10000] [--tensors 300]
                 [--models 20] [--repeat 20]

The repository is made by real commits (make_scale, built with -DDLV_BENCH=ON), once: about ten minutes, 1 GB; a folder that has it already is used
as it is, one that was interrupted is completed. Every command runs --repeat times with warm caches; median, slowest and limit are
printed. Status 1 where a limit is missed (limits hold for 10,000 versions of 300 tensors).
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

MS = 1e-3


def seconds_of(command: list[str], folder: pathlib.Path, repeat: int) -> list[float]:
    times = []
    for _ in range(repeat + 1):  # the first one warms up
        begin = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return times[1:]


class Table:
    def __init__(self, dlv: pathlib.Path, folder: pathlib.Path, repeat: int):
        self.dlv, self.folder, self.repeat = dlv, folder, repeat
        self.missed = 0

    def line(self, what: str, value: str, limit: str, good: bool) -> None:
        self.missed += not good
        print(f"{what:36}{value:>32}{limit:>12}  {'' if good else 'MISSED'}", flush=True)

    def time(self, limit: float | None, *words: str) -> None:
        times = seconds_of([str(self.dlv), *words], self.folder, self.repeat)
        median = statistics.median(times)
        value = f"{median / MS:.1f} ms (at most {max(times) / MS:.1f})"
        self.line("dlv " + " ".join(words), value, f"{limit / MS:.0f} ms" if limit else "-", limit is None or median <= limit)

    def size(self, what: str, path: pathlib.Path, limit: float | None) -> None:
        size = path.stat().st_size if path.is_file() else sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
        self.line(what, f"{size / 1e6:.1f} MB", f"{limit / 1e6:.0f} MB" if limit else "-", limit is None or size <= limit)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dlv", type=pathlib.Path, required=True)
    parser.add_argument("--make", type=pathlib.Path, required=True)
    parser.add_argument("--repository", type=pathlib.Path, help="kept; default: a temporary folder")
    parser.add_argument("--versions", type=int, default=10_000)
    parser.add_argument("--tensors", type=int, default=300)
    parser.add_argument("--models", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dlv-scale-") as scratch:
        folder = options.repository or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([options.make.resolve(), folder, str(options.versions), str(options.tensors), str(options.models)], check=True)
        table = Table(options.dlv.resolve(), folder, options.repeat)
        print(f"\n{options.versions} versions of {options.tensors} tensors in {options.models} models, median of {options.repeat}")
        table.size("catalog", folder / ".dlv/catalog.db", 150e6)
        table.size("all of .dlv", folder / ".dlv", None)
        table.time(10 * MS, "--version")
        table.time(200 * MS, "list")
        table.time(200 * MS, "status")
        table.time(50 * MS, "desc", "model-0")
        table.time(50 * MS, "desc", "model-3:v77")
        for line in ("dlv che", "dlv desc mod", "dlv desc model-0:", "dlv desc model-0:v4", "dlv desc model-0/blocks.1"):
            table.time(20 * MS, "completion", "bash", "--line", line)
        table.time(200 * MS, "list", "--versions")
        table.time(None, "log", "model-0")
        table.time(None, "log", "--graph")
        table.time(None, "--json", "list", "--versions")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
