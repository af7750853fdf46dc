"""Recipes, as docs/format/recipe.md describes them: a file's bytes from its tensors and literals. Nothing here was taken from the C++ source."""

import dataclasses
import itertools
import zlib

from archive_document import Reader, expect

LITERAL, TENSOR, CRC32, DEFLATE, INNER = 1, 2, 3, 4, 5
MAX_DEPTH = 4


@dataclasses.dataclass
class Step:
    kind: int
    flag: int = 0
    fields: tuple = ()
    inner: list = dataclasses.field(default_factory=list)


class RecipeReader:
    """Section "Structure"."""

    def __init__(self, content):
        self.reader = Reader(content, "recipe")
        expect(self.reader.varint() == 1, "recipe: another version")
        count = self.reader.varint()
        expect(count <= len(content), "recipe: number of literals")
        self.literal_sizes = [self.reader.varint() for _ in range(count)]
        expect(all(1 <= size <= 8 << 20 for size in self.literal_sizes), "recipe: size of a literal")
        self.ends, self.next_tensor = [0] * count, 0
        self.steps = self.read_list(1)
        self.reader.end()

    def read_list(self, depth):
        expect(depth <= MAX_DEPTH, "recipe: lists nest too deep")
        steps = [self.read_step(place, depth) for place in range(self.reader.varint())]
        counted = 0
        for step in steps:
            if step.kind == CRC32:
                first, count = step.fields
                expect(0 <= first and first + count <= len(steps), "recipe: CRC32 of nothing")
                expect(all(other.kind != CRC32 for other in steps[first:first + count]), "recipe: CRC32 of a CRC32")
                expect(not step.flag or (count == 1 and steps[first].kind == DEFLATE), "recipe: CRC32 of what is compressed")
                counted += count
        expect(counted <= 8 * (len(steps) + 1), "recipe: CRC32 of too much")
        return steps

    def read_step(self, place, depth):
        byte = self.reader.u8()
        kind, flags = byte & 7, byte >> 3
        if kind == LITERAL and not flags:
            return self.read_literal()
        if kind == TENSOR:
            return self.read_tensor(flags)
        if kind == CRC32 and flags <= 1:
            return Step(CRC32, flags, (place + self.reader.svarint(), self.reader.varint()))
        if kind == DEFLATE and not flags:
            settings = tuple(self.reader.u8() for _ in range(4))
            size = self.reader.varint()
            return Step(DEFLATE, 0, (settings, size), self.read_list(depth + 1))
        expect(kind == INNER and not flags, f"recipe: instruction {byte}")
        return Step(INNER, 0, (), self.read_list(depth + 1))

    def read_literal(self):
        literal = self.reader.varint()
        expect(literal < len(self.ends), "recipe: literal")
        offset = self.ends[literal] + self.reader.svarint()
        size = self.reader.varint()
        expect(size >= 1 and 0 <= offset and offset + size <= self.literal_sizes[literal], "recipe: range of a literal")
        self.ends[literal] = offset + size
        return Step(LITERAL, 0, (literal, offset, size))

    def read_tensor(self, flags):
        size = 1 << (flags & 7)
        expect(size <= 16, "recipe: size of an element")
        tensor = self.next_tensor + self.reader.svarint()
        expect(tensor >= 0, "recipe: tensor")
        self.next_tensor = tensor + 1
        swap = self.reader.u8() if flags & 8 else 1
        expect(not flags & 8 or (swap in (size, size // 2) and swap >= 2), "recipe: byte order")
        if not flags & 16:
            return Step(TENSOR, 0, (tensor, size, swap, self.reader.varint(), self.reader.varint(), None, None))
        rank = self.reader.varint()
        expect(1 <= rank <= 32, "recipe: rank")
        shape = [self.reader.varint() for _ in range(rank)]
        axes = [self.reader.u8() for _ in range(rank)]
        expect(sorted(axes) == list(range(rank)) != axes, "recipe: axes")
        count = 1
        for extent in shape:
            count *= extent
        return Step(TENSOR, 0, (tensor, size, swap, 0, count, shape, axes))


def permuted(content, size, shape, axes):
    """Axis k of what is written is axis axes[k] of the tensor."""
    strides = [size] * len(shape)
    for axis in reversed(range(len(shape) - 1)):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    places = itertools.product(*(range(shape[axis]) for axis in axes))
    starts = (sum(index * strides[axis] for index, axis in zip(place, axes)) for place in places)
    return b"".join(content[start:start + size] for start in starts)


def swapped(content, group):
    if group == 1:
        return content
    out = bytearray(len(content))
    for index in range(group):
        out[index::group] = content[group - 1 - index::group]
    return bytes(out)


class Replay:
    """`literals`: bytes of each; `tensors`: bytes of each, little-endian and in C order."""

    def __init__(self, recipe, literals, tensors):
        self.recipe, self.literals, self.tensors = recipe, literals, tensors
        expect([len(literal) for literal in literals] == recipe.literal_sizes, "recipe: literals of other sizes")

    def file(self):
        return self.run(self.recipe.steps)

    def run(self, steps):
        made = [None if step.kind == CRC32 else self.make(step) for step in steps]
        for place, step in enumerate(steps):
            if step.kind == CRC32:
                first, count = step.fields
                covered = self.run(steps[first].inner) if step.flag else b"".join(made[first:first + count])
                made[place] = zlib.crc32(covered).to_bytes(4, "little")
        return b"".join(made)

    def make(self, step):
        if step.kind == LITERAL:
            literal, offset, size = step.fields
            return self.literals[literal][offset:offset + size]
        if step.kind == TENSOR:
            tensor, size, swap, first, count, shape, axes = step.fields
            expect(tensor < len(self.tensors), "recipe: no such tensor")
            content = self.tensors[tensor][first * size:(first + count) * size]
            expect(len(content) == count * size, "recipe: elements of a tensor")
            return swapped(permuted(content, size, shape, axes) if axes else content, swap)
        inner = self.run(step.inner)
        if step.kind == INNER:
            return inner
        (level, window, memory, strategy), size = step.fields
        coder = zlib.compressobj(level, zlib.DEFLATED, -window, memory, strategy)
        coded = coder.compress(inner) + coder.flush()
        expect(len(coded) == size, "recipe: size of a deflate stream")
        return coded


def make_file(recipe, literals, tensors):
    return Replay(RecipeReader(recipe), literals, tensors).file()
