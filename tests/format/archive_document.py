"""Packs, sections, directories and manifests, as docs/format/archive.md describes them. Nothing here was taken from the C++ source."""

import dataclasses
import hashlib
import math
import struct

from foreign import zstd_decode
from xxh3 import xxh3

CHUNK_ELEMENTS = 1 << 17
FRAME_BYTES = 1 << 20
ELEMENT_BYTES = {0: 1, 1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 4, 8: 8, 9: 8, 10: 2, 11: 2, 12: 4, 13: 8, 14: 1, 15: 1, 16: 8, 17: 16}
DTYPE_NAMES = ("opaque", "bool", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f16", "bf16", "f32", "f64",
               "f8_e4m3", "f8_e5m2", "c64", "c128")


class Refused(ValueError):
    """What the documents tell a reader to refuse."""


def expect(condition, what):
    if not condition:
        raise Refused(what)


class Reader:
    """Fields one after the other, bounds checked."""

    def __init__(self, data, where):
        self.data, self.at, self.where = bytes(data), 0, where

    def bytes(self, count):
        expect(0 <= count <= len(self.data) - self.at, f"{self.where}: {count} bytes at {self.at} go over the end")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, size):
        return int.from_bytes(self.bytes(size), "little")

    def u8(self):
        return self.number(1)

    def u64(self):
        return self.number(8)

    def i64(self):
        return int.from_bytes(self.bytes(8), "little", signed=True)

    def f64(self):
        return struct.unpack("<d", self.bytes(8))[0]

    def varint(self):
        value = 0
        for index in range(10):
            byte = self.u8()
            value |= (byte & 127) << (7 * index)
            if byte < 128:
                expect(byte or index == 0, f"{self.where}: varint longer than needed")
                expect(value < 1 << 64, f"{self.where}: varint over 64 bits")
                return value
        raise Refused(f"{self.where}: varint over ten bytes")

    def svarint(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def id(self):
        return self.bytes(32)

    def string(self):
        return self.bytes(self.varint())

    def text(self):
        return self.string().decode("utf-8", "surrogateescape")

    def pairs(self):
        result = {}
        for _ in range(self.varint()):
            key, value = self.string(), self.string()
            expect(not result or key > last, f"{self.where}: pairs out of order")
            last = key
            result[key.decode("utf-8", "surrogateescape")] = value.decode("utf-8", "surrogateescape")
        return result

    def start(self, magic, known=0):
        """Magic, version, zero and feature bits, as manifest, envelope and layout begin. Returns the feature bits."""
        expect(self.bytes(8) == magic, f"{self.where}: magic differs")
        expect(self.number(2) == 1, f"{self.where}: another version")
        expect(self.number(2) == 0, f"{self.where}: field is not zero")
        features = self.number(4)
        expect(features & ~known == 0, f"{self.where}: unknown feature")
        return features

    def end(self):
        expect(self.at == len(self.data), f"{self.where}: {len(self.data) - self.at} bytes left over")


@dataclasses.dataclass
class Place:
    offset: int
    length: int
    checksum: int
    uses_base: bool = False
    chunk_id: bytes = b""


@dataclasses.dataclass
class TensorEntry:
    section: object
    dtype: int
    count: int
    depth: int
    base: bytes
    second: bytes = b""
    cluster: object = None   # (cluster number, first element)
    part: tuple = (0, 0)     # part number, first chunk
    chunks: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Cluster:
    dtype: int
    count: int
    depth: int
    has_base: bool
    first: int
    members: int
    place: Place


@dataclasses.dataclass
class BlobEntry:
    section: object
    codec: int
    size: int
    prefix: bytes
    frames: list


class Section:
    """One section, read from the bytes of its pack."""

    def __init__(self, data, where):
        self.data, self.where = data, where
        header = Reader(data[:48], f"{where}, header")
        header.start(b"DLVSEC\r\n", known=2)
        length, self.id = header.u64(), header.bytes(16)
        expect(header.u64() == xxh3(data[:40]), f"{where}: checksum of the header")
        expect(length == len(data), f"{where}: length in the header")
        footer = Reader(data[-136:], f"{where}, footer")
        expect(footer.bytes(8) == b"DLVSFT\r\n", f"{where}: magic of the footer")
        expect(footer.bytes(16) == self.id, f"{where}: id in the footer")
        areas = [self.area(footer, name) for name in ("directory", "manifest", "envelope", "metadata")]
        expect(footer.u64() == length, f"{where}: length in the footer")
        expect(footer.u64() == xxh3(data[-136:-8]), f"{where}: checksum of the footer")
        directory, manifest, envelope, _ = (content for _, content in areas)
        self.limit = min(offset for offset, content in areas if content)
        digest = hashlib.sha256(b"dlv-section\0" + directory + manifest + envelope).digest()
        expect(digest[:16] == self.id, f"{where}: id is not that of the areas")
        self.read_directory(directory)
        self.manifest = self.read_manifest_area(manifest) if manifest else None
        self.envelope = envelope

    def area(self, footer, name):
        offset, length, checksum = footer.u64(), footer.u64(), footer.u64()
        if length == 0:
            expect(offset == 0 and checksum == 0 and name != "directory", f"{self.where}: area {name} is missing")
            return offset, b""
        expect(offset + length <= len(self.data) - 136, f"{self.where}: area {name} goes over the end")
        content = self.data[offset:offset + length]
        expect(xxh3(content) == checksum, f"{self.where}: checksum of area {name}")
        return offset, content

    def read_manifest_area(self, area):
        reader = Reader(area, f"{self.where}, manifest")
        codec, size = reader.u8(), reader.varint()
        rest = reader.bytes(len(area) - reader.at)
        expect(codec in (0, 2), f"{self.where}: codec {codec} of the manifest")
        content = zstd_decode(rest, size) if codec == 2 else rest
        expect(len(content) == size, f"{self.where}: length of the manifest")
        return content

    def read_directory(self, area):
        reader = Reader(area, f"{self.where}, directory")
        entries, clusters, record_bytes = reader.number(4), reader.number(4), reader.u64()
        ids = [reader.id() for _ in range(entries)]
        order = [reader.number(4) for _ in range(entries)]
        starts = [reader.number(4) for _ in range(entries + clusters)]
        expect(len(area) - reader.at == record_bytes, f"{self.where}: length of the records")
        base = reader.at
        ends = [base + start for start in starts[1:]] + [len(area)]
        records = [Reader(area[base + start:end], f"{self.where}, record {number}")
                   for number, (start, end) in enumerate(zip(starts, ends))]
        expect(not starts or starts[0] == 0, f"{self.where}: first record")
        self.ids = ids
        self.entries = [self.read_entry(record) for record in records[:entries]]
        self.clusters = [self.read_cluster(record) for record in records[entries:]]
        keys = [(ids[number], 1 if isinstance(self.entries[number], TensorEntry) else 2) for number in order]
        expect(sorted(order) == list(range(entries)) and keys == sorted(set(keys)), f"{self.where}: order of the ids")

    def read_place(self, record, end):
        offset = 64 * (-(-end // 64) + record.varint())
        return Place(offset, 0, 0)

    def finish_place(self, place):
        expect(48 <= place.offset and place.offset + place.length <= self.limit, f"{self.where}: place outside the section")
        return place.offset + place.length

    def read_entry(self, record):
        kind = record.u8()
        expect(kind in (1, 2), f"{record.where}: kind {kind}")
        entry = self.read_tensor(record) if kind == 1 else self.read_blob(record)
        record.end()
        return entry

    def read_tensor(self, record):
        flags, dtype, count, depth = record.u8(), record.varint(), record.varint(), record.u8()
        expect(flags in (0, 1, 2, 3, 4, 5, 9, 11, 13), f"{record.where}: flags {flags}")
        expect(dtype in ELEMENT_BYTES and count <= 1 << 56, f"{record.where}: dtype {dtype}, {count} elements")
        expect((depth > 0) == bool(flags & 1), f"{record.where}: depth {depth} with flags {flags}")
        entry = TensorEntry(self, dtype, count, depth, record.id() if flags & 1 else b"")
        if flags & 8:
            entry.second = record.id()
            expect(depth >= 2 and entry.second != entry.base, f"{record.where}: second base")
        if flags & 2:
            entry.cluster = (record.varint(), record.varint())
            return entry
        chunks = -(-count // CHUNK_ELEMENTS)
        if flags & 4:
            entry.part = (record.varint(), record.varint())
            chunks = record.varint()
            expect(chunks >= 1, f"{record.where}: part without chunks")
        end = 0
        for _ in range(chunks):
            place = self.read_place(record, end)
            length = record.varint()
            place.length, place.uses_base = length >> 1, bool(length & 1)
            place.checksum, place.chunk_id = record.u64(), record.id()
            end = self.finish_place(place)
            entry.chunks.append(place)
        return entry

    def read_cluster(self, record):
        flags, dtype, count, depth = record.u8(), record.varint(), record.varint(), record.u8()
        expect(flags in (0, 1) and dtype in ELEMENT_BYTES, f"{record.where}: flags or dtype")
        expect(1 <= count <= CHUNK_ELEMENTS, f"{record.where}: {count} elements")
        first, members = record.varint(), record.varint()
        place = self.read_place(record, 0)
        place.length, place.checksum, place.uses_base = record.varint(), record.u64(), flags == 1
        self.finish_place(place)
        record.end()
        return Cluster(dtype, count, depth, flags == 1, first, members, place)

    def read_blob(self, record):
        codec, size = record.u8(), record.varint()
        expect(codec in (0, 2, 3), f"{record.where}: codec {codec}")
        prefix, end, frames = record.id() if codec == 3 else b"", 0, []
        for _ in range(-(-size // FRAME_BYTES)):
            place = self.read_place(record, end)
            place.length, place.checksum = record.varint(), record.u64()
            end = self.finish_place(place)
            frames.append(place)
        return BlobEntry(self, codec, size, prefix, frames)

    def unit(self, place):
        """The coded bytes at a place."""
        coded = self.data[place.offset:place.offset + place.length]
        expect(xxh3(coded) == place.checksum, f"{self.where}: checksum of the unit at {place.offset}")
        return coded


def read_pack(data, where):
    """The sections of a pack."""
    header = Reader(data[:24], f"{where}, header")
    header.start(b"DLVPAK\r\n")
    expect(header.u64() == xxh3(data[:16]), f"{where}: checksum of the header")
    tail = Reader(data[-32:], f"{where}, footer")
    count, zero, length, checksum = tail.number(4), tail.number(4), tail.u64(), tail.u64()
    expect(tail.bytes(8) == b"DLVEND\r\n", f"{where}: cut off")
    expect(zero == 0 and length == len(data), f"{where}: length in the footer")
    footer = data[len(data) - 32 - 32 * count:]
    expect(xxh3(footer[:-16]) == checksum, f"{where}: checksum of the footer")
    sections, end, items = [], 4096, Reader(footer, f"{where}, footer")
    for number in range(count):
        offset, size, identity = items.u64(), items.u64(), items.bytes(16)
        expect(offset % 4096 == 0 and end <= offset and offset + size <= len(data) - len(footer), f"{where}: place of section {number}")
        section = Section(data[offset:offset + size], f"{where}, section {number}")
        expect(section.id == identity, f"{where}: id of section {number}")
        end = offset + size
        sections.append(section)
    return sections


def read_layout(content):
    reader, tensors = Reader(content, "layout"), []
    strips = reader.start(b"DLVLAY\r\n", known=1)
    for _ in range(reader.varint()):
        tensor = {"file": reader.varint(), "role": reader.u8(), "name": reader.text(), "dtype": reader.varint()}
        expect(tensor["role"] <= 3 and tensor["dtype"] in ELEMENT_BYTES, "layout: role or dtype")
        tensor["native"] = reader.text() if tensor["dtype"] == 0 else ""
        tensor["flags"] = reader.u8()
        expect(tensor["flags"] <= (7 if strips else 3), "layout: flags")
        tensor["shape"] = [reader.varint() for _ in range(reader.varint())]
        tensor["count"] = math.prod(tensor["shape"])
        if tensor["flags"] & 4:
            expect(1 <= tensor["count"] * ELEMENT_BYTES[tensor["dtype"]] <= 4096, "layout: size of a tensor in a strip")
        tensors.append(tensor)
    reader.end()
    expect(bool(strips) == any(tensor["flags"] & 4 for tensor in tensors), "layout: feature of strips")
    return tensors


def strips_of(layout):
    """Section 8, "Strips": lists of tensors of the layout, in the order of the manifest."""
    strips, last = [], {}
    for tensor in layout:
        if not tensor["flags"] & 4:
            continue
        key = tensor["file"], tensor["dtype"]
        if key not in last or sum(member["count"] for member in last[key]) + tensor["count"] > (1 << 15) - 1:
            last[key] = []
            strips.append(last[key])
        last[key].append(tensor)
    return strips


def read_manifest(content):
    reader = Reader(content, "manifest")
    features = reader.start(b"DLVMAN\r\n", known=1)
    manifest = {"id": hashlib.sha256(b"dlv-manifest\0" + content).digest(), "model": reader.text(), "message": reader.text()}
    manifest["parents"] = [{"id": reader.id(), "relation": reader.u8(), "inferred": reader.u8(), "attributes": reader.pairs()}
                           for _ in range(reader.varint())]
    manifest["snapshots"] = []
    for _ in range(reader.varint()):
        step = reader.svarint() if reader.u8() else None
        layout = reader.id()
        manifest["snapshots"].append({"step": step, "layout": layout, "tensors": [reader.id() for _ in range(reader.varint())]})
    manifest["files"] = [{"path": reader.text(), "size": reader.varint(), "sha256": reader.id(), "mode": reader.varint(),
                          "format": reader.text(), "snapshot": reader.varint() - 1, "form": reader.u8(),
                          "content": reader.id(), "note": reader.text()} for _ in range(reader.varint())]
    manifest["hparams"] = reader.pairs()
    manifest["metrics"] = {}
    for _ in range(reader.varint()):
        name = reader.text()
        manifest["metrics"][name] = [(reader.svarint(), reader.f64()) for _ in range(reader.varint())]
    manifest["sources"] = {}
    if features & 1:
        manifest["sources"] = {kind: reader.pairs() for kind in ("hparams", "metrics", "tags")}
        expect(any(manifest["sources"].values()), "manifest: feature bit 1 without a source")
        for kind in ("hparams", "metrics"):
            expect(set(manifest["sources"][kind]) <= set(manifest[kind]), f"manifest: source of what is not there ({kind})")
    reader.end()
    return manifest
