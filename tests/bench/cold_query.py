#!/usr/bin/env python3
"""Bytes that the kernel reads for a cold progressive query, against what the query fetched.

    cold_query.py DLV [--width 1024] [--planes 9 12]

Makes a network of two hidden layers (3 * width^2 parameters or so, random weights), commits it, and asks for predictions within a number of planes.
Before each query the pages of the repository are dropped from the cache (posix_fadvise DONTNEED). Kernel: read_bytes of
/proc/PID/io, less that of a program that only opens the repository. Fetched: as `explain analyze` reports it. Runs: consecutive reads of packs as
strace sees them, where it is installed. Limit: 1.2 times the bytes fetched and 4 KiB a run (networks of 8 MB and more). Exit status 1: above it.
Skips (status 77) where the file system does not count reads, as tmpfs.
"""
import argparse
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

CLASSES = 10
EXAMPLES = 16


def write_npy(path, shape, kind, data):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (kind, shape)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def random_floats(count, seed):
    """Signs and fractions at random, magnitudes from 2^-7 to 1/32."""
    bits = bytearray(random.Random(seed).randbytes(4 * count))
    for i in range(3, len(bits), 4):
        bits[i] = (bits[i] & 0x80) | 0x3C
    return bytes(bits)


def write_safetensors(path, tensors):
    header, at = {}, 0
    for name, shape, data in tensors:
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for _, _, data in tensors:
            out.write(data)


def make_repository(dlv, folder, width):
    shapes = [("fc1.weight", [width, width]), ("fc2.weight", [width, width]), ("fc3.weight", [CLASSES, width])]
    tensors = [(name, shape, random_floats(shape[0] * shape[1], name)) for name, shape in shapes]
    write_safetensors(os.path.join(folder, "net.safetensors"), tensors)
    with open(os.path.join(folder, "net.dlvnet"), "w") as out:
        out.write(
            'network "wide" {\n  operators "" 13\n'
            f"  input x: f32 [?, {width}]\n"
            + "".join(f"  parameter {name}: f32 {shape}\n" for name, shape in shapes)
            + "  node fc1 = Gemm(@x, $fc1.weight) { transB = 1 }\n  node act1 = Relu(fc1)\n"
            "  node fc2 = Gemm(act1, $fc2.weight) { transB = 1 }\n  node act2 = Relu(fc2)\n"
            "  node fc3 = Gemm(act2, $fc3.weight) { transB = 1 }\n  output y = fc3\n}\n"
        )
    source = random.Random(7)
    values = struct.pack(f"<{EXAMPLES * width}f", *(source.gauss(0, 1) for _ in range(EXAMPLES * width)))
    write_npy(os.path.join(folder, "x.npy"), (EXAMPLES, width), "<f4", values)
    run = lambda *args: subprocess.run([dlv, "-C", folder, *args], check=True, stdout=subprocess.DEVNULL)
    run("init")
    run("commit", "-n", "wide", os.path.join(folder, "net.safetensors"), "--graph", os.path.join(folder, "net.dlvnet"))
    return sum(len(data) for _, _, data in tensors)


def drop_cache(folder):
    for where, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".npy"):  # the data are no part of the question
                continue
            handle = os.open(os.path.join(where, name), os.O_RDONLY)
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def kernel_bytes(command, folder):
    """Runs it on a cold cache; returns what it printed, and the bytes read for it."""
    drop_cache(folder)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return text, usage.ru_inblock * 512


def count_runs(command, folder):
    """Consecutive reads of packs; None without strace."""
    if shutil.which("strace") is None:
        return None
    drop_cache(folder)
    with tempfile.NamedTemporaryFile("r") as log:
        subprocess.run(["strace", "-f", "-y", "-e", "trace=pread64", "-o", log.name, *command], stdout=subprocess.DEVNULL, check=True)
        reads = re.findall(r"pread64\(\d+<([^>]*\.pack)>, .*, (\d+), (\d+)\) = (\d+)", log.read())
    spans = sorted((path, int(offset), int(offset) + int(got)) for path, _, offset, got in reads)
    runs, last = 0, ("", -1)
    for path, begin, end in spans:
        if (path, begin) > last:
            runs += 1
            last = (path, end)
        else:
            last = (path, max(end, last[1]))
    return runs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dlv")
    parser.add_argument("--width", type=int, default=1024)
    parser.add_argument("--planes", type=int, nargs="*", default=[9, 12, 16])
    parser.add_argument("--folder", help="where the repository is made; a disk that counts reads")
    arguments = parser.parse_args()
    dlv = os.path.abspath(arguments.dlv)
    failed = False
    with tempfile.TemporaryDirectory(dir=arguments.folder or os.getcwd()) as folder:
        size = make_repository(dlv, folder, arguments.width)
        data = os.path.join(folder, "x.npy")
        base = [dlv, "-C", folder, "show", "wide", "--json"]
        _, opening = kernel_bytes(base, folder)
        if opening == 0:
            print("cold_query: SKIPPED, this file system counts no reads")
            return 77
        for planes in arguments.planes:
            command = [dlv, "-C", folder, "query", f'predict m on "{data}" within {planes} planes with method = "intervals"',
                       "--analyze", "--read-only", "--json"]
            text, kernel = kernel_bytes(command, folder)
            fetched = fetched_of(json.loads(text))
            runs = count_runs(command, folder)
            limit = 1.2 * fetched + 4096 * (runs or 64)
            read = kernel - opening
            failed |= size >= 8e6 and read > limit
            print(f"{size / 1e6:.1f} MB, {planes} planes: fetched {fetched}, runs {runs}, kernel {read} (opening {opening}), "
                  f"{read / max(fetched, 1):.3f} of fetched, limit {limit:.0f}{' FAILED' if read > limit else ''}")
    return 1 if failed else 0


def fetched_of(document):
    """What the whole statement read of weights, as explain analyze says."""
    return max(int(bytes_read) for bytes_read in re.findall(r'"read_bytes": (\d+)', json.dumps(document)))


sys.exit(main())
