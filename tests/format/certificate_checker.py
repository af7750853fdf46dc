#!/usr/bin/env python3
"""A second opinion on certificates (docs/progressive.md), of numpy alone: it shares no code with dlv.

    certificate_checker.py CERTIFICATE NETWORK.dlvnet TENSORS.npz INPUTS.npy

NETWORK.dlvnet is what `dlv network REF --text` prints, TENSORS.npz the tensors by name, INPUTS.npy the inputs as preprocessing gives
them, f32, from the first example on. For every input that the certificate calls proved:

- the hash of the input is the stated one;
- evaluation of the whole weights in fp64 gives the same classes, and no difference of scores is below the stated lower bound;
- centre, norms, forward pass and way back are computed again from the stated bits, and prove the classes;
- margins are those of the centres, every contrast is there, the status is that of the bits read, hashes of segments are those of the
  centres, rules those of the operators, and nothing is said that the form does not have.

Norms are numpy's, a little enlarged; so this is a check, not a proof. Of the bounds in the file only the scales of residual blocks
are used: a bound follows from any.
"""

import dataclasses
import hashlib
import sys

import numpy as np

from certificate_blocks import block_norm, channels_skipped
from certificate_curves import applied, curve_of, error_gate, product, response, times_x, two_slopes
from certificate_claims import PROVED, Known, known_of, read_certificate
from certificate_claims import faults_of_footer, faults_of_header, faults_of_keys, faults_of_levels, faults_of_line
from certificate_windows import Windows, centre_by_significance, centre_of, laid_out
from network_text import read_network, without_label_layers

UP = 1 + 1e-9


# --- norms: "Spectral norm", "Norm of a convolution"


def spectral(matrix):
    return float(np.linalg.norm(matrix, 2)) * UP if matrix.size else 0.0


