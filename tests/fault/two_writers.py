#!/usr/bin/env python3
"""Two writing processes: one waits and is told for whom; a dead one is waited for by nobody.

A `dlv commit` is stopped (SIGSTOP) at the moment at which it holds the repository lock. Then another command
with a short time-out must say who holds it (process and host), a patient one must wait, say so, and go on when the first does; and after
the first was killed instead, the next must go on at once.

    two_writers.py DLV
"""

import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

from kill_loop import safetensors

ATTEMPTS = 200


def check(condition: bool, what: str) -> None:
    if not condition:
        raise AssertionError(what)


class Writers:
    def __init__(self, dlv: str, folder: pathlib.Path):
        self.dlv, self.folder = dlv, folder
        self.rng = random.Random(1)
        self.values = None
        self.commits = 0
        check(self.run("init").returncode == 0, "init")
        self.commit_more()

    def run(self, *args: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.dlv, *args], cwd=self.folder, capture_output=True, text=True, timeout=60)

    def start(self, *args: str) -> subprocess.Popen:
        return subprocess.Popen([self.dlv, *args], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def next_file(self) -> None:
        content, self.values = safetensors(self.rng, self.values)
        (self.folder / "next.safetensors").write_bytes(content)

    def commit_more(self) -> None:
        self.next_file()
        done = self.run("commit", "-n", "net", "next.safetensors")
        check(done.returncode == 0, done.stderr)
        self.commits += 1

    def stopped_commit(self) -> subprocess.Popen:
        """A commit that holds the lock, and is stopped."""
        lock = self.folder / ".dlv/lock"
        for _ in range(ATTEMPTS):
            self.next_file()
            process = self.start("commit", "-n", "net", "next.safetensors")
            while process.poll() is None and not lock.exists():
                pass
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.01)
            try:
                if process.poll() is None and f"pid {process.pid}" in self.run("--lock-timeout", "0", "alias", "probe", "net").stderr:
                    return process
            finally:
                if process.poll() is None and not lock.exists():
                    process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGCONT)
            process.communicate()
            self.commits += process.returncode == 0
        raise AssertionError(f"no commit could be stopped while it held the lock, in {ATTEMPTS} attempts")

    def hasty_is_refused(self, holder: subprocess.Popen) -> None:
        done = self.run("--lock-timeout", "200ms", "alias", "best", "net:v1")
        check(done.returncode == 4, f"status {done.returncode}, want 4: {done.stderr}")
        for word in (f"pid {holder.pid}", socket.gethostname(), "dlv commit", "still alive"):
            check(word in done.stderr, f"want {word!r} in: {done.stderr}")
        check(self.run("list").returncode == 0, "a reader waits for nobody")
        check(self.run("fsck").returncode == 0, "a reader waits for nobody")

    def patient_goes_on(self, holder: subprocess.Popen) -> None:
        patient = self.start("--lock-timeout", "30s", "alias", "best", "net:v1")
        time.sleep(0.5)
        check(patient.poll() is None, "it waits")
        holder.send_signal(signal.SIGCONT)
        _, error = patient.communicate(timeout=30)
        check(patient.returncode == 0, error)
        check(f"pid {holder.pid}" in error and socket.gethostname() in error, f"it says for whom it waits: {error}")
        _, error = holder.communicate(timeout=30)
        check(holder.returncode == 0, error)
        self.commits += 1

    def dead_is_not_waited_for(self) -> None:
        holder = self.stopped_commit()
        holder.kill()
        holder.communicate()
        begin = time.monotonic()
        done = self.run("--lock-timeout", "10s", "alias", "best", "net:v1")
        check(done.returncode == 0, done.stderr)
        check(time.monotonic() - begin < 5, "the lock of a dead process is broken at once")

    def go(self) -> str:
        holder = self.stopped_commit()
        self.hasty_is_refused(holder)
        self.patient_goes_on(holder)
        self.dead_is_not_waited_for()
        done = self.run("fsck", "--full")
        check(done.returncode == 0, done.stdout + done.stderr)
        listed = len(self.run("list", "--versions", "-q").stdout.split())
        check(self.commits <= listed <= self.commits + 1, f"{listed} versions after {self.commits} commits, and one that was killed")
        return f"one was told of pid and host, one waited, one broke a dead lock; {listed} versions, fsck clean"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="dlv-two-") as folder:
        print(Writers(os.path.abspath(sys.argv[1]), pathlib.Path(folder)).go())
    return 0


if __name__ == "__main__":
    sys.exit(main())
