#!/usr/bin/env python3
"""Certificates that dlv writes, before a checker that shares no code with it (certificate_checker.py).

    certificate_test.py DLV

An MLP with random weights always, from a graph and from a train_val.prototxt; LeNet where DLV_SHARED_DATA has it; ResNet-20 too with DLV_EXAM=all (minutes). Exits with 77 where the
interpreter (DLV_TEST_PYTHON, else this one) has no NumPy.
"""

import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
SEED = 20261128
MLP = """network "mlp" {
  operators "" 13
  input x: f32 [?, 48]
  parameter fc1.weight: f32 [64, 48]
  parameter fc1.bias: f32 [64]
  parameter fc2.weight: f32 [40, 64]
  parameter fc2.bias: f32 [40]
  parameter fc3.weight: f32 [5, 40]
  parameter fc3.bias: f32 [5]
  node fc1 = Gemm(@x, $fc1.weight, $fc1.bias) { transB = 1 }
  node relu1 = Relu(fc1)
  node fc2 = Gemm(relu1, $fc2.weight, $fc2.bias) { transB = 1 }
  node relu2 = Relu(fc2)
  node fc3 = Gemm(relu2, $fc3.weight, $fc3.bias) { transB = 1 }
  output y = fc3
}
"""


# The same as Caffe writes networks for training: no sizes, and layers that want labels.
TRAIN_VAL = """name: "mlp"
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST } }
layer { name: "fc1" type: "InnerProduct" bottom: "data" top: "fc1" inner_product_param { num_output: 64 } }
layer { name: "relu1" type: "ReLU" bottom: "fc1" top: "fc1" }
layer { name: "fc2" type: "InnerProduct" bottom: "fc1" top: "fc2" inner_product_param { num_output: 40 } }
layer { name: "relu2" type: "ReLU" bottom: "fc2" top: "fc2" }
layer { name: "fc3" type: "InnerProduct" bottom: "fc2" top: "fc3" inner_product_param { num_output: 5 } }
layer { name: "accuracy" type: "Accuracy" bottom: "fc3" bottom: "label" top: "accuracy" }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc3" bottom: "label" top: "loss" }
"""


# Layers of functions: two behind each other a network, scores behind them.
FUNCTIONS = [["Tanh", "Elu { alpha = 0.7 }"], ["Sigmoid", "HardSwish"], ["Silu", "Gelu"], ["PRelu", "Softplus"],
             ["HardSigmoid { alpha = 0.3 }", "Selu"], ["Softsign", "Celu { alpha = 1.5 }"], ["Erf", "LeakyRelu { alpha = 0.1 }"],
             ["HardSilu", "Abs"], ["ErfGelu", "Relu"]]
GATES = """network "gates" {
  operators "" 13
  operators "caffe" 1
  input x: f32 [?, 3, 8, 8]
  parameter conv1.weight: f32 [24, 3, 3, 3]
  parameter conv2.weight: f32 [24, 24, 3, 3]
  parameter gate.weight: f32 [24, 24, 1, 1]
  parameter fc.weight: f32 [5, 24]
  node conv1 = Conv(@x, $conv1.weight) { kernel_shape = [3, 3], pads = [1, 1, 1, 1] }
  node across = LRN(conv1) { size = 4, alpha = 0.1, beta = 0.75, bias = 0.5 }
  node relu = Relu(across)
  node within = "caffe" LRN(relu) { local_size = 3, alpha = 0.2, beta = 0.5 }
    -> within_y: f32 [?, 24, 8, 8]
  node conv2 = Conv(within, $conv2.weight) { kernel_shape = [3, 3], pads = [1, 1, 1, 1] }
  node mean = GlobalAveragePool(conv2)
  node gate = Conv(mean, $gate.weight) { kernel_shape = [1, 1] }
  node gate_y = Sigmoid(gate)
  node gated = Mul(conv2, gate_y)
  node bent = Tanh(gated)
  node both = Mul(gated, bent)
  node less = Sub(both, within)
  node all = GlobalAveragePool(less)
  node flat = Flatten(all)
  node fc = Gemm(flat, $fc.weight) { transB = 1 }
  output y = fc
}
"""


