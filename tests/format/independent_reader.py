#!/usr/bin/env python3
"""A second reader of dlv's packs, written from docs/format alone: if it cannot read a pack, document and program disagree.

    independent_reader.py PACK... [--level PLANES]    decodes everything, checks every id and checksum, lists what is there
    independent_reader.py --golden FOLDER             does so for FOLDER/*.pack and compares with FOLDER/expected.json;
                                                      every file in FOLDER/refuse must be refused

Plain Python 3; zstd comes from the system's libzstd. Slow, and meant to be read beside the documents.
"""

import argparse
import hashlib
import json
import pathlib
import sys

import archive_document as archive
from archive_document import TensorEntry, expect
from codec_document import decode_chunk
from foreign import zstd_decode

MAX_PREFIX_DEPTH = 32


class Store:
    """All objects of some packs, by id."""

    def __init__(self, paths):
        self.sections = [section for path in paths for section in archive.read_pack(path.read_bytes(), path.name)]
        self.tensors, self.blobs = {}, {}
        for section in self.sections:
            for identity, entry in zip(section.ids, section.entries):
                place = self.tensors if isinstance(entry, TensorEntry) else self.blobs
                place.setdefault(identity, []).append(entry)
        self.decoded = {}

    def blob(self, identity, depth=0):
        expect(identity in self.blobs, f"blob {identity.hex()} is missing")
        expect(depth <= MAX_PREFIX_DEPTH, f"blob {identity.hex()}: too many prefixes in a row")
        entry = self.blobs[identity][0]
        prefix = self.blob(entry.prefix, depth + 1) if entry.codec == 3 else b""
        content = b"".join(self.frame(entry, index, place, prefix) for index, place in enumerate(entry.frames))
        expect(len(content) == entry.size, f"blob {identity.hex()}: length")
        expect(hashlib.sha256(b"dlv-blob\0" + content).digest() == identity, f"blob {identity.hex()}: content is not that of the id")
        return content

    def frame(self, entry, index, place, prefix):
        size = min(archive.FRAME_BYTES, entry.size - index * archive.FRAME_BYTES)
        coded = entry.section.unit(place)
        if place.length == size:
            return coded
        expect(entry.codec != 0, "raw blob: length of a frame")
        begin = max(0, index * archive.FRAME_BYTES - (512 << 10))
        return zstd_decode(coded, size, prefix[begin:begin + (2 << 20)])

    def tensor(self, identity, planes=0):
        """Bytes of a tensor: exact, or with at least `planes` bit planes and the others zero."""
        key = (identity, planes)
        if key not in self.decoded:
            expect(identity in self.tensors, f"tensor {identity.hex()} is missing")
            parts = sorted(self.tensors[identity], key=lambda entry: entry.part[1])
            whole = next((entry for entry in parts if entry.part == (0, 0)), None)
            content = b"".join(self.part(identity, entry, planes) for entry in ([whole] if whole else parts))
            if not planes:
                self.check_tensor(identity, parts[0], content)
            self.decoded[key] = content
        return self.decoded[key]

    def members(self, layout, ids):
        """The members of a snapshot's strips, with their bytes; `ids` are those of the manifest."""
        strips = archive.strips_of(layout)
        alone = sum(not tensor["flags"] & 4 for tensor in layout)
        expect(len(ids) == alone + len(strips), "manifest: number of tensors")
        for strip, identity in zip(strips, ids[alone:]):
            content, at = self.tensor(identity), 0
            entry = self.tensors[identity][0]
            expect((entry.dtype, entry.count) == (strip[0]["dtype"], sum(member["count"] for member in strip)), "strip does not fit its members")
            for member in strip:
                size = member["count"] * archive.ELEMENT_BYTES[member["dtype"]]
                yield member, content[at:at + size]
                at += size

    def base_bytes(self, entry, planes, which=None):
        """The base of a tensor, or of a member of a cluster that has one; `which`: the second one's id."""
        which = which or entry.base
        expect(which in self.tensors, f"base {which.hex()} is missing")
        base = self.tensors[which][0]
        expect((base.dtype, base.count) == (entry.dtype, entry.count) and base.depth < entry.depth, "base does not fit")
        return self.tensor(which, planes)

    def part(self, identity, entry, planes):
        if entry.cluster:
            return self.member(entry, planes)
        width = archive.ELEMENT_BYTES[entry.dtype]
        chunk_bytes = archive.CHUNK_ELEMENTS * width
        base = self.base_bytes(entry, planes) if any(place.uses_base for place in entry.chunks) else b""
        result = []
        for number, place in enumerate(entry.chunks, entry.part[1]):
            size = min(chunk_bytes, entry.count * width - number * chunk_bytes)
            under = base[number * chunk_bytes:number * chunk_bytes + size] if place.uses_base else b""
            begin = number * chunk_bytes
            second = (lambda at=begin, end=begin + size: self.base_bytes(entry, planes, entry.second)[at:end]) if entry.second else None
            content = decode_chunk(entry.section.unit(place), entry.dtype, size // width, under, planes, second)
            if not planes:
                expect(chunk_id(entry.dtype, content) == place.chunk_id, f"chunk {number} of {identity.hex()}: content is not that of the id")
            result.append(content)
        return b"".join(result)

    def member(self, entry, planes):
        number, first = entry.cluster
        cluster = entry.section.clusters[number]
        width = archive.ELEMENT_BYTES[entry.dtype]
        key = (id(cluster), planes)
        if key not in self.decoded:
            members = entry.section.entries[cluster.first:cluster.first + cluster.members]
            expect(sum(member.count for member in members) == cluster.count, "cluster: number of elements")
            base = b"".join(self.base_bytes(member, planes) for member in members) if cluster.has_base else b""
            second = lambda: b"".join(self.base_bytes(member, planes, member.second) for member in members)
            self.decoded[key] = decode_chunk(entry.section.unit(cluster.place), cluster.dtype, cluster.count, base, planes, second)
        return self.decoded[key][first * width:(first + entry.count) * width]

    def check_tensor(self, identity, entry, content):
        width = archive.ELEMENT_BYTES[entry.dtype]
        expect(len(content) == entry.count * width, f"tensor {identity.hex()}: length")
        step = archive.CHUNK_ELEMENTS * width
        digest = hashlib.sha256(b"dlv-tensor\0" + entry.dtype.to_bytes(2, "little") + entry.count.to_bytes(8, "little"))
        for begin in range(0, len(content), step):
            digest.update(chunk_id(entry.dtype, content[begin:begin + step]))
        expect(digest.digest() == identity, f"tensor {identity.hex()}: content is not that of the id")


def chunk_id(dtype, content):
    count = len(content) // archive.ELEMENT_BYTES[dtype]
    return hashlib.sha256(b"dlv-chunk\0" + dtype.to_bytes(2, "little") + count.to_bytes(8, "little") + content).digest()


def listing(store, planes=0):
    """What the packs hold, decoded: comparable with expected.json."""
    tensors = [{"id": identity.hex(), "dtype": archive.DTYPE_NAMES[entries[0].dtype], "elements": entries[0].count,
                "sha256": hashlib.sha256(store.tensor(identity, planes)).hexdigest()}
               for identity, entries in sorted(store.tensors.items())]
    blobs = [{"id": identity.hex(), "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
             for identity in sorted(store.blobs) for content in [store.blob(identity)]]
    versions, members = [], []
    for section in store.sections:
        if section.manifest is not None:
            manifest = archive.read_manifest(section.manifest)
            layouts = [archive.read_layout(store.blob(snapshot["layout"])) for snapshot in manifest["snapshots"]]
            for layout, snapshot in zip(layouts, manifest["snapshots"]):
                members += [{"name": member["name"], "sha256": hashlib.sha256(content).hexdigest()}
                            for member, content in store.members(layout, snapshot["tensors"])]
            version = {"id": manifest["id"].hex(), "model": manifest["model"],
                       "tensors": sum(map(len, layouts)), "files": [file["path"] for file in manifest["files"]]}
            if manifest["sources"]:
                version["sources"] = manifest["sources"]
            versions.append(version)
    return {"tensors": tensors, "blobs": blobs, "versions": versions, "members": members}


def differences(expected, got):
    for kind in expected:
        missing = [item for item in expected[kind] if item not in got.get(kind, [])]
        added = [item for item in got.get(kind, []) if item not in expected[kind]]
        yield from (f"{kind}: want {item}" for item in missing)
        yield from (f"{kind}: got {item}" for item in added)


def check_golden(folder):
    packs = sorted(folder.glob("*.pack"))
    got = listing(Store(packs))
    problems = list(differences(json.loads((folder / "expected.json").read_text(encoding="utf-8")), got))
    refused = 0
    for path in sorted((folder / "refuse").glob("*")):
        try:
            listing(Store([path]))
            problems.append(f"{path.name}: was read, and must be refused")
        except ValueError as error:
            refused += 1
            print(f"{path.name}: {error}")
    print("\n".join(problems + [f"{len(packs)} packs: {len(got['tensors'])} tensors, {len(got['blobs'])} blobs, "
                                f"{len(got['versions'])} versions; {refused} refused; {len(problems)} problems"]))
    return 1 if problems or not packs else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packs", nargs="*", type=pathlib.Path, metavar="PACK")
    parser.add_argument("--golden", type=pathlib.Path)
    parser.add_argument("--level", type=int, default=0, help="bit planes, instead of all")
    arguments = parser.parse_args()
    if arguments.golden:
        return check_golden(arguments.golden)
    print(json.dumps(listing(Store(arguments.packs), arguments.level), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
