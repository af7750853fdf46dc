"""Chunks coded against a base, as docs/format/delta.md describes them. Nothing here was taken from the C++ source."""

import pathlib
import struct

from archive_document import Reader, expect
from codec_document import BitReader, rans_decode, read_table, slots
from xxh3 import xxh3

# Section 2: bits of the levels, E, B, is a ratio allowed; section 7: built-in tables.
MANTISSA = {12: 23, 16: 23, 11: 7, 10: 10, 13: 52, 17: 52}   # section 2, M
KINDS = {
    12: ((16, 8, 8), 7, 128, True, ("First32", "Second32", "Third32")), 16: ((16, 8, 8), 7, 128, True, ("First32", "Second32", "Third32")),
    11: ((16,), 7, 128, True, ("First16",)), 10: ((16,), 10, 0, False, ("First16",)),
    13: ((16, 16, 16, 16), 4, 1920, False, ("First32", "flat", "flat", "flat")),
    17: ((16, 16, 16, 16), 4, 1920, False, ("First32", "flat", "flat", "flat")),
    14: ((8,), 3, 0, False, ("flat",)), 15: ((8,), 2, 0, False, ("flat",)),
}
IGNORED = {13: 32, 17: 32}   # I, where it is not 0
BLOCK = 64
SCALE = 10


def built_in_tables():
    path = pathlib.Path(__file__).resolve().parents[2] / "docs" / "format" / "delta_tables.txt"
    tables, section = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = tables.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append(dict(enumerate(map(int, line.split()))))
    return tables


BUILT_IN = built_in_tables()


