"""Every file with floating-point numbers in the folder of shared data, each as a series of one version."""

import io
import pathlib
import pickle
import struct
import zipfile

import numpy

import series

FLOATS = {"F64", "F32", "F16", "BF16"}
ONNX_TYPES = {1: numpy.float32, 2: numpy.uint8, 3: numpy.int8, 6: numpy.int32, 7: numpy.int64, 9: numpy.bool_,
              10: numpy.float16, 11: numpy.float64}


def _onnx_tensor(data):
    """(name, tensor) of a TensorProto with raw data or packed floats; (name, None) of others."""
    name, kind, shape, raw = "", 0, [], None
    for number, value in series._fields(data):
        if number == 1 and isinstance(value, int):
            shape.append(value)
        elif number == 2:
            kind = value
        elif number == 8:
            name = bytes(value).decode()
        elif number in (4, 9) and len(value):
            raw = bytes(value)
    if raw is None or kind not in ONNX_TYPES or len(raw) % numpy.dtype(ONNX_TYPES[kind]).itemsize:
        return name, None
    return name, series.from_numpy(numpy.frombuffer(raw, ONNX_TYPES[kind]))


def _onnx_graph(data, tensors):
    for number, value in series._fields(data):
        if number == 5:
            name, tensor = _onnx_tensor(value)
            if tensor is not None:
                tensors.setdefault(name, tensor)
        elif number == 1:  # a node; its attributes may hold tensors (5) and graphs (6)
            for key, attribute in series._fields(value):
                if key != 5:
                    continue
                for kind, item in series._fields(attribute):
                    if kind == 5 and not isinstance(item, int):
                        name, tensor = _onnx_tensor(item)
                        if tensor is not None:
                            tensors[f"constant.{len(tensors)}.{name}"] = tensor
                    elif kind == 6 and not isinstance(item, int):
                        _onnx_graph(item, tensors)


def read_onnx(path):
    tensors = {}
    for number, value in series._fields(memoryview(path.read_bytes())):
        if number == 7:
            _onnx_graph(value, tensors)
    return tensors


class _ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module.replace("numpy._core", "numpy.core"), name) in {("numpy.core.multiarray", "_reconstruct"), ("numpy", "ndarray"),
                                                                  ("numpy", "dtype"), ("_codecs", "encode")}:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not on the list")


def _arrays(value, prefix=""):
    if isinstance(value, numpy.ndarray) and value.dtype != object:
        return {prefix: series.from_numpy(value)}
    value = value.item() if isinstance(value, numpy.ndarray) and value.shape == () else value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, numpy.ndarray)) else ()
    result = {}
    for key, item in items:
        result.update(_arrays(item, f"{prefix}.{key}" if prefix else str(key)))
    return result


def read_npy(path):
    content = path.read_bytes()
    start = 10 + struct.unpack_from("<H", content, 8)[0]
    if b"'|O'" not in content[:start]:
        return _arrays(numpy.load(path), "array")
    return _arrays(_ArrayUnpickler(io.BytesIO(content[start:]), encoding="latin1").load())


def read_jit(path):
    import torch
    return series.flatten(dict(torch.jit.load(str(path), map_location="cpu").state_dict()))


def read_llama(path):
    """llama2.c: seven 32-bit numbers, then floats."""
    return {"weights": series.from_numpy(numpy.frombuffer(path.read_bytes()[28:], numpy.float32))}


READERS = dict(series.READERS) | {".onnx": read_onnx, ".npy": read_npy, ".jit": read_jit}


def unpacked_members(path, folder):
    """The PyTorch files in a zip file of the kind that Stable Baselines writes."""
    with zipfile.ZipFile(path) as container:
        for member in container.namelist():
            if member.endswith(".pth"):
                yield series.unpacked(path, member, folder)


def candidates(data, folder):
    for path in sorted(data.rglob("*")):
        if path.suffix == ".zip":
            yield from ((member, series.read_torch) for member in unpacked_members(path, folder))
        elif path.name == "stories260K.bin":
            yield path, read_llama
        elif path.suffix in READERS and path.is_file():
            yield path, READERS[path.suffix]


def as_written(path, tensors):
    """Whether dlv gets the file itself; else its numbers go in as safetensors."""
    return path.suffix in (".pth", ".pt", ".th", ".safetensors", ".npz") or (path.suffix == ".npy" and len(tensors) == 1)


def all_files(folder):
    """A series of one version for each file; those that cannot be read are named."""
    data = series.shared_data()
    if data is None:
        print("DLV_SHARED_DATA is not set: nothing to measure")
        return
    for path, reader in candidates(data, folder):
        try:
            tensors = reader(path)
        except Exception as error:  # whole modules, whose pickles are refused on purpose
            print(f"{path.name}: not measured: {type(error).__name__}: {str(error)[:80]}")
            continue
        tensors = {name: tensor for name, tensor in tensors.items() if tensor.bits.size}
        if not any(tensor.dtype in FLOATS for tensor in tensors.values()):
            continue
        name = f"{path.parent.name}/{path.name}" if data in path.parents else path.name
        version = series.Version(path.name, [path], tensors)
        yield series.Series(name, [version], "single" if as_written(path, tensors) else "single, as safetensors")
