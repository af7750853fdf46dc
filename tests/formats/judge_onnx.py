#!/usr/bin/env python3
"""What dlv reads from ONNX files, against the onnx package: every initializer of the real files, and every way to keep values.

    judge_onnx.py DLV

Needs the packages onnx and numpy (Debian: python3-onnx) in this Python, in DLV_TEST_PYTHON or in /usr/bin/python3; skipped aloud otherwise.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from other_python import run_again_with

try:
    import numpy
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError:
    run_again_with("onnx", "numpy")
    print("the package onnx is not installed: THE ONNX READER IS NOT JUDGED")
    sys.exit(77)


def run(dlv, root, *words):
    done = subprocess.run([dlv, "-C", str(root), *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"dlv {words[0]} exits {done.returncode}: {done.stderr.strip()}")


def initializers(model):
    """Name to array of all graphs; a name of a graph inside comes as NAME~2, and is not compared."""
    arrays = {}
    for tensor in model.graph.initializer:
        if tensor.data_type == TensorProto.STRING:
            continue
        try:
            arrays[tensor.name] = numpy_helper.to_array(tensor)
        except TypeError as error:  # this release of onnx cannot make an array of it with this numpy
            print(f"not judged: {tensor.name}: {error}")
    return arrays


def exported(dlv, root, path):
    run(dlv, root, "commit", "-n", "m", "--no-parent", path)
    run(dlv, root, "checkout", "m", "-o", pathlib.Path(root) / "out", "--format", "npz", "-q", "--force")
    files = list((pathlib.Path(root) / "out").rglob("*.npz"))
    arrays = {}
    for file in files:
        with numpy.load(file) as opened:
            arrays.update({name: opened[name] for name in opened.files})
    return arrays


def compare(dlv, path):
    """Returns the number of tensors that agree and what does not."""
    want = initializers(onnx.load(str(path)))
    if not want:
        return 0, []
    with tempfile.TemporaryDirectory() as root:
        run(dlv, root, "init")
        got = exported(dlv, root, path)
    problems = []
    for name, array in want.items():
        mine = got.get(name)
        if mine is None:
            problems.append(f"{path.name}: {name} is missing")
        elif mine.tobytes() != array.tobytes() or mine.shape != array.shape:
            problems.append(f"{path.name}: {name} differs")
    return len(want), problems


def every_way(folder):
    """A model whose tensors stand in every way that helper.make_tensor has."""
    rng = numpy.random.default_rng(1)
    kinds = {TensorProto.FLOAT: numpy.float32, TensorProto.DOUBLE: numpy.float64, TensorProto.FLOAT16: numpy.float16,
             TensorProto.INT8: numpy.int8, TensorProto.UINT8: numpy.uint8, TensorProto.INT16: numpy.int16,
             TensorProto.UINT16: numpy.uint16, TensorProto.INT32: numpy.int32, TensorProto.INT64: numpy.int64,
             TensorProto.UINT32: numpy.uint32, TensorProto.UINT64: numpy.uint64, TensorProto.BOOL: numpy.bool_,
             TensorProto.COMPLEX64: numpy.complex64, TensorProto.COMPLEX128: numpy.complex128}
    tensors = []
    for kind, dtype in kinds.items():
        values = (rng.standard_normal((3, 5)) * 50).astype(dtype) if dtype != numpy.bool_ else rng.random((3, 5)) > 0.5
        if dtype in (numpy.complex64, numpy.complex128):
            values = (rng.standard_normal((3, 5)) + 1j).astype(dtype)
        tensors.append(helper.make_tensor(f"typed_{kind}", kind, values.shape, values.flatten().tolist()))
        tensors.append(numpy_helper.from_array(values, f"raw_{kind}"))
    graph = helper.make_graph([], "every way", [], [], tensors)
    path = pathlib.Path(folder) / "every_way.onnx"
    onnx.save(helper.make_model(graph), str(path))
    return path


def main():
    dlv = sys.argv[1]
    total, problems = 0, []
    with tempfile.TemporaryDirectory() as folder:
        paths = [every_way(folder)]
        if "DLV_SHARED_DATA" in os.environ:
            data = pathlib.Path(os.environ["DLV_SHARED_DATA"])
            paths += [path for path in sorted(data.rglob("*.onnx")) if "pytorch-converted" not in path.parts]
        else:
            print("DLV_SHARED_DATA is not set: real files are not judged")
        for path in paths:
            count, wrong = compare(dlv, path)
            total += count
            problems += wrong
    print("\n".join(problems + [f"{len(paths)} files, {total} initializers, {len(problems)} problems"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
