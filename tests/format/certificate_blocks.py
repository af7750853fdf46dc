"""Residual blocks for the second opinion on certificates (certificate_checker.py): docs/progressive.md, "Norm of a residual block"."""

import numpy as np


def transforms(kernel, windows, torus):
    """At each frequency of the torus, of which strides make a coarser one: [frequencies, rows, places in a stride x channels]."""
    strides, places = windows.strides, []
    waves = [2j * np.pi * np.arange(m) / m for m in torus]
    made = np.zeros((*torus, len(kernel), *strides, kernel.shape[1]), complex)
    for y in range(windows.kernel[0]):
        for x in range(windows.kernel[1]):
            places = [t * d - p for t, d, p in zip((y, x), windows.dilations, windows.pads)]
            down, across = (np.exp(w * (at // s)) for w, at, s in zip(waves, places, strides))
            made[:, :, :, places[0] % strides[0], places[1] % strides[1]] += (down[:, None] * across)[:, :, None, None] * kernel[:, :, y, x]
    return made.reshape(torus[0] * torus[1], len(kernel), -1)


def block_norm(first, second, skip, scales):
    """Of x -> S x + B M A x for every diagonal M of numbers from 0 to 1: "Norm of a residual block"."""
    torus = []
    for axis in (0, 1):
        reaches = []
        for layer in (first, second):
            w, size = layer.windows, layer.read[axis]
            last = (layer.shape[axis + 1] - 1) * w.strides[axis] + (w.kernel[axis] - 1) * w.dilations[axis] - w.pads[axis]
            reaches.append(-(-max(size + w.pads[axis], last + 1) // w.strides[axis]))
        torus.append(max(reaches))
    a, b = (transforms(layer.kernel, layer.windows, torus) for layer in (first, second))
    s = np.zeros((b.shape[1], a.shape[2]))
    for to, channel in enumerate(skip):
        if channel >= 0:
            s[to, channel] = 1
    weights = np.asarray(scales) ** 2 / 2
    adjoint = b.conj().transpose(0, 2, 1)
    room = 2 * np.diag(weights) - adjoint @ b
    if np.linalg.eigvalsh(room).min() <= 0:
        return np.inf
    coupling = adjoint @ s + weights[:, None] * a
    form = s.T @ s + coupling.conj().transpose(0, 2, 1) @ np.linalg.solve(room, coupling)
    return float(np.sqrt(np.linalg.eigvalsh(form).max())) * (1 + 1e-6)


def channels_skipped(value, x, strides):
    """Of each channel of the value the one of x that it is, at every so many places, or -1; None where it is something else."""
    index = np.arange(value.x.size).reshape(value.x.shape)
    shape = value.shape
    while value is not x:
        if value.picks is None:
            return None
        index = np.where(index < 0, -1, value.picks.ravel()[index])
        value = value.reads[0]
    places = np.arange(shape[1])[:, None] * strides[0] * x.shape[2] + np.arange(shape[2]) * strides[1]
    skip = []
    for line in index:
        channel = int(line[0]) // (x.shape[1] * x.shape[2]) if line[0] >= 0 else -1
        if not np.array_equal(line, channel * x.shape[1] * x.shape[2] + places.ravel() if channel >= 0 else np.full(line.shape, -1)):
            return None
        skip.append(channel)
    used = [channel for channel in skip if channel >= 0]
    return skip if len(used) == len(set(used)) else None
