#!/usr/bin/env python3
"""Writes the seeds of the file-reading fuzz targets below tests/fuzz/corpus. Needs nothing but Python.

PyTorch's files are made with stand-ins of its module names: a pickle holds names only.
"""
import base64
import gzip
import io
import pickle
import struct
import sys
import types
import zipfile
import zlib
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


def object_npy(obj, protocol=2):
    """What numpy.save writes of a dict; numpy's own names stand for its functions."""
    class Array:
        def __init__(self, descr, shape, data, fortran=False):
            self.state = (1, shape, Type(descr), fortran, data)

        def __reduce__(self):
            return RECONSTRUCT, (NDARRAY, (0,), b"b"), self.state

    class Type:
        def __init__(self, descr):
            self.descr = descr

        def __reduce__(self):
            return DTYPE, (self.descr, 0, 1), (3, "<", None, None, None, -1, -1, 0)
    whole = Array("O8", (), [obj(Array)])
    return npy("'|O'", "()", pickle.dumps(whole, protocol))


def numpy_names():
    made = []
    for module, name in (("numpy.core.multiarray", "_reconstruct"), ("numpy", "ndarray"), ("numpy", "dtype")):
        f = eval("lambda *a: None")
        f.__module__, f.__name__, f.__qualname__ = module, name, name
        sys.modules.setdefault(module, types.ModuleType(module))
        setattr(sys.modules[module], name, f)
        made.append(f)
    return made


RECONSTRUCT, NDARRAY, DTYPE = numpy_names()


def seeds_objects():
    def dicts(array):
        return {"conv1": {"weights": array("f4", (2, 3), bytes(24), True), "biases": array("i2", (2,), bytes(4))},
                "optimizer": {"m": array("f8", (), bytes(8))}, "epoch": 3, "list": [array("b1", (1,), b"\x01"), None]}

    def shared(array):
        one = array("u1", (3,), b"abc")
        return [one, one, array("U2", (1,), bytes(8)), "text", 2.5]
    for protocol in (2, 3, 4, 5):
        write("fuzz_npy", f"dicts_{protocol}", object_npy(dicts, protocol))
        write("fuzz_npy", f"shared_{protocol}", object_npy(shared, protocol))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("params.npy", (1980, 1, 1, 0, 0, 0)), object_npy(dicts, 4))
    write("fuzz_npz", "objects", out.getvalue())


