"""What evaluations say: figures of versions on data, whole and progressively."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Union

import numpy as np

from dlv.arrays import is_torch

PathLike = Union[str, "os.PathLike[str]"]
Progress = Callable[[str, int, int], None]
#: Examples as a path, or in memory: an array, or (array, labels).
Data = Union[PathLike, np.ndarray, Sequence[Any]]


class ClassFigures(NamedTuple):
    """How one class fared: examples with its label, how many of these were named so, and how many of all were."""

    name: str
    examples: int
    right: int
    predicted: int

    @property
    def recall(self) -> float:
        return self.right / self.examples if self.examples else float("nan")

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else float("nan")


class BitsPerWeight(NamedTuple):
    """Bits a weight over the inputs, each from cold; `full` is that of a full read."""

    mean: float
    p50: float
    p99: float
    full: float


class ProgressiveLevel(NamedTuple):
    """A weight tensor at a step: its leading bits, sign first, or by significance the last step of bits that are known."""

    parameter: str
    planes: int
    exact: bool
    by_significance: bool = False


class PlainDifference(NamedTuple):
    """An input that plain inference answers otherwise."""

    input: int
    answer: int
    plain: int
    margin: float


class CertificateFault(NamedTuple):
    """A line of a certificate file that is not what the packs say."""

    line: int
    what: str


@dataclass(frozen=True)
class ProgressiveStep:
    """One step of the table of profiles, and what became of the inputs there."""

    levels: list[ProgressiveLevel]
    plane_bytes: int
    all_bytes: int
    plane_bits: float
    all_bits: float
    inputs: int
    certified_forward: int
    certified_backward: int
    heuristic: int
    left: int
    seconds: float


@dataclass(frozen=True)
class MaterialisedFigures:
    """What the same inputs take where every tensor is stored in full."""

    certified: int
    full_bytes: int
    plane_bits: BitsPerWeight
    all_bits: BitsPerWeight


@dataclass(frozen=True)
class ProgressiveReport:
    """How many answers are proved, from how many bits, and in what time. A heuristic answer is no proof."""

    inputs: int
    certified: int
    certified_full: int
    heuristic: int
    computed: int
    #: Why answers are computed, and how many each: "tie", "not a number", "operator", "margin below rounding", "no class outside".
    reasons: dict[str, int]
    steps: list[ProgressiveStep] = field(repr=False)
    parameter_elements: int
    full_bytes: int
    bound_bytes: int
    #: From packs, once for all inputs.
    fetched_bytes: int
    #: Of these, before anything was answered.
    opening_bytes: int
    #: Coded planes alone; and with headers, chains of bases, biases and bounds.
    plane_bits: BitsPerWeight
    all_bits: BitsPerWeight
    stored_tensors: int
    #: Of these, stored as differences to others.
    delta_tensors: int
    #: None: not counted, since tensors are stored as differences and `materialised` was not given.
    materialised: MaterialisedFigures | None
    #: Of centres: "f32" or "f64".
    precision: str
    #: Inputs that f32 left open, tried in f64.
    escalated: int
    #: The node that no rule knows; empty: there is a rule for all.
    stopped_by: str
    seconds: float
    bound_seconds: float
    #: The most memory that inputs, values, bounds and weights took together.
    peak_bytes: int
    #: 0: not compared.
    plain_seconds: float
    plain_differences: int
    differences: list[PlainDifference] = field(repr=False)

    @property
    def proved(self) -> int:
        """Answers with a proof."""
        return self.certified + self.certified_full


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One version on data."""

    reference: str
    id: str
    data: str
    format: str
    #: As carried out.
    preprocess: str
    examples: int
    #: "top1", "top5": shares from 0 to 1; "loss": mean cross entropy in nats.
    metrics: dict[str, float]
    #: Examples with a NaN among their scores; they count as wrong.
    undefined: int
    classes: list[ClassFigures] = field(repr=False)
    #: Row, the label; column, the class named. None unless asked for.
    confusion: np.ndarray | None = field(repr=False)
    seconds: float = field(repr=False)
    peak_bytes: int = field(repr=False)
    warnings: list[str]

    def __getitem__(self, metric: str) -> float:
        """A metric by name."""
        return self.metrics[metric]