def operator_norm(kernel, windows, height, width):
    """Of the convolution as a map of whole inputs; kernel [rows, channels, kh, kw]."""
    by_overlap = np.sqrt(windows.overlap()) * spectral(kernel.reshape(len(kernel), -1))
    if windows.kernel == (1, 1) or windows.overlap() == 1:
        return by_overlap
    torus = [size + windows.pads[axis] + windows.pads[axis + 2] for axis, size in ((0, height), (1, width))]
    waves = [np.exp(-2j * np.pi * np.outer(np.arange(m), np.arange(k) * d) / m)
             for m, k, d in zip(torus, windows.kernel, windows.dilations)]
    transformed = np.einsum("ay,bx,oiyx->aboi", waves[0][:torus[0] // 2 + 1], waves[1], kernel, optimize=True)
    return min(by_overlap, float(np.linalg.norm(transformed, 2, axis=(2, 3)).max()) * UP)


def gamma(terms):
    return terms * 2.0**-53 / (1 - terms * 2.0**-53)


class Linear:
    """One layer with weights: true matrix = centre + D. Groups are not known here."""

    def __init__(self, name, kernel, centre, bias, windows, height, width):
        self.name, self.kernel, self.windows, self.bias, self.read = name, kernel, windows, bias, (height, width)
        self.rows = len(kernel)
        self.matrix = centre.reshape(self.rows, -1)
        residual = kernel - centre
        self.places = windows.places(height, width)
        self.shape = (self.rows, windows.out(height, 0), windows.out(width, 1))
        self.norm = spectral(kernel.reshape(self.rows, -1))
        self.residual = spectral(residual.reshape(self.rows, -1))
        self.absolute = spectral(abs(self.matrix))
        self.operator = operator_norm(kernel, windows, height, width)
        self.operator_residual = operator_norm(residual, windows, height, width)
        self.radius = abs(residual.reshape(self.rows, -1))
        self.gamma = gamma(self.matrix.shape[1] + 2)


# --- values and how far the truth may be from them: PROGRESSIVE "Rules"


@dataclasses.dataclass
class Value:
    x: np.ndarray  # [C, positions]
    near: np.ndarray  # [positions]: norm over the channels of the difference, at most
    whole: float  # of all
    shape: tuple  # C, H, W
    reads: tuple = ()
    back: object = None  # function(v, self) -> (loss, [v of each read])
    cut: object = None  # function(v): at least <v, x - truth>, from what it reads alone
    own: float = 0.0  # of layers with weights and sums: at least the norm of what they add to the difference themselves
    layer: object = None  # with weights
    picks: object = None  # where each element comes from, in what it reads
    rectifies: bool = False


def tightened(x, near, whole, shape, reads, back, cut=None):
    whole = min(whole, float(np.linalg.norm(near))) * UP
    return Value(x, np.minimum(near, whole) * UP, whole, shape, reads, back, cut)


def linear(layer, value):
    patches = laid_out(value.x, layer.places)
    columns = patches.reshape(-1, layer.places.shape[1])
    x = layer.matrix @ columns + layer.bias[:, None]
    seen = np.linalg.norm(columns, axis=0)
    moved = np.minimum(np.sqrt(laid_out(value.near[None] ** 2, layer.places)[0].sum(axis=0)), value.whole)
    rounding = layer.gamma * (layer.absolute * seen + np.linalg.norm(layer.bias))
    unread = layer.residual * seen
    near = layer.norm * moved + unread + rounding
    size = float(np.linalg.norm(value.x))
    own = min(layer.operator_residual * size, float(np.linalg.norm(unread))) + float(np.linalg.norm(rounding))
    whole = layer.operator * value.whole + own

    def back(v, _):
        v_near, v_whole = np.linalg.norm(v, axis=0), float(np.linalg.norm(v))
        first = min(float((layer.radius * abs(v @ columns.T)).sum()) * UP, layer.residual * float(v_near @ seen),
                    layer.operator_residual * v_whole * size)
        second = min(layer.operator_residual * v_whole * value.whole, layer.residual * float(v_near @ moved))
        pulled = np.zeros((len(value.x), value.x.shape[1] + 1))
        np.add.at(pulled, (slice(None), layer.places), (layer.matrix.T @ v).reshape(patches.shape))
        return first + second + 2 * float(v_near @ rounding), [pulled[:, :-1]]

    made = tightened(x, near, whole, layer.shape, (value,), back)
    made.own, made.layer = own * UP, layer
    return made


def one_sided(u, a, e, rho):
    """The greatest of sum u (d - a)+ for 0 <= d <= e, ||d|| <= rho: "One-sided remainder"."""
    u, a, e = (part[e > a] for part in (u, a, e))
    if not len(u) or rho == 0:
        return 0.0
    best = min(float(u @ (e - a)), float(np.linalg.norm(u)) * rho)
    for q in np.arange(0, 14, 0.5):
        multiplier = np.linalg.norm(u) / (2 * rho) * 2.0**-q
        d = np.minimum(e, u / (2 * multiplier))
        best = min(best, multiplier * rho**2 + float(np.maximum(0, u * (d - a) - multiplier * d**2).sum()))
    return best * UP


def rectified(value):
    moved = np.broadcast_to(value.near, value.x.shape)
    left = np.maximum(0, moved + np.minimum(0, value.x))

    def back(v, _):
        u = np.maximum(0, -v)
        return one_sided(u.ravel(), abs(value.x).ravel(), np.where(u > 0, moved, 0).ravel(), value.whole), [v * (value.x > 0)]

    def cut(v):
        """By the dual of: the greatest sum of v (f(x) - f(x + d)). Down to 0 where v > 0; up, beyond 0, where v < 0."""
        if value.whole == 0:
            return 0.0
        steep = abs(v)
        room = np.where(v > 0, np.minimum(moved, np.maximum(value.x, 0)), moved)
        behind = np.where(v < 0, np.maximum(0, -value.x), 0)
        best = np.inf
        for q in np.arange(-2, 12, 0.5):
            multiplier = np.linalg.norm(v) / (2 * value.whole) * 2.0**-q
            d = np.minimum(room, steep / (2 * multiplier))
            best = min(best, multiplier * value.whole**2 + float(np.maximum(0, steep * (d - behind) - multiplier * d**2).sum()))
        return best * UP

    near = np.minimum(value.near, np.linalg.norm(left, axis=0))
    made = tightened(np.maximum(value.x, 0), near, value.whole, value.shape, (value,), back, cut)
    made.rectifies = True
    return made


def greatest(value, windows):
    height, width = value.shape[1:]
    places = windows.places(height, width)
    taps = laid_out(value.x, places, -np.inf)
    at = taps.argmax(axis=1)
    near = np.sqrt(laid_out(value.near[None] ** 2, places)[0].sum(axis=0))
    spread = np.sqrt(windows.overlap()) * value.whole

    def back(v, _):
        position = np.take_along_axis(np.broadcast_to(places, taps.shape), at[:, None], axis=1)[:, 0]
        pulled = np.zeros((len(value.x), value.x.shape[1] + 1))
        np.add.at(pulled, (np.arange(len(v))[:, None], position), v)
        ordered = np.sort(taps, axis=1)
        gap = ordered[:, -1] - ordered[:, -2] if taps.shape[1] > 1 else np.full(v.shape, np.inf)
        most = laid_out(value.near[None], places)[0].max(axis=0) + np.append(value.near, 0)[position]
        u = np.maximum(0, -v)
        return one_sided(np.sqrt(2) * u.ravel(), gap.ravel() / np.sqrt(2), np.where(u > 0, most / np.sqrt(2), 0).ravel(), spread), \
            [pulled[:, :-1]]

    shape = (value.shape[0], windows.out(height, 0), windows.out(width, 1))
    return tightened(taps.max(axis=1), near, spread, shape, (value,), back)


def mean(value, windows, divisor=None):
    height, width = value.shape[1:]
    places = windows.places(height, width)
    count = (places < height * width).sum(axis=0) if divisor is None else divisor
    share = np.sqrt(windows.overlap() * len(places)) / count.min()
    near = laid_out(value.near[None], places)[0].sum(axis=0) / count
    rounding = gamma(len(places) + 1) * laid_out(np.linalg.norm(value.x, axis=0)[None], places)[0].sum(axis=0) / count

    def back(v, _):
        pulled = np.zeros((len(value.x), value.x.shape[1] + 1))
        np.add.at(pulled, (slice(None), places), np.broadcast_to((v / count)[:, None], (len(v), *places.shape)))
        return float(np.linalg.norm(v, axis=0) @ rounding), [pulled[:, :-1]]

    shape = (value.shape[0], windows.out(height, 0), windows.out(width, 1))
    return tightened(laid_out(value.x, places).sum(axis=1) / count, near + rounding,
                     share * value.whole + float(np.linalg.norm(rounding)), shape, (value,), back)


def block_spread(skipped, second, norm_of):
    """By how much the sum of the two may be off where they are a residual block; infinite where they are not."""
    if second.layer is None or not second.reads[0].rectifies or second.reads[0].reads[0].layer is None:
        return np.inf
    first = second.reads[0].reads[0]
    skip = channels_skipped(skipped, first.reads[0], first.layer.windows.strides)
    if skip is None or second.layer.windows.strides != (1, 1) or second.shape != (second.shape[0], *first.shape[1:]):
        return np.inf
    return norm_of(first.layer, second.layer, skip) * first.reads[0].whole + second.layer.operator * first.own + second.own


def curved(value, curves):
    return tightened(*applied_parts(applied(curves, value.x, value.near, value.whole), value.shape, (value,)))


def applied_parts(found, shape, reads):
    """What `tightened` takes of a result, its spreads, its way back and, of some, its cut."""
    return (*found[:3], shape, reads, *found[3:])


def total(first, second, norm_of, sign=1):
    x = first.x + sign * second.x
    rounding = 2.0**-53 * np.linalg.norm(x, axis=0)
    blocks = [block_spread(first, second, norm_of), block_spread(second, first, norm_of)] if sign > 0 else []
    whole = min([first.whole + second.whole, *blocks])
    return tightened(x, first.near + second.near + rounding, whole + float(np.linalg.norm(rounding)), first.shape,
                     (first, second), lambda v, _: (float(np.linalg.norm(v, axis=0) @ rounding), [v, sign * v]))


def flat(value):
    count = value.x.size
    return Value(value.x.reshape(count, 1), np.array([value.whole]), value.whole, (count, 1, 1), (value,),
                 lambda v, _: (0.0, [v.reshape(value.x.shape)]))


def scaled(value, factor, summand):
    """A factor and a summand a channel."""
    x = value.x * factor[:, None] + summand[:, None]
    top = abs(factor).max()
    rounding = 8 * 2.0**-53 * (top * np.linalg.norm(value.x, axis=0) + np.linalg.norm(summand))
    return tightened(x, top * value.near + rounding, top * value.whole + float(np.linalg.norm(rounding)), value.shape, (value,),
                     lambda v, _: (float(np.linalg.norm(v, axis=0) @ (rounding + 2.0**-52 * top * value.near)), [v * factor[:, None]]))


def picked(value, index, shape):
    """Elements by their place in [C, positions] read row by row; -1: zero. No place comes twice."""
    height, width = shape[1:]
    source = np.append(value.x.ravel(), 0.0)

    def back(v, _):
        pulled = np.zeros(value.x.size + 1)
        pulled[index.ravel()] = v.ravel()
        return 0.0, [pulled[:-1].reshape(value.x.shape)]

    by_place = np.append(np.broadcast_to(value.near, value.x.shape).ravel(), 0.0)[index].max(axis=0)
    made = tightened(source[index], by_place, value.whole, shape, (value,), back)
    made.picks = index
    return made


# --- the network


class Network:
    """A network in the text form; whole tensors by the parameters' names."""

    def __init__(self, text, tensors):
        self.parts = without_label_layers(read_network(text))
        shapes = self.parts["shapes"]  # files may have other ones of as many elements
        self.nodes = self.parts["nodes"]
        self.tensors = {name: tensor.reshape(shapes[name]) if shapes.get(name) and None not in shapes[name] else tensor for name, tensor in tensors.items()}
        self.readers = {}
        for node in self.nodes:
            for operand in node["operands"]:
                self.readers.setdefault(operand, []).append(node)
        self.layers = {}  # by node and planes: their norms take time
        self.blocks = {}  # norms by the names of their two tensors
        self.bounds, self.ids = {}, {}  # of the certificate; of tensors by parameter

    def block_norm(self, first, second, skip):
        key = (first.name, second.name)
        if key not in self.blocks:
            ids = [self.ids.get(name, "?") for name in key]
            found = [values[1:] for bound, values in self.bounds.items() if bound.startswith("block") and all(i in bound for i in ids) and
                     bound.index(ids[0]) < bound.rindex(ids[1])]
            fits = [scales for scales in found if len(scales) == first.rows and min(scales) > 0]
            self.blocks[key] = min([block_norm(first, second, skip, scales) for scales in fits], default=np.inf)
        return self.blocks[key]

    def parameters(self):
        return self.parts["parameters"]

    def read_by_levels(self):
        return {node["operands"][1][1] for node in self.nodes if node["op"] in ("Conv", "Gemm", "MatMul")}

    def centre(self, name, known):
        tensor = self.tensors[name]
        return centre_by_significance(tensor, known[1]) if isinstance(known, tuple) else centre_of(tensor, known)

    def whole(self, operand):
        kind, name = operand
        return self.tensors[name] if kind == "parameter" else self.parts["constants"].get(name)

    def folded(self, node):
        """The normalisation that is alone in reading a convolution, with its factor and summand."""
        readers = self.readers.get(("node", node["name"]), [])
        if node["op"] != "Conv" or len(readers) != 1 or readers[0]["op"] != "BatchNormalization":
            return None, None, None
        return (readers[0], *self.normalisation(readers[0]))

    def normalisation(self, node):
        scale, shift, average, variance = (self.whole(o).astype(np.float64) for o in node["operands"][1:5])
        factor = scale / np.sqrt(variance + node["attributes"].get("epsilon", float(np.float32(1e-5))))
        return factor, shift - average * factor

    def layer(self, node, planes, shape):
        operands, attributes = node["operands"], node["attributes"]
        name = operands[1][1]
        key = (node["name"], planes.get(name))
        if key in self.layers:
            return self.layers[key]
        tensor = self.tensors[name]
        centre = self.centre(name, planes.get(name, 64))
        kernel = tensor.astype(np.float64)
        if node["op"] == "Conv":
            if attributes.get("group", 1) != 1:
                raise ValueError(f"{node['name']}: groups are not checked here")
            windows = Windows.of(attributes, kernel.shape[2:])
        else:
            if node["op"] == "MatMul" or not attributes.get("transB", 0):
                kernel, centre = kernel.T, centre.T
            kernel, centre = (np.ascontiguousarray(m)[:, :, None, None] * attributes.get("alpha", 1.0) for m in (kernel, centre))
            windows = Windows((1, 1), (1, 1), (1, 1), (0, 0, 0, 0))
        bias = self.whole(operands[2]).astype(np.float64).ravel() if len(operands) > 2 else np.zeros(len(kernel))
        bias = bias * attributes.get("beta", 1.0) if node["op"] == "Gemm" else bias
        behind, factor, summand = self.folded(node)
        if behind is not None:
            kernel, centre = (m * factor[:, None, None, None] for m in (kernel, centre))
            bias = bias * factor + summand
        made = Linear(name, kernel, centre, bias, windows, *shape[1:])
        self.layers[key] = made
        return made

    def run(self, sample, planes):
        """The value of the scores, before a Softmax; planes by parameter, all of them where it is not named."""
        shape = (sample.shape + (1, 1))[:3] if sample.ndim < 3 else sample.shape
        x = sample.astype(np.float64).reshape(shape[0], -1)
        values = {("input", self.parts["inputs"][0][0]): Value(x, np.zeros(x.shape[1]), 0.0, shape)}
        for node in self.nodes:
            values["node", node["name"]] = self.node(node, values, planes)
        return values[self.parts["outputs"][0][1]]

    def node(self, node, values, planes):
        op, attributes = node["op"], node["attributes"]
        reads = [values[o] for o in node["operands"] if o[0] in ("node", "input")]
        value = reads[0] if reads else None
        if op in ("Conv", "Gemm", "MatMul"):
            return linear(self.layer(node, planes, value.shape), value)
        if op == "BatchNormalization":
            before = next((n for n in self.nodes if ("node", n["name"]) == node["operands"][0]), None)
            if before is not None and self.folded(before)[0] is node:
                return value
            return scaled(value, *self.normalisation(node))
        if op == "Relu":
            return rectified(value)
        if op == "MaxPool":
            return greatest(value, Windows.of(attributes, attributes["kernel_shape"]))
        if op == "AveragePool":
            windows = Windows.of(attributes, attributes["kernel_shape"])
            return mean(value, windows, windows.padded_counts(*value.shape[1:]) if attributes.get("count_include_pad", 0) else None)
        if op in ("GlobalAveragePool", "ReduceMean"):
            return mean(value, Windows(value.shape[1:], (1, 1), (1, 1), (0, 0, 0, 0)))
        if op in ("Add", "Sum") and len(reads) == 2:
            return total(*reads, self.block_norm)
        if op == "Sub" and len(reads) == 2:
            return total(*reads, self.block_norm, -1)
        if op == "Mul" and len(reads) == 2:
            return self.multiplied(node, reads)
        if op in ("Add", "Sub", "Mul", "Div") and len(reads) == 1:
            return self.channelwise(node, value)
        if op == "Neg":
            return scaled(value, -np.ones(len(value.x)), np.zeros(len(value.x)))
        if op == "LRN":
            return self.responding(node, value)
        if op in ("Flatten", "Reshape", "Squeeze"):
            return flat(value)
        if op in ("Identity", "Dropout") or self.keeps_order(node):
            return value
        if op in ("Slice", "Pad"):
            return self.moved(node, value)
        if op == "PRelu":
            slopes = self.whole(node["operands"][1]).astype(np.float64).ravel()
            return curved(value, [two_slopes(float(slope)) for slope in slopes])
        curve = curve_of(op, attributes)
        if curve is not None:
            return curved(value, [curve])
        raise ValueError(f"{node['name']}: {op} is not checked here")

    def multiplied(self, node, reads):
        """The product of two values; x times a sigmoid of x, or 1 + erf(k x), as one function."""
        for x, other in ((0, 1), (1, 0)):
            curve = self.curve_times(node["operands"][x], node["operands"][other])
            if curve:
                return curved(reads[x], [curve])
        first, second = sorted(reads, key=lambda read: -read.x.shape[1])
        return tightened(*applied_parts(product(first, second), first.shape, (first, second)))

    def maker(self, operand):
        return next((node for node in self.nodes if ("node", node["name"]) == operand), {"op": "", "operands": []})

    def scalar(self, operand):
        """The only number of a constant or parameter, or None."""
        numbers = self.whole(operand) if operand[0] in ("constant", "parameter") else None
        return float(numbers.ravel()[0]) if numbers is not None and numbers.size == 1 else None

    def curve_times(self, x, function):
        """x times what `function` makes of x, as one curve; None where it is none."""
        made = self.maker(function)
        if made["op"] in ("Sigmoid", "HardSigmoid"):
            return times_x(made["op"], made["attributes"]) if made["operands"][0] == x else None
        if made["op"] != "Add" or 1.0 not in [self.scalar(operand) for operand in made["operands"]]:
            return None
        error = next((self.maker(operand) for operand in made["operands"] if operand[0] == "node"), {"op": ""})
        inner = self.maker(error["operands"][0]) if error["op"] == "Erf" else {"op": ""}
        if inner["op"] not in ("Div", "Mul") or x not in inner["operands"]:
            return None
        numbers = [self.scalar(operand) for operand in inner["operands"] if operand != x]
        if not numbers or numbers[0] is None or inner["op"] == "Div" and inner["operands"][0] != x:
            return None
        return error_gate(1 / numbers[0] if inner["op"] == "Div" else numbers[0])

    def channelwise(self, node, value):
        """A factor or a summand a channel, of weights."""
        op, first = node["op"], node["operands"][0][0] in ("node", "input")
        numbers = np.broadcast_to(self.whole(node["operands"][1 if first else 0]).astype(np.float64).ravel(), len(value.x))
        ones, none = np.ones(len(value.x)), np.zeros(len(value.x))
        if op in ("Mul", "Div"):
            return scaled(value, numbers if op == "Mul" else 1 / numbers, none)
        return scaled(value, ones if first or op == "Add" else -ones, -numbers if first and op == "Sub" else numbers)

    def responding(self, node, value):
        attributes, within = node["attributes"], node["domain"] == "caffe"
        size = attributes.get("local_size", 5) if within else attributes["size"]
        alpha = attributes.get("alpha", 1.0 if within else float(np.float32(1e-4)))
        found = response(value.x, value.near, value.whole, value.shape, within, size, alpha / (size * size if within else size),
                         attributes.get("beta", 0.75), 1.0 if within else attributes.get("bias", 1.0))
        return tightened(*applied_parts(found, value.shape, (value,)))

    def keeps_order(self, node):
        """Whether it is the last node and the scores of an example have the same order before it."""
        if self.parts["outputs"][0][1] != ("node", node["name"]):
            return False
        if node["op"] in ("Softmax", "LogSoftmax"):
            rank = len(node["shape"])
            return node["attributes"].get("axis", 1 if rank == 2 else None) in (1, 1 - rank)
        return node["op"] in ("Sigmoid", "Tanh")

    def moved(self, node, value):
        lists = [self.whole(operand) for operand in node["operands"][1:]]
        attributes = node["attributes"]
        index = np.arange(value.x.size).reshape(value.shape)
        if node["op"] == "Pad":
            pads = np.asarray(attributes["pads"] if "pads" in attributes else lists[0]).astype(int)
            rank = len(pads) // 2
            index = np.pad(index, [(pads[i], pads[i + rank]) for i in range(1, rank)], constant_values=-1)
        else:
            starts, ends = (attributes.get(k, lists[i] if i < len(lists) else None) for i, k in ((0, "starts"), (1, "ends")))
            axes = attributes.get("axes", lists[2] if len(lists) > 2 else None)
            steps = lists[3] if len(lists) > 3 and lists[3] is not None else np.ones(len(starts), int)
            for start, end, axis, step in zip(starts, ends, range(len(starts)) if axes is None else axes, steps):
                part = [slice(None)] * 3
                part[int(axis) - 1 if axis > 0 else int(axis)] = slice(int(start), int(min(end, 1 << 40)), int(step))
                index = index[tuple(part)]
        return picked(value, index.reshape(len(index), -1), index.shape)


def proves(scores, over, under):
    """Whether the score of one class is greater than another's, whatever the bits that were not read."""
    order, todo = [], [scores]
    while todo:  # each value once, after all that read it
        value = todo.pop()
        order = [v for v in order if v is not value] + [value]
        todo.extend(value.reads)
    v = np.zeros(scores.x.shape)
    v[over], v[under] = 1, -1
    margin, lost, waiting = float((scores.x * v).sum()), 0.0, {id(scores): v}
    for value in order:
        v = waiting.pop(id(value))
        rest = sum(min(float(np.linalg.norm(w, axis=0) @ at.near), float(np.linalg.norm(w)) * at.whole)
                   for at in order for w in [waiting.get(id(at))] if w is not None)
        here = min(float(np.linalg.norm(v, axis=0) @ value.near), float(np.linalg.norm(v)) * value.whole)
        here = here if value.cut is None else min(here, value.cut(v))
        if margin > (lost + rest + here) * UP:
            return True
        if value.back is None or not margin > lost:
            return False
        loss, pulled = value.back(v, value)
        lost += loss * UP
        for read, w in zip(value.reads, pulled):
            waiting[id(read)] = waiting[id(read)] + w if id(read) in waiting else w
    return False


# --- the certificate


def check(path, network, inputs, known=Known()):
    """Returns (faults, proved again, called proved)."""
    head, lines, last = read_certificate(path)
    faults = faults_of_keys(head, lines, last)
    if faults:
        return faults, 0, 0
    network.bounds, network.ids = last["bounds"], {tensor["parameter"]: tensor["id"] for tensor in head["tensors"]}
    faults = faults_of_header(head, known, network) + faults_of_levels(head, network)
    first, count = head["data"]["first"], head["data"]["examples"]
    if [line["input"] for line in lines] != list(range(first, first + count)) or first + count > len(inputs):
        faults.append(f"inputs: not {count} lines, of input {first} on")
    if any(not 0 <= line["step"] < len(head["steps"]) or not 0 <= line["input"] < len(inputs) for line in lines) or faults:
        return faults or ["a step or an input that there is not"], 0, 0
    faults += faults_of_footer(head, lines, last, network)
    again, called = 0, 0
    for line in lines:
        where = f"input {line['input']}"
        sample = np.ascontiguousarray(inputs[line["input"]], dtype=np.float32)
        if hashlib.sha256(sample.tobytes()).hexdigest() != line["sha256"]:
            faults.append(f"{where}: another input")
        planes = {level["parameter"]: known_of(level) for level in head["steps"][line["step"]]["levels"]}
        scores = network.run(sample, planes)
        inside = set(line["classes"])
        if line["status"] not in PROVED:
            all_proved = all(proves(scores, over, under) for over in inside for under in range(scores.x.size) if under not in inside)
            if head["stop"] == "certified" and all_proved or line["contrasts"] or line["lower_bound"]:
                faults.append(f"{where}: {line['status']}, but proved")
            continue
        called += 1
        truth = network.run(sample, {}).x.ravel()
        found = faults_of_line(line, head, scores.x.ravel(), truth)
        faults += [f"{where}: {fault}" for fault in found]
        again += all(proves(scores, over, under) for over in inside for under in range(len(truth)) if under not in inside)
    return faults, again, called


def main():
    certificate, text, tensors, inputs = sys.argv[1:]
    with open(text, encoding="utf-8") as file:
        network = Network(file.read(), dict(np.load(tensors)))
    faults, again, called = check(certificate, network, np.load(inputs))
    print("\n".join([*faults, f"{again} of {called} proved again, {len(faults)} faults"]))
    return 1 if faults or called == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
