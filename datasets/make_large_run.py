#!/usr/bin/env python3
"""Trains a perceptron of 20 million parameters for a minute and keeps twelve checkpoints: about 1 GB of real fp32 weights.

    make_large_run.py --images IMAGES.gz --labels LABELS.gz --out FOLDER [--width 4096] [--snapshots 12] [--every 4]

Layers 784 - WIDTH - WIDTH - 10, ReLU, softmax loss, Adam, batches of 100, learning rate falling by a cosine. The point is weights
that move as training moves them; a network this large on a thousand images is of no use otherwise. Needs NumPy.
"""

import argparse
import gzip
import json
import math
import pathlib
import struct

import numpy

SEED = 7
BATCH_SIZE = 100
LEARNING_RATE = 5e-4


def read_idx(path):
    with gzip.open(path, "rb") as stream:
        content = stream.read()
    rank = content[3]
    shape = struct.unpack(f">{rank}I", content[4:4 + 4 * rank])
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * rank).reshape(shape)


def initial(sizes, random):
    """Weights with deviation sqrt(2 / inputs), as He et al. 2015; biases zero."""
    parameters = {}
    for index, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        scale = math.sqrt(2 / inputs)
        parameters[f"layers.{index}.weight"] = random.standard_normal((outputs, inputs), numpy.float32) * numpy.float32(scale)
        parameters[f"layers.{index}.bias"] = numpy.zeros(outputs, numpy.float32)
    return parameters


def gradients(parameters, layers, x, labels):
    """Loss, and its gradient by every parameter, for one batch: x [batch, inputs], labels [batch]."""
    outputs = [x]
    for index in range(layers):
        z = outputs[-1] @ parameters[f"layers.{index}.weight"].T + parameters[f"layers.{index}.bias"]
        outputs.append(z if index == layers - 1 else numpy.maximum(z, 0))
    logits = outputs.pop()
    shifted = numpy.exp(logits - logits.max(1, keepdims=True))
    probabilities = shifted / shifted.sum(1, keepdims=True)
    rows = numpy.arange(len(labels))
    loss = float(-numpy.log(probabilities[rows, labels] + 1e-12).mean())
    probabilities[rows, labels] -= 1
    delta, result = probabilities / len(labels), {}
    for index in reversed(range(layers)):
        result[f"layers.{index}.weight"] = delta.T @ outputs[index]
        result[f"layers.{index}.bias"] = delta.sum(0)
        delta = (delta @ parameters[f"layers.{index}.weight"]) * (outputs[index] > 0)
    return loss, result


def adam(parameters, moments, slopes, step, rate):
    for name, slope in slopes.items():
        first, second = moments[name]
        first += (slope - first) * numpy.float32(0.1)
        second += (slope * slope - second) * numpy.float32(0.001)
        scale = numpy.float32(rate * math.sqrt(1 - 0.999 ** step) / (1 - 0.9 ** step))
        parameters[name] -= scale * first / (numpy.sqrt(second) + numpy.float32(1e-8))


def write_safetensors(path, parameters):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, array in parameters.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in parameters.values():
            file.write(array.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--width", type=int, default=4096)
    parser.add_argument("--snapshots", type=int, default=12)
    parser.add_argument("--every", type=int, default=4, help="steps between snapshots")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    random = numpy.random.default_rng(SEED)
    images = ((read_idx(arguments.images).reshape(-1, 784).astype(numpy.float32) / 255) - 0.286) / 0.353
    labels = read_idx(arguments.labels).astype(numpy.int64)
    sizes = (784, arguments.width, arguments.width, 10)
    parameters = initial(sizes, random)
    moments = {name: (numpy.zeros_like(array), numpy.zeros_like(array)) for name, array in parameters.items()}
    total = arguments.snapshots * arguments.every
    for step in range(1, total + 1):
        batch = random.choice(len(labels), BATCH_SIZE, replace=False)
        rate = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * step / (total + 1)))
        loss, slopes = gradients(parameters, len(sizes) - 1, images[batch].astype(numpy.float32), labels[batch])
        adam(parameters, moments, slopes, step, rate)
        if step % arguments.every == 0:
            write_safetensors(arguments.out / f"step_{step:06d}.safetensors", parameters)
            print(f"  step {step:4d}  loss {loss:.4f}", flush=True)


if __name__ == "__main__":
    main()
