#!/usr/bin/env python3
"""Looks at the screens of dlv_fake (canned answers) through pseudo-terminals of several widths, and through pipes:
no line wider than the terminal, escape codes only on a terminal, hostile text escaped, nothing on stdout but the answer,
progress only where it can be seen, one Ctrl-C to stop and a second one to leave.
"""

import argparse
import fcntl
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

SCREENS = ["list", "list --versions", "log", "log --graph", "log --oneline", "desc lenet", "status", "checkout lenet", "du", "gc",
           "rm lenet:v2", "fsck", "fsck --full", "alias", "alias best lenet", "alias --log lenet", "tag lenet", "archive --yes", "archive --plan", "help",
           "help commit", "help checkout", "help environment", "config --keys", "config --list", "doctor",
           "diff lenet:v1 lenet:v2", "diff lenet:v1 lenet:v2 --tensors --all --hparams --metrics --files", "diff lenet:v1 lenet:v2 --fast",
           "diff lenet:v1 lenet:v2 lenet:v3", "network lenet", "diff lenet:v1 lenet:v2 --network",
           "diff lenet:v1 lenet:v2 鳥の分類器 --tensors --metrics", "plot curves lenet:v1 lenet:v2",
           "plot lineage", "plot sizes", "plot histogram lenet:v1/conv1.weight lenet:v2/conv1.weight",
           "plot histogram lenet/*", "lineage", "lineage lenet --metric val_acc", "lineage lenet --path lenet:v1",
           "lineage lenet --common lenet:v1", "blame lenet", "search x", "query few", "query slice",
           "query many --mode line", "query explain --analyze"]
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def width_of(line: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def on_terminal(program: str, words: list[str], columns: int, environment: dict[str, str]) -> str:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([program, *words], stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    output = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        output += piece
    os.close(leader)
    process.wait(timeout=60)
    return output.decode().replace("\r\n", "\n")


def check_screen(program: str, screen: str) -> list[str]:
    problems = []
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CI", "DLV_DIR", "CLICOLOR_FORCE")} | {"TERM": "xterm"}
    for columns in (40, 80, 200):
        text = on_terminal(program, screen.split(), columns, plain)
        for line in ESCAPE.sub("", text).splitlines():
            # An option or a command in an example may be longer than the narrowest terminal.
            if width_of(line) > columns and not (columns == 40 and screen.startswith("help")):
                problems.append(f"{screen} at {columns}: {width_of(line)} cells: {line!r}")
        if any(c in ESCAPE.sub("", text) for c in "\x1b\x07\u202e"):
            problems.append(f"{screen} at {columns}: hostile characters reach the terminal")
        if "\x1b[31m\u202e" in text or "evil\x1b" in text:
            problems.append(f"{screen}: a model's name paints")
    for extra in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        if "\x1b" in on_terminal(program, screen.split(), 80, plain | extra):
            problems.append(f"{screen}: escape codes in spite of {extra}")
    piped = subprocess.run([program, *screen.split()], capture_output=True, text=True, env=plain, timeout=60)
    if "\x1b" in piped.stdout + piped.stderr:
        problems.append(f"{screen}: escape codes in a pipe")
    if "…" in piped.stdout or "hidden" in piped.stdout or "next:" in piped.stdout:
        problems.append(f"{screen}: cut in a pipe")
    return problems


def check_colors(program: str) -> list[str]:
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CI")} | {"TERM": "xterm"}
    problems = []
    if "\x1b[" not in on_terminal(program, ["list"], 80, plain):
        problems.append("no colour on a terminal")
    if "next: dlv log lenet" not in on_terminal(program, ["list"], 80, plain):
        problems.append("no next command on a terminal")
    forced = subprocess.run([program, "list", "--color", "always"], capture_output=True, text=True, timeout=60)
    if "\x1b[" not in forced.stdout:
        problems.append("--color always has no effect")
    full = subprocess.run(f"'{program}' list > /dev/full", shell=True, capture_output=True, text=True, timeout=60)
    if full.returncode != 6:
        problems.append(f"a full disk behind stdout: status {full.returncode}, want 6")
    return problems


def check_settings(program: str) -> list[str]:
    """color.ui, core.progress and core.pager of the user's file, and what is stronger than they are."""
    problems = []
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CI", "DLV_DIR", "CLICOLOR_FORCE", "DLV_PAGER")} | {"TERM": "xterm"}
    with tempfile.TemporaryDirectory(prefix="dlv-screens-") as folder:
        path = pathlib.Path(folder) / "config"
        plain |= {"DLV_CONFIG": str(path)}

        def piped(*words: str, **extra: str) -> str:
            return subprocess.run([program, *words], capture_output=True, text=True, env=plain | extra, timeout=60).stdout

        path.write_text("[color]\n\tui = always\n")
        if "\x1b[" not in piped("list") or "\x1b[" in piped("list", NO_COLOR="1") or "\x1b[" in piped("list", "--color", "never"):
            problems.append("color.ui = always: not in a pipe, or stronger than NO_COLOR or --color")
        path.write_text("[color]\n\tui = never\n")
        if "\x1b" in on_terminal(program, ["list"], 80, plain):
            problems.append("color.ui = never: escape codes on a terminal")
        path.write_text("[core]\n\tpager = sed s/^/paged:/\n\tprogress = false\n")
        paged = on_terminal(program, ["list"], 80, plain)
        if paged.count("paged:") < 5:
            problems.append(f"core.pager does not page: {paged!r}")
        for words, extra in ((["list", "--no-pager"], {}), (["list"], {"DLV_PAGER": "cat"}), (["list", "--json"], {}), (["status"], {})):
            if "paged:" in on_terminal(program, words, 80, plain | extra):
                problems.append(f"paged: {words} {extra}")
        if "paged:" in piped("list"):
            problems.append("paged in a pipe")
        if "encoding" in on_terminal(program, ["commit", "-n", "lenet", "/etc/passwd"], 100, plain | {"DLV_FAKE_SLOW": "1"}):
            problems.append("progress in spite of core.progress = false")
    return problems


def start_slow(program: str, extra: dict[str, str]) -> subprocess.Popen:
    environment = {k: v for k, v in os.environ.items() if k != "CI"} | {"TERM": "xterm", "DLV_FAKE_SLOW": "1"} | extra
    return subprocess.Popen([program, "commit", "-n", "lenet", "/etc/passwd"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def check_progress(program: str) -> list[str]:
    problems = []
    slow = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR")} | {"TERM": "xterm", "DLV_FAKE_SLOW": "1"}
    words = ["commit", "-n", "lenet", "/etc/passwd"]
    drawn = on_terminal(program, words, 100, slow)
    if not re.search(r"encoding +[0-9]+ % \[#+\.*\] +[0-9.]+ MiB of 800.0 MiB +[0-9.]+ MiB/s +[0-9.]+ s left", drawn):
        problems.append(f"no progress on a terminal: {drawn!r}")
    if not re.search(r"\r\x1b\[K[^\r]*lenet:v2", drawn):
        problems.append("the progress line is not wiped away before the result")
    for extra in ({"CI": "1"}, {"DLV_PROGRESS": "0"}, {"TERM": "dumb"}):
        if "encoding" in on_terminal(program, words, 100, slow | extra):
            problems.append(f"progress in spite of {extra}")
    process = start_slow(program, {})
    output, errors = process.communicate(timeout=60)
    if b"encoding" in output + errors:
        problems.append("progress in a pipe")
    return problems


def check_interrupts(program: str) -> list[str]:
    problems = []
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start_slow(program, {})
        time.sleep(0.5)
        process.send_signal(number)
        errors = process.communicate(timeout=60)[1]
        if process.returncode != 130 or b"error[interrupted]" not in errors:
            problems.append(f"{number.name}: status {process.returncode}, {errors!r}")
    process = start_slow(program, {"DLV_FAKE_DEAF": "1"})
    time.sleep(0.5)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    if process.returncode != 130 or time.monotonic() - start > 1:
        problems.append(f"a second Ctrl-C: status {process.returncode} after {time.monotonic() - start:.1f} s")
    return problems


def answer_to_archive(program: str, answer: bytes) -> tuple[int, str, float]:
    """Status, what was shown, and the seconds from the answer to the end."""
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR")} | {"TERM": "xterm"}
    leader, follower = pty.openpty()
    process = subprocess.Popen([program, "archive"], stdin=follower, stdout=follower, stderr=follower, env=environment,
                               start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(follower)
    output, start = b"", None
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        output += piece
        if start is None and b"[y/N] " in output:
            start = time.monotonic()
            os.write(leader, answer)
    process.wait(timeout=60)
    os.close(leader)
    return process.returncode, output.decode().replace("\r\n", "\n"), time.monotonic() - (start or 0)


def check_question(program: str) -> list[str]:
    problems = []
    for name, answer, status, shown in (("yes", b"yes\n", 0, "12 tensors of 20 rewritten"), ("y", b"y\n", 0, "12 tensors of 20 rewritten"),
                                        ("no", b"n\n", 1, "Nothing is changed."), ("nothing", b"\n", 1, "Nothing is changed."),
                                        ("Ctrl-D", b"\x04", 1, "Nothing is changed."), ("Ctrl-C", b"\x03", 130, "nothing is changed")):
        got, text, seconds = answer_to_archive(program, answer)
        before, asked, after = text.partition("Do it? [y/N] ")
        if got != status or shown not in after or not asked or "Plan for 20 tensors" not in before or "rewritten" in before:
            problems.append(f"archive, answered {name}: status {got}, {text!r}")
        if status != 0 and "rewritten" in after:
            problems.append(f"archive, answered {name}: done all the same")
        if seconds > 1:
            problems.append(f"archive, answered {name}: {seconds:.1f} s until the end")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    program = str(parser.parse_args().program.resolve())
    problems = check_colors(program) + check_settings(program) + check_progress(program) + check_interrupts(program) + check_question(program)
    for screen in SCREENS:
        problems += check_screen(program, screen)
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(SCREENS)} screens are well at 40, 80 and 200 columns")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
