"""The series of checkpoints that the benchmarks run on: real ones from DLV_SHARED_DATA, and datasets/lenet_fashion.

A version is its files, and the tensors in them as arrays of unsigned integers (the bits), by name. Needs NumPy, and PyTorch for
its own files; both from Debian.
"""

import dataclasses
import json
import os
import pathlib
import pickle
import struct
import zipfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNSIGNED = {1: numpy.uint8, 2: numpy.uint16, 4: numpy.uint32, 8: numpy.uint64}
SAFETENSORS_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1,
                     "F8_E4M3": 1}


@dataclasses.dataclass
class Tensor:
    dtype: str            # as safetensors says it: "F32"
    bits: numpy.ndarray   # one dimension, unsigned
    shape: tuple


@dataclasses.dataclass
class Version:
    name: str
    files: list
    tensors: dict         # name -> Tensor


@dataclasses.dataclass
class Series:
    name: str
    versions: list
    kind: str             # "training", "finetune", "optimizer", "releases", "quantised"


def shared_data():
    """The folder of shared data, or None."""
    folder = os.environ.get("DLV_SHARED_DATA")
    return pathlib.Path(folder) if folder and pathlib.Path(folder).is_dir() else None


def from_numpy(array):
    array = numpy.ascontiguousarray(array)
    letter = {"f": "F", "i": "I", "u": "U", "b": "BOOL"}[array.dtype.kind]
    dtype = letter if letter == "BOOL" else f"{letter}{8 * array.dtype.itemsize}"
    return Tensor(dtype, array.reshape(-1).view(UNSIGNED[array.dtype.itemsize]), array.shape)


def from_torch(tensor):
    import torch
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:
        bits = tensor.view(torch.int16).numpy().reshape(-1).view(numpy.uint16)
        return Tensor("BF16", bits, tuple(tensor.shape))
    return from_numpy(tensor.numpy())


def flatten(value, prefix=""):
    """All tensors in nested dicts and lists, by path; optimizer state included."""
    import torch
    if isinstance(value, torch.Tensor):
        return {prefix: from_torch(value)}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    result = {}
    for key, item in items:
        result.update(flatten(item, f"{prefix}.{key}" if prefix else str(key)))
    return result


class _InertPickle:
    """The pickle module with an allow-list; torch.load's own refuses floating-point numbers in version 1.13."""

    ALLOWED = {("collections", "OrderedDict"), ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"),
               ("torch._utils", "_rebuild_parameter")}

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) not in _InertPickle.ALLOWED and not (module == "torch" and name.endswith(("Storage", "Size"))):
                raise pickle.UnpicklingError(f"{module}.{name} is not on the list")
            return super().find_class(module, name)


_InertPickle.load = lambda file, **options: _InertPickle.Unpickler(file, **options).load()


def read_torch(path):
    import inspect
    import torch
    # Newer releases have an unpickler of their own, which does not go with another pickle module.
    options = {"weights_only": False} if "weights_only" in inspect.signature(torch.load).parameters else {}
    return flatten(torch.load(path, map_location="cpu", pickle_module=_InertPickle, **options))


def read_safetensors(path):
    content = pathlib.Path(path).read_bytes()
    length, = struct.unpack_from("<Q", content)
    header, result = json.loads(content[8:8 + length]), {}
    for name, item in header.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in item["data_offsets"])
            bits = numpy.frombuffer(content[begin:end], UNSIGNED[SAFETENSORS_BYTES[item["dtype"]]])
            result[name] = Tensor(item["dtype"], bits, tuple(item["shape"]))
    return result


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [offset, offset + tensor.bits.nbytes]}
        offset += tensor.bits.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.bits.tobytes())


def read_npz(path):
    with numpy.load(path) as archive:
        return {name: from_numpy(archive[name]) for name in archive.files}


