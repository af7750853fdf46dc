#!/usr/bin/env python3
"""Completion in real shells: bash through its own machinery and through a terminal, zsh through a terminal, fish through
`complete -C`. Shells that are not installed are left out, aloud.
"""

import argparse
import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import time

import demo

# What stands on the line -> what completion offers (bash: what comes behind the last ':' or '=').
CASES = [
    ("dlv checko", ["checkout"]),
    ("dlv desc len", ["lenet"]),
    ("dlv desc lenet:b", ["lenet:base", "lenet:best"]),
    ("dlv desc lenet:v", ["lenet:v3", "lenet:v2", "lenet:v1"]),
    ("dlv desc lenet/conv1", ["lenet/conv1.bias", "lenet/conv1.weight"]),
    ("dlv desc lenet:v2#3", ["lenet:v2#3000"]),
    ("dlv checkout lenet --form", ["--format"]),
    ("dlv checkout lenet --format np", ["npz"]),
    ("dlv config user.n", ["user.name"]),
    ("dlv config color.ui ne", ["never"]),
    ("dlv help exit", ["exit-codes"]),
    ("dlv commit -n bi", ["birds"]),
    ("dlv rm birds resn", ["resnet18"]),
    ("dlv desc nothing-of-that", []),
    ("dlv completion fi", ["fish"]),
]

BASH = r"""
eval "$(dlv completion bash)"
COMP_LINE=$1; COMP_POINT=${#COMP_LINE}
read -ra COMP_WORDS <<< "$COMP_LINE"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }
_dlv
printf '%s\n' "${COMPREPLY[@]}"
"""


def check_bash(made: demo.Demo, folder: pathlib.Path) -> list[str]:
    problems = []
    for line, want in CASES:
        done = subprocess.run(["bash", "--noprofile", "--norc", "-c", BASH, "bash", line], cwd=folder, env=made.environment,
                              capture_output=True, text=True, timeout=60)
        got = [word for word in done.stdout.splitlines() if word]
        cut = max(line.rfind(":"), line.rfind("=")) + 1
        prefix = line[line.rfind(" ") + 1 : cut] if cut > line.rfind(" ") else ""
        if sorted(prefix + word for word in got) != sorted(want):
            problems.append(f"bash: {line}: {got}, want {want} without {prefix!r}; {done.stderr.strip()}")
    return problems


def type_into(command: list[str], environment: dict[str, str], folder: pathlib.Path, setup: str, typed: str, want: str) -> str:
    """Types into an interactive shell; returns what it wrote until `want` is there or ten seconds have passed."""
    pid, leader = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, environment | {"TERM": "xterm", "PS1": "$ ", "HISTFILE": ""})
    output, sent = b"", 0
    steps = [setup + "; echo rea''dy\n", typed]
    deadline = time.monotonic() + 30
    try:
        while time.monotonic() < deadline:
            if sent == 0 or (sent == 1 and b"ready" in output):
                os.write(leader, steps[sent].encode())
                sent += 1
            if select.select([leader], [], [], 0.2)[0]:
                piece = os.read(leader, 65536)
                if not piece:
                    break
                output += piece
            if sent == 2 and want.encode() in output.rsplit(b"ready", 1)[-1]:
                break
    except OSError:
        pass
    finally:
        os.close(leader)
        subprocess.run(["kill", "-9", str(pid)], check=False)
        os.waitpid(pid, 0)
    return output.rsplit(b"ready", 1)[-1].decode("utf-8", "replace")


def check_typed(made: demo.Demo, folder: pathlib.Path, name: str, command: list[str], setup: str) -> list[str]:
    problems = []
    for typed, want in (("dlv desc lenet:bas\t", "lenet:base"), ("dlv checkout lenet --form\tnp\t", "npz"), ("dlv add tun\t", "tuned.safetensors")):
        got = type_into(command, made.environment, folder, setup, typed, want)
        if want not in got:
            problems.append(f"{name}, typed {typed!r}: want {want!r} in {got!r}")
    return problems


def check_fish(made: demo.Demo, folder: pathlib.Path) -> list[str]:
    problems = []
    for line, want in CASES:
        done = subprocess.run(["fish", "--no-config", "-c", "dlv completion fish | source; complete -C $argv[1]", line], cwd=folder,
                              env=made.environment, capture_output=True, text=True, timeout=60)
        got = [row.split("\t")[0] for row in done.stdout.splitlines()]
        if got != want and sorted(got) != sorted(want):
            problems.append(f"fish: {line}: {got}, want {want}; {done.stderr.strip()}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    options = parser.parse_args()
    problems, shells = [], ["bash"]
    with demo.Demo(options.program) as made:
        folder = made.copy()
        problems += check_bash(made, folder)
        problems += check_typed(made, folder, "bash", ["bash", "--noprofile", "--norc", "-i"], 'eval "$(dlv completion bash)"')
        if shutil.which("zsh"):
            shells.append("zsh")
            problems += check_typed(made, folder, "zsh", ["zsh", "-f", "-i"],
                                    'autoload -Uz compinit; compinit -u -D; eval "$(dlv completion zsh)"')
        if shutil.which("fish"):
            shells.append("fish")
            problems += check_fish(made, folder)
    for name in {"zsh", "fish"} - set(shells):
        print(f"SKIPPED: {name} is not installed: its completion was not tried")
    print("\n".join(problems) if problems else f"{len(CASES)} lines complete in {', '.join(shells)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
