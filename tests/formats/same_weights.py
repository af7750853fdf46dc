#!/usr/bin/env python3
"""The same weights in two formats have the same ids and are stored once; the real files are in DLV_SHARED_DATA.

    same_weights.py DLV
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

RFB = "linzaer_rfb_final"
# Two files, and how many tensors of the first must stand in the second at least, which is all of them; None: some, to be shown.
PAIRS = [
    (f"{RFB}/version-RFB-320.pth", f"{RFB}/version-RFB-320.onnx", 208, "f32"),
    (f"{RFB}/version-RFB-640.pth", f"{RFB}/version-RFB-640.onnx", 208, "f32"),
    (f"{RFB}/RFB-320.caffemodel", f"{RFB}/version-RFB-320_simplified.onnx", 104, "f32"),
    ("cifar_resnet20/resnet20-12fca82f.th", "cifar_resnet20/resnet20.onnx", None, "f32"),
    ("cifar_resnet56/resnet56-4bfd9763.th", "cifar_resnet56/resnet56.onnx", None, "f32"),
    ("mtcnn_caffe/det1.caffemodel", "mtcnn_pytorch/pnet.pt", None, "f32"),  # axes of the matrices are turned
    ("mtcnn_caffe/det2.caffemodel", "mtcnn_pytorch/rnet.pt", None, "f32"),
    ("mtcnn_caffe/det3.caffemodel", "mtcnn_pytorch/onet.pt", None, "f32"),
    ("silero_v5_v6/20250325_63cb73_silero_vad.jit", "silero_v5_v6/20250325_b3e3a9_silero_vad.onnx", None, "f32"),
]


def run(dlv, root, *words):
    done = subprocess.run([dlv, "-C", str(root), *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"dlv {words[0]} exits {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def describe(dlv, root, model, path):
    run(dlv, root, "commit", "-n", model, "--no-parent", path)
    return json.loads(run(dlv, root, "desc", model, "--tensors", "--json"))


def compare(dlv, data, first, second, want, dtype):
    """Commits both; returns what is wrong and a line to show."""
    with tempfile.TemporaryDirectory() as root:
        run(dlv, root, "init")
        one = describe(dlv, root, "one", data / first)
        two = describe(dlv, root, "two", data / second)
        ids = {tensor["id"] for tensor in two["tensors"]}
        mine = [tensor for tensor in one["tensors"] if tensor["dtype"] == dtype and tensor["elements"]]
        same = [tensor for tensor in mine if tensor["id"] in ids]
        # Tensors of at most 1 KiB stand in strips, one a file, which are shared whole or not at all.
        shared = sum(4 * tensor["elements"] for tensor in same if tensor["elements"] > 256)
        grown = two["version"]["stored_bytes"]
        raw = two["version"]["raw_bytes"]
        line = f"{first} = {second}: {len(same)} of {len(mine)} tensors; the second of {raw} bytes added {grown}"
        if want is not None and (len(same) < want or len(same) != len(mine)):
            return f"{line}; want all, at least {want}", line
        if want is not None and grown > raw - shared:
            return f"{line}: the same tensors were stored twice", line
        return None, line


def main():
    if "DLV_SHARED_DATA" not in os.environ:
        print("DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED")
        return 77
    data = pathlib.Path(os.environ["DLV_SHARED_DATA"])
    problems = []
    for first, second, want, dtype in PAIRS:
        wrong, line = compare(sys.argv[1], data, first, second, want, dtype)
        print(wrong or line)
        problems += [wrong] if wrong else []
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
