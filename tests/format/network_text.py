"""Reads dlv's text form of networks (docs/network.md, "Text form"), without subgraphs."""

import ast
import re

import numpy as np

TOKEN = re.compile(r'//[^\n]*|"(?:[^"\\]|\\.)*"|[A-Za-z_/][\w./]*|[-+]?\d[\w.+-]*|->|\S')
DTYPES = {"f64": np.float64, "f32": np.float32, "i64": np.int64, "i32": np.int32, "bool": np.bool_}


class Reader:
    def __init__(self, text):
        self.tokens = [token for token in TOKEN.findall(text) if not token.startswith("//")]
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.peek()
        if wanted is not None and token != wanted:
            raise ValueError(f'token {self.at}: "{token}", want "{wanted}"')
        self.at += 1
        return token

    def skip(self, token):
        return self.peek() == token and bool(self.take())

    def name(self):
        token = self.take()
        return ast.literal_eval(token) if token.startswith('"') else token

    def listed(self, close, item):
        items = []
        while not self.skip(close):
            items.append(item())
            self.skip(",")
        return items

    def number(self):
        token = self.take()
        return float(token) if re.search(r"[.eni]", token) else int(token)

    def shape(self):
        return self.listed("]", lambda: None if self.peek() == "?" and self.take() else int(self.take())) if self.skip("[") else None

    def type(self):
        return self.skip(":") and (self.take(), self.shape())

    def constant(self, dtype):
        shape = self.shape() or []
        if self.skip("hex"):
            flat = np.frombuffer(bytes.fromhex(self.name()), DTYPES[dtype])
        else:
            self.take("(")
            flat = np.array(self.listed(")", self.number), DTYPES[dtype])
        return flat.reshape(shape)

    def value(self):
        if self.peek() in ("reals", "texts"):
            self.take()
        if self.skip("["):
            return self.listed("]", self.value)
        if self.peek().startswith('"'):
            return self.name()
        return self.constant(self.take()) if self.peek() in DTYPES else self.number()

    def operand(self):
        if self.skip("-"):
            return "absent", None
        kind = {"@": "input", "$": "parameter", "#": "constant"}.get(self.peek(), "node")
        if kind != "node":
            self.take()
        name = int(self.take()) if kind == "constant" else self.name()
        if kind == "node" and self.skip(":"):
            self.take()
        return kind, name


def attribute(reader):
    name = reader.name()
    reader.take("=")
    return name, reader.value()


def read_node(reader):
    name = reader.name()
    if reader.skip("was"):
        reader.name()
    reader.take("=")
    domain = reader.name() if reader.peek().startswith('"') else ""
    op = reader.name()
    reader.take("(")
    operands = reader.listed(")", reader.operand)
    attributes = dict(reader.listed("}", lambda: attribute(reader))) if reader.skip("{") else {}
    shape = None
    if reader.skip("->"):
        while True:
            reader.name()
            kind = reader.type()
            shape = shape or (kind and kind[1])
            if not reader.skip(","):
                break
    return {"name": name, "op": op, "domain": domain, "operands": operands, "attributes": attributes, "shape": shape}


def read_network(text):
    """Returns a dictionary: inputs, parameters (names), shapes of parameters, constants, nodes, outputs."""
    reader = Reader(text)
    reader.take("network")
    reader.name()
    reader.take("{")
    network = {"inputs": [], "parameters": [], "shapes": {}, "constants": {}, "nodes": [], "outputs": []}
    while not reader.skip("}"):
        kind = reader.take()
        if kind == "operators":
            reader.name(), reader.take()
        elif kind in ("input", "parameter"):
            name = reader.name()
            shape = reader.type()
            if reader.skip("="):
                reader.name()
            if kind == "input":
                network["inputs"].append((name, shape and shape[1]))
            else:
                network["parameters"].append(name)
                network["shapes"][name] = shape and shape[1]
        elif kind == "constant":
            number = int(reader.take())
            reader.take("=")
            network["constants"][number] = reader.constant(reader.take())
        elif kind == "node":
            network["nodes"].append(read_node(reader))
        elif kind == "output":
            name = reader.name()
            reader.take("=")
            network["outputs"].append((name, reader.operand()))
        else:
            raise ValueError(f'token {reader.at}: "{kind}" begins no statement')
    return network


LABEL_LAYERS = ("Accuracy", "SoftmaxWithLoss", "SigmoidCrossEntropyLoss", "MultinomialLogisticLoss", "InfogainLoss", "HingeLoss",
                "EuclideanLoss")


def without_label_layers(parts):
    """The network without Caffe's layers that compare scores with labels (evaluation.md): the scores, of the last such layer first,
    take the place of what they make."""
    def compares(node):
        kinds = [kind for kind, _ in node["operands"][:2]]
        return node["domain"] == "caffe" and node["op"] in LABEL_LAYERS and kinds == ["node", "input"]

    taken = [node for node in parts["nodes"] if compares(node)]
    labels = [node["operands"][1] for node in taken]
    gone = labels + [("node", node["name"]) for node in taken]
    kept = [node for node in parts["nodes"] if not compares(node)]
    read = [operand for node in kept for operand in node["operands"]]
    outputs = [output for output in parts["outputs"] if output[1] not in gone]
    for scores in [node["operands"][0] for node in reversed(taken)]:
        if scores not in read and scores not in [source for _, source in outputs]:
            outputs.append((scores[1], scores))
    if not outputs or any(operand in gone for operand in read):
        return parts
    inputs = [one for one in parts["inputs"] if ("input", one[0]) not in labels]
    return {**parts, "inputs": inputs, "nodes": kept, "outputs": outputs}
