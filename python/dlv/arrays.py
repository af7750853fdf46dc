"""Arrays of numpy and tensors of torch as memory that dlv reads and fills. Torch is imported when it is used, not before."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import numpy as np

#: dlv's names of element types -> numpy's. What numpy lacks is held as its bits.
NUMPY_TYPES = {
    "opaque": np.uint8, "bool": np.bool_, "u8": np.uint8, "i8": np.int8, "u16": np.uint16, "i16": np.int16, "u32": np.uint32,
    "i32": np.int32, "u64": np.uint64, "i64": np.int64, "f16": np.float16, "bf16": np.uint16, "f32": np.float32, "f64": np.float64,
    "f8_e4m3": np.uint8, "f8_e5m2": np.uint8, "c64": np.complex64, "c128": np.complex128,
}
NAMES_OF_NUMPY = {np.dtype(NUMPY_TYPES[name]): name for name in NUMPY_TYPES if name not in ("opaque", "bf16", "f8_e4m3", "f8_e5m2")}
#: dlv's names -> attributes of torch, some of which only newer releases have.
TORCH_TYPES = {
    "opaque": "uint8", "bool": "bool", "u8": "uint8", "i8": "int8", "u16": "uint16", "i16": "int16", "u32": "uint32", "i32": "int32",
    "u64": "uint64", "i64": "int64", "f16": "float16", "bf16": "bfloat16", "f32": "float32", "f64": "float64",
    "f8_e4m3": "float8_e4m3fn", "f8_e5m2": "float8_e5m2", "c64": "complex64", "c128": "complex128",
}


def is_torch(value: Any) -> bool:
    """Whether `value` is a torch.Tensor; false without importing torch where nobody has."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def is_array(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.generic)) or is_torch(value)


def to_buffer(name: str, role: str, value: Any) -> tuple[str, str, str, tuple[int, ...], Any]:
    """Returns (name, role, dtype, shape, C-contiguous little-endian memory). A contiguous tensor on the CPU is not copied."""
    if is_torch(value):
        return name, role, *_torch_buffer(name, value)
    array = np.asarray(value)
    dtype = NAMES_OF_NUMPY.get(array.dtype.newbyteorder("="))
    if dtype is None:
        dtype = _extension_type(array.dtype)
        if dtype is None:
            raise TypeError(f"{name}: dlv cannot keep elements of type {array.dtype}")
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return name, role, dtype, tuple(array.shape), little.reshape(-1).view(np.uint8)


def _extension_type(dtype: np.dtype) -> str | None:
    """The types of the package ml_dtypes, by their names."""
    return {"bfloat16": "bf16", "float8_e4m3fn": "f8_e4m3", "float8_e5m2": "f8_e5m2"}.get(dtype.name)


def _torch_buffer(name: str, tensor: Any) -> tuple[str, tuple[int, ...], Any]:
    import torch

    names = {getattr(torch, attribute): dtype for dtype, attribute in reversed(TORCH_TYPES.items()) if hasattr(torch, attribute)}
    names[torch.uint8] = "u8"
    dtype = names.get(tensor.dtype)
    if dtype is None or tensor.layout != torch.strided:
        raise TypeError(f"{name}: dlv cannot keep a tensor of {tensor.dtype}, {tensor.layout}")
    shape = tuple(tensor.shape)
    flat = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
    return dtype, shape, flat.view(torch.uint8).numpy()


class Receiver:
    """Gives memory for tensors and names them afterwards."""

    def __init__(self, framework: str, widen: bool) -> None:
        if framework not in ("numpy", "torch"):
            raise ValueError(f"framework {framework!r}: want numpy or torch")
        self._torch = framework == "torch"
        self._widen = widen
        self._tensors: list[tuple[str, int, str, Any]] = []

    def allocate(self, name: str, file: int, role: str, dtype: str, shape: tuple[int, ...]) -> Any:
        """Returns writable bytes for a tensor, which stays with this object."""
        array = _torch_empty(name, dtype, shape) if self._torch else np.empty(shape, NUMPY_TYPES[dtype])
        self._tensors.append((name, file, dtype, array))
        if self._torch:
            import torch

            return array.reshape(-1).view(torch.uint8).numpy()
        return array.reshape(-1).view(np.uint8)

    @property
    def ambiguous(self) -> bool:
        return any(count > 1 for count in Counter(name for name, *_ in self._tensors).values())

    def named(self, files: list[str] | None = None) -> dict[str, Any]:
        """Returns the arrays by name, or by "FILE//name"."""
        return {
            f"{files[file]}//{name}" if files and file < len(files) else name: self._finished(dtype, array)
            for name, file, dtype, array in self._tensors
        }

    def _finished(self, dtype: str, array: Any) -> Any:
        return widened(dtype, array) if self._widen and not self._torch else array


def _torch_empty(name: str, dtype: str, shape: tuple[int, ...]) -> Any:
    import torch

    kind = getattr(torch, TORCH_TYPES[dtype], None)
    if kind is None:
        raise TypeError(f"{name}: this release of torch ({torch.__version__}) has no {TORCH_TYPES[dtype]}")
    return torch.empty(shape, dtype=kind)


def widened(dtype: str, bits: np.ndarray) -> np.ndarray:
    """Returns the float32 values of bfloat16 and 8-bit floats, exactly; other arrays as they are."""
    if dtype == "bf16":
        return (bits.astype(np.uint32) << 16).view(np.float32).reshape(bits.shape)
    if dtype == "f8_e5m2":  # the high byte of a binary16
        return (bits.astype(np.uint16) << 8).view(np.float16).astype(np.float32).reshape(bits.shape)
    if dtype == "f8_e4m3":
        return _E4M3_VALUES[bits]
    return bits


def _e4m3_values() -> np.ndarray:
    """The 256 values of OCP's E4M3 "fn": exponent bias 7, no infinities, NaN where all bits but the sign are set."""
    code = np.arange(256)
    sign = np.where(code & 0x80, -1.0, 1.0)
    exponent, mantissa = (code >> 3) & 15, code & 7
    values = sign * np.where(exponent == 0, mantissa * 2.0**-9, (8 + mantissa) * 2.0 ** (exponent - 10.0))
    values[(code & 0x7F) == 0x7F] = np.nan
    return values.astype(np.float32)


_E4M3_VALUES = _e4m3_values()
