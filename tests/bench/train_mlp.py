#!/usr/bin/python3
"""Trains the network of 784, 300, 100 and 10 that progressive evaluation is measured on.

    /usr/bin/python3 tests/bench/train_mlp.py MNIST_TRAIN OUT.onnx [--epochs 12] [--test MNIST_TEST]

MNIST_TRAIN is a folder with train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz, MNIST_TEST one with the t10k files.
Pixels are divided by 255. Adam, batches of 128, a step of 1e-3 that falls to 0 as a cosine, weights decay by 1e-4 of
themselves a step. NumPy alone, one seed; writes ONNX (Debian: python3-numpy python3-onnx).
"""

import argparse
import gzip
import pathlib
import sys

import numpy
import onnx
from onnx import helper, numpy_helper

SEED = 20260101
SIZES = (784, 300, 100, 10)
BATCH_SIZE = 128
STEP, DECAY = 1e-3, 1e-4


def read(folder, prefix):
    folder = pathlib.Path(folder)
    images = gzip.decompress((folder / f"{prefix}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{prefix}-labels-idx1-ubyte.gz").read_bytes())
    labels = numpy.frombuffer(labels, numpy.uint8, offset=8)
    images = numpy.frombuffer(images, numpy.uint8, offset=16).reshape(len(labels), -1)
    return images.astype(numpy.float32) / numpy.float32(255), labels.astype(numpy.int64)


def forward(weights, biases, images):
    values = [images]
    for place, (weight, bias) in enumerate(zip(weights, biases)):
        value = values[-1] @ weight.T + bias
        values.append(numpy.maximum(value, 0) if place + 1 < len(weights) else value)
    return values


def gradients(weights, values, labels):
    scores = values[-1] - values[-1].max(axis=1, keepdims=True)
    share = numpy.exp(scores)
    share /= share.sum(axis=1, keepdims=True)
    share[numpy.arange(len(labels)), labels] -= 1
    back = share / len(labels)
    result = []
    for place in reversed(range(len(weights))):
        result[:0] = [back.T @ values[place], back.sum(axis=0)]
        back = (back @ weights[place]) * (values[place] > 0)
    return result


def train(images, labels, epochs):
    random = numpy.random.default_rng(SEED)
    weights = [
        (random.standard_normal((rows, columns)) * (2 / columns) ** 0.5).astype(numpy.float32)
        for columns, rows in zip(SIZES, SIZES[1:])
    ]
    biases = [numpy.zeros(rows, numpy.float32) for rows in SIZES[1:]]
    numbers = [one for pair in zip(weights, biases) for one in pair]
    first = [numpy.zeros_like(one) for one in numbers]
    second = [numpy.zeros_like(one) for one in numbers]
    steps, total = 0, epochs * (len(labels) // BATCH_SIZE)
    for epoch in range(epochs):
        order = random.permutation(len(labels))
        for begin in range(0, len(labels) - BATCH_SIZE + 1, BATCH_SIZE):
            chosen = order[begin : begin + BATCH_SIZE]
            slopes = gradients(weights, forward(weights, biases, images[chosen]), labels[chosen])
            step = STEP * 0.5 * (1 + numpy.cos(numpy.pi * steps / total))
            steps += 1
            for number, slope, mean, square in zip(numbers, slopes, first, second):
                mean += 0.1 * (slope - mean)
                square += 0.001 * (slope * slope - square)
                move = (mean / (1 - 0.9**steps)) / (numpy.sqrt(square / (1 - 0.999**steps)) + 1e-8)
                number -= (step * move).astype(numpy.float32)
                if number.ndim == 2:
                    number *= numpy.float32(1 - DECAY * step / STEP)
        right = (forward(weights, biases, images)[-1].argmax(axis=1) == labels).mean()
        print(f"epoch {epoch + 1}: {100 * right:.2f} % of the training images", file=sys.stderr)
    return weights, biases


def export(weights, biases, path):
    nodes, tensors, value = [helper.make_node("Flatten", ["x"], ["flat"], axis=1)], [], "flat"
    for place, (weight, bias) in enumerate(zip(weights, biases), 1):
        tensors += [
            numpy_helper.from_array(weight, f"fc{place}.weight"),
            numpy_helper.from_array(bias, f"fc{place}.bias"),
        ]
        last = place == len(weights)
        output = "scores" if last else f"fc{place}"
        nodes.append(helper.make_node("Gemm", [value, tensors[-2].name, tensors[-1].name], [output], transB=1))
        value = output
        if not last:
            nodes.append(helper.make_node("Relu", [value], [f"relu{place}"]))
            value = f"relu{place}"
    real = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "mlp",
        [helper.make_tensor_value_info("x", real, ["N", 1, 28, 28])],
        [helper.make_tensor_value_info("scores", real, ["N", SIZES[-1]])],
        tensors,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("out")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--test")
    arguments = parser.parse_args()
    weights, biases = train(*read(arguments.train, "train"), arguments.epochs)
    if arguments.test:
        images, labels = read(arguments.test, "t10k")
        right = (forward(weights, biases, images)[-1].argmax(axis=1) == labels).mean()
        print(f"{100 * right:.2f} % of {len(labels)} test images")
    export(weights, biases, arguments.out)


if __name__ == "__main__":
    main()
