#!/usr/bin/env python3
"""What storage plans save under a budget of time: families of checkpoints, every version stored whole, and then as `dlv archive` plans it.

    run_families.py DLV [--budgets 1.6x,2x] [--megabytes 48] [--only TEXT]

Each version becomes a model of its own without a parent, so that nothing is a delta before, and the planner has to find by itself what
is kin to what. Reading is taken to be at 500 MB/s, cold, overlapped with decoding on all cores; the rates of this machine are measured.

"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from series import ROOT, shared_data


def run(program, *arguments, cwd):
    done = subprocess.run([program, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"dlv {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return done.stdout


def synthetic(pair, out, megabytes, versions, dtype, star):
    command = [sys.executable, ROOT / "tests/bench/make_synthetic.py", "--parent", pair[0], "--child", pair[1], "--out", out,
               "--gigabytes", str(megabytes / 1000), "--versions", str(versions), "--dtype", dtype, "--width", "512"] + (["--star"] if star else [])
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(out.glob("*.safetensors"))


def families(data, scratch, megabytes):
    """(name, what, wanted saving by budget, files)"""
    epochs = sorted((data / "linzaer_rfb_series").glob("epoch_*.pth"))
    tuned = sorted((data / "gpt_char_finetune_bf16").glob("*.safetensors"))
    late = epochs[-2:]
    yield "gpt_char_finetune_bf16", "bf16, real, base and one fine-tune", {}, tuned
    yield ("bf16 fine-tunes", f"bf16, six of {megabytes} MB with that pair's statistics, base and five fine-tunes", {"1.6x": 40},
           synthetic(tuned, scratch / "tuned", megabytes, 6, "BF16", True))
    yield ("bf16 run", f"bf16, six of {megabytes} MB, each from the one before", {"1.6x": 40},
           synthetic(tuned, scratch / "run", megabytes, 6, "BF16", False))
    yield "linzaer_rfb_series", "fp32, real, one run", {"1.6x": 15, "2x": 20}, epochs
    yield ("fp32 run", f"fp32, eight of {megabytes} MB with the statistics of its last epochs, each from the one before",
           {"1.6x": 15, "2x": 20}, synthetic(late, scratch / "fp32", megabytes, 8, "F32", False))
    yield ("fp32 fine-tunes", f"fp32, eight of {megabytes} MB, base and seven fine-tunes", {"1.6x": 15, "2x": 20},
           synthetic(late, scratch / "fp32star", megabytes, 8, "F32", True))


def measure(program, name, what, wanted, files, budgets, repository):
    repository.mkdir()
    run(program, "init", cwd=repository)
    for index, file in enumerate(files):
        run(program, "commit", "-n", f"m{index:02}", "--no-parent", "--no-side-information", file.resolve(), cwd=repository)
    for budget in budgets:
        plan = json.loads(run(program, "archive", "--plan", "--max-load", budget, "--json", cwd=repository))
        now, then = plan["now"], plan["planned"]
        saved = 100 * (1 - then["bytes"] / now["bytes"])
        slower = max(snapshot["seconds_planned"] / snapshot["seconds_now"] for snapshot in plan["snapshots"])
        verdict = "" if budget not in wanted else "yes" if saved >= wanted[budget] else "**no**"
        print(f"| {name} | {what} | {len(files)} | {now['bytes'] / 1e6:.1f} | {budget} | {then['bytes'] / 1e6:.1f} | -{saved:.1f} % | "
              f"{wanted.get(budget, '')}{' %' if budget in wanted else ''} | {verdict} | {slower:.2f}x | {then['depth']} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--budgets", default="1.6x,2x")
    parser.add_argument("--megabytes", type=float, default=48)
    parser.add_argument("--only", default="", help="families with this in their name")
    arguments = parser.parse_args()
    data = shared_data()
    if data is None:
        sys.exit("run_families.py needs real checkpoints: set DLV_SHARED_DATA")
    print("| family | what | versions | MB whole | budget | MB planned | | wanted | | slowest load | chain |")
    print("|---|---|--:|--:|--:|--:|--:|--:|---|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        for number, (name, what, wanted, files) in enumerate(families(data, scratch, arguments.megabytes)):
            if arguments.only in name:
                measure(arguments.program, name, what, wanted, files, arguments.budgets.split(","), scratch / f"repository{number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
