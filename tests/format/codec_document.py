"""Coded chunks, as docs/format/codec.md describes them. Nothing here was taken from the C++ source."""

import dataclasses

from archive_document import ELEMENT_BYTES, Reader, expect
from foreign import lz4_decode, zstd_decode
from xxh3 import xxh3

FLOAT_BITS = {10: (5, 10), 11: (8, 7), 12: (8, 23), 13: (11, 52), 14: (4, 3), 15: (5, 2), 16: (8, 23), 17: (11, 52)}  # E, M
COMPLEX = (16, 17)


@dataclasses.dataclass
class Header:
    mode: int
    dtype: int
    needs_base: bool
    needs_second: bool
    is_narrow: bool
    wide: list
    count: int
    parameters: bytes
    planes: list  # of mode 8: depths
    sizes: list
    checksums: list
    size: int

    @property
    def components(self):
        return self.count * (2 if self.dtype in COMPLEX else 1)

    @property
    def component_bytes(self):
        return ELEMENT_BYTES[self.dtype] // (2 if self.dtype in COMPLEX else 1)

    def matches(self, level, checksum):
        return self.checksums[level] == (checksum if self.wide[level] else checksum & 0xFFFFFFFF)


def read_header(coded):
    """Section 2."""
    reader = Reader(coded, "chunk")
    expect(reader.u8() == 1, "chunk: another format")
    mode, dtype, flags, order, levels, parameter_size = (reader.u8() for _ in range(6))
    expect(mode in (0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 19), f"chunk: mode {mode}")
    expect(dtype in ELEMENT_BYTES, f"chunk: type {dtype}")
    expect(flags <= 15 and order == (16 if mode == 8 else 0), "chunk: flags, order or scheme")
    expect(not flags & 4 or (flags & 1 and mode == 16), "chunk: second base")
    expect(not flags & 8 or mode in (16, 18), "chunk: narrow elements")
    expect(1 <= levels <= 32 and parameter_size <= 64, "chunk: levels or parameters")
    count = reader.varint()
    expect(1 <= count <= 1 << 17, "chunk: number of elements")
    parameters = reader.bytes(parameter_size)
    table = [(reader.u8(), reader.varint()) for _ in range(levels)]
    wide = [count >= 4096 and (not flags & 2 or level == levels - 1) for level in range(levels)]
    checksums = [reader.number(8 if is_wide else 4) for is_wide in wide]
    end = reader.at
    expect(reader.number(4) == xxh3(coded[:end]) & 0xFFFFFFFF, "chunk: checksum of the header")
    header = Header(mode, dtype, bool(flags & 1), bool(flags & 4), bool(flags & 8), wide, count, parameters, [row[0] for row in table], [row[1] for row in table], checksums, reader.at)
    expect(all(a < b for a, b in zip(header.planes, header.planes[1:])), "chunk: planes do not rise")
    expect(header.planes[-1] == (255 if mode == 8 else 8 * header.component_bytes), "chunk: planes of the last level")
    expect(sum(header.sizes) <= count * ELEMENT_BYTES[dtype] and header.size <= 512, "chunk: sizes")
    return header


class BitReader:
    """Bits, LSB first."""

    def __init__(self, data, at=0):
        self.data, self.at = data, 8 * at

    def bit(self):
        expect(self.at < 8 * len(self.data), "chunk: bits go over the end")
        self.at += 1
        return self.data[(self.at - 1) >> 3] >> ((self.at - 1) & 7) & 1

    def bits(self, count):
        return sum(self.bit() << index for index in range(count))

    def pad(self):
        """Skips to the next byte; its place."""
        while self.at & 7:
            expect(self.bit() == 0, "chunk: padding")
        return self.at >> 3


def read_table(bits, scale, limit):
    """Section 5.2: frequencies by symbol."""
    first, last = bits.bits(8), bits.bits(8)
    expect(first <= last <= limit, "table: symbols")
    frequencies, size = {}, 4
    for symbol in range(first, last + 1):
        if bits.bit():
            if not bits.bit():
                size += 1
            elif not bits.bit():
                size -= 1
            else:
                size = bits.bits(4)
        expect(0 <= size <= scale, "table: class")
        frequencies[symbol] = (1 << (size - 1) | bits.bits(size - 1)) if size else 0
    expect(sum(frequencies.values()) == 1 << scale and max(frequencies.values()) < 1 << scale, "table: sum")
    return frequencies


