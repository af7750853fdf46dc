#!/usr/bin/env python3
"""The shipped data is what its README says: small, complete, and the same numbers in every format.

    check_datasets.py FOLDER-OF-DATASETS
"""

import gzip
import json
import pathlib
import struct
import sys
import zipfile

MAX_BYTES = 6_000_000
PARAMETER_BYTES = 4 * 61_706


def storages(path, count):
    """The first `count` storages of a PyTorch zip file, end to end: the parameters in the order of the state dict."""
    with zipfile.ZipFile(path) as archive:
        root = archive.namelist()[0].split("/")[0]
        return [archive.read(f"{root}/data/{index}") for index in range(count)]


def safetensors_data(path):
    content = path.read_bytes()
    length, = struct.unpack_from("<Q", content)
    json.loads(content[8:8 + length])
    return content[8 + length:]


def problems(folder):
    lenet = folder / "lenet_fashion"
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if total > MAX_BYTES:
        yield f"{total} bytes in all, at most {MAX_BYTES} wanted"
    snapshots = sorted(lenet.glob("lenet_step_*.pt"))
    if [path.stem[-6:] for path in snapshots] != [f"{step:06d}" for step in range(200, 2001, 200)]:
        yield "the ten snapshots are not there"
    for path in [*snapshots, lenet / "finetune_step_000060.pt", lenet / "finetune_step_000120.pt"]:
        parts = storages(path, 10)
        if sum(map(len, parts)) != PARAMETER_BYTES:
            yield f"{path.name}: the first ten storages are not the parameters"
        twin = path.with_suffix(".safetensors")
        if twin.exists() and safetensors_data(twin) != b"".join(parts):
            yield f"{twin.name}: other numbers than {path.name}"
    graph = (lenet / "lenet.onnx").read_bytes()
    if not all(part in graph for part in storages(snapshots[-1], 10)):
        yield "lenet.onnx: other numbers than the last snapshot"
    if len(gzip.decompress((lenet / "fashion-eval-images-idx3-ubyte.gz").read_bytes())) != 16 + 1000 * 28 * 28:
        yield "the evaluation images are not there"


def main():
    found = list(problems(pathlib.Path(sys.argv[1])))
    print("\n".join(found + [f"{len(found)} problems with the shipped data"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
