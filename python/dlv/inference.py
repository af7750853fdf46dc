"""Running the network of a version on arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, overload

import numpy as np

from dlv import _core
from dlv.arrays import is_torch
from dlv.evaluation import ProgressiveReport, report_from


class ValueInfo(NamedTuple):
    """An input or output of a network. Sizes that are not known before it runs are None."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]


class Prediction(NamedTuple):
    """What the network says of one input."""

    #: The greatest scores, the greatest first; none where one of the scores is NaN.
    classes: tuple[int, ...]
    #: "certified" or "certified-full" (proved), "heuristic" or "computed" (not).
    status: str
    #: Between the least score of `classes` and the greatest outside.
    margin: float
    #: That is proved of the margin; 0: nothing is.
    lower_bound: float
    #: Of the table of profiles at which it was answered.
    step: int
    #: Of "computed" in progressive sessions: "tie", "not a number", "operator", ...
    reason: str

    @property
    def label(self) -> int:
        """The class with the greatest score; -1: there is none."""
        return self.classes[0] if self.classes else -1

    @property
    def proved(self) -> bool:
        return self.status in ("certified", "certified-full")


class Predictions(Sequence[Prediction]):
    """The predictions of a batch: one by one, or as columns."""

    def __init__(self, rows: list[Prediction]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, key: int) -> Prediction: ...
    @overload
    def __getitem__(self, key: slice) -> Predictions: ...
    def __getitem__(self, key: Any) -> Any:
        return Predictions(self._rows[key]) if isinstance(key, slice) else self._rows[key]

    def __iter__(self) -> Iterator[Prediction]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<dlv.Predictions {len(self)}, {int(self.proved.sum())} proved>"

    @property
    def labels(self) -> np.ndarray:
        """The first classes, int64; -1 where there is none."""
        return np.array([row.label for row in self._rows], np.int64)

    @property
    def classes(self) -> np.ndarray:
        """All classes, int64 [inputs, top]; -1 where there is none."""
        top = max((len(row.classes) for row in self._rows), default=0)
        filled = [row.classes if row.classes else (-1,) * top for row in self._rows]
        return np.array(filled, np.int64).reshape(len(filled), top)

    @property
    def margins(self) -> np.ndarray:
        return np.array([row.margin for row in self._rows], np.float64)

    @property
    def proved(self) -> np.ndarray:
        return np.array([row.proved for row in self._rows], np.bool_)

    @property
    def statuses(self) -> list[str]:
        return [row.status for row in self._rows]


class Session:
    """A version's network, ready to run; `Repository.session` opens it. Several threads take turns. Calls release the interpreter's lock,
    and Ctrl-C stops them.
    """

    def __init__(self, open_core: Callable[[int], _core.NetworkSession], reference: str, top: int, progressive: bool) -> None:
        self._open = open_core
        self._cores = {top: open_core(top)}
        self._top = top
        self._progressive = progressive
        self.reference = reference

    def __repr__(self) -> str:
        return f"<dlv.Session {self.reference}{', progressive' if self._progressive else ''}>"

    @property
    def _core(self) -> _core.NetworkSession:
        return self._cores[self._top]

    @property
    def inputs(self) -> list[ValueInfo]:
        return [ValueInfo(*value) for value in self._core.inputs]

    @property
    def outputs(self) -> list[ValueInfo]:
        return [ValueInfo(*value) for value in self._core.outputs]

    @property
    def report(self) -> ProgressiveReport:
        """Of a progressive session: over all inputs that `predict` was given with the session's own `top`."""
        return report_from(self._core.report())

    def run(self, inputs: Any = None, /, **named: Any) -> Any:
        """Returns the outputs for a batch: float32, an array where the network has one output, else {name: array}.

        inputs  an array [batch, ...]; a dict or keywords by the names of the inputs, or a sequence, where there are several.
                float32 in C order is not copied on its way; other numbers become float32. An input of whole numbers (tokens) takes
                whole ones up to 2^24

        What comes in is what the network takes: preprocessing is the caller's.
        Raises InvalidArgumentError (shapes, with what was got and wanted), UnsupportedError (an output of whole numbers), TypeError.
        """
        outputs = self._core.run(self._ordered(inputs, named))
        names = [value.name for value in self.outputs]
        return outputs[0] if len(outputs) == 1 else dict(zip(names, outputs))

    def predict(self, inputs: Any, /, *, top: int | None = None) -> Predictions:
        """Returns, for each input of the batch, the `top` classes with the greatest scores, and how they are known.

        Raises InvalidArgumentError (shapes; an output that is no list of scores; fewer classes than `top`), CorruptionError.
        """
        wanted = self._top if top is None else top
        if isinstance(wanted, bool) or wanted < 1:
            raise ValueError(f"top {wanted!r}: want 1 and more")
        core = self._core
        if self._progressive:  # what is proved is a set of so many
            if wanted not in self._cores:
                self._cores[wanted] = self._open(wanted)
            core = self._cores[wanted]
        batch = _floats(inputs, self._first_dtype())
        return Predictions([Prediction(*answer) for answer in core.classify(batch, wanted)])

    def _first_dtype(self) -> str:
        return self.inputs[0].dtype if self.inputs else "f32"

    def _ordered(self, inputs: Any, named: Mapping[str, Any]) -> list[np.ndarray]:
        if named:
            if inputs is not None:
                raise TypeError("inputs by place or by name, not both")
            inputs = named
        if isinstance(inputs, Mapping):
            names = [value.name for value in self.inputs]
            if set(inputs) != set(names):
                raise _core.InvalidArgumentError(f"inputs {', '.join(map(str, inputs))}, want {', '.join(names)}")
            return [_floats(inputs[value.name], value.dtype) for value in self.inputs]
        if isinstance(inputs, (tuple, list)) and inputs and all(hasattr(item, "shape") for item in inputs) and len(self.inputs) > 1:
            dtypes = [value.dtype for value in self.inputs] + ["f32"] * len(inputs)
            return [_floats(item, dtype) for item, dtype in zip(inputs, dtypes)]
        if inputs is None:
            raise TypeError("run takes an array, or arrays by name")
        return [_floats(inputs, self._first_dtype())]


def _floats(value: Any, dtype: str) -> np.ndarray:
    """The numbers as float32, for an input of `dtype`: whole numbers that it takes must be exact."""
    array = value.detach().cpu().numpy() if is_torch(value) else np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"an input of type {array.dtype}, want numbers")
    if dtype[0] in "iu" and array.dtype.kind in "iu" and array.size and max(int(array.max()), -int(array.min())) > 2**24:
        raise _core.InvalidArgumentError(f"whole numbers to {int(array.max())}, want none beyond 2^24")
    return np.asarray(array, np.float32, order="C")