def functions_network(functions):
    """The MLP's text with these in place of its Relus, and its parameters beside those of the MLP."""
    text, slopes = MLP, {}
    for layer, (function, size) in enumerate(zip(functions, (64, 40)), 1):
        node = f"  node relu{layer} = Relu(fc{layer})\n"
        op, _, attributes = function.partition(" ")
        if op in ("Silu", "HardSilu"):
            made = f"  node inner{layer} = {op.replace('Silu', 'Sigmoid')}(fc{layer})\n" \
                   f"  node relu{layer} = Mul(fc{layer}, inner{layer})\n"
        elif op == "ErfGelu":  # as it is written where Gelu is no operator
            text = text.replace("  node fc1", "  constant 0 = f32 [] (1.4142135)\n  constant 1 = f32 [] (1.0)\n  constant 2 = f32 [] (0.5)\n  node fc1")
            steps = [f"scaled{layer} = Div(fc{layer}, #0)", f"error{layer} = Erf(scaled{layer})", f"one{layer} = Add(error{layer}, #1)",
                     f"twice{layer} = Mul(fc{layer}, one{layer})", f"relu{layer} = Mul(twice{layer}, #2)"]
            made = "".join(f"  node {step}\n" for step in steps)
        elif op == "PRelu":
            slopes[f"slopes{layer}"] = size
            text = text.replace("  node fc1", f"  parameter slopes{layer}: f32 [{size}]\n  node fc1")
            made = node.replace(f"Relu(fc{layer})", f"PRelu(fc{layer}, $slopes{layer})")
        else:
            made = node.replace(f"Relu(fc{layer})", f"{op}(fc{layer}) {attributes}")
        text = text.replace(node, made)
    return text.replace('operators "" 13', 'operators "" 18'), slopes


def write_safetensors(path, tensors):
    head, data = {}, b""
    for name, tensor in tensors.items():
        head[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + tensor.nbytes]}
        data += tensor.tobytes()
    text = json.dumps(head).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def read_safetensors(path):
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    head = json.loads(data[8:8 + size])
    types = {"F32": numpy.float32, "F64": numpy.float64, "F16": numpy.float16, "I64": numpy.int64}
    return {name: numpy.frombuffer(data[8 + size + one["data_offsets"][0]:8 + size + one["data_offsets"][1]],
                                   types[one["dtype"]]).reshape(one["shape"])
            for name, one in head.items() if name != "__metadata__"}