def masked_crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def seeds_side():
    def message(number, data):
        return bytes([number << 3 | 2, len(data)]) + data

    def event(step, values):
        return b"\x10" + bytes([step]) + message(5, values)
    scalar = message(1, message(1, b"loss") + b"\x15" + struct.pack("<f", 0.5))
    tensor = message(1, message(1, b"acc") + message(8, b"\x08\x01" + message(4, struct.pack("<f", 0.25))))
    value = message(2, b"\x11" + struct.pack("<d", 0.1))
    plugin = message(1, message(1, b"hparams") + message(2, message(3, message(1, message(1, b"lr") + value))))
    hparams = message(1, message(1, b"_hparams_/session_start_info") + message(9, plugin))
    # The target makes records of the events: u8 length, event.
    for name, events in (("scalars", [event(1, scalar), event(2, scalar + tensor)]), ("hparams", [event(0, hparams)])):
        write("fuzz_tfevents", name, b"\0" + b"".join(bytes([len(e)]) + e for e in events))
    data = event(1, scalar)
    size = struct.pack("<Q", len(data))
    record = size + struct.pack("<I", masked_crc32c(size)) + data + struct.pack("<I", masked_crc32c(data))
    write("fuzz_tfevents", "whole", b"\1" + record + record[:-5])
    # The first byte says which reader: the row of side_table.cc.
    texts = {0: b"base: &b\n  lr: 0.1\ntrain:\n  <<: *b\n  sizes: [1, 2]\nt: !!x {a: 'b'}\n",
             1: b'net: "a" base_lr: 0.01 # c\nstepvalue: 1 stepvalue: 2\np { x: [1, 2] }\n',
             2: b'{"a": {"b": [1, 2.5, NaN, null, true]}, "c": "\\u00e9", "d": [{"e": 1}]}',
             3: b"- lr=0.1\n- model=big\n",
             4: b'{"best_metric": 1, "log_history": [{"step": 1, "loss": 2.5}, {"step": 2, "loss": NaN}]}',
             5: b'step,"a,b",c\n1,2,3\n2,,inf\n',
             6: b'{"step": 1, "train": {"loss": 3}}\n{"step": 2',
             8: b"I0 1 1 solver.cpp:1] Iteration 100 (1 iter/s), loss = 2.5\nI0 1 1 solver.cpp:2]   Test net output #0: acc = 1\n",
             9: b"---\nlicense: mit\ntags: [a]\nmodel-index:\n- results:\n  - metrics:\n    - {type: f1, value: 1}\n---\n# x\n"}
    for kind, text in texts.items():
        write("fuzz_side_text", f"kind{kind}", bytes([kind]) + text)


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


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, value):
    """A field of a protocol buffer message: an integer, bytes or text, or a float (four bytes)."""
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value & (1 << 64) - 1)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def seeds_onnx():
    def tensor(name, kind, dims, body):
        return b"".join(field(1, d) for d in dims) + field(2, kind) + field(8, name) + body
    values = struct.pack("<3f", 1, 2, 3)
    plain = [tensor("raw", 1, [3], field(9, values)), tensor("packed", 1, [3], field(4, values)),
             tensor("single", 1, [2], field(4, 1.0) + field(4, 2.0)), tensor("half", 10, [2], field(5, varint(0x3c00) + varint(7))),
             tensor("long", 7, [2], field(7, varint(300) + varint((1 << 64) - 1))), tensor("text", 8, [1], field(6, "x")),
             tensor("nibbles", 22, [3], field(9, b"ab")), tensor("complex", 14, [1], field(4, bytes(8)))]
    constant = field(4, "Constant") + field(2, "c") + field(5, field(1, "value") + field(5, tensor("", 1, [64], field(9, bytes(256)))))
    inner = field(1, constant) + field(5, plain[0]) + field(12, field(1, "c"))
    branch = field(4, "If") + field(1, "x") + field(2, "y") + field(5, field(1, "then_branch") + field(6, inner))
    normal = field(4, "BatchNormalization") + b"".join(field(1, n) for n in ("y", "raw", "packed", "m", "v")) + field(2, "z")
    graph = field(1, branch) + field(1, normal) + b"".join(field(5, t) for t in plain) + field(11, field(1, "x")) + field(12, field(1, "z"))
    sparse = field(15, field(1, plain[0]) + field(2, tensor("", 7, [3], field(9, bytes(24)))) + field(3, 9))
    head = field(1, 8) + field(2, "seed") + field(8, field(2, 17))
    outside = tensor("w", 1, [4], field(13, field(1, "location") + field(2, "d/w.data")) + field(13, field(1, "offset") + field(2, "64")) + field(14, 1))
    models = {"all": head + field(7, graph + sparse) + field(14, field(1, "k") + field(2, "v")) + field(25, field(7, constant) + field(4, "x")),
              "external": head + field(7, field(5, outside)), "tensor": plain[0], "tensor_half": plain[3],
              "group": head + field(7, b"") + varint(60 << 3 | 3) + field(1, 5) + varint(60 << 3 | 4)}
    for name, data in models.items():
        write("fuzz_onnx", name, b"\0" + data)
        write("fuzz_onnx", name + "_unnamed", b"\1" + data)
        write("fuzz_onnx_network", name, data)
    attributes = b"".join(field(5, field(1, name) + body) for name, body in (
        ("f", field(2, 0.5)), ("i", field(3, 7)), ("s", field(4, "text")), ("fs", field(7, values)), ("is", field(8, varint(3) + varint(300))),
        ("ss", field(9, "a") + field(9, "b")), ("t", field(5, plain[0])), ("ts", field(10, plain[0]) + field(10, plain[1])),
        ("gs", field(11, inner)), ("sp", field(22, field(1, plain[0]) + field(2, plain[4]) + field(3, 9))), ("tp", field(14, field(1, field(1, 1))))))
    size = field(1, "x") + field(2, field(1, field(1, 1) + field(2, field(1, field(2, "N")) + field(1, field(1, 3)))))
    chain = field(1, field(4, "Op") + field(1, "x") + field(1, "") + field(1, "raw") + field(2, "y") + field(7, "d") + attributes)
    chain += field(1, field(4, "Resize") + field(1, "y") + field(1, "single") + field(2, "z")) + field(11, size) + field(13, field(1, "y"))
    chain += field(12, field(1, "z")) + field(5, plain[0]) + field(5, plain[2])
    write("fuzz_onnx_network", "attributes", head + field(7, chain))


