#!/usr/bin/env python3
"""A file system that is really full: a clear message, nothing lost, and with room again all works.

On a small tmpfs and on a small ext4 in a file, a repository gets less and more room (a ballast file takes the rest) until a command
succeeds: commit, archive, alias, tag, add, rm, checkout. Each refusal must be status 6 with "no space left", after it `fsck --full` is clean, versions
and names are those of before; when the ballast goes, the same command works. `gc` must help on the full disk.

    disk_full.py DLV [--step KIB] [--only tmpfs|ext4]

Exits with 77 (ctest: skipped) where mounting is not allowed.
"""

import argparse
import collections
import errno
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from kill_loop import safetensors

SKIPPED = 77
SIZE = 24 << 20


def check(condition: bool, what: str) -> None:
    if not condition:
        raise AssertionError(what)


class Mount:
    """A small file system of its own."""

    def __init__(self, kind: str, folder: pathlib.Path):
        self.path = folder / kind
        self.path.mkdir()
        if kind == "tmpfs":
            command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "dlv-test", str(self.path)]
        else:
            image = folder / "image"
            with open(image, "wb") as file:
                file.truncate(SIZE)
            made = subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", str(image)], capture_output=True, text=True)
            check(made.returncode == 0, made.stderr)
            command = ["mount", "-o", "loop", str(image), str(self.path)]
        mounted = subprocess.run(command, capture_output=True, text=True)
        if mounted.returncode != 0:
            raise PermissionError(mounted.stderr.strip())

    def __enter__(self) -> pathlib.Path:
        return self.path

    def __exit__(self, *_) -> None:
        subprocess.run(["umount", str(self.path)], check=True)


class FullDisk:
    def __init__(self, dlv: str, mount: pathlib.Path, work: pathlib.Path, step: int):
        self.dlv, self.mount, self.work, self.step = dlv, mount, work, step
        self.refused = collections.Counter()
        rng = random.Random(1)
        content, values = safetensors(rng, None)
        for name in ("a", "b", "c"):
            (work / f"{name}.safetensors").write_bytes(content)
            content, values = safetensors(rng, values)
        self.must("init")
        self.must("commit", "-n", "net", str(work / "a.safetensors"))
        self.must("commit", "-n", "net", str(work / "b.safetensors"))
        self.must("alias", "best", "net:v1")
        shutil.copytree(mount, work / "start")

    def run(self, *args: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.dlv, *args], cwd=self.mount, capture_output=True, text=True, timeout=60)

    def must(self, *args: str) -> str:
        done = self.run(*args)
        check(done.returncode == 0, f"dlv {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def begin(self) -> None:
        for path in self.mount.iterdir():
            if path.name != "lost+found":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self.work / "start", self.mount, dirs_exist_ok=True, ignore=shutil.ignore_patterns("lost+found"))

    def fill(self, room: int) -> None:
        """Leaves about `room` bytes."""
        with open(self.mount / "ballast", "wb", buffering=0) as file:
            block = bytes(64 << 10)
            try:
                while (free := shutil.disk_usage(self.mount).free) > room:
                    file.write(block[: min(len(block), free - room)])
                    os.fsync(file.fileno())
            except OSError as error:  # the file system needs some room for itself
                check(error.errno == errno.ENOSPC, str(error))

    def state(self) -> str:
        return self.must("--json", "list", "--versions") + self.must("--json", "alias") + self.must("--json", "status")

    def search(self, name: str, *args: str) -> None:
        """Gives `args` more and more room."""
        room = 0
        while True:
            self.begin()
            before = self.state()
            self.fill(room)
            done = self.run(*args)
            if done.returncode == 0:
                break
            self.refused[name] += 1
            where = f"dlv {' '.join(args)} with {room} bytes of room"
            check(done.returncode == 6, f"{where}: status {done.returncode}, want 6\n{done.stderr}")
            check("no space left" in done.stderr, f"{where}: {done.stderr}")
            check(len(done.stderr.splitlines()) <= 2, f"{where}: more than an error and a hint: {done.stderr}")
            (self.mount / "ballast").unlink()
            self.must("fsck", "--full")
            check(self.state() == before, f"{where}: something changed")
            check(not any((self.mount / ".dlv/tmp").iterdir()), f"{where}: leftovers in tmp")
            self.must(*args)
            self.must("fsck", "--full")
            room += self.step
            check(room < SIZE, f"{where}: never enough")
        (self.mount / "ballast").unlink(missing_ok=True)
        self.must("fsck", "--full")

    def gc_helps(self) -> None:
        """What was removed can be freed on a disk that has room for the catalog's journal only."""
        self.begin()
        self.must("rm", "--yes", "--force", "net:v1", "net:v2")
        self.fill(512 << 10)
        before = shutil.disk_usage(self.mount).free
        self.must("gc", "--yes", "--no-trash")
        check(shutil.disk_usage(self.mount).free > before, "gc freed nothing")
        (self.mount / "ballast").unlink()
        self.must("fsck", "--full")

    def go(self) -> str:
        self.search("commit", "commit", "-n", "net", str(self.work / "c.safetensors"))
        self.search("archive", "archive", "--yes")
        self.search("alias", "alias", "best", "net:v2")
        self.search("tag", "tag", "net:v1", "a=b")
        self.search("add", "add", str(self.work / "c.safetensors"))
        self.search("rm", "rm", "--yes", "--force", "net:v1")
        self.search("checkout", "checkout", "net", "-o", "out", "--force")
        self.gc_helps()
        return f"{self.refused.total()} refusals {dict(self.refused)}: told, nothing lost, worked with room again"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dlv")
    parser.add_argument("--step", type=int, default=16, help="KiB of room more each time")
    parser.add_argument("--only", choices=("tmpfs", "ext4"))
    options = parser.parse_args()
    for kind in [options.only] if options.only else ["tmpfs", "ext4"]:
        with tempfile.TemporaryDirectory(prefix="dlv-full-") as folder, tempfile.TemporaryDirectory(prefix="dlv-work-") as work:
            try:
                mount = Mount(kind, pathlib.Path(folder))
            except (PermissionError, FileNotFoundError) as why:
                print(f"SKIPPED: NO SMALL {kind} COULD BE MOUNTED, A FULL DISK IS NOT TESTED: {why}")
                return SKIPPED
            with mount as path:
                print(f"{kind}: {FullDisk(os.path.abspath(options.dlv), path, pathlib.Path(work), options.step << 10).go()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