class Case:
    """A version in a repository of its own, evaluated; `inputs` as preprocessing should give them, of the bytes `kept`."""

    def __init__(self, dlv, root, name, files, data, inputs, kept, options=(), layout=None):
        self.name, self.inputs, self.root = f"{name}, {layout or 'planes'}", inputs, root / f"{name}-{layout or 'planes'}"
        self.is_small = name == "mlp"
        self.root.mkdir()
        self.call = lambda *words: subprocess.run([dlv, "-C", str(self.root), *map(str, words)], check=True, capture_output=True,
                                                  text=True, timeout=1200).stdout
        self.call("init")
        self.call("commit", "-n", name, *files)
        if layout:
            self.call("archive", "--layout", layout, "--yes", name)
        self.certificate = self.root / "certificate"
        self.call("eval", name, "--data", data, "--limit", len(inputs), "--progressive", "--certificate", self.certificate, *options)
        self.call("checkout", name, "--format", "safetensors", "-o", self.root / "out")
        tensors = read_safetensors(next((self.root / "out").rglob("*.safetensors")))
        self.text, self.tensors = self.call("network", name, "--text"), tensors
        self.network = certificate_checker.Network(self.text, tensors)
        head = json.loads(self.certificate.read_text().splitlines()[0])
        version = json.loads(self.call("show", name, "--json"))
        network = json.loads(self.call("network", name, "--json"))
        self.known = certificate_checker.Known(version=version["version"]["id"], network=network["id"], data=str(data), examples=kept,
                                               preprocess=head["preprocess"], tensors=head["tensors"])

    def is_checked_behind(self, last):
        """Whether the checker goes on to prove scores of the MLP where `last` is behind them."""
        node = f"  node last = {last}\n    -> last_y: f32 [?, 5]\n  output y = last\n"
        network = certificate_checker.Network(self.text[:self.text.index("  output ")] + node + "}\n", self.tensors)
        try:
            return network.run(self.inputs[0], {}) is not None
        except ValueError:
            return False

    def verdict(self, inputs=None):
        return certificate_checker.check(self.certificate, self.network, self.inputs if inputs is None else inputs, self.known)

    def forged(self, change):
        """Faults found where `change` was done to each line of an input that is called proved."""
        return self.verdict_of_forged(lambda lines: [change(line) for line in lines[1:-1] if line["status"].startswith("certified")])[0]

    def proved_from_less(self, change):
        """How many are proved again where `change` was done to the number of bits of each level."""
        def change_levels(lines):
            for level in (level for step in lines[0]["steps"] for level in step["levels"] if not level["exact"]):
                field = "bit_step" if "bit_step" in level else "planes"
                level[field] = change(level[field])
        return self.verdict_of_forged(change_levels)[1]

    def says_steps(self):
        with self.certificate.open() as file:
            levels = [level for step in json.loads(file.readline())["steps"] for level in step["levels"]]
        return any("bit_step" in level for level in levels)

    def verdict_of_forged(self, change):
        lines = [json.loads(line) for line in self.certificate.read_text().splitlines()]
        change(lines)
        honest, self.certificate = self.certificate, self.root / "forged"
        self.certificate.write_text("".join(json.dumps(line) + "\n" for line in lines))
        try:
            return self.verdict()
        finally:
            self.certificate = honest


def small_tensors(random, sizes=(48, 64, 40, 5)):
    tensors = {}
    for layer, (columns, rows) in enumerate(zip(sizes, sizes[1:]), 1):
        tensors[f"fc{layer}.weight"] = (random.normal(size=(rows, columns)) * numpy.sqrt(2 / columns)).astype(numpy.float32)
        tensors[f"fc{layer}.bias"] = (random.normal(size=rows) * 0.1).astype(numpy.float32)
    return tensors


def train_val(dlv, root):
    random = numpy.random.default_rng(SEED + 1)
    write_safetensors(root / "caffe.safetensors", small_tensors(random))
    (root / "train_val.prototxt").write_text(TRAIN_VAL)
    inputs = random.normal(size=(40, 3, 4, 4)).astype(numpy.float32)
    numpy.save(root / "images.npy", inputs)
    numpy.save(root / "labels.npy", numpy.zeros(40, numpy.int64))
    return Case(dlv, root, "caffe", [root / "caffe.safetensors", "--graph", root / "train_val.prototxt"], root / "images.npy", inputs,
                inputs.tobytes(), ["--labels", root / "labels.npy"])


def mlp(dlv, root, layout=None):
    random = numpy.random.default_rng(SEED)
    write_safetensors(root / "mlp.safetensors", small_tensors(random))
    (root / "mlp.dlvnet").write_text(MLP)
    inputs = random.normal(size=(40, 48)).astype(numpy.float32)
    numpy.save(root / "x.npy", inputs)
    numpy.save(root / "y.npy", numpy.zeros(40, numpy.int64))
    return Case(dlv, root, "mlp", [root / "mlp.safetensors", "--graph", root / "mlp.dlvnet"], root / "x.npy", inputs,
                inputs.tobytes(), ["--labels", root / "y.npy"], layout)


def functions_case(dlv, root, functions):
    """An MLP with random weights and these functions."""
    name = "-".join(function.split()[0].lower() for function in functions)
    random = numpy.random.default_rng(SEED)
    sizes = [48, 64, 40, 5]
    text, slopes = functions_network(functions)
    tensors = {key: random.uniform(-0.5, 1.5, size).astype(numpy.float32) for key, size in slopes.items()}
    for layer, (columns, rows) in enumerate(zip(sizes, sizes[1:]), 1):
        tensors[f"fc{layer}.weight"] = (random.normal(size=(rows, columns)) * numpy.sqrt(2 / columns)).astype(numpy.float32)
        tensors[f"fc{layer}.bias"] = (random.normal(size=rows) * 0.1).astype(numpy.float32)
    return random_case(dlv, root, name, text, tensors, random.normal(size=(12, 48)))