def seeds_caffe():
    blob = field(5, struct.pack("<2f", 1, 2)) + field(7, field(1, varint(2) + varint(1)))
    old = b"".join(field(i, 1) for i in (1, 2, 3)) + field(4, 2) + field(5, 1.0) + field(5, 2.0) + field(6, bytes(8))
    double = field(8, struct.pack("<d", 1)) + field(7, b"")
    layer = field(1, "conv1") + field(2, "Convolution") + field(7, blob) + field(7, old)
    normal = field(1, "bn") + field(2, "BatchNorm") + field(7, double)
    middle = field(4, "ip") + field(5, 14) + field(6, old) + field(1, field(1, "v0") + field(2, "conv") + field(50, blob))
    net = field(1, "net") + field(100, layer) + field(100, normal) + field(2, middle)
    state = field(1, 100) + field(2, "x.caffemodel") + field(3, blob) + field(3, old) + field(4, 1)
    for name, data in {"net": net, "state": state, "blob": blob, "old": old}.items():
        for kind in range(4):
            write("fuzz_caffe", f"{name}_{kind}", bytes([kind]) + data)


NET = """name: "n" input: "x" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
layer { name: "c" type: "Convolution" bottom: "x" top: "c" param { lr_mult: 2 } convolution_param { num_output: 4 kernel_size: 3 pad: 1 } }
layer { name: "r" type: "ReLU" bottom: "c" top: "c" include { phase: TEST } }
layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: AVE kernel_size: 3 stride: 2 } }
layer { name: "s" type: "Slice" bottom: "p" top: "s1" top: "s2" }
layer { name: "j" type: "Concat" bottom: "s1" bottom: "s2" top: "j" }
layer { name: "f" type: "InnerProduct" bottom: "j" top: "f" inner_product_param { num_output: 2 } }
layer { name: "o" type: "Odd" bottom: "f" top: "o" odd_param { a: [1, 2] b { c: "x" } } }
"""
OLD_NET = """input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layers { name: "ip" type: INNER_PRODUCT bottom: "x" top: "ip" blobs_lr: 1 weight_decay: 0 inner_product_param { num_output: 2 } }
layers { name: "loss" type: SOFTMAX_LOSS bottom: "ip" bottom: "ip" top: "loss" exclude { phase: TRAIN } }
"""


def seeds_caffe_networks():
    write("fuzz_prototxt", "net", NET.encode())
    write("fuzz_prototxt", "old", OLD_NET.encode())
    blob = field(5, struct.pack("<2f", 1, 2)) + field(7, field(1, varint(2) + varint(1)))
    window = field(1, 4) + field(4, 3) + field(3, varint(1)) + field(5, 1)
    conv = field(1, "c") + field(2, "Convolution") + field(3, "x") + field(4, "c") + field(6, field(3, 1.0)) + field(7, blob) + field(106, window)
    split = field(1, "s") + field(2, "Split") + field(3, "c") + field(4, "a") + field(4, "b")
    add = field(1, "e") + field(2, "Eltwise") + field(3, "a") + field(3, "b") + field(4, "e") + field(110, field(1, 1) + field(2, struct.pack("<2f", 1, 2)))
    net = field(1, "n") + field(3, "x") + field(8, field(1, varint(1) + varint(3) + varint(8) + varint(8)))
    write("fuzz_caffe_network", "net", net + field(100, conv) + field(100, split) + field(100, add))
    old = field(4, "ip") + field(5, 14) + field(2, "x") + field(3, "ip") + field(6, blob) + field(7, 1.0) + field(17, field(1, 2))
    write("fuzz_caffe_network", "old", field(3, "x") + field(4, 1) + field(4, 3) + field(4, 8) + field(4, 8) + field(2, old))


def seeds_gguf():
    def text(value):
        return struct.pack("<Q", len(value)) + value.encode()

    def pair(key, kind, value):
        return text(key) + struct.pack("<I", kind) + value
    pairs = [pair("general.architecture", 8, text("llama")), pair("general.alignment", 4, struct.pack("<I", 64)),
             pair("scores", 9, struct.pack("<IQ2f", 6, 2, 0, 1)), pair("tokens", 9, struct.pack("<IQ", 8, 2) + text("a") + text("bc")),
             pair("deep", 9, struct.pack("<IQIQ", 9, 1, 7, 1) + b"\1"), pair("rope", 12, struct.pack("<d", 1e4))]
    infos = [text("w") + struct.pack("<I2QIQ", 2, 4, 2, 0, 0), text("q") + struct.pack("<IQIQ", 1, 32, 2, 64),
             text("u") + struct.pack("<IQIQ", 1, 8, 99, 128)]
    for version in (2, 3):
        data = struct.pack("<IQQ", version, len(infos), len(pairs)) + b"".join(pairs) + b"".join(infos)
        data += bytes(-(len(data) + 4) % 64) + bytes(140)
        write("fuzz_gguf", f"v{version}", data)
    write("fuzz_gguf", "empty", struct.pack("<IQQ", 3, 0, 0))


