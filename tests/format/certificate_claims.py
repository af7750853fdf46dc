"""What a certificate claims beside its proofs, for the second opinion (certificate_checker.py): docs/progressive.md, "The file"."""

import dataclasses
import hashlib
import json

import numpy as np

WHOLE_STEP = 65535
KEYS = {
    "header": {"dlv", "form", "program", "algorithm", "version", "reference", "network", "preprocess", "data", "top_k", "method", "stop",
               "precision", "tensors", "steps"},
    "data": {"path", "sha256", "first", "examples"},
    "tensor": {"parameter", "id", "dtype", "shape"},
    "input": {"input", "sha256", "status", "reason", "step", "by", "classes", "margin", "lower_bound", "contrasts"},
    "contrast": {"over", "under", "margin", "lower_bound"},
    "footer": {"inputs", "segments", "rules", "bounds"},
    "rule": {"node", "rule"},
}
RULES = {
    "linear": {"Conv", "Gemm", "MatMul"},
    "affine": {"BatchNormalization", "Add", "Sub", "Mul", "Div", "Neg"},
    "kink": {"Relu", "LeakyRelu", "Clip", "Abs"},
    "curve": {"Tanh", "Sigmoid", "Softplus", "Softsign", "Erf", "Gelu", "PRelu", "Elu", "Selu", "Celu", "HardSigmoid", "HardSwish", "Mul"},
    "product": {"Mul"},
    "response": {"LRN"},
    "max of windows": {"MaxPool"},
    "mean of windows": {"AveragePool", "GlobalAveragePool", "ReduceMean"},
    "flatten": {"Flatten", "Reshape", "Squeeze"},
    "pick": {"Slice", "Pad"},
    "sum": {"Add", "Sum", "Sub"},
}
PROVED = ("certified", "certified-full")


@dataclasses.dataclass
class Known:
    """What the certificate should say of things that only the repository and the data know; None: not compared."""
    version: str = None
    network: str = None
    preprocess: str = None
    examples: bytes = None  # as they are kept
    data: str = None
    tensors: list = None  # as in the header
    algorithm: str = "dlv-progressive-4"


def read_certificate(path):
    with open(path, encoding="ascii") as file:
        lines = [json.loads(line) for line in file]
    head, inputs, last = lines[0], lines[1:-1], lines[-1]
    if head.get("dlv") != "certificates" or head["form"] != 2:
        raise ValueError(f"{path}: not certificates of form 2")
    if last.get("inputs") != len(inputs):
        raise ValueError(f"{path}: cut off")
    return head, inputs, last


def faults_of_keys(head, lines, last):
    levels = [level for step in head["steps"] for level in step["levels"]]
    parts = [("header", [head]), ("data", [head["data"]]), ("tensor", head["tensors"]), ("input", lines), ("footer", [last]),
             ("contrast", [c for line in lines for c in line["contrasts"]]), ("rule", last["rules"])]
    faults = [f"{name}: keys {sorted(one)}" for name, ones in parts for one in ones if set(one) != KEYS[name]]
    for one in levels:
        if set(one) not in ({"parameter", "planes", "exact"}, {"parameter", "bit_step", "exact"}):
            faults.append(f"level: keys {sorted(one)}")
    for one in last["segments"]:
        if set(one) not in ({"parameter", "planes", "sha256"}, {"parameter", "bit_step", "sha256"}):
            faults.append(f"segment: keys {sorted(one)}")
    return faults + [f"step: keys {sorted(step)}" for step in head["steps"] if set(step) != {"levels"}]


def faults_of_header(head, known, network):
    faults = []
    for key, words in (("method", ("norms", "intervals")), ("stop", ("certified", "heuristic")), ("precision", ("f64",)),
                       ("algorithm", (known.algorithm,))):
        if head[key] not in words:
            faults.append(f"{key}: {head[key]!r} is not known")
    for key in ("version", "network", "preprocess", "tensors"):
        if getattr(known, key) is not None and head[key] != getattr(known, key):
            faults.append(f"{key}: {head[key]!r} is not what the repository says")
    if known.data is not None and head["data"]["path"] != known.data:
        faults.append("data.path: another one")
    if known.examples is not None and hashlib.sha256(known.examples).hexdigest() != head["data"]["sha256"]:
        faults.append("data.sha256: other examples")
    if [tensor["parameter"] for tensor in head["tensors"]] != [name for name in network.parameters()]:
        faults.append("tensors: not the parameters of the network")
    return faults


def number_of(level):
    return ("bit_step", level["bit_step"]) if "bit_step" in level else ("planes", level["planes"])


