"""Chunks of integers coded against a base, as docs/format/delta.md describes them in section 11. Nothing here was taken from the C++ source."""

from archive_document import Reader, expect
from codec_document import SYMBOLS, BitReader, rans_decode, read_table, slots

BLOCK, STEPS, SCALE = 128, 12, 10
SIZES = {0: 1, 1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 4, 8: 8, 9: 8}
MOST_LIMITS, MOST_TABLES, RAW, RANS, NONE = 7, 48, 0, 1, 2


class IntegerDelta:
    def __init__(self, header, base):
        expect(header.dtype in SIZES and header.needs_base and not header.needs_second, "integer delta: type or base")
        expect(len(header.sizes) == 1 and len(base) == header.count * SIZES[header.dtype], "integer delta: levels or base")
        expect(header.parameters and header.parameters[0] in (0, 1, SIZES[header.dtype]), "integer delta: width")
        self.width, self.limits, self.base = header.parameters[0], header.parameters[1:], base
        expect(len(self.limits) <= (MOST_LIMITS if self.width == 1 else 0), "integer delta: limits")
        expect(list(self.limits) == sorted(set(self.limits)), "integer delta: order of the limits")
        self.flip = 0x80 if header.dtype == 3 else 0
        self.units = len(base) // max(self.width, 1)

    def read_scales(self, reader):
        blocks, form = -(-self.units // BLOCK), reader.u8()
        expect(form in (RAW, RANS, NONE), "integer delta: form of the scales")
        if form == NONE:
            return bytes([1]) * blocks
        if form == RAW:
            return reader.bytes(blocks)
        bits = BitReader(reader.data, reader.at)
        table = slots(read_table(bits, SCALE, 255), SCALE, by_frequency=False)
        reader.at = bits.pad()
        return rans_decode(reader.bytes(reader.varint()), blocks, SCALE, lambda i, symbols: table)

    def context(self, unit, group, is_open):
        shift = 8 * (self.width - 1 - group)
        step = min(max(self.scales[unit // BLOCK] - shift, 1), STEPS) - 1
        if self.width > 1:
            return STEPS if is_open else step
        value = self.base[unit] ^ self.flip
        return step * (len(self.limits) + 1) + sum(value >= limit for limit in self.limits)

    def read_tables(self, reader):
        contexts = STEPS + 1 if self.width > 1 else STEPS * (len(self.limits) + 1)
        bits, tables, own = BitReader(reader.data, reader.at), [], 0
        for _ in range(contexts):
            if bits.bit():
                own += 1
                tables.append(slots(read_table(bits, SCALE, 255), SCALE, by_frequency=False))
            else:
                expect(tables, "integer delta: first context without a table")
                tables.append(tables[-1])
        expect(own <= MOST_TABLES, "integer delta: tables")
        reader.at = bits.pad()
        return tables

    def read_group(self, group, reader, is_open):
        kind, count = reader.u8(), len(self.active)
        if kind == 0:
            return bytes([reader.u8()]) * count
        if kind == 1:
            return reader.bytes(count)
        if kind in (2, 3):
            return SYMBOLS[kind](reader.bytes(reader.varint()), count, 255)
        expect(kind == 4, "integer delta: kind of a group")
        tables = self.read_tables(reader)
        contexts = [self.context(unit, group, above) for unit, above in zip(self.active, is_open)]
        return rans_decode(reader.bytes(reader.varint()), count, SCALE, lambda i, symbols: tables[contexts[i]])

    def elements(self, level):
        reader = Reader(level, "integer delta")
        self.scales = self.read_scales(reader)
        self.active = [unit for unit in range(self.units) if self.scales[unit // BLOCK]]
        expect(self.active, "integer delta: no block has a scale")
        zigzag = [0] * len(self.active)
        for group in range(self.width):
            symbols = self.read_group(group, reader, [above != 0 for above in zigzag])
            zigzag = [above << 8 | symbol for above, symbol in zip(zigzag, symbols)]
        reader.end()
        out = bytearray(self.base)
        for unit, z in zip(self.active, zigzag):
            place = slice(unit * self.width, (unit + 1) * self.width)
            difference = -(z + 1) // 2 if z & 1 else z // 2
            value = int.from_bytes(self.base[place], "little") + difference
            out[place] = (value % (1 << 8 * self.width)).to_bytes(self.width, "little")
        return bytes(out)


def read_integer_delta(header, levels, base):
    chunk = IntegerDelta(header, base)
    if chunk.width == 0:
        expect(not levels[0], "integer delta: equal, and the level has bytes")
        return base, [0]
    return chunk.elements(levels[0]), [0]
