#!/usr/bin/env python3
"""An .onnx with external data is committed with the files that hold its tensors; what leads outside of the folder is refused.

    external_data.py DLV
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

OK, NOT_FOUND, INTEGRITY, UNSAFE = 0, 3, 5, 9


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def model(tensors):
    """An ONNX model with tensors (name, count, {key: value}) of f32 elsewhere."""
    graph = b""
    for name, count, entries in tensors:
        body = field(1, count) + field(2, 1) + field(8, name) + field(14, 1)
        for key, value in entries.items():
            body += field(13, field(1, key) + field(2, str(value)))
        graph += field(5, body)
    return field(1, 8) + field(8, field(2, 17)) + field(7, graph)


class Case:
    def __init__(self, dlv, folder):
        self.dlv, self.folder = dlv, pathlib.Path(folder)
        self.net = self.folder / "net"
        self.net.mkdir()
        self.call("init")

    def call(self, *words):
        return subprocess.run([self.dlv, "-C", str(self.folder), *map(str, words)], capture_output=True, text=True)

    def commit(self, tensors, *words):
        (self.net / "m.onnx").write_bytes(model(tensors))
        return self.call("commit", "-n", "m", *words, self.net / "m.onnx")

    def versions(self):
        return len(json.loads(self.call("list", "--json").stdout)["models"])


def check(what, good, detail=""):
    if not good:
        sys.exit(f"{what}: {detail}")


def comes_along(case):
    data = b"".join(struct.pack("<f", i) for i in range(40))
    (case.net / "m.data").write_bytes(data)
    (case.net / "deep").mkdir()
    (case.net / "deep" / "more.data").write_bytes(data[:64])
    done = case.commit([("a", 8, {"location": "m.data"}), ("b", 4, {"location": "m.data", "offset": 64, "length": 16}),
                        ("c", 16, {"location": "deep/more.data"})])
    check("commit", done.returncode == OK, done.stderr)
    told = json.loads(case.call("desc", "m", "--tensors", "--json").stdout)
    check("files", sorted((f["path"], f["format"], f["tensors"]) for f in told["files"]) ==
          [("deep/more.data", "onnx-data", 1), ("m.data", "onnx-data", 2), ("m.onnx", "onnx", 0)], told["files"])
    check("names", sorted(t["name"] for t in told["tensors"]) == ["a", "b", "c"], told["tensors"])
    out = case.folder / "out"
    done = case.call("checkout", "m", "-o", out)
    check("checkout", done.returncode == OK, done.stderr)
    for name in ("m.onnx", "m.data", "deep/more.data"):
        check(name, (out / name).read_bytes() == (case.net / name).read_bytes(), "differs")
    # Another .onnx names the same bytes otherwise: the names are those of the version.
    done = case.commit([("renamed", 8, {"location": "m.data"})])
    check("second commit", done.returncode == OK, done.stderr)
    told = json.loads(case.call("desc", "m", "--tensors", "--json").stdout)
    check("new names", [t["name"] for t in told["tensors"]] == ["renamed"], told["tensors"])
    check("staged", case.call("add", case.net / "m.onnx").returncode == OK)
    done = case.call("commit", "-n", "staged")
    check("staged", done.returncode == OK, done.stderr)
    files = json.loads(case.call("desc", "staged", "--json").stdout)["files"]
    check("staged", len(files) == 2, files)


def refused(case):
    secret = case.folder / "secret"
    secret.write_bytes(bytes(64))
    (case.net / "link.data").symlink_to(secret)
    (case.net / "hard.data").write_bytes(bytes(64))
    os.link(case.net / "hard.data", case.folder / "other_name")
    (case.net / "to_outside").symlink_to(case.folder)
    os.mkfifo(case.net / "pipe.data")
    (case.net / "short.data").write_bytes(bytes(8))
    hostile = [
        ("../secret", UNSAFE, "not a path below its folder"),
        (str(secret), UNSAFE, "not a path below its folder"),
        ("link.data", UNSAFE, "symbolic link"),
        ("to_outside/secret", UNSAFE, "symbolic link"),
        ("hard.data", UNSAFE, "hard links"),
        ("pipe.data", UNSAFE, "no regular file"),
        ("missing.data", NOT_FOUND, "which is not there"),
        ("short.data", INTEGRITY, "offset 0"),
    ]
    for location, status, reason in hostile:
        done = case.commit([("w", 4, {"location": location})])
        check(location, done.returncode == status and reason in done.stderr, f"exits {done.returncode}: {done.stderr}")
    check("versions", case.versions() == 0, "a refused file made a version")
    check("packs", not list((case.folder / ".dlv" / "packs").glob("*.pack")), "something was stored")


def main():
    for body in (comes_along, refused):
        with tempfile.TemporaryDirectory() as folder:
            body(Case(sys.argv[1], folder))
    print("external data comes along, and nothing from outside of the folder")
    return 0


if __name__ == "__main__":
    sys.exit(main())
