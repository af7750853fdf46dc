#!/usr/bin/python3
"""Makes a fine-tune whose weights move steadily: plain SGD with momentum, small steps, large batches.

    /usr/bin/python3 tests/bench/make_finetune.py MNIST_TRAIN OTHER OUT [--steps 20] [--versions 10]

The network of train_mlp.py learns digits (MNIST_TRAIN) for two epochs with Adam; then the images of OTHER (a folder with one
*images-idx3-ubyte.gz and one *labels-idx1-ubyte.gz, Fashion-MNIST for instance) with batches of 2,000, a step of 1e-3 and momentum 0.9. A version every
`--steps` steps, as OUT/step_N.safetensors. NumPy alone, one seed.
"""

import argparse
import gzip
import pathlib

import numpy

import series
import train_mlp

BATCH_SIZE, STEP, MOMENTUM = 2000, 1e-3, 0.9


def read_any(folder):
    """Like train_mlp.read, whatever stands before "images" and "labels"."""
    images, labels = (next(iter(sorted(pathlib.Path(folder).glob(pattern)))) for pattern in ("*images-idx3-ubyte.gz", "*labels-idx1-ubyte.gz"))
    labels = numpy.frombuffer(gzip.decompress(labels.read_bytes()), numpy.uint8, offset=8)
    images = numpy.frombuffer(gzip.decompress(images.read_bytes()), numpy.uint8, offset=16).reshape(len(labels), -1)
    return images.astype(numpy.float32) / numpy.float32(255), labels.astype(numpy.int64)


def save(folder, step, weights, biases):
    tensors = {}
    for place, (weight, bias) in enumerate(zip(weights, biases), 1):
        tensors[f"fc{place}.weight"] = series.from_numpy(weight)
        tensors[f"fc{place}.bias"] = series.from_numpy(bias)
    series.write_safetensors(folder / f"step_{step:04}.safetensors", tensors)


def finetune(images, labels, weights, biases, steps, versions, folder):
    random = numpy.random.default_rng(train_mlp.SEED)
    numbers = [one for pair in zip(weights, biases) for one in pair]
    speeds = [numpy.zeros_like(one) for one in numbers]
    for step in range(steps * versions + 1):
        if step % steps == 0:
            save(folder, step, weights, biases)
        chosen = random.integers(0, len(labels), BATCH_SIZE)
        slopes = train_mlp.gradients(weights, train_mlp.forward(weights, biases, images[chosen]), labels[chosen])
        for number, slope, speed in zip(numbers, slopes, speeds):
            speed *= numpy.float32(MOMENTUM)
            speed += slope
            number -= numpy.float32(STEP) * speed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("other")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--versions", type=int, default=10)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True)
    weights, biases = train_mlp.train(*train_mlp.read(arguments.train, "train"), 2)
    finetune(*read_any(arguments.other), weights, biases, arguments.steps, arguments.versions, arguments.out)


if __name__ == "__main__":
    main()
