#!/usr/bin/env python3
"""Commits the shipped training run with dlv and reads the packs with the independent reader.

    reader_against_dlv.py DLV DATASETS

Every tensor, blob and manifest is decoded and checked against its id; every committed file's tensors must be there; and the first readable
level of every tensor must agree with the exact values in the bits that it promises.
"""

import collections
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import zipfile

import archive_document
import codec_document
import independent_reader

LEVEL_PLANES = 16


def uneven_tails():
    """A safetensors file whose numbers have few values of the lowest byte: they are coded in mode 7."""
    noise, count = random.Random(1), 4000
    floats = (struct.pack("<f", noise.gauss(0, 0.05)) for _ in range(count))
    numbers = b"".join(bytes([low & 0x5B, *rest]) for low, *rest in floats)
    header = json.dumps({"w": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    return len(header).to_bytes(8, "little") + header + numbers


def commit_everything(dlv, datasets, root):
    lenet = datasets / "lenet_fashion"
    call = lambda *words: subprocess.run([dlv, "-C", str(root), *words], check=True, stdout=subprocess.DEVNULL)
    call("init")
    call("commit", "-n", "lenet", "--snapshots", str(lenet / "lenet_step_*.pt"), "--no-parent")
    call("commit", "-n", "five", str(lenet / "finetune_step_000120.pt"))
    call("commit", "-n", "plain", str(lenet / "lenet_step_002000.safetensors"), str(lenet / "README.md"))
    uneven = root / "uneven.safetensors"
    uneven.write_bytes(uneven_tails())
    call("commit", "-n", "uneven", str(uneven))
    return [*sorted(lenet.glob("lenet_step_*.pt")), lenet / "finetune_step_000120.pt"]


def storages(paths):
    """Every storage of the PyTorch files: what the tensors hold, since here each tensor fills its storage."""
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist() if "/data/" in name)


def check_levels(store):
    """Reads every tensor at 16 planes or more and compares the bits above with the exact ones."""
    wrong = 0
    for identity, entries in store.tensors.items():
        if entries[0].dtype == 12:
            rough, exact = store.tensor(identity, LEVEL_PLANES), store.tensor(identity)
            wrong += any(rough[at + 2:at + 4] != exact[at + 2:at + 4] for at in range(0, len(exact), 4))
    return wrong


def members_of(store):
    """What stands in strips, in every version."""
    for section in store.sections:
        if section.manifest is not None:
            for snapshot in archive_document.read_manifest(section.manifest)["snapshots"]:
                layout = archive_document.read_layout(store.blob(snapshot["layout"]))
                yield from (content for _, content in store.members(layout, snapshot["tensors"]))


def modes_of(store):
    modes = collections.Counter()
    for section in store.sections:
        for entry in section.entries:
            modes.update(codec_document.read_header(section.unit(place)).mode for place in getattr(entry, "chunks", []))
        modes.update(codec_document.read_header(section.unit(cluster.place)).mode for cluster in section.clusters)
    return dict(modes)


def main():
    dlv, datasets = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        files = commit_everything(dlv, datasets, root)
        store = independent_reader.Store(sorted((root / ".dlv" / "packs").glob("*.pack")))
        got = independent_reader.listing(store)
        contents = {store.tensor(identity) for identity in store.tensors} | set(members_of(store))
        missing = sum(content not in contents for content in storages(files))
        wrong = check_levels(store)
        modes = modes_of(store)
        print(f"{len(got['tensors'])} tensors, {len(got['blobs'])} blobs, {len(got['versions'])} versions; modes {modes}; "
              f"{missing} storages missing, {wrong} tensors with wrong bits at {LEVEL_PLANES} planes")
        versions = sorted(version["model"] for version in got["versions"])
        expected = versions == ["five", "lenet", "plain", "uneven"] and 7 in modes and uneven_tails()[-16000:] in contents
        return 0 if expected and not missing and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
