#!/usr/bin/env python3
"""Writes the seeds of the file-reading fuzz targets below tests/fuzz/corpus. Needs nothing but Python.

PyTorch's files are made with stand-ins of its module names: a pickle holds names only.
"""
import io
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def write(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def stand_ins():
    torch = types.ModuleType("torch")
    utils = types.ModuleType("torch._utils")
    parameter = types.ModuleType("torch.nn.parameter")
    sys.modules.update({"torch": torch, "torch._utils": utils, "torch.nn.parameter": parameter,
                        "torch.nn": types.ModuleType("torch.nn")})
    for name in ("FloatStorage", "LongStorage", "BFloat16Storage"):
        setattr(torch, name, type(name, (), {"__module__": "torch", "__qualname__": name}))

    def function(module, name):
        f = eval("lambda *a: None")
        f.__module__, f.__name__, f.__qualname__ = module.__name__, name, name
        setattr(module, name, f)
        return f
    return (torch, function(utils, "_rebuild_tensor_v2"), function(utils, "_rebuild_parameter"))


TORCH, REBUILD, REBUILD_PARAMETER = stand_ins()


class Storage:
    def __init__(self, kind, key, count):
        self.kind, self.key, self.count = kind, key, count


class Tensor:
    def __init__(self, storage, offset, shape, stride):
        self.args = (storage, offset, shape, stride, False, OrderedDict())

    def __reduce__(self):
        return REBUILD, self.args


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return REBUILD_PARAMETER, (self.tensor, True, OrderedDict())


class Pickler(pickle.Pickler):
    legacy = False

    def persistent_id(self, obj):
        if not isinstance(obj, Storage):
            return None
        ids = ("storage", getattr(TORCH, obj.kind), obj.key, "cpu", obj.count)
        return ids + (None,) if self.legacy else ids


def dump(obj, protocol=2, legacy=False):
    out = io.BytesIO()
    pickler = Pickler(out, protocol)
    pickler.legacy = legacy
    pickler.dump(obj)
    return out.getvalue()


def checkpoints():
    def storage(key):
        return Storage("FloatStorage", str(key), [1, 2, 4, 16, 24, 1024][key])
    plain = OrderedDict([("w", Tensor(storage(3), 0, (4, 4), (4, 1))),
                         ("bn.running_mean", Tensor(storage(2), 0, (4,), (1,)))])
    tied = {"a": Tensor(storage(4), 0, (4, 6), (6, 1)), "b": Tensor(storage(4), 0, (4, 6), (6, 1)),
            "t": Tensor(storage(3), 0, (4, 4), (1, 4))}
    views = {"all": Tensor(storage(4), 0, (24,), (1,)), "part": Tensor(storage(4), 3, (5, 2), (2, 1)),
             "wide": Tensor(storage(2), 0, (8, 4), (0, 1)), "empty": Tensor(storage(1), 0, (0, 3), (3, 1))}
    full = {"epoch": 3, "loss": 0.25, "lr": (0.1, 0.2), "big": 1 << 70, "none": None, "flag": True,
            "model": OrderedDict(w=Parameter(Tensor(storage(3), 0, (2, 8), (8, 1)))),
            "optimizer": {"state": {0: {"step": 4, "exp_avg": Tensor(storage(5), 0, (32, 32), (32, 1))}},
                          "param_groups": [{"lr": 1e-3, "params": [0]}]},
            "names": {"a", "b"}, "raw": b"\x00\xff"}
    return {"plain": plain, "tied": tied, "views": views, "full": full, "list": [plain["w"], 1]}


def seeds_torch():
    for name, checkpoint in checkpoints().items():
        for protocol in (2, 4):
            data = dump(checkpoint, protocol)
            write("fuzz_pickle", f"{name}_{protocol}", data)
            for flags in (0, 3, 5):
                write("fuzz_torch_zip", f"{name}_{protocol}_{flags}", bytes([flags]) + data)
    write("fuzz_pickle", "text_0", pickle.dumps({"a": [1, 2.5, None, True, "x", 1 << 80]}, 0))
    write("fuzz_pickle", "unsafe", b"cposix\nsystem\n(S'id'\ntR.")
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    system = pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2}}, 2)
    for name, checkpoint in checkpoints().items():
        sizes = {"0": 1, "1": 2, "2": 4, "3": 16, "4": 24, "5": 1024}
        body = dump(checkpoint, 2, legacy=True)
        used = [k for k in sizes if any(f"X\x01\x00\x00\x00{k}".encode() in body[i:i + 6] for i in range(len(body)))]
        keys = pickle.dumps(used, 2)
        data = b"".join(struct.pack("<q", sizes[k]) + bytes(range(256)) * 16 if sizes[k] == 1024 else
                        struct.pack("<q", sizes[k]) + bytes(sizes[k] * 4) for k in used)
        write("fuzz_torch_legacy", name, magic + pickle.dumps(1001, 2) + system + body + keys + data)


