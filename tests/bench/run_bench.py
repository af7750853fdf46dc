#!/usr/bin/env python3
"""Speed and memory of commit and checkout beside cp, zstd, LZ4 and byte-grouped zstd, in one run on the same files.

    run_bench.py --dlv build/release/bin/dlv [--repeat 5] [--synthetic FOLDER] [--threads 1,2] [--scratch FOLDER] [--only NAME]

Every row writes its result to --scratch and syncs it before the clock stops. Sources are dropped from the page cache before each
repetition ("cold"), outputs before each decoding. Columns: median seconds; spread as (slowest - fastest) / median; GB of original bytes a
second; time relative to `cp + sync` of the same files in this run; output in percent of the input; most anonymous memory (RssAnon,
sampled every 5 ms). `--synthetic` is a folder made by make_synthetic.py: its first file is committed alone, its second against it.
Needs NumPy and zstandard; lz4 and zstd programs.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import series

BENCH = pathlib.Path(__file__).resolve().parent


def sync_tree(folder):
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def make_cold(paths):
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def bytes_below(folder):
    return sum(path.stat().st_size for path in pathlib.Path(folder).rglob("*") if path.is_file())


class MemoryWatch(threading.Thread):
    """Highest RssAnon of a process and its children, in bytes."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.stop = pid, 0, False

    def sample(self, pid):
        try:
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                total = next((int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon")), 0)
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
                return total + sum(self.sample(child) for child in children.read().split())
        except (FileNotFoundError, ProcessLookupError):
            return 0

    def run(self):
        while not self.stop:
            self.peak = max(self.peak, self.sample(self.pid))
            time.sleep(0.005)


def timed(command, folder, environment):
    """Runs a command and syncs what it wrote; (seconds, peak anonymous bytes)."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, text=True)
    watch = MemoryWatch(process.pid)
    watch.start()
    _, errors = process.communicate()
    sync_tree(folder)
    seconds = time.perf_counter() - begin
    watch.stop = True
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {errors[-500:]}")
    return seconds, watch.peak


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.dlv = str(pathlib.Path(arguments.dlv).resolve())
        self.copy_seconds = None

    def row(self, name, sources, command, output, prepare=None, slow=False, threads=None):
        """Measures one command; prints its row. `command` and `prepare` get the fresh scratch folder."""
        environment = dict(os.environ, DLV_THREADS=str(threads or 1), DLV_PROGRESS="0")
        raw = sum(path.stat().st_size for path in sources)
        times, peak, written = [], 0, 0
        for _ in range(1 if slow else self.arguments.repeat):
            with tempfile.TemporaryDirectory(dir=self.arguments.scratch) as name_of_folder:
                folder = pathlib.Path(name_of_folder)
                if prepare:
                    prepare(folder, environment)
                sync_tree(folder)
                make_cold(list(sources) + [path for path in folder.rglob("*") if path.is_file()])
                before = bytes_below(output(folder))
                seconds, memory = timed(command(folder), output(folder), environment)
                times.append(seconds)
                peak, written = max(peak, memory), bytes_below(output(folder)) - before
        median = statistics.median(times)
        if name == "cp + sync":
            self.copy_seconds = median
        relative = f"{median / self.copy_seconds:7.2f}" if self.copy_seconds else "      -"
        print(f"  {name:38s} {median:9.3f} {100 * (max(times) - min(times)) / median:6.0f} % {raw / median / 1e9:8.3f} {relative}"
              f" {100 * written / raw:8.2f} % {peak / 1e6:8.0f} MB", flush=True)

    def shell(self, *words):
        """A command of the shell over the sources, each into out/NAME."""
        return lambda folder: ["sh", "-c", " ".join(words).replace("OUT", str(folder / "out"))]

    def others(self, sources, threads_list, width=4):
        names = " ".join(f"'{path}'" for path in sources)
        make_out = lambda folder, _: (folder / "out").mkdir()
        out = lambda folder: folder / "out"
        each = lambda command: self.shell(f"for f in {names}; do {command}; done")
        self.row("cp + sync", sources, each('cp "$f" OUT/'), out, make_out)
        self.row("lz4 -1", sources, each('lz4 -q -1 "$f" OUT/$(basename "$f").lz4'), out, make_out)
        for threads in threads_list:
            self.row(f"zstd -3, {threads} thread(s)", sources, each(f'zstd -q -3 -T{threads} "$f" --output-dir-flat OUT'), out, make_out)
        big = sum(path.stat().st_size for path in sources) > 2e8
        if not big or self.arguments.slow:
            self.row("zstd -19, 1 thread", sources, each('zstd -q -19 -T1 "$f" --output-dir-flat OUT'), out, make_out, slow=True)
        python = ["env", f"WIDTH={width}", sys.executable, str(BENCH / "grouped_zstd.py")]
        self.row("byte-grouped zstd -3", sources, lambda folder: [*python, "encode", str(folder / "out"), *map(str, sources)], out, make_out)

        def compress_grouped(folder, environment):
            make_out(folder, environment)
            (folder / "coded").mkdir()
            subprocess.run([*python, "encode", str(folder / "coded"), *map(str, sources)], check=True)
        self.row("byte-grouped zstd -3, decoding", sources,
                 lambda folder: [*python, "decode", str(folder / "out"), *map(str, sorted((folder / "coded").iterdir()))], out, compress_grouped)

        def compress_zstd(folder, environment):
            make_out(folder, environment)
            (folder / "coded").mkdir()
            subprocess.run(["zstd", "-q", "-3", "-T2", *map(str, sources), "--output-dir-flat", str(folder / "coded")], check=True)
        self.row("zstd -3, decoding", sources,
                 lambda folder: ["sh", "-c", f"zstd -q -d {folder}/coded/* --output-dir-flat {folder}/out"], out, compress_zstd)

    def call(self, folder, environment, *words):
        subprocess.run([self.dlv, "-C", str(folder), *words], check=True, env=environment, stdout=subprocess.DEVNULL)

    def dlv_rows(self, label, sources, commit_words, before, threads_list, checkout_words):
        """`before`: words of commits that are made, untimed, in advance."""
        def prepare(folder, environment):
            self.call(folder, environment, "init")
            for words in before:
                self.call(folder, environment, *words)
            (folder / "out").mkdir()

        def prepare_checkout(folder, environment):
            prepare(folder, environment)
            self.call(folder, environment, *commit_words)

        for threads in threads_list:
            self.row(f"dlv commit{label}, {threads} thread(s)", sources, lambda folder: [self.dlv, "-C", str(folder), *commit_words],
                     lambda folder: folder / ".dlv", prepare, threads=threads)
            self.row(f"dlv checkout{label}, {threads} thread(s)", sources,
                     lambda folder: [self.dlv, "-C", str(folder), *checkout_words, "-o", str(folder / "out")],
                     lambda folder: folder / "out", prepare_checkout, threads=threads)

    def commit_again(self, sources, commit_words):
        def prepare(folder, environment):
            self.call(folder, environment, "init")
            self.call(folder, environment, *commit_words)
            (folder / "out").mkdir()
        self.row("openssl dgst -sha256", sources, lambda folder: ["openssl", "dgst", "-sha256", *map(str, sources)],
                 lambda folder: folder / "out", prepare)
        self.row("dlv commit of what is there", sources, lambda folder: [self.dlv, "-C", str(folder), *commit_words],
                 lambda folder: folder / ".dlv", prepare, threads=2)

    def header(self, name, sources):
        raw = sum(path.stat().st_size for path in sources)
        print(f"\n{name}: {len(sources)} file(s), {raw / 1e6:.1f} MB, median of {self.arguments.repeat}")
        print(f"  {'':38s} {'seconds':>9s} {'spread':>8s} {'GB/s':>8s} {'to cp':>7s} {'size':>10s} {'memory':>11s}")

    def run_series(self, name, sources, pattern, threads_list):
        self.header(name, sources)
        self.others(sources, threads_list, width=2 if name == "gpt" else 4)
        self.dlv_rows(", one version", sources, ["commit", "-n", "m", "--snapshots", pattern], [], threads_list, ["checkout", "m", "--all-snapshots"])

    def run_large(self, sources, threads_list):
        first, second = sources[:2]
        self.header("synthetic, first version", [first])
        self.others([first], threads_list)
        words = ["commit", "-n", "m", str(first)]
        self.dlv_rows("", [first], words, [], threads_list, ["checkout", "m"])
        self.commit_again([first], words)
        self.header("synthetic, second version against the first", [second])
        self.copy_seconds = None
        self.row("cp + sync", [second], lambda folder: ["cp", str(second), str(folder / "out")], lambda folder: folder / "out",
                 lambda folder, _: (folder / "out").mkdir())
        self.dlv_rows("", [second], ["commit", "-n", "m", str(second)], [words], threads_list, ["checkout", "m"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dlv", required=True)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--synthetic", type=pathlib.Path)
    parser.add_argument("--scratch", default=None, help="folder on the file system to measure")
    parser.add_argument("--only", help="lenet, linzaer, gpt or synthetic")
    parser.add_argument("--slow", action="store_true", help="zstd -19 of large files too")
    arguments = parser.parse_args()
    threads_list = [int(word) for word in arguments.threads.split(",")]
    for program in ("zstd", "lz4", "openssl"):
        if shutil.which(program) is None:
            sys.exit(f"run_bench.py: {program} is not installed")
    bench = Bench(arguments)
    lenet = series.ROOT / "datasets" / "lenet_fashion"
    wanted = {"lenet": (lenet, "lenet_step_*.pt")}
    shared = series.shared_data()
    if shared is None:
        print("DLV_SHARED_DATA is not set: linzaer and gpt are skipped")
    else:
        wanted["linzaer"] = (shared / "linzaer_rfb_series", "epoch_*.pth")
        wanted["gpt"] = (shared / "gpt_char_finetune_bf16", "v*.safetensors")
    for name, (folder, pattern) in wanted.items():
        if arguments.only in (None, name):
            bench.run_series(name, sorted(folder.glob(pattern)), str(folder / pattern), threads_list)
    if arguments.synthetic and arguments.only in (None, "synthetic"):
        bench.run_large(sorted(arguments.synthetic.glob("*.safetensors")), threads_list)


if __name__ == "__main__":
    main()
