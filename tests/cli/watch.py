#!/usr/bin/env python3
"""dlv watch beside a training that writes its checkpoints slowly and is killed in the middle of one; restart; keep rules; folders,
shards, temporary names, refused files.
"""

import argparse
import json
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time

import demo

TRAINING = r"""
import pathlib, sys, time
sys.path.insert(0, sys.argv[1])
import watch
folder = pathlib.Path(sys.argv[2])
for step in range(100, 1000, 100):
    data = watch.checkpoint(step)
    with open(folder / f"step_{step:05}.safetensors", "wb") as file:
        for at in range(0, len(data), len(data) // 6):
            file.write(data[at : at + len(data) // 6])
            file.flush()
            time.sleep(0.05)
    with open(folder / "metrics.csv", "a") as log:
        log.write(("step,val_acc\n" if step == 100 else "") + f"{step},{watch.accuracy(step)}\n")
"""


def accuracy(step: int) -> float:
    return 0.9 - abs(step - 300) / 10000  # step 300 is the best


def checkpoint(step: int, names=("conv.weight", "fc.weight")) -> bytes:
    """A small safetensors file; other steps have other bytes."""
    source = random.Random(step)
    count, header, body = 400, {}, b""
    for name in names:
        data = struct.pack(f"<{count}f", *(source.gauss(0, 1) for _ in range(count)))
        header[name] = {"dtype": "F32", "shape": [count], "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


class Watching:
    """dlv watch in the background; its events come as JSON lines."""

    def __init__(self, work: pathlib.Path, environment: dict[str, str], *options: str):
        self.process = subprocess.Popen(["dlv", "watch", "run", "-n", "net", "--every", "600ms", "--jsonl", *options], cwd=work,
                                        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.events: list[dict] = []
        self.rest = ""

    def read(self) -> list[dict]:
        self.rest += (self.process.stdout.read() or b"").decode()
        *lines, self.rest = self.rest.split("\n")
        self.events += [json.loads(line) for line in lines]
        return self.events

    def wait_for(self, what, seconds: float = 60) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if what(self.read()):
                return True
            time.sleep(0.05)
        return what(self.read())

    def stop(self, number=signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(number)
        self.process.wait(timeout=60)
        self.read()
        return self.process.returncode, self.process.stderr.read().decode()


def commits(events: list[dict]) -> list:
    return [event["step"] for event in events if event["event"] == "commit"]


def steps_of(run, model: str = "net") -> list[str]:
    versions = json.loads(run(f"dlv list --versions {model} --json").stdout)["versions"]
    return [version["message"] for version in versions][::-1]


class Case:
    def __init__(self, folder: pathlib.Path, program: pathlib.Path):
        self.environment = demo.environment_for(program, folder)
        self.work = folder / "work"
        (self.work / "run").mkdir(parents=True)
        self.run("dlv init -q")

    def run(self, command: str) -> subprocess.CompletedProcess:
        return subprocess.run(["bash", "-c", command], cwd=self.work, env=self.environment, capture_output=True, text=True, timeout=120)

    def watch(self, *options: str) -> Watching:
        return Watching(self.work, self.environment, *options)

    def write(self, name: str, data: bytes) -> None:
        path = self.work / "run" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def training_that_is_killed(case: Case) -> list[str]:
    problems = []
    watching = case.watch()
    training = subprocess.Popen([sys.executable, "-c", TRAINING, pathlib.Path(__file__).parent, case.work / "run"])
    if not watching.wait_for(lambda events: len(commits(events)) >= 3):
        problems.append(f"three checkpoints were not committed: {watching.events}")
    half = None
    deadline = time.monotonic() + 30
    while half is None and time.monotonic() < deadline:  # kill it with a file half written
        for path in (case.work / "run").glob("*.safetensors"):
            if 0 < path.stat().st_size < len(checkpoint(100)) * 0.7:
                training.kill()
                half = path if path.stat().st_size < len(checkpoint(100)) * 0.95 else None
        time.sleep(0.005)
    training.kill()
    training.wait()
    if half is None:
        return problems + ["the training was not caught in the middle of a file"]
    step = int(half.stem.split("_")[1])
    if not watching.wait_for(lambda events: any(event.get("checkpoint") == half.name for event in events)):
        problems.append(f"the half-written file was not reported: {watching.events}")
    time.sleep(1.5)
    refused = [event["checkpoint"] for event in watching.read() if event["event"] == "refuse"]
    if refused.count(half.name) != 1:
        problems.append(f"not reported once: {refused}")
    half.write_bytes(checkpoint(step))
    if not watching.wait_for(lambda events: step in commits(events)):
        problems.append("the file was not taken when it had become whole")
    status, errors = watching.stop()
    if status != 0 or "error" in errors:
        problems.append(f"Ctrl-C: status {status}, {errors}")
    in_order = commits(watching.events) if len(refused) == 1 else sorted(commits(watching.events))  # a machine that stalls
    if in_order != list(range(100, step + 100, 100)):
        problems.append(f"not in order of steps: {commits(watching.events)}")
    for event in watching.events:
        if event["event"] == "commit" and event["step"] < step and event["version"]["metrics"].get("val_acc") not in (
                accuracy(event["step"]), accuracy(event["step"] - 100), None):
            problems.append(f"metrics of step {event['step']}: {event['version']['metrics']}")
    return problems


def restart_goes_on(case: Case) -> list[str]:
    problems = []
    before = steps_of(case.run)
    watching = case.watch()
    case.write("step_05000.safetensors", checkpoint(5000))
    watching.wait_for(lambda events: commits(events))
    status, _ = watching.stop(signal.SIGTERM)
    if commits(watching.events) != [5000] or status != 0:
        problems.append(f"restart: {watching.events}, status {status}")
    if steps_of(case.run) != before + ["step 5000"]:
        problems.append(f"restart: versions {steps_of(case.run)}")
    # Without the state (a crash before it was written) the latest is found unchanged, and nothing is made twice.
    for path in (case.work / "run").iterdir():
        if path.name != "step_05000.safetensors":
            path.unlink()
    (case.work / ".dlv/watch/net.json").unlink()
    done = case.run("dlv watch run -n net --once --every 100ms")
    if done.returncode != 0 or steps_of(case.run) != before + ["step 5000"]:
        problems.append(f"without state: {done.stdout}{done.stderr} {steps_of(case.run)}")
    first = json.loads(case.run("dlv log net:v2 --json").stdout)["versions"]
    if [version["number"] for version in first] != [2, 1]:
        problems.append("a version's parent is not the one before")
    if case.run("dlv fsck --full").returncode != 0:
        problems.append("fsck finds something")
    return problems


def keep_rules(case: Case) -> list[str]:
    problems = []
    case.write("metrics.csv", b"step,val_acc\n" + b"".join(b"%d,%f\n" % (step, accuracy(step)) for step in range(100, 900, 100)))
    for step in range(100, 500, 100):
        case.write(f"step_{step:05}.safetensors", checkpoint(step))
    done = case.run("dlv watch run -n net --once --every 100ms --keep last:2,best:val_acc")
    if steps_of(case.run) != ["step 300", "step 400"]:  # 300 is the best and one of the last two
        problems.append(f"keep: {steps_of(case.run)} {done.stdout}{done.stderr}")
    case.run("dlv alias shipped net:v4 && dlv commit -q -n net run/step_00100.safetensors -m 'by hand'")
    for step in range(500, 900, 100):
        case.write(f"step_{step:05}.safetensors", checkpoint(step))
    done = case.run("dlv watch run -n net --once --every 100ms --keep last:1")
    if steps_of(case.run) != ["step 400", "by hand", "step 800"]:
        problems.append(f"keep with an alias: {steps_of(case.run)} {done.stdout}{done.stderr}")
    # A licence in README.md becomes a tag of every version: it protects none; a tag that was given does.
    case.write("README.md", b"---\nlicense: mit\n---\n# net\n")
    case.write("step_00900.safetensors", checkpoint(900))
    case.write("step_01000.safetensors", checkpoint(1000))
    case.run("dlv watch run -n net --once --every 100ms --keep last:1 && dlv tag net keep")
    case.write("step_01100.safetensors", checkpoint(1100))
    done = case.run("dlv watch run -n net --once --every 100ms --keep last:1")
    if steps_of(case.run) != ["step 400", "by hand", "step 1000", "step 1100"]:
        problems.append(f"keep with tags: {steps_of(case.run)} {done.stdout}{done.stderr}")
    wrong = case.run("dlv watch run -n net --once --keep first:3")
    if wrong.returncode != 2 or "want last:N" not in wrong.stderr:
        problems.append(f"a wrong rule: {wrong.returncode} {wrong.stderr}")
    return problems


def names_and_folders(case: Case) -> list[str]:
    problems = []
    for name in ("step_1.safetensors.tmp", ".step_2.safetensors", "tmp-checkpoint-3/model.safetensors", "notes.txt", "plain.txt5"):
        case.write(name, checkpoint(1))
    if case.run("dlv watch run -n net --once --every 100ms --json").stdout != '{\n  "events": []\n}\n':
        problems.append("temporary names are taken")
    case.write("checkpoint-500/model-00001-of-00002.safetensors", checkpoint(500, ["a"]))
    case.write("checkpoint-500/config.json", b"{}")
    if commits(json.loads(case.run("dlv watch run -n net --once --every 100ms --json").stdout)["events"]):
        problems.append("a folder with a shard missing is taken")
    case.write("checkpoint-500/model-00002-of-00002.safetensors", checkpoint(501, ["b"]))
    done = case.run("dlv watch run -n net --once --every 100ms --on-commit 'echo $DLV_STEP $DLV_REFERENCE > told' --json")
    if commits(json.loads(done.stdout)["events"]) != [500] or (case.work / "told").read_text() != "500 net:v1\n":
        problems.append(f"a folder: {done.stdout}{done.stderr}")
    files = json.loads(case.run("dlv desc net --json --all").stdout)["files"]
    if len(files) != 3 or files[0]["path"] != "checkpoint-500/config.json":
        problems.append(f"files of a folder: {[file['path'] for file in files]}")
    case.write("step_900.pt", b"PK\x03\x04 this was to be a checkpoint")
    case.write("step_901.pt", b"")
    case.write("step_902.safetensors", checkpoint(902))
    done = case.run("dlv watch run -n net --once --every 100ms")
    if done.returncode != 1 or done.stderr.count("looked at again when it changes") != 2 or "step_902" not in done.stdout:
        problems.append(f"refused files: {done.returncode} {done.stdout}{done.stderr}")
    again = case.run("dlv watch run -n net --once --every 100ms")
    if again.returncode != 0 or again.stderr:
        problems.append(f"refused files are told again: {again.stderr}")
    missing = case.run("dlv watch nowhere -n net --once")
    if missing.returncode != 3:
        problems.append(f"no folder: {missing.returncode} {missing.stderr}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    problems = []
    for cases in ([training_that_is_killed, restart_goes_on], [keep_rules], [names_and_folders]):
        with tempfile.TemporaryDirectory(prefix="dlv-watch-") as folder:
            case = Case(pathlib.Path(folder), options.program)
            for check in cases:
                problems += [f"{check.__name__}: {problem}" for problem in check(case)]
    print("\n".join(problems) if problems else "a watch follows a training")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
