#!/usr/bin/env python3
"""Makes large checkpoints with the statistics of real ones: a parent, and a child that training might have made of it.

    make_synthetic.py --parent REAL --child REAL --out FOLDER [--gigabytes 1.0] [--versions 2] [--dtype F32] [--star] [--width 4096]

REAL are two neighbouring checkpoints of one run (.pth, .pt, .safetensors). The law, per element of the output:
- draw an element i of the real pair at random, from the real tensors with 1,000 elements and more;
- parent: sign and exponent of the real parent's element i, mantissa uniform;
- change: sign and exponent of the real change (child - parent) of the same i, mantissa uniform; zero where the real one is zero;
- child = parent + change, in the dtype's arithmetic. Further versions repeat the last two steps on the child
  (a run), or with --star on the first version (fine-tunes of one model).
So exponents, and how large a change is for which exponent, are distributed as in the real pair; mantissas are the noise that they are.
Tensors are shaped like a transformer's: matrices of 4096 x 4096 and 4096 x 11008, and vectors of 4096; --width has smaller ones.
"""

import argparse
import json
import pathlib
import struct

import numpy

from series import READERS

SEED = 11
BLOCK = 1 << 22


def layer_shapes(width):
    wide = width * 43 // 16
    return [("attention.wq", (width, width)), ("attention.wo", (width, width)), ("mlp.w1", (wide, width)), ("mlp.w2", (width, wide)),
            ("norm.weight", (width,)), ("norm.bias", (width,))]


def real_pairs(parent_path, child_path):
    """fp32 elements of both, side by side."""
    parent, child = (READERS[path.suffix](path) for path in (parent_path, child_path))
    names = [name for name, tensor in parent.items()
             if name in child and child[name].shape == tensor.shape and tensor.dtype in ("F32", "BF16") and tensor.bits.size >= 1000]

    def joined(tensors):
        return numpy.concatenate([widened(tensors[name]) for name in names])
    before, after = joined(parent), joined(child)
    usable = numpy.isfinite(before) & numpy.isfinite(after) & (before != 0)
    return before[usable], (after - before)[usable]


def widened(tensor):
    if tensor.dtype == "F32":
        return tensor.bits.view(numpy.float32)
    return (tensor.bits.astype(numpy.uint32) << 16).view(numpy.float32)


def with_fresh_mantissa(values, random):
    bits = values.view(numpy.uint32)
    fresh = (bits & numpy.uint32(0xFF800000)) | random.integers(0, 1 << 23, bits.size, numpy.uint32)
    return numpy.where(values == 0, values, fresh.view(numpy.float32))


def shapes_for(total_elements, width):
    elements, layer = 0, 0
    while elements < total_elements:
        for name, shape in layer_shapes(width):
            yield f"layers.{layer}.{name}", shape
            elements += int(numpy.prod(shape))
            if elements >= total_elements:
                return
        layer += 1


def narrowed(values, dtype):
    """Rounds fp32 to bf16, to nearest, ties to even; or leaves fp32 alone."""
    if dtype == "F32":
        return values.view(numpy.uint32)
    bits = values.view(numpy.uint32)
    return ((bits + numpy.uint32(0x7FFF) + (bits >> 16 & 1)) >> 16).astype(numpy.uint16)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parent", required=True, type=pathlib.Path)
    parser.add_argument("--child", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--versions", type=int, default=2)
    parser.add_argument("--dtype", choices=("F32", "BF16"), default="F32")
    parser.add_argument("--star", action="store_true")
    parser.add_argument("--width", type=int, default=4096)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    before, change = real_pairs(arguments.parent, arguments.child)
    size = 4 if arguments.dtype == "F32" else 2
    shapes = list(shapes_for(int(arguments.gigabytes * 1e9) // size, arguments.width))
    header, offset = {}, 0
    for name, shape in shapes:
        end = offset + size * int(numpy.prod(shape))
        header[name] = {"dtype": arguments.dtype, "shape": list(shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    random = numpy.random.default_rng(SEED)
    files = [open(arguments.out / f"step_{index:06d}.safetensors", "wb") for index in range(arguments.versions)]
    for file in files:
        file.write(struct.pack("<Q", len(text)) + text)
    for _, shape in shapes:
        left = int(numpy.prod(shape))
        while left:
            count = min(left, BLOCK)
            left -= count
            drawn = random.integers(0, before.size, count, numpy.uint32)
            first = values = with_fresh_mantissa(before[drawn], random)
            for index, file in enumerate(files):
                if index:
                    values = (first if arguments.star else values) + with_fresh_mantissa(change[drawn], random)
                file.write(narrowed(values, arguments.dtype).tobytes())
    for file in files:
        file.close()
    print(f"{arguments.versions} versions of {offset} bytes in {arguments.out}")


if __name__ == "__main__":
    main()
