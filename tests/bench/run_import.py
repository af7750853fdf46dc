#!/usr/bin/env python3
"""How fast files of each format are committed, against the same tensors from safetensors.

    run_import.py DLV [--megabytes N] [--rounds N]

Makes one synthetic network in every format that is simple enough to write here, and commits each into a fresh repository. Counted is the CPU
time (user and system) of the program: it says the same on a busy machine. Fails where a format needs more than twice the time.
"""

import argparse
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fuzz"))
import make_seeds

EXTENT = 1024


def tensors(megabytes):
    rng = numpy.random.default_rng(7)
    count = max(1, megabytes * (1 << 20) // (4 * EXTENT * EXTENT))
    return {f"layers.{i}.weight": (rng.standard_normal((EXTENT, EXTENT)) * 0.02).astype("<f4").tobytes() for i in range(count)}


def safetensors(network, path):
    entries, at = [], 0
    for name, data in network.items():
        entries.append(f'"{name}":{{"dtype":"F32","shape":[{EXTENT},{EXTENT}],"data_offsets":[{at},{at + len(data)}]}}')
        at += len(data)
    header = ("{" + ",".join(entries) + "}").encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"".join(network.values()))
    return [path]


def onnx_tensor(name, body):
    return make_seeds.field(1, EXTENT) * 2 + make_seeds.field(2, 1) + make_seeds.field(8, name) + body


def onnx_model(graph):
    return make_seeds.field(1, 8) + make_seeds.field(8, make_seeds.field(2, 17)) + make_seeds.field(7, graph)


def onnx(network, path, number=9):
    graph = b"".join(make_seeds.field(5, onnx_tensor(name, make_seeds.field(number, data))) for name, data in network.items())
    path.write_bytes(onnx_model(graph))
    return [path]


def onnx_packed(network, path):
    return onnx(network, path, 4)


def onnx_external(network, path):
    graph, at = b"", 0
    for name, data in network.items():
        entry = lambda key, value: make_seeds.field(13, make_seeds.field(1, key) + make_seeds.field(2, value))
        graph += make_seeds.field(5, onnx_tensor(name, entry("location", path.name + ".data") + entry("offset", str(at)) + make_seeds.field(14, 1)))
        at += len(data)
    path.write_bytes(onnx_model(graph))
    (path.parent / (path.name + ".data")).write_bytes(b"".join(network.values()))
    return [path]


def caffemodel(network, path):
    shape = make_seeds.field(7, make_seeds.field(1, make_seeds.varint(EXTENT) * 2))
    layer = lambda name, data: make_seeds.field(1, name) + make_seeds.field(2, "InnerProduct") + make_seeds.field(7, make_seeds.field(5, data) + shape)
    path.write_bytes(b"".join(make_seeds.field(100, layer(name, data)) for name, data in network.items()))
    return [path]


def gguf(network, path):
    infos, at = b"", 0
    for name, data in network.items():
        infos += struct.pack("<Q", len(name)) + name.encode() + struct.pack("<I2QIQ", 2, EXTENT, EXTENT, 0, at)
        at += len(data)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(network), 0) + infos
    path.write_bytes(head + bytes(-len(head) % 32) + b"".join(network.values()))
    return [path]


def pytorch(network, path):
    state = {name: make_seeds.Tensor(make_seeds.Storage("FloatStorage", str(i), EXTENT * EXTENT), 0, (EXTENT, EXTENT), (EXTENT, 1))
             for i, name in enumerate(network)}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/data.pkl", make_seeds.dump(state))
        for i, data in enumerate(network.values()):
            archive.writestr(f"m/data/{i}", data)
    return [path]


FORMATS = {"safetensors": (safetensors, ".safetensors"), "onnx": (onnx, ".onnx"), "onnx-float_data": (onnx_packed, ".onnx"),
           "onnx-external": (onnx_external, ".onnx"), "caffemodel": (caffemodel, ".caffemodel"), "gguf": (gguf, ".gguf"),
           "pytorch-zip": (pytorch, ".pt")}


def commit_seconds(dlv, files):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as root:
        subprocess.run([dlv, "-C", root, "init"], check=True, stdout=subprocess.DEVNULL)
        child = subprocess.Popen([dlv, "-C", root, "commit", "-n", "m", "-q", *map(str, files)], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if status != 0:
            sys.exit(f"commit of {files[0]} fails")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dlv")
    parser.add_argument("--megabytes", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    network = tensors(options.megabytes)
    slow, base = [], None
    print(f"{len(network) * EXTENT * EXTENT * 4 / 2**20:.0f} MiB of f32, best of {options.rounds}\nformat            CPU s  ratio  memory MiB")
    for name, (make, suffix) in FORMATS.items():
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
            files = make(network, pathlib.Path(folder) / f"m{suffix}")
            seconds, memory = min(commit_seconds(options.dlv, files) for _ in range(options.rounds))
        base = base or seconds
        print(f"{name:16} {seconds:6.2f} {seconds / base:6.2f} {memory:11.0f}", flush=True)
        if seconds > 2 * base:
            slow.append(name)
    if slow:
        print("slower than half the speed of safetensors: " + ", ".join(slow))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
