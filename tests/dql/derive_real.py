#!/usr/bin/env python3
"""What tests/dql/real.test expects, computed from the files with onnx and numpy alone: no line of dlv runs here.

    derive_real.py            compares with real.test
    derive_real.py --write    writes it anew

Needs DLV_SHARED_DATA and the packages onnx and numpy (Debian: python3-onnx) in this Python, in DLV_TEST_PYTHON or in
/usr/bin/python3; skipped aloud otherwise.
"""

import collections
import io
import os
import pathlib
import pickle
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from other_python import run_again_with

try:
    import numpy as np
    import onnx
    from onnx import numpy_helper
except ImportError:
    onnx = None
    run_again_with("onnx", "numpy")

FILE = pathlib.Path(__file__).resolve().parent / "real.test"


class Net:
    """An ONNX file: its tensors, and the nodes on the way of data (not those that compute shapes and constants)."""

    def __init__(self, path):
        graph = onnx.load(str(path)).graph
        self.graph = graph
        self.tensors = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        carries = {i.name for i in graph.input if i.name not in self.tensors}
        self.nodes = []
        for node in graph.node:
            if node.op_type != "Shape" and carries.intersection(node.input):
                self.nodes.append(node)
                carries.update(node.output)
        self.maker = {name: node for node in self.nodes for name in node.output}

    def of(self, operator):
        return [node for node in self.nodes if node.op_type == operator]

    def producers(self, node):
        return [self.maker[name] for name in node.input if name in self.maker]

    def readers(self, node):
        return [other for other in self.nodes if set(node.output) & set(other.input)]

    def module(self, node):
        """What the node's weight is called, without its last part."""
        return node.input[1].rsplit(".", 1)[0]

    def parameters(self, node):
        return sum(self.tensors[name].size for name in node.input if name in self.tensors)


def attribute(node, name, otherwise=None):
    for one in node.attribute:
        if one.name == name:
            return onnx.helper.get_attribute_value(one)
    return otherwise


class Weights(pickle.Unpickler):
    """The state dict of a zip-based .pth."""

    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)
        self.root = self.archive.namelist()[0].split("/")[0]
        super().__init__(io.BytesIO(self.archive.read(self.root + "/data.pkl")))

    def find_class(self, module, name):
        if name == "_rebuild_tensor_v2":
            return self.rebuild
        if name == "OrderedDict":
            return collections.OrderedDict
        if name.endswith("Storage"):
            return name
        raise pickle.UnpicklingError(module + "." + name)

    def persistent_load(self, place):
        return place[1], place[2]

    def rebuild(self, storage, offset, size, stride, *_):
        dtype = {"FloatStorage": "<f4", "LongStorage": "<i8"}[storage[0]]
        values = np.frombuffer(self.archive.read(f"{self.root}/data/{storage[1]}"), dtype)
        return values[offset:offset + int(np.prod(size))].reshape(size)


