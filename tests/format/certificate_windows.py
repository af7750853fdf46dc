"""Numbers from some of their bits, and windows over images, for the checker of certificates (docs/progressive.md)."""

import dataclasses

import numpy as np

FIELDS = {"f64": (np.uint64, np.float64, 11, 52), "f32": (np.uint32, np.float32, 8, 23), "f16": (np.uint16, np.float16, 5, 10)}


# --- numbers from some of their bits: "Centres"


def centre_of(tensor, planes):
    """Middles of what the leading bits leave open, as doubles."""
    bits_type, real, exponent_bits, fraction_bits = next(f for f in FIELDS.values() if f[1] == tensor.dtype)
    width = 1 + exponent_bits + fraction_bits
    if planes >= width:
        return tensor.astype(np.float64)
    unread = width - planes
    bits = tensor.view(bits_type)
    one = bits_type(1)
    known = bits & ~((one << bits_type(unread)) - one)
    middle = (known | (one << bits_type(unread - 1))).view(real).astype(np.float64)
    field = (bits >> bits_type(fraction_bits)) & bits_type((1 << exponent_bits) - 1)
    return np.where(field == 0, 0.0, middle)


def centre_by_significance(tensor, last):
    """The same where the bits with steps up to `last` are known (codec.md, 6.5)."""
    bits_type, real, exponent_bits, fraction_bits = next(f for f in FIELDS.values() if f[1] == tensor.dtype)
    bits = tensor.view(bits_type)
    field = ((bits >> bits_type(fraction_bits)) & bits_type((1 << exponent_bits) - 1)).astype(np.int64)
    octaves = last - field % 2
    signs = octaves >= 2 * ((1 << exponent_bits) - 1 - field)
    known = np.clip(octaves // 2 - (1 << exponent_bits) + field, 0, fraction_bits)
    centres = np.zeros(tensor.shape)
    for count in np.unique(known):
        centres = np.where(known == count, centre_of(tensor, 1 + exponent_bits + int(count)), centres)
    return np.where(signs & (field > 0), centres, 0.0)


# --- windows


@dataclasses.dataclass
class Windows:
    kernel: tuple
    strides: tuple
    dilations: tuple
    pads: tuple  # top, left, bottom, right
    ceil: bool = False

    @staticmethod
    def of(node, kernel):
        pads = node.get("pads", [0, 0, 0, 0])
        return Windows(tuple(kernel), tuple(node.get("strides", [1, 1])), tuple(node.get("dilations", [1, 1])), tuple(pads),
                       bool(node.get("ceil_mode", 0)))

    def out(self, size, axis):
        reach = (self.kernel[axis] - 1) * self.dilations[axis] + 1
        room = size + self.pads[axis] + self.pads[axis + 2] - reach
        count = (-(-room // self.strides[axis]) if self.ceil else room // self.strides[axis]) + 1
        if self.ceil and (count - 1) * self.strides[axis] >= size + self.pads[axis]:
            count -= 1
        return count

    def padded_counts(self, height, width):
        """Of each window the taps that lie in the input or its padding."""
        counts = []
        for axis, size in ((0, height), (1, width)):
            room = size + self.pads[axis + 2] - (np.arange(self.out(size, axis)) * self.strides[axis] - self.pads[axis])
            counts.append(np.minimum(self.kernel[axis], -(-room // self.dilations[axis])))
        return np.outer(*counts).ravel()

    def overlap(self):
        counts = [-(-k // (s // np.gcd(s, d))) for k, s, d in zip(self.kernel, self.strides, self.dilations)]
        return int(np.prod(counts))

    def places(self, height, width):
        """For each tap and output position the input position, or height * width where it lies outside: [taps, positions]."""
        lines = []
        for axis, size in ((0, height), (1, width)):
            at = np.arange(self.out(size, axis)) * self.strides[axis] - self.pads[axis]
            lines.append(at[None, :] + np.arange(self.kernel[axis])[:, None] * self.dilations[axis])
        y, x = lines[0][:, None, :, None], lines[1][None, :, None, :]
        inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        flat = np.where(inside, y * width + x, height * width)
        return flat.reshape(self.kernel[0] * self.kernel[1], -1)


def laid_out(values, places, fill=0.0):
    """[C, positions] to [C, taps, positions of the output]."""
    return np.concatenate([values, np.full((len(values), 1), fill)], axis=1)[:, places]
