#!/usr/bin/env python3
"""Every exit status that docs/exit-codes.md lists and this release can have, provoked; with --json the document says the same.
The tables of the document and of `dlv help exit-codes` must list the same statuses.
"""

import argparse
import pathlib
import re
import signal
import subprocess
import sys
import time

import demo

DAMAGE = r"""for p in .dlv/packs/*.pack; do python3 -c 'import sys; f = open(sys.argv[1], "r+b"); f.seek(2000); f.write(bytes(3000))' $p; done; """
EVIL = r"""python3 -c 'import zipfile; z = zipfile.ZipFile("evil.pt", "w"); z.writestr("a/data.pkl", b"\x80\x02cos\nsystem\n(X\x04\x00\x00\x00truetR."); z.writestr("a/version", b"3\n")'; """

# status, code in JSON ("" where there is no error document), command
PROVOKED = [
    (0, "", "dlv list"),
    (1, "", DAMAGE + "dlv fsck"),
    (1, "", "dlv config user.name"),
    (2, "INVALID_ARGUMENT", "dlv list --wersions"),
    (2, "INVALID_ARGUMENT", "dlv nonsense-word"),
    (2, "SYNTAX", "dlv desc 'lenet:'"),
    (2, "SYNTAX", "echo '[broken' > .dlv/config; dlv list"),
    (3, "NOT_FOUND", "dlv desc nothing-of-that-name"),
    (3, "NOT_FOUND", "dlv desc lenet:v99"),
    (3, "NOT_FOUND", "dlv -C /nonexistent list"),
    (3, "NOT_FOUND", "cd / && dlv list"),
    (3, "NOT_FOUND", "dlv checkout lenet --tensors 'nothing*' -o out --format npz"),
    (4, "CONFLICT", "dlv init"),
    (4, "CONFLICT", "mkdir out; echo x > out/model.pt; dlv checkout lenet:v1 -o out"),
    (4, "CONFLICT", "dlv rm lenet:v3 --yes"),
    (5, "CORRUPTION", DAMAGE + "dlv checkout resnet18 -o out"),
    (5, "CORRUPTION", "head -c 100000 model.pt > torn.pt; dlv commit -n torn torn.pt"),
    (6, "", "dlv list > /dev/full"),
    (6, "IO", "ulimit -f 8; dlv checkout lenet -o out"),
    (9, "UNSAFE", EVIL + "dlv commit -n evil evil.pt"),
    (70, "UNSUPPORTED", "dlv serve"),
]
# Nothing in this release speaks to another machine.
NOT_YET = {7, 8}


def statuses_in(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"^\|? *(\d+) ", text, re.M)}


def check(made: demo.Demo, status: int, code: str, command: str) -> list[str]:
    plain = made.run(command)
    if plain.returncode != status:
        return [f"{command[-80:]}: status {plain.returncode}, want {status}: {plain.stderr.strip()}"]
    before, after = command.rsplit("dlv ", 1)
    json = made.run(f"{before}dlv --json {after}")
    if json.returncode != status or (code and f'"code": "{code}"' not in json.stdout):
        return [f"{command[-80:]} --json: status {json.returncode}, {json.stdout[:200]!r}, want {code}"]
    if code and (not plain.stderr.startswith("error[") or plain.stdout):
        return [f"{command[-80:]}: an error is one line on stderr, not {plain.stdout!r} {plain.stderr!r}"]
    return []


def interrupted(made: demo.Demo) -> list[str]:
    folder = made.copy()
    subprocess.run(["dd", "if=/dev/urandom", "of=large.bin", "bs=1M", "count=64", "status=none"], cwd=folder, check=True)
    process = subprocess.Popen(["dlv", "commit", "-n", "large", "large.bin"], cwd=folder, env=made.environment, stderr=subprocess.PIPE, text=True)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=60)[1]
    if process.returncode == 0:
        return []  # it was faster
    return [] if process.returncode == 130 and "error[interrupted]" in errors else [f"Ctrl-C: status {process.returncode}: {errors}"]


def broken_pipe(made: demo.Demo) -> list[str]:
    done = made.run("dlv list --versions --json | head -c 10 > /dev/null; echo ${PIPESTATUS[0]}; for i in 1 2 3; do dlv help; done | head -1")
    return [] if not done.stderr else [f"a reader that goes away: {done.stderr}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    problems = []
    with demo.Demo(options.program) as made:
        document = (pathlib.Path(__file__).resolve().parents[2] / "docs/exit-codes.md").read_text()
        listed = statuses_in(document)
        if listed != statuses_in(made.run("dlv help exit-codes").stdout):
            problems.append("docs/exit-codes.md and dlv help exit-codes list other statuses")
        missing = listed - {status for status, _, _ in PROVOKED} - NOT_YET - {130}
        if missing:
            problems.append(f"not provoked: {missing}")
        for status, code, command in PROVOKED:
            problems += check(made, status, code, command)
        problems += interrupted(made) + broken_pipe(made)
    print("\n".join(problems) if problems else f"{len(PROVOKED)} commands end with the status that is documented")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