def text(value):
    """As the test program writes values."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(text(one) for one in value) + "]"
    if isinstance(value, (float, np.floating)):
        return repr(float(value)) if float(value) != int(value) else str(int(value))
    return str(value)


def rows(values):
    return [" | ".join(text(cell) for cell in row) for row in values]


def figure(values, digits=6):
    """A figure in double precision, as round(x, digits) gives it."""
    return float(repr(round(float(values), digits)))


def cases(data):
    resnet = Net(data / "cifar_resnet20/resnet20.onnx")
    detectors = [Net(data / f"fastestdet/{v}_FastestDet.onnx") for v in ("v0", "v2", "v3")]
    weights = Weights(data / "fastestdet/weight_AP05_0.253207_280-epoch.pth").load()
    cntk = Net(data / "ort_mnist/c_cxx_MNIST_mnist.onnx")
    mlp = Net(data / "ort_mnist/python_mnist_mnist_original.onnx")
    burn = [Net(data / "burn_mnist" / f) for f in
            ("burn-import_tests_onnx_mnist.onnx", "examples_onnx-inference_src_model_mnist.onnx")]
    doubles = {name: tensor.astype(np.float64) for name, tensor in resnet.tensors.items()}

    # ---- resnet20.onnx
    counts = collections.Counter(node.op_type for node in resnet.nodes)
    sums = collections.Counter()
    for node in resnet.nodes:
        sums[node.op_type] += resnet.parameters(node)
    yield ('select n.op, count(*) c, sum(n.parameter_count) p from nodes n where n.version.name = "resnet20"\n'
           "group by n.op order by c desc, n.op",
           rows((op, counts[op], sums[op]) for op in sorted(counts, key=lambda op: (-counts[op], op))))
    yield ('select n.name from nodes n where n.version.name = "resnet20" and n.op = "Conv" and n.strides[0] = 2',
           [resnet.module(node) for node in resnet.of("Conv") if attribute(node, "strides")[0] == 2])
    yield ('select n.name, n.prev p from m, unnest(m["@ADD"]) n where m.name = "resnet20" and n.prev has RELU() and\n'
           'not n.name like "%layer1%"',
           rows((node.name, [resnet.module(p) if p.op_type == "BatchNormalization" else
                             p.name if "_1" in p.name else p.name[1:].rsplit("/", 1)[0] for p in
                             sorted(resnet.producers(node), key=resnet.nodes.index)])
                for node in resnet.of("Add") if "layer1" not in node.name and
                any(p.op_type == "Relu" for p in resnet.producers(node))))
    yield ('select size(m["conv1"].next*), size(m["linear"].prev*) from m where m.name = "resnet20"',
           rows([(len(resnet.nodes) - 1, len(resnet.nodes) - 1)]))
    largest = sorted((name for name, t in doubles.items() if t.size == 36864),
                     key=lambda name: -np.linalg.norm(doubles[name].ravel()))
    yield ('select t.name, round(norm(t), 6), round(norm(t, 1), 4), round(norm(t, inf), 6) from tensors t\n'
           'where t.version.name = "resnet20" and t.numel = 36864 order by norm(t) desc limit 3',
           rows((name, figure(np.linalg.norm(doubles[name].ravel())), figure(np.abs(doubles[name]).sum(), 4),
                 figure(np.abs(doubles[name]).max())) for name in largest[:3]))
    linear = doubles["linear.weight"]
    yield ('select round(mean(t), 9), round(std(t), 9), round(min(t), 6), round(max(t), 6), round(sparsity(t, 0.1), 6),\n'
           'nan_count(t) + inf_count(t) from m, unnest(m["linear"].weight) t where m.name = "resnet20"',
           rows([(figure(linear.mean(), 9), figure(linear.std(), 9), figure(linear.min()), figure(linear.max()),
                  figure((np.abs(linear) <= 0.1).mean()), 0)]))
    variances = sorted((doubles[node.input[4]].mean(), resnet.module(node)) for node in
                       resnet.of("BatchNormalization") if node.input[1].startswith("layer3"))
    yield ('select n.name, round(first(mean(n.variance)), 6) v from nodes n\n'
           'where n.version.name = "resnet20" and n.family = "NORM" and n.name like "layer3%" order by v limit 3',
           rows((name, figure(value)) for value, name in variances[:3]))
    share = [name for name, t in doubles.items() if t.ndim == 4 and (np.abs(t) <= 0.01).mean() > 0.25]
    yield ('select count(*) from tensors t where t.version.name = "resnet20" and size(t.shape) = 4 and sparsity(t, 0.01) > 0.25',
           [str(len(share))])
    yield ('select count(*) from edges e where e.version.name = "resnet20" and e.target.op = "Add"',
           [str(sum(len(resnet.producers(node)) for node in resnet.of("Add")))])
    behind = resnet.nodes[next(i for i, n in enumerate(resnet.nodes) if n.op_type == "Conv" and
                               resnet.module(n) == "layer3.2.conv1"):]
    named = [resnet.module(n) if len(n.input) > 1 and n.input[1] in resnet.tensors else
             n.name if n.op_type != "Relu" or "_1" in n.name else n.name[1:].rsplit("/", 1)[0] for n in behind]
    yield ('slice s from m where m.name = "resnet20" mutate s.input = m["layer3.2.conv1"] and s.output = m["linear"]',
           ["s of resnet20:v1: " + " ".join(named)])

    # ---- FastestDet
    sizes = {tuple(d.dim_value for d in one.graph.input[0].type.tensor_type.shape.dim) for one in detectors}
    yield ('select count(*), count(distinct m.network_id) from m where m.name = "fastestdet"', rows([(3, len(sizes))]))
    groups = [attribute(node, "group", 1) for node in detectors[0].of("Conv")]
    yield ('select count(*), sum(n.group) from nodes n where n.version.reference = "fastestdet:v1" and n.group > 1',
           rows([(sum(g > 1 for g in groups), sum(g for g in groups if g > 1))]))
    yield ('select m.reference, n.shape from m, unnest(m.output) n where m.name = "fastestdet"',
           rows((f"fastestdet:v{i + 1}", [d.dim_value for d in one.graph.output[0].type.tensor_type.shape.dim])
                for i, one in enumerate(detectors)))
    yield ('select m.reference where m["@POOL"] has POOL("AVG") and m["@POOL"] has POOL("MAX", 3, 3) and\n'
           'not m["@NORM"] exists and m["@SOFTMAX"].axis in (-1, 3) and m.name = "fastestdet"',
           [f"fastestdet:v{i + 1}" for i, one in enumerate(detectors) if one.of("AveragePool") and one.of("MaxPool")
            and not one.of("BatchNormalization") and any(attribute(n, "axis") in (-1, 3) for n in one.of("Softmax"))])
    common = [name for name, tensor in detectors[1].tensors.items() if tensor.size > 8000 and name in detectors[2].tensors]
    yield ('select a.name, round(distance(a, b), 5), round(cosine(a, b), 6) from tensors a, tensors b\n'
           'where a.version.reference = "fastestdet:v2" and b.version.reference = "fastestdet:v3" and a.name = b.name and\n'
           'a.numel > 8000 and a.dtype = "f32" order by a.name',
           rows((name, figure(np.linalg.norm((x - y).ravel()), 5),
                 figure((x * y).sum() / np.linalg.norm(x.ravel()) / np.linalg.norm(y.ravel())))
                for name, x, y in ((n, detectors[1].tensors[n].astype(float), detectors[2].tensors[n].astype(float))
                                   for n in sorted(common)) if detectors[1].tensors[name].dtype == np.float32))
    yield ('select m.reference, round(first(norm(m["Conv_3"].weight)), 6) w from m where m.name = "detector" and\n'
           'norm(m["Conv_3"].weight) > 1.5',
           rows([("detector:v1", figure(np.linalg.norm(weights["backbone.stage2.0.branch_proj.0.weight"].astype(float).ravel())))]))
    yield ('select t.name from m, unnest(m["Conv_[3,6]"].parameters) t where m.name = "detector"',
           ["backbone.stage2.0.branch_proj.0.weight", "backbone.stage2.0.branch_proj.1.bias",
            "backbone.stage2.0.branch_main.0.weight", "backbone.stage2.0.branch_main.1.bias"])

    # ---- MNIST
    first = cntk.of("Conv")[0]
    chain = cntk.readers(cntk.readers(cntk.readers(first)[0])[0])[0]
    yield (f'select m["{first.name}"].next.next.next n, m["Times212"].prev p from m where m.name = "cntk"',
           rows([([chain.name], [p.name for p in cntk.producers(cntk.of("MatMul")[0])])]))
    yield ('select m.reference where m["@FULL"] has FULL(units=10) order by m.reference',
           ["burn:v1", "burn:v2", "cntk:v1", "mlp:v1", "resnet20:v1"])
    tensor = mlp.tensors["fc1.weight"].astype(np.float64)
    yield ('select t.shape, round(norm(t), 6), round(norm(t, 1), 3), round(std(t), 8), t.numel from tensors t\n'
           'where t.version.name = "mlp" and t.name = "fc1.weight"',
           rows([(list(tensor.shape), figure(np.linalg.norm(tensor.ravel())), figure(np.abs(tensor).sum(), 3),
                  figure(tensor.std(), 8), tensor.size)]))
    yield ('select m.reference, size(m["@CONV"]) from m where all m["@CONV"].next has RELU() order by m.reference',
           rows((f"burn:v{i + 1}", len(one.of("Conv"))) for i, one in enumerate(burn) if
                all(r.op_type == "Relu" for n in one.of("Conv") for r in one.readers(n))))
    names = [[one.module(n) if n.op_type in ("Conv", "Gemm", "BatchNormalization") else n.name for n in one.nodes]
             for one in burn]
    yield ('select n.name from nodes n where n.version.reference = "burn:v2" and not exists\n'
           '  (select o from nodes o where o.version.reference = "burn:v1" and o.name = n.name)',
           [name for name in names[1] if name not in names[0]])
    yield ('construct c from m where m.reference = "burn:v2" mutate m["@NORM"].delete', ["c of burn:v2: " + " ".join(names[0])] + [f"note deleted {name} (BatchNormalization)" for name in names[1]
                                                       if name not in names[0]])


def main():
    if "DLV_SHARED_DATA" not in os.environ or onnx is None:
        print("DLV_SHARED_DATA is not set, or onnx is not installed: WHAT real.test EXPECTS IS NOT CHECKED")
        return 77
    written = ["# Networks of real ONNX files; written by derive_real.py, which computes what is expected with onnx and numpy.\n"]
    for statement, expected in cases(pathlib.Path(os.environ["DLV_SHARED_DATA"])):
        written.append(statement + "\n----\n" + "".join(line + "\n" for line in expected))
    whole = "\n".join(written)
    if "--write" in sys.argv:
        FILE.write_text(whole)
        return 0
    if FILE.read_text() == whole:
        print(f"{len(written) - 1} statements")
        return 0
    print(f"{FILE.name} is not what the files say; derive_real.py --write writes it anew")
    return 1


if __name__ == "__main__":
    sys.exit(main())