def npy(descr, shape, data, fortran=False, version=1):
    text = "{'descr': %s, 'fortran_order': %s, 'shape': %s, }" % (descr, fortran, shape)
    text = text.ljust(117) + "\n"
    size = struct.pack("<H", len(text)) if version == 1 else struct.pack("<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text.encode() + data


def seeds_numpy():
    arrays = {"f4": npy("'<f4'", "(2, 3)", bytes(24)), "be": npy("'>f8'", "(3,)", bytes(24), True, 2),
              "fortran": npy("'<i2'", "(3, 4, 2)", bytes(range(48)), True, 3), "scalar": npy("'|b1'", "()", b"\x01"),
              "struct": npy("[('a', '<f4'), ('b', '|S3', (2,))]", "(2,)", bytes(20)),
              "object": npy("'|O'", "(1,)", b"\x80\x04N."), "empty": npy("'<c16'", "(0, 5)", b""),
              "text": npy("'<U5'", "(2,)", bytes(40)), "trail": npy("'<f4'", "(1,)", bytes(9))}
    for name, data in arrays.items():
        write("fuzz_npy", name, data)
        write("fuzz_npz", name, data)


def seeds_zip():
    for name, kind, members in (("npz", zipfile.ZIP_STORED, {"a.npy": npy("'<f4'", "(2,)", bytes(8))}),
                                ("deflated", zipfile.ZIP_DEFLATED, {"a.npy": npy("'<f4'", "(99,)", bytes(396))}),
                                ("other", zipfile.ZIP_STORED, {"x/y.txt": b"text", "z": b""})):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", kind) as archive:
            for member, data in members.items():
                archive.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), data, kind)
        write("fuzz_zip", name, out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("s/data.pkl", dump({"w": Tensor(Storage("FloatStorage", "0", 2), 0, (2,), (1,))}))
        archive.writestr("s/data/0", bytes(8))
        with archive.open("s/version", "w", force_zip64=True) as f:
            f.write(b"3\n")
    write("fuzz_zip", "torch", out.getvalue())
    import zlib
    for level in (1, 6, 9):
        packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        plain = bytes(i * i % 251 for i in range(3000))
        write("fuzz_inflate", f"level{level}", struct.pack("<I", len(plain)) + packer.compress(plain) + packer.flush())


def seeds_safetensors():
    def file(header, data):
        header = header.encode()
        return struct.pack("<Q", len(header)) + header + data
    write("fuzz_safetensors", "two", file(
        '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},'
        '"b":{"dtype":"BF16","shape":[],"data_offsets":[16,18]}}   ', bytes(18)))
    write("fuzz_safetensors", "odd", file(
        '{"b":{"dtype":"F4","shape":[3],"data_offsets":[2,4]},"\\u00e9":{"dtype":"U8","shape":[0,9],'
        '"data_offsets":[0,0]},"c":{"data_offsets":[0,2],"shape":[1],"dtype":"I16","x":[1,{"y":null}]}}', bytes(4)))
    write("fuzz_safetensors", "empty", file('{"__metadata__":null}', b""))


def seeds_recipe():
    # Version 1; one literal of 8 bytes; literal, CRC-32 of it, tensor 1 swapped, permuted tensor, deflate, inner.
    write("fuzz_recipe", "all", bytes([1, 1, 8, 6,
                                       1, 0, 0, 8,
                                       3, 1, 1,
                                       2 | (2 | 8) << 3, 2, 4, 0, 64,
                                       2 | (2 | 16) << 3, 0, 2, 16, 32, 1, 0,
                                       4, 6, 15, 8, 0, 10, 1, 1, 0, 15, 8,
                                       5, 1, 1, 0, 15, 8]))
    write("fuzz_recipe", "empty", bytes([1, 0, 0]))
    write("fuzz_recipe", "literal", bytes([1, 2, 4, 5, 2, 1, 0, 0, 4, 1, 1, 0, 5]))


if __name__ == "__main__":
    seeds_torch()
    seeds_numpy()
    seeds_zip()
    seeds_safetensors()
    seeds_recipe()