def faults_of_levels(head, network):
    faults, read = [], network.read_by_levels()
    for k, step in enumerate(head["steps"]):
        if sorted(level["parameter"] for level in step["levels"]) != sorted(read):
            faults.append(f"step {k}: levels of other parameters than {sorted(read)}")
            continue
        for level in step["levels"]:
            width = 8 * network.tensors[level["parameter"]].itemsize
            all_bits = level["bit_step"] == WHOLE_STEP if "bit_step" in level else level["planes"] == width
            if level["exact"] != all_bits or level.get("planes", 0) > width:
                faults.append(f"{level['parameter']}: {number_of(level)} are {'' if level['exact'] else 'not '}all of them")
    return faults


def faults_of_footer(head, lines, last, network):
    faults = []
    used = {line["step"] for line in lines if line["status"] != "computed"}
    levels = {(level["parameter"], *number_of(level)): level for k in used for level in head["steps"][k]["levels"]}
    if sorted((one["parameter"], *number_of(one)) for one in last["segments"]) != sorted(levels):
        faults.append("segments: not the levels that answers were taken from")
        return faults
    for one in last["segments"]:
        centre = network.centre(one["parameter"], known_of(levels[(one["parameter"], *number_of(one))]))
        if hashlib.sha256(np.ascontiguousarray(centre, np.float64).tobytes()).hexdigest() != one["sha256"]:
            faults.append(f"segments: {one['parameter']} gives other centres at {number_of(one)}")
    nodes = {f"{node['name']} ({node['op']})": node["op"] for node in network.nodes}
    for one in last["rules"]:
        if one["node"] not in nodes or nodes[one["node"]] not in RULES.get(one["rule"], ()):
            faults.append(f"rules: {one['rule']!r} is not the rule of {one['node']!r}")
    ruled = [one["node"] for one in last["rules"]]
    if len(set(ruled)) != len(ruled) or not {name for name, op in nodes.items() if op in RULES["linear"]} <= set(ruled):
        faults.append("rules: a layer with weights has none, or a node two")
    for tensor in (tensor for tensor in head["tensors"] if tensor["parameter"] in network.read_by_levels()):
        if not any(tensor["id"] in key for key in last["bounds"]):
            faults.append(f"bounds: none of {tensor['parameter']}")
    return faults


def is_near(stated, value, scale):
    return stated is not None and abs(stated - value) <= 1e-6 * abs(value) + 1e-9 * scale


def faults_of_line(line, head, scores, truth):
    """`scores`: the centres' at the stated step."""
    faults, inside, scale = [], set(line["classes"]), float(abs(scores).max())
    order = np.argsort(-scores, kind="stable")[:len(inside)]
    if len(inside) != head["top_k"] or set(order.tolist()) != inside:
        return [f"the classes are not {sorted(inside)}"]
    whole = all(level["exact"] for level in head["steps"][line["step"]]["levels"])
    if line["status"] != ("certified-full" if whole else "certified"):
        faults.append(f"{line['status']}, with {'all' if whole else 'some'} bits read")
    if head["stop"] == "heuristic" and line["step"] + 1 != len(head["steps"]):
        faults.append("the increment rule proves nothing before the last step")
    if line["reason"] or line["by"] not in ("forward", "backward"):
        faults.append(f"by {line['by']!r}, because of {line['reason']!r}")
    pairs = sorted((contrast["over"], contrast["under"]) for contrast in line["contrasts"])
    if pairs != sorted((over, under) for over in inside for under in range(len(scores)) if under not in inside):
        return faults + ["contrasts: not one of each class inside and each outside"]
    for contrast in line["contrasts"]:
        name = f"{contrast['over']} over {contrast['under']}"
        margin = scores[contrast["over"]] - scores[contrast["under"]]
        if not is_near(contrast["margin"], margin, scale):
            faults.append(f"{name} is by {margin} at the centre, not {contrast['margin']}")
        difference = truth[contrast["over"]] - truth[contrast["under"]]
        lower = contrast["lower_bound"]
        if lower is None or not 0 < lower <= min(difference + 1e-9 * (1 + abs(difference)), margin + 1e-9 * scale):
            faults.append(f"{name} is by {difference}, not at least {lower}")
    for key in ("margin", "lower_bound"):
        if line[key] is None or line[key] != min(contrast[key] or 0 for contrast in line["contrasts"]):
            faults.append(f"{key}: not the least of the contrasts")
    return faults


def known_of(level):
    """Leading bits, or ("step", the last step)."""
    if level["exact"]:
        return 64
    return ("step", level["bit_step"]) if "bit_step" in level else level["planes"]