def slots(frequencies, scale, by_frequency):
    """Section 5.3: for each slot (symbol, frequency, slot - start)."""
    order = sorted(frequencies)
    if by_frequency:
        order.sort(key=lambda symbol: -frequencies[symbol])
    result = []
    for symbol in order:
        result += [(symbol, frequencies[symbol], offset) for offset in range(frequencies[symbol])]
    expect(len(result) == 1 << scale, "table: slots")
    return result


def lanes_of(count):
    return 64 if count >= 4096 else 4


def rans_decode(stream, count, scale, table_of, lanes=0):
    """Section 5.1. `table_of(i, symbols)` gives the slots for symbol i, knowing the ones before."""
    lanes = lanes or lanes_of(count)
    reader = Reader(stream, "rANS stream")
    states = [reader.number(4) for _ in range(lanes)]
    expect((len(stream) - reader.at) % 2 == 0, "rANS stream: half a word")
    words = [stream[at] | stream[at + 1] << 8 for at in range(reader.at, len(stream), 2)]
    next_word, mask, symbols = 0, (1 << scale) - 1, bytearray(count)
    for i in range(count):
        x = states[i % lanes]
        symbol, frequency, offset = table_of(i, symbols)[x & mask]
        symbols[i] = symbol
        x = frequency * (x >> scale) + offset
        if x < 65536:
            expect(next_word < len(words), "rANS stream: a word is missing")
            x = x << 16 | words[next_word]
            next_word += 1
        states[i % lanes] = x
    expect(next_word == len(words) and all(x == 65536 for x in states), "rANS stream: does not end where it should")
    return symbols


def bits_in_context(coded, contexts):
    """Section 5.4: a bit for each of the symbols `contexts`."""
    bits = BitReader(coded)
    low, count = bits.bits(8), bits.bits(4) + 1
    expect(low + count <= 256, "bits: contexts")
    ones = [8 * (2 * bits.bits(6) + 1) for _ in range(count)]
    tables = [slots_of_bit(frequency) for frequency in ones]
    even = slots_of_bit(512)
    lanes = 32 if len(contexts) >= 65536 else 16 if len(contexts) >= 32768 else 4

    def table_of(i, _):
        return tables[contexts[i] - low] if low <= contexts[i] < low + count else even

    return rans_decode(coded[bits.pad():], len(contexts), 10, table_of, lanes)


def slots_of_bit(ones):
    return [(1, ones, offset) for offset in range(ones)] + [(0, 1024 - ones, offset) for offset in range(1024 - ones)]


def float_symbols_plain(coded, count, limit):
    """Section 6.2, context 0."""
    scale = 12 if count >= 4096 else 10
    bits = BitReader(coded)
    table = slots(read_table(bits, scale, limit), scale, by_frequency=True)
    return rans_decode(coded[bits.pad():], count, scale, lambda i, symbols: table)


def float_symbols_of_runs(coded, count, limit):
    """Section 6.2, context 1."""
    low, contexts, scale = coded[0], coded[1], 10
    expect(1 <= contexts <= 48, "chunk: number of contexts")
    bits, tables = BitReader(coded, 2), []
    for _ in range(contexts):
        own = bits.bit()
        expect(own or tables, "chunk: the first context has no table")
        tables.append(slots(read_table(bits, scale, limit), scale, by_frequency=False) if own else tables[-1])
    lanes = lanes_of(count)

    def table_of(i, symbols):
        return tables[0 if i < lanes else min(max(symbols[i - lanes], low) - low, contexts - 1)]

    placed = rans_decode(coded[bits.pad():], count, scale, table_of)
    rows = count // lanes
    symbols = bytearray(placed)
    for lane in range(lanes):
        for row in range(rows):
            symbols[lane * rows + row] = placed[lanes * row + lane]
    return symbols


def float_symbols_of_patterns(coded, count, limit):
    """Section 6.2, context 2."""
    symbols = zstd_decode(coded, count)
    expect(max(symbols) <= limit, "chunk: symbol")
    return bytearray(symbols)


def float_symbols_of_rough_patterns(coded, count, limit):
    """Section 6.2, context 3."""
    low_bytes = (count + 7) // 8
    low = BitReader(coded[:low_bytes])
    symbols = bytearray(2 * high + low.bit() for high in zstd_decode(coded[low_bytes:], count))
    low.pad()
    expect(max(symbols) <= limit, "chunk: symbol")
    return symbols


