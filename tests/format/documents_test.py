#!/usr/bin/env python3
"""The worked examples of docs/format, read out of the documents and decoded by the independent reader."""

import pathlib
import re
import struct
import unittest
import zlib

import archive_document
import codec_document
import delta_document
import integer_delta_document
import recipe_document

DOCUMENTS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "format"


def section(name, heading):
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    return text.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]


def dump(text):
    """Bytes of a hex dump: lines "OFFSET  BYTES   remark", where "*" stands for zeros up to the next line."""
    content = bytearray()
    for line in text.splitlines():
        match = re.match(r"\s*([0-9a-f]{2,8}):?\s+((?:[0-9a-f]{2} ?)+)(?:\s|$)", line)
        if match:
            content += bytes(int(match[1], 16) - len(content)) + bytes.fromhex(match[2])
    return bytes(content)


class Documents(unittest.TestCase):
    def test_the_pack_of_archive_md(self):
        [pack] = archive_document.read_pack(dump(section("archive.md", "9")), "archive.md")
        kinds = [type(entry).__name__ for entry in pack.entries]
        self.assertEqual(sorted(kinds), ["BlobEntry", "TensorEntry"])
        blob = pack.entries[kinds.index("BlobEntry")]
        self.assertEqual(pack.unit(blob.frames[0]), b"hello, pack\n")
        cluster = pack.clusters[0]
        self.assertEqual(codec_document.decode_chunk(pack.unit(cluster.place), 9, 1), struct.pack("<q", 42))

    def test_the_chunk_of_codec_md(self):
        coded = dump(section("codec.md", "10"))
        want = b"".join(struct.pack("<f", (37 * i % 64 - 20) / 64)[2:] for i in range(64))
        self.assertEqual(codec_document.decode_chunk(coded, 11, 64), want)

    def test_the_chunk_of_delta_md(self):
        text = section("delta.md", "8")
        words = [re.search(rf"{name} `([0-9a-f ]+)`", text)[1].split() for name in ("Base", "child")]
        base, child = (b"".join(struct.pack("<I", int(word, 16)) for word in part) for part in words)
        levels = [bytes.fromhex(line) for line in re.search(r"```hex\n(.*?)\n```", text, re.S)[1].splitlines()]
        header = codec_document.Header(mode=16, dtype=12, needs_base=True, needs_second=False, is_narrow=False, wide=[False] * 3, count=6, parameters=b"\0", planes=[16, 24, 32],
                                       sizes=[len(level) for level in levels], checksums=[0, 0, 0], size=0)
        self.assertEqual(delta_document.read_delta(header, levels, base, b"")[0], child)

    def test_the_integer_chunk_of_delta_md(self):
        text = section("delta.md", "11")
        base, child = (bytes.fromhex(re.search(rf"{name} `([0-9a-f ]+)`", text)[1]) for name in ("Base", "child"))
        level = bytes.fromhex(re.search(r"```hex\n(.*?)\n```", text, re.S)[1])
        header = codec_document.Header(mode=19, dtype=3, needs_base=True, needs_second=False, is_narrow=False, wide=[False], count=6, parameters=b"\1", planes=[8], sizes=[len(level)],
                                       checksums=[0], size=0)
        self.assertEqual(integer_delta_document.read_integer_delta(header, [level], base)[0], child)

    def test_the_recipe_of_recipe_md(self):
        text = section("recipe.md", "Example")
        lines = re.search(r"```\n(.*?)\n```", text, re.S)[1].splitlines()
        recipe = bytes.fromhex("".join(re.match(r"(?:[0-9a-f]{2}(?: |$))+", line)[0] for line in lines))
        tensor = struct.pack("<2f", 1.5, -2.0)
        made = recipe_document.make_file(recipe, [b"HEADER..tail"], [tensor])
        self.assertEqual(made, b"HEADER.." + tensor + zlib.crc32(tensor).to_bytes(4, "little") + b"tail")


if __name__ == "__main__":
    unittest.main()