def gates_case(dlv, root):
    random = numpy.random.default_rng(SEED)
    shapes = {"conv1.weight": (24, 3, 3, 3), "conv2.weight": (24, 24, 3, 3), "gate.weight": (24, 24, 1, 1), "fc.weight": (5, 24)}
    tensors = {key: (random.normal(size=shape) * numpy.sqrt(2 / numpy.prod(shape[1:]))).astype(numpy.float32)
               for key, shape in shapes.items()}
    return random_case(dlv, root, "gates", GATES, tensors, random.normal(size=(12, 3, 8, 8)))


def random_case(dlv, root, name, text, tensors, inputs):
    folder = root / f"{name}-files"
    folder.mkdir()
    write_safetensors(folder / "weights.safetensors", tensors)
    (folder / "net.dlvnet").write_text(text)
    inputs = inputs.astype(numpy.float32)
    numpy.save(folder / "x.npy", inputs)
    numpy.save(folder / "y.npy", numpy.zeros(len(inputs), numpy.int64))
    return Case(dlv, root, name, [folder / "weights.safetensors", "--graph", folder / "net.dlvnet"], folder / "x.npy", inputs,
                inputs.tobytes(), ["--labels", folder / "y.npy"])


def cifar10_full(dlv, root, shared):
    """Caffe's, with local response normalisation within channels."""
    path, folder = shared / "cifar10_test_part" / "test_batch_first932.bin", shared / "caffe_cifar10_full_series"
    rows = numpy.frombuffer(path.read_bytes(), numpy.uint8).reshape(-1, 3073)[:4, 1:].reshape(-1, 3, 32, 32)
    mean = numpy.array((125.307, 122.95, 113.865))[:, None, None]
    return Case(dlv, root, "cifar10_full", [folder / "cifar10_full_iter_70000.caffemodel", "--graph", folder / "cifar10_full.prototxt"], path,
                (rows - mean).astype(numpy.float32), rows.tobytes(), ["--preprocess", "mean=125.307:122.95:113.865"])


def lenet(dlv, root, shared, layout=None):
    folder = shared / "caffe_lenet_ethereon"
    data = gzip.decompress((shared / "mnist_t10k" / "t10k-images-idx3-ubyte.gz").read_bytes())[16:]
    images = numpy.frombuffer(data, numpy.uint8).reshape(-1, 1, 28, 28)[:12]
    return Case(dlv, root, "lenet", [folder / "lenet_iter_10000.caffemodel", "--graph", folder / "lenet.prototxt"],
                shared / "mnist_t10k", images.astype(numpy.float32) / 256, images.tobytes(), ["--preprocess", "scale=1/256"], layout)


