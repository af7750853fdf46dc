#!/usr/bin/env python3
"""Byte-grouped zstd as a program, for comparison: bytes of equal significance together, each group coded alone, 1 MiB at a time.

    grouped_zstd.py encode|decode FOLDER FILE... [with WIDTH=4 and LEVEL=3 from the environment]

Takes the file as it is (the header of a safetensors file is a thousandth of it). Needs NumPy and zstandard.
"""

import os
import pathlib
import struct
import sys

import numpy
import zstandard

WIDTH = int(os.environ.get("WIDTH", "4"))
LEVEL = int(os.environ.get("LEVEL", "3"))
BLOCK = 1 << 20


def encode(source, target):
    compressor = zstandard.ZstdCompressor(level=LEVEL)
    with open(source, "rb") as reader, open(target, "wb") as writer:
        while block := reader.read(BLOCK):
            usable = len(block) // WIDTH * WIDTH
            columns = numpy.frombuffer(block, numpy.uint8, usable).reshape(-1, WIDTH)
            parts = [compressor.compress(numpy.ascontiguousarray(columns[:, index]).data) for index in range(WIDTH)] + [block[usable:]]
            writer.write(struct.pack(f"<{WIDTH + 1}I", *map(len, parts)) + b"".join(parts))


def decode(source, target):
    decompressor = zstandard.ZstdDecompressor()
    with open(source, "rb") as reader, open(target, "wb") as writer:
        while head := reader.read(4 * (WIDTH + 1)):
            sizes = struct.unpack(f"<{WIDTH + 1}I", head)
            groups = [decompressor.decompress(reader.read(size)) for size in sizes[:WIDTH]]
            block = numpy.empty((len(groups[0]), WIDTH), numpy.uint8)
            for index, group in enumerate(groups):
                block[:, index] = numpy.frombuffer(group, numpy.uint8)
            writer.write(block.data)
            writer.write(reader.read(sizes[WIDTH]))


def main():
    work = {"encode": encode, "decode": decode}[sys.argv[1]]
    for source in sys.argv[3:]:
        work(source, pathlib.Path(sys.argv[2]) / (pathlib.Path(source).name + "." + sys.argv[1] + "d"))


if __name__ == "__main__":
    main()