def seeds_llama2c():
    for vocabulary, more in ((3, 0), (-3, 12)):
        values = 12 + 2 * 128 + 4 + 10 + more
        write("fuzz_llama2c", f"v{vocabulary}", struct.pack("<7i", 4, 6, 2, 2, 1, vocabulary, 5) + bytes(4 * values))


def seeds_torch_script():
    tensor = dump({"w": Tensor(Storage("FloatStorage", "1", 2), 0, (2,), (1,))})[2:-1]
    lists = b"X\x05\0\0\0sizesctorch.jit._pickle\nbuild_intlist\n(](K\x08etR"
    program = b"\x80\x02c__torch__.m\nNet\n)\x81" + tensor + b"b."
    code = b"\0class Net(Module):\n  __parameters__ = [\"w\", ]\n  __buffers__ = []\n"
    write("fuzz_torch_script", "net", program + code)
    write("fuzz_torch_script", "lists", b"\x80\x02c__torch__.m\nNet\n)\x81}(" + lists + b"ub." + code)


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

NETWORK = """network "seed" {
  operators "" 13
  input x: f32 [?, 3, 8, 8]
  input flag: bool []
  parameter conv.weight: f32 [4, 3, 3, 3] = "normal(0, 0.02, seed=7)"
  constant 0 = i64 [2] (0, -1)
  constant 1 = f16 [1] hex "003c"
  node conv was "/conv/Conv" = Conv(@x, $conv.weight) { kernel_shape = [3, 3], auto_pad = "VALID" }
  node split = Split(conv) { axis = 1 } -> a: f32 [?, 2, 6, 6], "b": ?
  node join = Concat(split:1, split) { axis = 1 }
  node if = If(@flag) { else_branch = network "" { node i = Relu(^a) output o = i }, then_branch = network "" { output o = ^b } }
  node custom = "com.example" Odd(if, -, #1) { none = reals [], some = [1.5, inf, nan(0x7ff8000000000005)], t = texts ["a\\n"] }
  node flat = Reshape(join, #0)
  output y = flat
  output z = custom
}
"""


def network_encoding():
    """The worked example of docs/format/network.md."""
    document = (Path(__file__).parents[2] / "docs/format/network.md").read_text(encoding="utf-8")
    lines = [line[14:61] for line in document.splitlines() if line.startswith("    000000")]
    return bytes.fromhex("".join(lines))


def seeds_networks():
    write("fuzz_network_text", "everything", NETWORK.encode())
    write("fuzz_network_encoding", "tiny", network_encoding())


# 8 x 8 pixels, by libjpeg-turbo.
JPEG = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/"
    "2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAIAAgDASIAAhEBAxEB/8QA"
    "HwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkK"
    "FhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXG"
    "x8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
    "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOE"
    "hYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCNYo7a9xBF"
    "GYn+ZQkaMB7fKj4/Fs0UUU0Etz//2Q==")


def png(width, height, colour, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def seeds_data():
    idx = bytes([0, 0, 8, 3]) + struct.pack(">III", 2, 2, 3) + bytes(range(12))
    data = {"idx": idx, "idx_gzip": gzip.compress(idx, mtime=0), "labels": bytes([0, 0, 8, 1]) + struct.pack(">I", 4) + bytes(4),
            "reals": bytes([0, 0, 13, 2]) + struct.pack(">II", 2, 1) + bytes(8), "cifar": bytes(3073), "npy": npy("'|u1'", "(2, 3)", bytes(6)),
            "gray": png(2, 2, 0, b"\0\1\2\0\3\4"), "colour": png(1, 2, 2, b"\0\1\2\3\1\4\5\6"), "jpeg": base64.b64decode(JPEG)}
    for name, file in data.items():
        write("fuzz_data", name, bytes([name == "cifar"]) + file)


if __name__ == "__main__":
    seeds_torch()
    seeds_numpy()
    seeds_objects()
    seeds_side()
    seeds_zip()
    seeds_safetensors()
    seeds_onnx()
    seeds_caffe()
    seeds_caffe_networks()
    seeds_gguf()
    seeds_llama2c()
    seeds_torch_script()
    seeds_recipe()
    seeds_networks()
    seeds_data()
