#!/usr/bin/env python3
"""The networks that dlv reads from real ONNX files, against the onnx package: inputs, outputs, and how many nodes of each
operator that works on data.

    judge_networks.py DLV

Needs DLV_SHARED_DATA, and the package onnx (Debian: python3-onnx) in this Python, in DLV_TEST_PYTHON or in /usr/bin/python3; skipped
aloud otherwise. Without the package the files are still read, and the numbers are printed.
"""

import collections
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from other_python import run_again_with

try:
    import onnx
except ImportError:
    onnx = None
    run_again_with("onnx")

# Operators that no constant is made of, and that stay what they are.
COUNTED = {"Conv", "ConvTranspose", "Gemm", "MaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization", "Relu", "LeakyRelu",
           "PRelu", "Sigmoid", "Tanh", "Softmax", "LSTM", "GRU", "RNN", "LRN", "If", "Loop", "Scan"}


def run(dlv, root, *words):
    return subprocess.run([dlv, "-C", str(root), *map(str, words)], capture_output=True, text=True, timeout=120)


def wanted(path):
    """What onnx says: counts of nodes that something depends on, inputs that are no initializers, outputs."""
    graph = onnx.load(str(path), load_external_data=False).graph
    producer = {name: node for node in graph.node for name in node.output}
    live, todo = set(), [output.name for output in graph.output]
    while todo:
        node = producer.get(todo.pop())
        if node is None or id(node) in live:
            continue
        live.add(id(node))
        todo += node.input
        for attribute in node.attribute:
            for body in [attribute.g] + list(attribute.graphs):
                for inner in body.node:
                    todo += inner.input
                todo += [output.name for output in body.output]
    counts = collections.Counter(node.op_type for node in graph.node if id(node) in live and node.op_type in COUNTED)
    given = {tensor.name for tensor in graph.initializer}
    return counts, [i.name for i in graph.input if i.name not in given], [o.name for o in graph.output]


def check(dlv, root, path):
    """Returns the counts, and what is wrong."""
    done = run(dlv, root, "commit", "-q", "-n", "m", "--no-parent", "--allow-empty", path)
    if done.returncode != 0:
        return None, [done.stderr.strip()]
    reference = done.stdout.strip()
    shown = run(dlv, root, "network", "--json", reference)
    if shown.returncode != 0:
        return None, [shown.stderr.strip()]
    network = json.loads(shown.stdout)
    counts = collections.Counter(node["op"] for node in network["nodes"] if node["op"] in COUNTED)
    wrong = [f"no tensor for {p['name']}" for p in network["parameters"] if p["match"] != "by name"]
    if onnx is not None:
        want, inputs, outputs = wanted(path)
        if counts != want:
            wrong.append(f"operators {dict(counts)}, want {dict(want)}")
        if [i["name"] for i in network["inputs"]] != inputs:
            wrong.append(f"inputs {[i['name'] for i in network['inputs']]}, want {inputs}")
        if [o["name"] for o in network["outputs"]] != outputs:
            wrong.append(f"outputs {[o['name'] for o in network['outputs']]}, want {outputs}")
    return len(network["nodes"]), wrong


def main():
    dlv = pathlib.Path(sys.argv[1]).resolve()
    data = os.environ.get("DLV_SHARED_DATA")
    if not data:
        print("DLV_SHARED_DATA is not set: REAL NETWORKS ARE NOT JUDGED")
        return 77
    failed = read = 0
    with tempfile.TemporaryDirectory(prefix="dlv-judge-") as root:
        run(dlv, root, "init")
        seen = set()
        for path in sorted(pathlib.Path(data).rglob("*.onnx")):
            content = hashlib.sha256(path.read_bytes()).digest()
            if content in seen:  # equal files would be one version
                continue
            seen.add(content)
            count, wrong = check(dlv, root, path)
            name = path.relative_to(data)
            if wrong:
                failed += 1
                print(f"{name}: {'; '.join(wrong)}")
            else:
                read += 1
                print(f"{name}: {count} nodes")
    print(f"{read} networks read, {failed} wrong")
    if onnx is None:
        print("the package onnx is not installed: THE NETWORKS ARE NOT JUDGED")
    return 1 if failed or read == 0 else 0 if onnx is not None else 77


if __name__ == "__main__":
    sys.exit(main())