def flat_table(symbols):
    frequencies = {symbol: 1024 // symbols for symbol in range(symbols)}
    frequencies[0] += 1024 - sum(frequencies.values())
    return frequencies


def product(bits, ratio, otherwise):
    """Section 4."""
    if bits >> 23 & 255 in (0, 255):
        return otherwise
    try:
        [result] = struct.unpack("<I", struct.pack("<f", struct.unpack("<f", struct.pack("<I", bits))[0] * ratio))
    except OverflowError:
        return otherwise
    return otherwise if result >> 23 & 255 in (0, 1, 255) else result


def frequencies_of(weights):
    """Section 7: from weights above 0 to frequencies."""
    used, total = len(weights), sum(weights.values())
    frequencies = {symbol: 1 + weight * (1024 - used) // total for symbol, weight in weights.items()}
    largest = max(weights, key=lambda symbol: (weights[symbol], -symbol))
    frequencies[largest] += 1024 - sum(frequencies.values())
    return frequencies


def own_table(bits, symbols):
    """Section 7: one table that a context brings."""
    last, weights = bits.bits(5), {}
    expect(last < symbols, "delta: last symbol of a table")
    for symbol in range(last + 1):
        length = bits.bits(4)
        expect(length <= 10, "delta: weight")
        if length:
            kept = min(length - 1, 3)
            weights[symbol] = 1 << (length - 1) | bits.bits(kept) << (length - 1 - kept)
    expect(last in weights, "delta: weight of the last symbol")
    if len(weights) == 1:
        return {last: 1023, (last - 1 if last else 1): 1}
    return frequencies_of(weights)


def extrapolated(p, s, beta, widths, mantissa):
    """Section 4: what stands for the base where there are two."""
    bits = sum(widths)
    sign, joined, below = 1 << (bits - 1), 0, bits
    for width in widths:
        below -= width
        start = (p & sign - 1) >> below << below
        step = start - ((s & sign - 1) >> below << below)
        y = start
        if (p ^ s) < sign and -(1 << mantissa) <= step < 1 << mantissa:
            moved = start + (1 << below >> 1) + (beta * step // 16)
            if 0 <= moved < sign:
                y = moved
        joined = joined << width | ((p & sign | y) >> below & (1 << width) - 1)
    return joined


class DeltaChunk:
    def __init__(self, header, base, second):
        expect(header.mode in (16, 18), "delta: mode 17 is reserved")
        self.second_bits = header.mode == 18
        expect(header.dtype in KINDS and header.needs_base, "delta: type or base")
        self.widths, self.shift, self.bias, may_scale, self.tables = KINDS[header.dtype]
        self.header, self.count, self.size = header, header.components, header.component_bytes
        expect(header.planes == [sum(self.widths[:i + 1]) for i in range(len(self.widths))], "delta: levels")
        expect(len(base) == self.count * self.size, "delta: size of the base")
        self.base, above = ([int.from_bytes(data[at:at + self.size], "little") for at in range(0, len(data), self.size)] for data in (base, second))
        parameters = header.parameters
        flags = parameters[0] if parameters else 255
        expect(bool(flags & 16) == header.is_narrow, "delta: zero bits")
        self.zero_bits = 0
        if flags & 16:
            flags, self.zero_bits, parameters = flags - 16, parameters[-1], parameters[:-1]
            expect(flags != 1 and 0 < self.zero_bits <= 8 * self.size - self.widths[0], "delta: zero bits")
        expect(flags in (0, 1, 2, 6, 8) and len(parameters) == (5 if flags & 2 else 2 if flags & 8 else 1), "delta: parameters")
        expect(bool(flags & 8) == header.needs_second, "delta: second base")
        if flags & 8:
            beta = int.from_bytes(parameters[1:], "little", signed=True)
            expect(header.dtype in MANTISSA and beta and len(above) == len(self.base), "delta: two bases")
            self.base = [extrapolated(p, s, beta, self.widths, MANTISSA[header.dtype]) for p, s in zip(self.base, above)]
        expect(may_scale or not flags & 2, "delta: this type has no ratio")
        self.equal, self.scaled, self.everywhere = flags & 1, flags & 2, flags & 4
        if self.scaled:
            bits = int.from_bytes(parameters[1:], "little")
            expect(0x00800000 <= bits <= 0x7F7FFFFF, "delta: ratio")
            [self.ratio] = struct.unpack("<f", parameters[1:])
        self.blocks = -(-self.count // BLOCK)
        self.states = [0] * self.count
        self.levels = []   # values of each level read

    def predict(self, level):
        """Section 4: the prediction of every element at a level."""
        below = 8 * self.size - sum(self.widths[:level + 1])
        mask = (1 << self.widths[level]) - 1
        result = []
        for i, whole in enumerate(self.base):
            known = whole >> below << below
            if self.scaled and self.by_ratio[i // BLOCK]:
                known = self.scale_up(known, below)
            result.append((known >> below & mask) >> self.dropped(level))
        return result

    def dropped(self, level):
        """Section 3: bits of a value that are not stored."""
        return min(max(self.zero_bits - (8 * self.size - sum(self.widths[:level + 1])), 0), self.widths[level])

    def scale_up(self, known, below):
        if self.size == 4:
            return product(known | (1 << below >> 1), self.ratio, known)
        wide = known << 16
        y = product(wide, self.ratio, wide)
        z = (y + 0x7FFF + (y >> 16 & 1)) & 0xFFFFFFFF
        return known if z & 0x7F800000 == 0x7F800000 else z >> 16

    def read_common(self, reader):
        """Section 6: what belongs to all levels."""
        self.by_ratio = [bool(self.everywhere)] * self.blocks
        if self.scaled and not self.everywhere:
            flags = reader.bytes(-(-self.blocks // 8))
            self.by_ratio = [bool(flags[block >> 3] >> (block & 7) & 1) for block in range(self.blocks)]
        form = reader.u8()
        expect(form <= 1, "delta: form of the scales")
        if form == 0:
            self.scales = reader.bytes(self.blocks)
            return
        bits = BitReader(reader.data, reader.at)
        table = slots(read_table(bits, SCALE, 255), SCALE, by_frequency=False)
        reader.at = bits.pad()
        stream = reader.bytes(reader.varint())
        self.scales = rans_decode(stream, self.blocks, SCALE, lambda i, symbols: table)

    def read_level(self, level, data):
        width, kept = self.widths[level] // 8, self.widths[level] - self.dropped(level)
        if kept == 0:
            expect(not data, "delta: bytes of a level of zeros")
            self.levels.append([0] * self.count)
            return xxh3(bytes(self.count * width))
        reader = Reader(data, f"delta, level {level}")
        if level == 0:
            self.read_common(reader)
        predictions = self.predict(level)
        if level == 0:
            self.first = predictions
        live = [i for i in range(self.count) if self.scales[i // BLOCK]]
        mode = reader.u8()
        expect(mode <= 2, "delta: mode of a level")
        values = list(predictions)
        if mode == 0:
            self.advance({i: 0 for i in live if self.states[i] in (0, 1)}, live)
        elif mode == 1:
            self.read_coded(level, reader, predictions, live, values)
        else:
            if kept < self.widths[level]:
                packed = BitReader(reader.bytes((kept * len(live) + 7) // 8))
            for i in live:
                values[i] = packed.bits(kept) if kept < self.widths[level] else reader.number(width)
                self.states[i] = 255
            if kept < self.widths[level]:
                packed.pad()
        reader.end()
        self.levels.append(values)
        return xxh3(b"".join(value.to_bytes(width, "little") for value in values))

    def advance(self, symbols, live):
        for i in live:
            self.states[i] = symbols[i] if self.states[i] == 0 else 255

    def context(self, i):
        width = self.widths[0]
        exponent = (self.first[i] & (1 << (width - 1)) - 1) >> self.shift
        k = (self.scales[i // BLOCK] + self.bias + 4 - 2 * exponent) // 2
        return min(max(k, 0), 33) + (34 if self.states[i] == 1 else 0)

    def read_tables(self, level, reader):
        symbols = 2 * self.widths[0] if level == 0 else self.widths[level] + 1
        contexts = 34 if level == 0 else 68
        name = self.tables[level]
        tables = [flat_table(symbols)] * contexts if name == "flat" else list(BUILT_IN[name])
        expect(len(tables) == contexts, f"delta: built-in tables {name}")
        bits = BitReader(reader.data, reader.at)
        if bits.bit():
            own = [bits.bit() for _ in range(contexts)]
            tables = [own_table(bits, symbols) if mine else table for mine, table in zip(own, tables)]
        if self.second_bits:
            shares = [bits.bits(4) for _ in range(5)]
            expect(all(shares), "delta: share of second bits")
            tables = [self.split_table(level, context % 34, table, shares) for context, table in enumerate(tables)]
        reader.at = bits.pad()
        return [slots(table, SCALE, by_frequency=False) for table in tables]

    def split_table(self, level, k, table, shares):
        """Section 9: weights of symbols with second bits."""
        width = self.widths[level]
        below = max(0, 8 * self.size - sum(self.widths[:level + 1]) - IGNORED.get(self.header.dtype, 0))
        weights = {}
        for symbol, frequency in table.items():
            if level == 0 and symbol >= width:
                weights[2 * width - 2 + symbol - width] = 16 * frequency
            elif symbol < 2:
                weights[symbol] = 16 * frequency
            else:
                zeros = shares[min(max(symbol + below - (k - 2), 0), 4)]
                weights[2 * symbol - 2] = frequency * zeros
                weights[2 * symbol - 1] = frequency * (16 - zeros)
        return frequencies_of({symbol: weight for symbol, weight in weights.items() if weight})

    def without_second(self, level, symbol):
        """Section 9: the symbol of section 5, and the second bit where there is one."""
        flips = 2 * self.widths[0] - 2 if level == 0 else 256
        if symbol >= flips:
            return symbol - flips + self.widths[0], None
        return (symbol, None) if symbol < 2 else (symbol // 2 + 1, symbol % 2)

    def read_coded(self, level, reader, predictions, live, values):
        width = self.widths[level]
        tables = self.read_tables(level, reader)
        stream_size, low_size = reader.varint(), reader.varint()
        expect(stream_size <= 256 + 2 * self.count and low_size <= self.count, "delta: sizes")
        stream, low = reader.bytes(stream_size), reader.bytes(low_size)
        high = reader.bytes(len(reader.data) - reader.at)
        coded = [i for i in live if self.states[i] in (0, 1)]
        contexts = [self.context(i) for i in coded]
        expect(bool(coded) == bool(stream), "delta: rANS stream")
        decoded = rans_decode(stream, len(coded), SCALE, lambda at, _: tables[contexts[at]]) if coded else b""
        symbols = dict(zip(coded, decoded))
        low_bits, high_bits = BitReader(low), BitReader(high)
        second = {}
        if self.second_bits:
            for i, symbol in symbols.items():
                symbols[i], second[i] = self.without_second(level, symbol)
        for i in live:
            symbol = symbols.get(i)
            length = width if symbol is None else symbol % width if level == 0 else symbol
            stored = length - 1 if second.get(i) is not None else length
            field = low_bits.bits(min(stored, 8))
            if stored > 8:
                field |= high_bits.bits(stored - 8) << 8
            if stored < length:
                sign, rest = divmod(field, 1 << (length - 2))
                field = sign << (length - 1) | second[i] << (length - 2) | rest
            values[i] = field if symbol is None else self.value(level, predictions[i], symbol, length, field)
        expect((low_bits.at + 7) // 8 == len(low) and (high_bits.at + 7) // 8 == len(high), "delta: planes")
        self.advance(symbols, live)

    def value(self, level, prediction, symbol, length, field):
        """Section 5: from prediction and difference."""
        top = 1 << (length - 1) if length else 0
        difference = 0 if not length else -field if field & top else field | top
        width = self.widths[level]
        if level:
            return (prediction + difference) & (1 << width) - 1
        sign = 1 << (width - 1)
        magnitude = (prediction & sign - 1) + difference
        return (magnitude & sign - 1) | (prediction ^ (sign if symbol >= width else 0)) & sign

    def elements(self):
        unread = 8 * self.size - sum(self.widths[:len(self.levels)])
        out = []
        for values in zip(*self.levels):
            whole = 0
            for level, value in enumerate(values):
                whole = whole << self.widths[level] | value << self.dropped(level)
            out.append((whole << unread).to_bytes(self.size, "little"))
        return b"".join(out)


def read_delta(header, levels, base, second):
    chunk = DeltaChunk(header, base, second)
    if chunk.equal:
        expect(not any(header.sizes), "delta: equal, and levels have bytes")
        unread = 8 * chunk.size - header.planes[len(levels) - 1]
        content = b"".join((whole >> unread << unread).to_bytes(chunk.size, "little") for whole in chunk.base)
        sums = []
        for width, planes in zip(chunk.widths, header.planes[:len(levels)]):
            values = (whole >> (8 * chunk.size - planes) & (1 << width) - 1 for whole in chunk.base)
            sums.append(xxh3(b"".join(value.to_bytes(width // 8, "little") for value in values)))
        return content, sums
    sums = [chunk.read_level(level, data) for level, data in enumerate(levels)]
    return chunk.elements(), sums
