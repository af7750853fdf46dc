#!/usr/bin/python3
"""Trains the LeNet-5 of datasets/lenet_fashion and writes its checkpoints.

    /usr/bin/python3 datasets/make_lenet_fashion.py --images IMAGES.gz --labels LABELS.gz [--out FOLDER]

IMAGES and LABELS are idx files with at least 6,978 Fashion-MNIST test images. The first 5,978 train the network, the last
1,000 evaluate it and are shipped. Needs PyTorch, NumPy and onnx (Debian: python3-torch python3-numpy python3-onnx).
One thread and a fixed seed: the same PyTorch on the same kind of processor writes the same numbers.
"""

import argparse
import csv
import gzip
import json
import pathlib
import struct

import numpy
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn

SEED = 20260101
TRAIN_COUNT = 5978
EVALUATION_COUNT = 1000
BATCH_SIZE = 64
PRETRAIN_STEPS = 2000
SNAPSHOT_EVERY = 200
FINETUNE_STEPS = 120
FINETUNE_CLASSES = (5, 6, 7, 8, 9)
CLASS_NAMES = ("t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


class LeNet5(nn.Module):
    """28x28 grey images to ten classes; 61,706 parameters."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = nn.functional.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


def read_idx(path):
    with gzip.open(path, "rb") as stream:
        content = stream.read()
    rank = content[3]
    shape = struct.unpack(f">{rank}I", content[4:4 + 4 * rank])
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * rank).reshape(shape)


def write_idx(path, array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as stream:
        stream.write(header + array.tobytes())


def as_input(images):
    """uint8 [N, 28, 28] to float32 [N, 1, 28, 28] with mean 0.2860 and deviation 0.3530 (the training set's) taken out."""
    scaled = torch.from_numpy(images.astype(numpy.float32)) / 255
    return ((scaled - 0.2860) / 0.3530).unsqueeze(1)


def accuracy(network, inputs, labels):
    network.eval()
    with torch.no_grad():
        hits = (network(inputs).argmax(1) == labels).float().mean().item()
    network.train()
    return round(hits, 4)


def shifted(batch, generator):
    """Moves a batch of images by up to two pixels and mirrors every second batch."""
    dx, dy, mirror = torch.randint(0, 5, (3,), generator=generator).tolist()
    padded = nn.functional.pad(batch, (2, 2, 2, 2), value=float(-0.2860 / 0.3530))
    moved = padded[:, :, dy:dy + 28, dx:dx + 28]
    return moved.flip(3) if mirror % 2 else moved


def train(network, optimizer, inputs, labels, steps, generator, schedule=None):
    """Trains for `steps` batches; yields (step, mean loss of the last steps) every ten steps."""
    order, position, losses = None, 0, []
    for step in range(1, steps + 1):
        if order is None or position + BATCH_SIZE > len(order):
            order, position = torch.randperm(len(labels), generator=generator), 0
        batch = order[position:position + BATCH_SIZE]
        position += BATCH_SIZE
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(shifted(inputs[batch], generator)), labels[batch])
        loss.backward()
        optimizer.step()
        if schedule is not None:
            schedule.step()
        losses.append(loss.item())
        if step % 10 == 0:
            yield step, round(sum(losses) / len(losses), 5)
            losses = []


def write_safetensors(path, state, metadata):
    header, offset, parts = {"__metadata__": metadata}, 0, []
    for name, tensor in state.items():
        raw = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(raw)]}
        offset += len(raw)
        parts.append(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def write_onnx(path, state):
    """The network as ONNX graph, opset 13, with the state dict's names."""
    def node(op, inputs, output, **attributes):
        return helper.make_node(op, inputs, [output], name=output, **attributes)

    nodes = [
        node("Conv", ["input", "conv1.weight", "conv1.bias"], "conv1", kernel_shape=[5, 5], pads=[2, 2, 2, 2]),
        node("Relu", ["conv1"], "relu1"),
        node("MaxPool", ["relu1"], "pool1", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["pool1", "conv2.weight", "conv2.bias"], "conv2", kernel_shape=[5, 5]),
        node("Relu", ["conv2"], "relu2"),
        node("MaxPool", ["relu2"], "pool2", kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", ["pool2"], "flat", axis=1),
        node("Gemm", ["flat", "fc1.weight", "fc1.bias"], "fc1", transB=1),
        node("Relu", ["fc1"], "relu3"),
        node("Gemm", ["relu3", "fc2.weight", "fc2.bias"], "fc2", transB=1),
        node("Relu", ["fc2"], "relu4"),
        node("Gemm", ["relu4", "fc3.weight", "fc3.bias"], "logits", transB=1),
    ]
    floats = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes, "lenet_fashion",
        [helper.make_tensor_value_info("input", floats, ["N", 1, 28, 28])],
        [helper.make_tensor_value_info("logits", floats, ["N", 10])],
        [numpy_helper.from_array(tensor.detach().numpy(), name) for name, tensor in state.items()])
    model = helper.make_model(graph, producer_name="make_lenet_fashion", opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def write_log(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("step", "loss", "val_acc"))
        writer.writerows(rows)


def pretrain(out, data, generator):
    inputs, labels, test_inputs, test_labels = data
    network = LeNet5()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, PRETRAIN_STEPS, eta_min=0.0005)
    rows = []
    for step, loss in train(network, optimizer, inputs, labels, PRETRAIN_STEPS, generator, schedule):
        measured = step % SNAPSHOT_EVERY == 0
        rows.append((step, loss, accuracy(network, test_inputs, test_labels) if measured else ""))
        if measured:
            stem = f"lenet_step_{step:06d}"
            torch.save(network.state_dict(), out / f"{stem}.pt")
            if step in (1000, PRETRAIN_STEPS):
                write_safetensors(out / f"{stem}.safetensors", network.state_dict(), {"format": "pt", "step": str(step)})
    write_log(out / "train_log.csv", rows)
    write_onnx(out / "lenet.onnx", network.state_dict())
    return network, rows[-1]


def finetune(out, network, data, generator):
    """Fine-tunes on footwear, shirts and bags only; the last checkpoint carries Adam's state."""
    inputs, labels, test_inputs, test_labels = data
    wanted = torch.isin(labels, torch.tensor(FINETUNE_CLASSES))
    test_wanted = torch.isin(test_labels, torch.tensor(FINETUNE_CLASSES))
    before = accuracy(network, test_inputs[test_wanted], test_labels[test_wanted])
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)
    rows = []
    for step, loss in train(network, optimizer, inputs[wanted], labels[wanted], FINETUNE_STEPS, generator):
        measured = step % (FINETUNE_STEPS // 2) == 0
        rows.append((step, loss,
                     accuracy(network, test_inputs[test_wanted], test_labels[test_wanted]) if measured else ""))
        if measured and step < FINETUNE_STEPS:
            torch.save(network.state_dict(), out / f"finetune_step_{step:06d}.pt")
    checkpoint = {"model": network.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 2,
                  "step": FINETUNE_STEPS, "args": {"lr": 1e-4, "batch_size": BATCH_SIZE}}
    torch.save(checkpoint, out / f"finetune_step_{FINETUNE_STEPS:06d}.pt")
    write_safetensors(out / f"finetune_step_{FINETUNE_STEPS:06d}.safetensors", network.state_dict(), {"format": "pt"})
    write_log(out / "finetune_log.csv", rows)
    return before, rows[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", required=True, type=pathlib.Path)
    parser.add_argument("--labels", required=True, type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "lenet_fashion")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(SEED)

    images, labels = read_idx(arguments.images), read_idx(arguments.labels)
    test_images, test_labels = images[-EVALUATION_COUNT:], labels[-EVALUATION_COUNT:]
    write_idx(arguments.out / "fashion-eval-images-idx3-ubyte.gz", test_images)
    write_idx(arguments.out / "fashion-eval-labels-idx1-ubyte.gz", test_labels)
    data = (as_input(images[:TRAIN_COUNT]), torch.from_numpy(labels[:TRAIN_COUNT].astype(numpy.int64)),
            as_input(test_images), torch.from_numpy(test_labels.astype(numpy.int64)))

    network, trained = pretrain(arguments.out, data, generator)
    before, tuned = finetune(arguments.out, network, data, generator)
    metrics = {
        "seed": SEED, "torch": torch.__version__, "batch_size": BATCH_SIZE,
        "parameters": sum(p.numel() for p in network.parameters()),
        "pretrain": {"steps": trained[0], "loss": trained[1], "val_acc": trained[2], "optimizer": "sgd",
                     "lr": 0.05, "momentum": 0.9, "weight_decay": 1e-4, "schedule": "cosine"},
        "finetune": {"steps": tuned[0], "loss": tuned[1], "val_acc": tuned[2], "val_acc_before": before,
                     "optimizer": "adam", "lr": 1e-4, "classes": [CLASS_NAMES[c] for c in FINETUNE_CLASSES]},
    }
    (arguments.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(metrics, indent=2))


if __name__ == "__main__":
    main()