@dataclass(frozen=True, eq=False)
class ProgressiveEvaluation(Evaluation):
    """One version on data, from a few bits of its weights."""

    #: SHA-256 of the examples as they are read.
    data_sha256: str
    run: ProgressiveReport


@dataclass(frozen=True)
class ProgressivePreparation:
    """Bounds and profiles that were computed of a version, and are kept."""

    reference: str
    id: str
    #: 0: from random numbers.
    calibration_examples: int
    steps: list[ProgressiveStep] = field(repr=False)
    parameter_elements: int
    stopped_by: str
    seconds: float


@dataclass(frozen=True)
class CertificateReport:
    """What checking a file of certificates found; it is true where there is no fault."""

    reference: str
    id: str
    inputs: int
    proved: int
    #: Heuristic or computed: nothing to prove.
    unproved: int
    #: What the file says and nothing proves or refutes: the program, the name of the version.
    notices: list[str]
    faults: list[CertificateFault]
    fault_count: int
    seconds: float

    def __bool__(self) -> bool:
        return self.fault_count == 0


def steps_from(made: Sequence[Mapping[str, Any]]) -> list[ProgressiveStep]:
    return [ProgressiveStep(**{**step, "levels": [ProgressiveLevel(*level) for level in step["levels"]]}) for step in made]


def report_from(made: Mapping[str, Any]) -> ProgressiveReport:
    """Returns the record of what the library's dict holds."""
    figures = made["materialised"]
    if figures is not None:
        bits = {name: BitsPerWeight(*figures[name]) for name in ("plane_bits", "all_bits")}
        figures = MaterialisedFigures(**{**figures, **bits})
    return ProgressiveReport(**{
        **made,
        "steps": steps_from(made["steps"]),
        "plane_bits": BitsPerWeight(*made["plane_bits"]),
        "all_bits": BitsPerWeight(*made["all_bits"]),
        "materialised": figures,
        "differences": [PlainDifference(*one) for one in made["differences"]],
    })


def _fields_from(made: Mapping[str, Any]) -> dict[str, Any]:
    count = len(made["classes"])
    confusion = np.array(made["confusion"], np.int64).reshape(count, count) if made["confusion"] else None
    return {**made, "classes": [ClassFigures(*one) for one in made["classes"]], "confusion": confusion}


def evaluation_from(made: Mapping[str, Any]) -> Evaluation:
    return Evaluation(**_fields_from(made))


def progressive_from(made: Mapping[str, Any]) -> ProgressiveEvaluation:
    return ProgressiveEvaluation(**{**_fields_from(made), "run": report_from(made["run"])})


def preparation_from(made: Mapping[str, Any]) -> ProgressivePreparation:
    return ProgressivePreparation(**{**made, "steps": steps_from(made["steps"])})


def certificate_from(made: Mapping[str, Any]) -> CertificateReport:
    return CertificateReport(**{**made, "faults": [CertificateFault(*one) for one in made["faults"]]})


@contextlib.contextmanager
def as_file(data: Data | None, name: str = "data") -> Iterator[str]:
    """Gives the path of examples; those in memory are in a file meanwhile."""
    if data is None or isinstance(data, (str, os.PathLike)):
        yield "" if data is None else os.fspath(data)
        return
    examples, labels = data if isinstance(data, (tuple, list)) and len(data) == 2 else (data, None)
    arrays = {"x": _array(examples)}
    if labels is not None:
        arrays["y"] = _array(labels)
    with tempfile.TemporaryDirectory(prefix="dlv-") as folder:
        path = os.path.join(folder, name + ".npz")
        np.savez(path, **arrays)
        yield path


def in_memory(data: Data | None) -> bool:
    return data is not None and not isinstance(data, (str, os.PathLike))


def _array(value: Any) -> np.ndarray:
    array = value.detach().cpu().numpy() if is_torch(value) else np.asarray(value)
    if array.dtype == object:
        raise TypeError("examples and labels are arrays of numbers; a pair is (examples, labels)")
    return array