def _fields(data):
    """(number, value) of the fields of a protobuf message; length-delimited ones as memoryviews."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        number, wire = key >> 3, key & 7
        if wire == 0:
            yield number, varint()
        else:
            size = varint() if wire == 2 else 4 if wire == 5 else 8
            yield number, data[at:at + size]
            at += size


def _caffe_blob(data):
    floats, shape = b"", ()
    for number, value in _fields(data):
        if number == 5:  # data, packed
            floats += bytes(value)
    return from_numpy(numpy.frombuffer(floats, numpy.float32))


def read_caffe(path):
    """Parameters of a .caffemodel (layer = 100: name 1, blobs 7; old: layers = 2: name 4, blobs 6), or history (3) of a .solverstate."""
    content, result = memoryview(pathlib.Path(path).read_bytes()), {}
    if str(path).endswith(".solverstate"):
        blobs = [_caffe_blob(value) for number, value in _fields(content) if number == 3]
        return {f"history.{index}": blob for index, blob in enumerate(blobs)}
    for number, layer in _fields(content):
        if number in (2, 100):
            name_field, blob_field = (1, 7) if number == 100 else (4, 6)
            fields = list(_fields(layer))
            name = next((bytes(value).decode() for key, value in fields if key == name_field), "?")
            blobs = [_caffe_blob(value) for key, value in fields if key == blob_field]
            result.update({f"{name}.{index}": blob for index, blob in enumerate(blobs)})
    return result


READERS = {".pth": read_torch, ".pt": read_torch, ".th": read_torch, ".safetensors": read_safetensors, ".npz": read_npz,
           ".caffemodel": read_caffe, ".solverstate": read_caffe}


def version(path):
    return Version(path.name, [path], READERS[path.suffix](path))


def unpacked(archive, member, folder):
    """A member of a zip file as a file of its own in `folder`."""
    target = folder / f"{archive.parent.name}-{archive.stem}-{member}"
    with zipfile.ZipFile(archive) as container:
        target.write_bytes(container.read(member))
    return target


def split_optimizer(source, name, folder):
    """Two series from checkpoints that hold both: parameters, and optimizer state. Written as safetensors."""
    parts = {"training": [], "optimizer": []}
    for item in source:
        split = {"training": {}, "optimizer": {}}
        for key, tensor in item.tensors.items():
            split["optimizer" if "optim" in key or "state." in key else "training"][key] = tensor
        for kind, tensors in split.items():
            if tensors:
                path = folder / f"{name}-{kind}-{item.name}.safetensors"
                write_safetensors(path, tensors)
                parts[kind].append(Version(path.name, [path], tensors))
    return [Series(name if kind == "training" else f"{name}_optimizer", versions, kind)
            for kind, versions in parts.items() if versions]


def real_numbers(tensor):
    """float32, or None for what is no F32 or BF16."""
    if tensor.dtype == "BF16":
        return (tensor.bits.astype(numpy.uint32) << 16).view(numpy.float32).reshape(tensor.shape)
    return tensor.bits.view(numpy.float32).reshape(tensor.shape) if tensor.dtype == "F32" else None


def quantised_to_8_bits(values):
    """Symmetric, a step for each first index; (I8 tensor, its steps)."""
    rows = values.reshape(len(values), -1)
    largest = numpy.abs(rows).max(axis=1, keepdims=True)
    steps = numpy.where(largest > 0, largest, numpy.float32(1)) / numpy.float32(127)
    numbers = numpy.rint(rows / steps).astype(numpy.int8)
    return from_numpy(numbers.reshape(values.shape)), from_numpy(steps.reshape(-1))


def quantised_to_4_bits(values):
    """A least value and a step for each 64 values, eight numbers packed into one of 32 bits; (I32 tensor, steps, least values)."""
    groups = values.reshape(-1)[:values.size // 64 * 64].reshape(-1, 64)
    least, largest = groups.min(axis=1, keepdims=True), groups.max(axis=1, keepdims=True)
    steps = numpy.where(largest > least, largest - least, numpy.float32(1)) / numpy.float32(15)
    numbers = numpy.rint((groups - least) / steps).astype(numpy.uint32).reshape(-1, 8)
    packed = (numbers << numpy.arange(0, 32, 4, dtype=numpy.uint32)).sum(axis=1, dtype=numpy.uint32).view(numpy.int32)
    return from_numpy(packed), from_numpy(steps.reshape(-1)), from_numpy(least.reshape(-1))


def quantised(source, name, bits, folder):
    """Versions whose matrices are quantised to 8 or 4 bits and whose biases are numbers of 32 bits, as safetensors."""
    versions = []
    for item in source:
        tensors = {}
        for key, tensor in item.tensors.items():
            values = real_numbers(tensor)
            if values is None or values.size == 0:
                continue
            if values.ndim == 1:
                tensors[key] = from_numpy(numpy.rint(values * numpy.float32(1 << 20)).astype(numpy.int32))
            elif bits == 8:
                tensors[key], tensors[key + ".steps"] = quantised_to_8_bits(values)
            elif values.size >= 64:
                tensors[key], tensors[key + ".steps"], tensors[key + ".least"] = quantised_to_4_bits(values)
        path = folder / f"{name}-{pathlib.Path(item.name).stem}.safetensors"
        write_safetensors(path, tensors)
        versions.append(Version(path.name, [path], tensors))
    return Series(name, versions, "quantised")


def lenet(folder):
    data = ROOT / "datasets" / "lenet_fashion"
    yield Series("lenet_fashion", [version(path) for path in sorted(data.glob("lenet_step_*.pt"))], "training")
    yield Series("lenet_finetune", [version(data / name) for name in ("lenet_step_002000.pt", "finetune_step_000060.pt")], "finetune")
    yield quantised([version(data / name) for name in ("lenet_step_002000.pt", "finetune_step_000060.pt", "finetune_step_000120.safetensors")],
                    "lenet_int8", 8, folder)
    yield quantised([version(path) for path in sorted(data.glob("lenet_step_*.pt"))], "lenet_fashion_int8", 8, folder)
    tuned = [version(data / "finetune_step_000120.pt")]
    yield from (series for series in split_optimizer(tuned, "lenet_adam", folder) if series.kind == "optimizer")


def shared(data, folder):
    yield Series("linzaer_rfb_series", [version(path) for path in sorted((data / "linzaer_rfb_series").glob("*.pth"))], "training")
    caffe = data / "caffe_cifar10_full_series"
    yield Series("caffe_cifar10_full", [version(path) for path in sorted(caffe.glob("*.caffemodel"))], "training")
    yield Series("caffe_cifar10_momentum", [version(path) for path in sorted(caffe.glob("*.solverstate"))], "optimizer")
    gpt = data / "gpt_char_finetune_bf16"
    yield Series("gpt_char_finetune_bf16", [version(gpt / "v00.safetensors"), version(gpt / "v01.safetensors")], "finetune")
    pair = [version(gpt / "v00.safetensors"), version(gpt / "v01.safetensors")]
    yield quantised(pair, "gpt_char_int8", 8, folder)
    yield quantised(pair, "gpt_char_int4", 4, folder)
    yield quantised([version(path) for path in sorted((data / "linzaer_rfb_series").glob("*.pth"))], "linzaer_int8", 8, folder)
    vae = data / "mlx_cvae_npz"
    yield Series("mlx_cvae_npz", [version(path) for path in sorted(vae.glob("*.npz"))], "releases")
    fastest = data / "fastestdet"
    yield Series("fastestdet", [version(fastest / name) for name in (
        "shufflenetv2.pth", "coco_ap05_0.250_280epoch.pth", "weight_AP05_0.253207_280-epoch.pth",
        "weight_AP05_0.278_280-epoch.pth")], "releases")
    checkpoints = [version(path) for path in sorted((data / "gpt_by_hand").glob("ckpt_*.pt"))]
    yield from split_optimizer(checkpoints, "gpt_by_hand", folder)
    for agent, names in (("rl_ppo", ["CartPole-v1_v2", "CartPole-v1_v1", "CartPole-v1_v0"]), ("rl_dqn", ["CartPole-v1_v0"])):
        for member, kind in (("policy.pth", "releases"), ("policy.optimizer.pth", "optimizer")):
            paths = [unpacked(data / agent / f"{name}.zip", member, folder) for name in names]
            suffix = "" if kind == "releases" else "_optimizer"
            yield Series(agent + suffix, [version(path) for path in paths], kind)


def widened(data, folder):
    """Weights that were rounded to one type and are kept in a wider one."""
    import torch
    torch_types = {"bf16": torch.bfloat16, "f16": torch.float16}
    sources = [Series("lenet_fashion", [version(path) for path in sorted((ROOT / "datasets" / "lenet_fashion").glob("lenet_step_*.pt"))], "training")]
    if data is not None:
        sources.append(Series("linzaer_rfb", [version(path) for path in sorted((data / "linzaer_rfb_series").glob("*.pth"))[:6]], "training"))
    for source in sources:
        for narrow, wide in (("bf16", torch.float32), ("f16", torch.float32), ("f32", torch.float64)):
            versions = []
            for item in source.versions:
                tensors = {}
                for name, tensor in item.tensors.items():
                    if tensor.dtype == "F32":
                        numbers = torch.from_numpy(tensor.bits.view(numpy.float32).copy()).reshape(tensor.shape)
                        tensor = from_torch(numbers.to(torch_types.get(narrow, torch.float32)).to(wide))
                    tensors[name] = tensor
                path = folder / f"{source.name}-{narrow}-{pathlib.Path(item.name).stem}.safetensors"
                write_safetensors(path, tensors)
                versions.append(Version(path.name, [path], tensors))
            yield Series(f"{source.name}_{narrow}_wide", versions, source.kind)


def all_series(folder):
    """Every series, one at a time. `folder` receives files made on the way."""
    yield from lenet(folder)
    data = shared_data()
    if data is None:
        print("DLV_SHARED_DATA is not set: only the shipped series are measured")
        yield from widened(None, folder)
        return
    yield from shared(data, folder)
    yield from widened(data, folder)