def resnet20(dlv, root, shared):
    path = shared / "cifar10_test_part" / "test_batch_first932.bin"
    rows = numpy.frombuffer(path.read_bytes(), numpy.uint8).reshape(-1, 3073)[:3, 1:].reshape(-1, 3, 32, 32)
    kept = rows.tobytes()
    mean, deviation = (numpy.array(three)[:, None, None] for three in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    inputs = ((rows / 255 - mean) / deviation).astype(numpy.float32)
    return Case(dlv, root, "resnet20", [shared / "cifar_resnet20" / "resnet20.onnx"], path, inputs, kept,
                ["--preprocess", "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225"])


def cases(dlv, root):
    yield mlp(dlv, root)
    yield mlp(dlv, root, "significance")
    yield train_val(dlv, root)
    for functions in FUNCTIONS:
        yield functions_case(dlv, root, functions)
    yield gates_case(dlv, root)
    shared = os.environ.get("DLV_SHARED_DATA")
    if not shared:
        print("DLV_SHARED_DATA is not set: LENET AND RESNET-20 ARE NOT CHECKED")
        return
    yield lenet(dlv, root, pathlib.Path(shared))
    yield lenet(dlv, root, pathlib.Path(shared), "significance")
    yield cifar10_full(dlv, root, pathlib.Path(shared))
    if os.environ.get("DLV_EXAM") == "all":
        yield resnet20(dlv, root, pathlib.Path(shared))


def raise_bound(line):
    for contrast in line["contrasts"]:
        contrast["lower_bound"] = 2 * contrast["margin"] + 1


def swap(line):
    line["classes"] = [line["contrasts"][0]["under"]]


# --- every key of the form, altered


def keys_of(at, value):
    """The keys of a value, those of the elements of a list once. Bounds have names of their own."""
    if isinstance(value, list):
        return set().union(*[keys_of(at + "[]", one) for one in value if isinstance(one, dict)])
    keys = set()
    for name, part in value.items() if isinstance(value, dict) else ():
        key = at + ("" if at.endswith(" ") else ".") + name
        keys |= {key} | (keys_of(key, part) if key != "footer bounds" else set())
    return keys


def proof_of(lines):
    return next(line for line in lines[1:-1] if line["status"] == "certified")


def used_level(lines):
    return next(level for level in lines[0]["steps"][proof_of(lines)["step"]]["levels"] if not level["exact"])


def put(find, key, value):
    """Replaces what is at a key; of a function, by what it makes of the value."""
    def change(lines):
        at = find(lines)
        at[key] = value(at[key]) if callable(value) else value
    return change


STATEMENTS = ("header program", "header reference")  # nothing proves or refutes them
ZEROS = "0" * 64


def mutations():
    """Pairs of a key and what is done to it; the numbers of levels have one name or the other."""
    places = {"header ": lambda lines: lines[0], "header data.": lambda lines: lines[0]["data"],
              "header tensors[].": lambda lines: lines[0]["tensors"][0], "header steps[].levels[].": used_level, "input ": proof_of,
              "header steps[].": lambda lines: lines[0]["steps"][proof_of(lines)["step"]],
              "input contrasts[].": lambda lines: proof_of(lines)["contrasts"][2], "footer ": lambda lines: lines[-1],
              "footer segments[].": lambda lines: lines[-1]["segments"][0], "footer rules[].": lambda lines: lines[-1]["rules"][0]}
    table = [("header ", "dlv", "other"), ("header ", "form", 1), ("header ", "program", "9.9"), ("header ", "algorithm", "magic"),
             ("header ", "version", ZEROS), ("header ", "reference", "other:v7"), ("header ", "network", ZEROS),
             ("header ", "preprocess", "scale=1/3"), ("header ", "data", {}), ("header ", "top_k", 2), ("header ", "method", "magic"),
             ("header ", "stop", "heuristic"), ("header ", "stop", "magic"), ("header ", "precision", "f32"), ("header ", "tensors", []),
             ("header ", "steps", []), ("header data.", "path", "elsewhere"), ("header data.", "sha256", ZEROS),
             ("header data.", "first", 1), ("header data.", "examples", 2), ("header tensors[].", "parameter", "other"), ("header tensors[].", "id", ZEROS),
             ("header tensors[].", "dtype", "f64"), ("header tensors[].", "shape", [1]), ("header steps[].", "levels", []),
             ("header steps[].levels[].", "parameter", "other"), ("header steps[].levels[].", "planes", lambda planes: planes - 1),
             ("header steps[].levels[].", "bit_step", lambda step: step - 2), ("header steps[].levels[].", "exact", True),
             ("input ", "input", 0x7fff), ("input ", "sha256", ZEROS), ("input ", "status", "certified-full"),
             ("input ", "status", "heuristic"), ("input ", "status", "computed"), ("input ", "reason", "tie"), ("input ", "step", 999), ("input ", "by", "magic"),
             ("input ", "classes", []), ("input ", "margin", 99.0), ("input ", "lower_bound", 99.0), ("input ", "lower_bound", None),
             ("input ", "contrasts", []), ("input ", "contrasts", lambda contrasts: contrasts[1:]), ("input contrasts[].", "over", 99),
             ("input contrasts[].", "under", 99), ("input contrasts[].", "margin", 2000.0), ("input contrasts[].", "lower_bound", 1000.0),
             ("footer ", "inputs", 1), ("footer ", "segments", []), ("footer ", "rules", []), ("footer ", "bounds", {}),
             ("footer segments[].", "parameter", "other"), ("footer segments[].", "planes", 40), ("footer segments[].", "bit_step", 1),
             ("footer segments[].", "sha256", ZEROS), ("footer rules[].", "node", "other (Gemm)"), ("footer rules[].", "rule", "magic")]
    return [(at + key, put(places[at], key, value)) for at, key, value in table]


def mutations_pass(case):
    """What is wrong with the table, or passes altered."""
    lines = [json.loads(line) for line in case.certificate.read_text().splitlines()]
    keys = keys_of("header ", lines[0]) | keys_of("footer ", lines[-1]) | set().union(*[keys_of("input ", line) for line in lines[1:-1]])
    other = "planes" if case.says_steps() else "bit_step"
    table = [(key, change) for key, change in mutations() if not key.endswith("." + other) or key in keys]
    wrong = [f"{key}: no mutation of it, or no such key" for key in keys ^ {key for key, _ in table}]
    for key, change in table:
        try:
            refused = bool(case.verdict_of_forged(change)[0])
        except (ValueError, KeyError, IndexError, TypeError):
            refused = True
        if refused == (key in STATEMENTS):
            wrong.append(f"{key}: altered, it {'is a fault' if refused else 'passes'}")
    return wrong


LAST_NODES = {"Softmax(fc3)": True, "Softmax(fc3) { axis = 1 }": True, "LogSoftmax(fc3) { axis = -1 }": True, "Sigmoid(fc3)": True,
              "Softmax(fc3) { axis = 0 }": False, "LogSoftmax(fc3) { axis = -2 }": False, "Hardmax(fc3)": False}


def check(case):
    faults, again, called = case.verdict()
    print(f"{case.name}: {called} of {len(case.inputs)} called proved, {again} proved again, {len(faults)} faults", *faults, sep="\n  ")
    good = not faults and called > len(case.inputs) // 2 and again >= 0.9 * called
    for what, found in (("raised bounds", case.forged(raise_bound)), ("other classes", case.forged(swap)),
                        ("other inputs", case.verdict(case.inputs[::-1])[0])):
        if not found:
            print(f"{case.name}: {what} pass")
            good = False
    for what in mutations_pass(case) if case.is_small else []:
        print(f"{case.name}: {what}")
        good = False
    for last, keeps_order in LAST_NODES.items() if case.is_small else []:
        if case.is_checked_behind(last) != keeps_order:
            print(f"{case.name}: {last} behind the scores {'is not' if keeps_order else 'is'} taken to keep their order")
            good = False
    if case.says_steps() != case.name.endswith("significance"):
        print(f"{case.name}: levels of the other layout")
        good = False
    # Two octaves less, or two bits: what was proved at the last moment is not proved from that.
    fewer = case.proved_from_less(lambda known: known - (4 if case.says_steps() else 2))
    print(f"{case.name}: {fewer} proved from two bits less")
    if fewer > called // 2:
        print(f"{case.name}: proofs hold from fewer bits than they name")
        good = False
    return good


def main():
    dlv = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        return 0 if all([check(case) for case in cases(dlv, pathlib.Path(folder))]) else 1


if __name__ == "__main__":
    try:
        import numpy

        import certificate_checker
    except ImportError:
        other = os.environ.get("DLV_TEST_PYTHON")
        if other and os.path.realpath(other) != os.path.realpath(sys.executable):
            os.execv(other, [other, *sys.argv])
        print("no numpy in this interpreter, nor DLV_TEST_PYTHON: CERTIFICATES ARE NOT CHECKED")
        sys.exit(77)
    sys.exit(main())