SYMBOLS = {0: float_symbols_plain, 1: float_symbols_of_runs, 2: float_symbols_of_patterns, 3: float_symbols_of_rough_patterns}


def plane_bits(plane, count):
    """One bit for each of `count` components; the unused ones are zero."""
    text = bin(int.from_bytes(plane, "little") | 1 << 8 * len(plane))[:2:-1]
    expect("1" not in text[count:], "chunk: unused bits of a plane")
    return text[:count]


class FloatChunk:
    """Section 6: the elements of a chunk of mode 5 or 7, level by level."""

    def __init__(self, header):
        self.header = header
        self.exponent_bits, self.mantissa_bits = FLOAT_BITS[header.dtype]
        reader = Reader(header.parameters, "chunk, parameters")
        flags, self.absent, self.first = reader.u8(), reader.u8(), reader.number(2)
        if flags & 128:
            expect(self.mantissa_bits >= 2, "chunk: wide symbols")
            self.exponent_bits, self.mantissa_bits = self.exponent_bits + 2, self.mantissa_bits - 2
        self.zero_rule, self.signs, self.context = flags & 1, not flags & 2, flags >> 2 & 3
        self.signed_zeros, packed = bool(flags & 32), flags & 64
        expect(self.context in SYMBOLS and self.absent <= self.mantissa_bits, "chunk: parameters")
        expect(self.zero_rule or not self.signed_zeros, "chunk: signed zeros")
        expect(1 <= self.first < 1 << self.exponent_bits, "chunk: first exponent")
        self.zeros = reader.varint() if self.zero_rule else 0
        self.packed_size = reader.varint() if packed else 0
        reader.end()
        self.count = header.components
        expect(self.zeros <= self.count, "chunk: number of zeros")
        self.kept = self.count - self.zeros
        self.plane_bytes = (self.kept + 7) // 8
        self.sign_bytes = (self.plane_bytes if self.signs else 0) + ((self.zeros + 7) // 8 if self.signed_zeros else 0)
        expect(not packed or self.packed_size and self.sign_bytes, "chunk: packed signs")
        self.tail_from = self.mantissa_bits   # where what is no plane begins
        if header.mode == 7:
            self.tail_from -= 8
            expect(header.component_bytes >= 4 and self.absent == 0 and not flags & 128, "chunk: tail")
            expect(header.planes[-2:-1] == [1 + self.exponent_bits + self.tail_from], "chunk: level before the tail")
        self.coded_plane = bool(flags & 16)
        if self.coded_plane:
            expect(not flags & 128 and self.kept and self.absent < self.mantissa_bits, "chunk: coded plane")
            expect(header.planes[0] == 1 + self.exponent_bits, "chunk: coded plane in level 0")
        self.mantissa_planes = 0   # read or absent so far
        self.values = []

    def stored_planes(self, below, mantissa):
        """How many of the mantissa planes from `below` (exclusive) to `mantissa` are stored."""
        stored = self.tail_from - self.absent
        return max(0, min(mantissa, stored) - min(below, stored))

    def read_level(self, level, data):
        """Adds a level; the checksum of the decoded bits that it adds."""
        mantissa = self.header.planes[level] - 1 - self.exponent_bits
        expect(mantissa >= 0, "chunk: level without all of the exponent")
        if mantissa > self.tail_from:
            return self.read_tail(data, mantissa)
        if level == 1 and self.coded_plane:
            data = self.with_plane_decoded(data, mantissa)
        start = len(data) - self.stored_planes(self.mantissa_planes, mantissa) * self.plane_bytes
        expect(start >= 0 and (level == 0 or start == 0), "chunk: size of a level")
        checksum = self.read_first(data, start) if level == 0 else xxh3(data)
        rows = [data[at:at + self.plane_bytes] for at in range(start, len(data), self.plane_bytes)] if self.plane_bytes else []
        rows = [plane_bits(row, self.kept) for row in rows]
        for row in rows:
            self.values = [value << 1 | (bit == "1") for value, bit in zip(self.values, row)]
        shift = (mantissa - self.mantissa_planes) - len(rows)
        self.values = [value << shift for value in self.values]
        self.mantissa_planes = mantissa
        return checksum

    def with_plane_decoded(self, data, mantissa):
        """Section 6.3: a level as it would be without the flag."""
        coded = len(data) - (self.stored_planes(0, mantissa) - 1) * self.plane_bytes
        expect(coded >= 0, "chunk: size of the level with the coded plane")
        contexts = [symbol for symbol in self.symbols if not (self.zero_rule and symbol == 0)]
        bits = bits_in_context(data[:coded], contexts)
        plane = sum(bit << index for index, bit in enumerate(bits)).to_bytes(self.plane_bytes, "little")
        return plane + data[coded:]

    def read_tail(self, data, mantissa):
        """Section 6.4."""
        expect(self.kept or not data, "chunk: tail without elements")
        tail = SYMBOLS[0](data, self.kept, 255) if self.kept else b""
        self.values = [value << 8 | low for value, low in zip(self.values, tail)]
        self.mantissa_planes = mantissa
        return 0

    def read_first(self, data, mantissa_start):
        """Symbols and signs, before the mantissa planes of the first level; its checksum."""
        stored = self.packed_size or self.sign_bytes
        start = mantissa_start - stored
        expect(start >= 0, "chunk: size of the first level")
        checksum = self.read_symbols(data[:start])
        signs = data[start:mantissa_start]
        if self.packed_size:
            signs = zstd_decode(signs, self.sign_bytes)
        if self.packed_size or self.signed_zeros:
            checksum ^= xxh3(signs) ^ xxh3(data[mantissa_start:])
        else:
            checksum ^= xxh3(data[start:])
        of_kept = plane_bits(signs[:self.plane_bytes], self.kept) if self.signs else "0" * self.kept
        self.values = [int(sign) << self.exponent_bits | exponent for sign, exponent in zip(of_kept, self.exponents)]
        self.zero_signs = "0" * self.zeros
        if self.signed_zeros:
            self.zero_signs = plane_bits(signs[self.plane_bytes if self.signs else 0:], self.zeros)
        return checksum

    def read_symbols(self, coded):
        largest = max(1, min(255, (1 << self.exponent_bits) - self.first + self.zero_rule))
        self.symbols = SYMBOLS[self.context](coded, self.count, largest)
        z = self.zero_rule
        kept = [symbol for symbol in self.symbols if not (z and symbol == 0)]
        expect(len(kept) == self.kept, "chunk: number of zeros")
        self.exponents = [0 if symbol == z else self.first + symbol - z - 1 for symbol in kept]
        expect(max(self.exponents, default=0) < 1 << self.exponent_bits, "chunk: exponent")
        return xxh3(bytes(self.symbols))

    def elements(self):
        size = self.header.component_bytes
        shift = self.mantissa_bits - self.mantissa_planes
        values, zeros = iter(self.values), iter(self.zero_signs)
        whole = (int(next(zeros)) << 8 * size - 1 if self.zero_rule and symbol == 0 else next(values) << shift for symbol in self.symbols)
        return b"".join(value.to_bytes(size, "little") for value in whole)


def read_float(header, levels):
    chunk = FloatChunk(header)
    sums = [chunk.read_level(level, data) for level, data in enumerate(levels)]
    return chunk.elements(), sums


def read_significance(header, levels):
    """Section 6.5."""
    exponent_bits, mantissa_bits = FLOAT_BITS[header.dtype]
    reader = Reader(header.parameters, "chunk, parameters")
    flags, absent, first, origin, coded = reader.u8(), reader.u8(), reader.number(2), reader.number(2), reader.varint()
    reader.end()
    context, z = flags >> 2 & 7, flags & 1
    expect(not flags & ~29 and context in SYMBOLS and absent <= mantissa_bits, "chunk: parameters")
    expect(1 <= first < 1 << exponent_bits and coded <= len(levels[0]), "chunk: parameters")
    largest = max(1, min(255, (1 << exponent_bits) - first + z))
    symbols = SYMBOLS[context](levels[0][:coded], header.components, largest)
    members = {}  # class: its components
    for index, symbol in enumerate(symbols):
        if not (z and symbol == 0):
            members.setdefault(0 if symbol == z else first + symbol - z - 1, []).append(index)
    steps = {}
    for c in members:
        for k in range(1 + mantissa_bits - absent):
            step = 2 * ((1 << exponent_bits) + (k or -1) - c) + c % 2
            steps.setdefault(step, []).append((-c, k))
    values = [0] * header.components
    for c, indices in members.items():
        for index in indices:
            values[index] = c << mantissa_bits
    waiting, sums = sorted(steps), []
    for level, data in enumerate(levels):
        depth = header.planes[level]
        bits = data[coded:] if level == 0 else data
        sums.append(xxh3(bits) ^ (xxh3(bytes(symbols)) if level == 0 else 0))
        stream = BitReader(bits)
        while waiting and (depth == 255 or waiting[0] <= origin + depth):
            for negative, k in sorted(steps[waiting.pop(0)]):
                place = exponent_bits + mantissa_bits if k == 0 else mantissa_bits - k
                for index in members[-negative]:
                    values[index] |= stream.bit() << place
        expect(stream.pad() == len(bits), "chunk: size of a level")
    return b"".join(value.to_bytes(header.component_bytes, "little") for value in values), sums


def read_grouped(header, levels):
    """Section 7."""
    size, groups, sums = header.component_bytes, [], []
    expect(len(header.parameters) == size == len(header.sizes), "chunk: number of groups")
    for coding, data in zip(header.parameters, levels):
        expect(coding <= 1 and (coding or len(data) == header.components), "chunk: group")
        group = zstd_decode(data, header.components) if coding else data
        groups.insert(0, group)
        sums.append(xxh3(group))
    out = bytearray(size * header.components)
    for index, group in enumerate(groups, size - len(groups)):
        out[index::size] = group
    return bytes(out), sums


def read_palette(header, levels):
    """Section 8."""
    size, count, level = header.component_bytes, header.components, levels[0]
    reader = Reader(header.parameters, "chunk, parameters")
    context, low_bits, last = reader.u8(), reader.u8(), reader.number(2)
    reader.end()
    expect(context in SYMBOLS and low_bits <= 8 and last >= 1 and last >> low_bits <= 255 and len(levels) == 1, "chunk: palette")
    low_start, symbol_start = (last + 1) * size, (last + 1) * size + (count * low_bits + 7) // 8
    expect(symbol_start <= len(level), "chunk: palette is cut off")
    values = [level[at:at + size] for at in range(0, low_start, size)]
    symbols = SYMBOLS[context](level[symbol_start:], count, max(1, last >> low_bits))
    low = BitReader(level[low_start:symbol_start])
    numbers = [symbol << low_bits | low.bits(low_bits) for symbol in symbols]
    expect(max(numbers) <= last, "chunk: number without a value")
    return b"".join(values[number] for number in numbers), [0]


def read_bytes(header, levels):
    """Modes 0 to 3."""
    size = header.count * ELEMENT_BYTES[header.dtype]
    if header.mode == 1:
        expect(not levels[0] and len(header.parameters) == ELEMENT_BYTES[header.dtype], "chunk: constant")
        content = header.parameters * header.count
    else:
        expect(not header.parameters and len(levels) == 1, "chunk: parameters or levels")
        content = {0: lambda data, _: data, 2: lz4_decode, 3: zstd_decode}[header.mode](levels[0], size)
    expect(len(content) == size, "chunk: number of bytes")
    return content, [0]


def decode_chunk(coded, dtype, count, base=b"", planes=0, second=None):
    """Elements of a coded chunk: exactly, or (planes > 0) at the first level with at least so many planes. `second`: gives the second base."""
    from delta_document import read_delta
    from integer_delta_document import read_integer_delta
    header = read_header(coded)
    expect((header.dtype, header.count) == (dtype, count), "chunk: type or number of elements")
    expect(header.size + sum(header.sizes) == len(coded), "chunk: length")
    expect(header.needs_base == bool(base), "chunk: base")
    last = len(header.sizes) - 1
    by_planes = planes and header.mode != 8
    target = next((level for level, known in enumerate(header.planes) if by_planes and known >= planes), last)
    levels, at = [], header.size
    for size in header.sizes[:target + 1]:
        levels.append(coded[at:at + size])
        at += size
    if header.mode == 19:
        content, sums = read_integer_delta(header, levels, base)
    elif header.mode >= 16:
        expect(not header.needs_second or second is not None, "chunk: its tensor has no second base")
        content, sums = read_delta(header, levels, base, second() if header.needs_second else b"")
    else:
        content, sums = {4: read_grouped, 5: read_float, 6: read_palette, 7: read_float, 8: read_significance}.get(header.mode, read_bytes)(header, levels)
    for level, checksum in enumerate(sums[:last]):
        expect(header.matches(level, checksum), f"chunk: checksum of level {level}")
    if target == last:
        expect(header.matches(last, xxh3(content)), "chunk: checksum of the elements")
    return content
