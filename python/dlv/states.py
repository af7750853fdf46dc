"""Nested states: between what a training script holds and named tensors.

A flat state dict needs nothing but its tensors. Everything else, such as {"model": ..., "optimizer": ..., "epoch": 3}, is written
down in a small file, state.json, that is kept beside the tensors.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from dlv import arrays

FILE_NAME = "state.json"
_FORMAT = 1
#: Keys below which the parameters lie; tensor names begin after them.
_ROOT_KEYS = ("model", "state_dict", "model_state_dict", "net", "weights")
_OPTIMIZER_KEYS = ("optimizer", "optimizer_state_dict", "optim", "optimizers")
_BUFFER_NAMES = ("running_mean", "running_var", "num_batches_tracked")
_MAX_DEPTH = 64


class FlatState(NamedTuple):
    """The tensors as (name, role, array), and the text of state.json where names alone do not say all."""

    tensors: list[tuple[str, str, Any]]
    structure: str | None


def flatten(state: Any, *, optimizer: bool = True) -> FlatState:
    """Raises TypeError for what is neither tensor, container, number nor text; ValueError where two tensors get one name."""
    buffers: frozenset[str] = frozenset()
    if hasattr(state, "state_dict") and hasattr(state, "named_buffers"):
        buffers = frozenset(name for name, _ in state.named_buffers())
        state = state.state_dict()
    builder = _Builder(buffers, optimizer)
    if not isinstance(state, Mapping):
        raise TypeError(f"a {type(state).__name__} is not a state: want a dict of tensors, an nn.Module or the paths of files")
    tree = builder.node(state, (), "parameter", 0)
    flat = all(arrays.is_array(value) and isinstance(key, str) for key, value in state.items())
    structure = None if flat else json.dumps({"dlv_state": _FORMAT, "state": tree}, ensure_ascii=False)
    return FlatState(builder.tensors, structure)


class _Builder:
    def __init__(self, buffers: frozenset[str], optimizer: bool) -> None:
        self.tensors: list[tuple[str, str, Any]] = []
        self._buffers = buffers
        self._optimizer = optimizer
        self._names: set[tuple[str, str]] = set()

    def node(self, value: Any, path: tuple[str, ...], role: str, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise ValueError(f"{'.'.join(path)}: nested deeper than {_MAX_DEPTH}")
        if arrays.is_array(value):
            return self._tensor(value, path, role)
        if isinstance(value, Mapping):
            return {"dict": [self._item(key, item, path, role, depth) for key, item in value.items() if self._wanted(key, depth)]}
        if isinstance(value, (list, tuple)):
            kind = "tuple" if isinstance(value, tuple) else "list"
            return {kind: [self.node(item, (*path, str(i)), role, depth + 1) for i, item in enumerate(value)]}
        return {"value": _plain(value, path)}

    def _wanted(self, key: Any, depth: int) -> bool:
        return self._optimizer or depth > 0 or key not in _OPTIMIZER_KEYS

    def _item(self, key: Any, value: Any, path: tuple[str, ...], role: str, depth: int) -> list[Any]:
        if not isinstance(key, (str, int)) or isinstance(key, bool):
            raise TypeError(f"{'.'.join(path) or 'state'}: a key is a {type(key).__name__}, want text or a whole number")
        if depth == 0 and key in _OPTIMIZER_KEYS:
            role = "optimizer"
        below = () if depth == 0 and key in _ROOT_KEYS and isinstance(value, Mapping) else (*path, str(key))
        return [key, self.node(value, below, role, depth + 1)]

    def _tensor(self, value: Any, path: tuple[str, ...], role: str) -> dict[str, Any]:
        name = ".".join(path)
        if role == "parameter" and (name in self._buffers or name.rsplit(".", 1)[-1] in _BUFFER_NAMES):
            role = "buffer"
        if (role, name) in self._names:
            raise ValueError(f"two tensors would be named {name!r}")
        self._names.add((role, name))
        self.tensors.append((name, role, value))
        return {"tensor": name}


def _plain(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{'.'.join(path)}: dlv cannot keep a {type(value).__name__}; want tensors, numbers, text, dicts and lists")


def nest(structure: str, tensors: Mapping[str, Any]) -> Any:
    """Returns the state that `flatten` saw. Raises ValueError where the text is not what it writes, KeyError for a missing tensor."""
    document = json.loads(structure)
    if not isinstance(document, dict) or document.get("dlv_state") != _FORMAT:
        raise ValueError(f"{FILE_NAME}: want the format dlv_state {_FORMAT}")
    return _value(document["state"], tensors)


def _value(node: Any, tensors: Mapping[str, Any]) -> Any:
    if not isinstance(node, dict) or len(node) != 1:
        raise ValueError(f"{FILE_NAME}: {str(node)[:60]!r} is not a node")
    kind, content = next(iter(node.items()))
    if kind == "tensor":
        return tensors[content]
    if kind == "dict":
        return {key: _value(item, tensors) for key, item in content}
    if kind == "list":
        return [_value(item, tensors) for item in content]
    if kind == "tuple":
        return tuple(_value(item, tensors) for item in content)
    if kind == "value":
        return float(content["float"]) if isinstance(content, dict) else content
    raise ValueError(f"{FILE_NAME}: unknown node {kind!r}")
