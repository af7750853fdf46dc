"""What a repository does with networks: running them, and evaluating them on data."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from typing import Any, overload

from dlv import _core
from dlv._core import Version
from dlv.evaluation import (
    CertificateReport,
    Data,
    Evaluation,
    PathLike,
    ProgressiveEvaluation,
    ProgressivePreparation,
    Progress,
    as_file,
    certificate_from,
    evaluation_from,
    in_memory,
    preparation_from,
    progressive_from,
)
from dlv.inference import Session


class RunsNetworks:
    """A part of Repository."""

    _core: _core.Repository

    def session(
        self,
        reference: str,
        *,
        planes: int = 0,
        progressive: bool = False,
        stop: str = "certified",
        tau: float = 8.0,
        planes_max: int | None = None,
        method: str = "norms",
        top: int = 1,
        threads: int = 0,
    ) -> Session:
        """Opens the network of a version for running it.

        planes       leading bits of every weight that are read, sign first (what is unread counts as zero); 0: all
        progressive  `predict` reads a few bits of every weight first, and more only for inputs whose answer they do not prove
        stop         "certified", or "heuristic": where the margin is `tau` times what the last bits changed; that is no proof
        planes_max   never more leading bits of a weight than these; what is open then is answered from them, without proof
        method       "norms", or "intervals" as a baseline
        top          how many classes `predict` names unless it is told

        Raises NotFoundError (a version, a network), UnsupportedError (an operator, with its node), InvalidArgumentError,
        CorruptionError, StorageError.
        """
        how = {"stop": stop, "tau": tau, "planes_max": planes_max, "method": method}
        name = str(reference)
        return Session(
            lambda most: _core.open_network(self._core, name, planes, progressive, how, most, threads), name, top, progressive
        )

    @overload
    def evaluate(self, references: str, data: Data, **options: Any) -> Evaluation: ...
    @overload
    def evaluate(self, references: Iterable[str], data: Data, **options: Any) -> list[Evaluation]: ...
    def evaluate(
        self,
        references: str | Iterable[str],
        data: Data,
        *,
        preprocess: str | None = None,
        remember: bool = True,
        metrics: str | Iterable[str] = ("top1", "loss"),
        labels: PathLike | None = None,
        array: str | None = None,
        label_array: str | None = None,
        batch: int = 64,
        limit: int | None = None,
        confusion: bool = False,
        predictions: PathLike | None = None,
        save: bool = False,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> Evaluation | list[Evaluation]:
        """Runs networks on data and says how often they name the right class. One reference gives one Evaluation, several a list.

        data         a file or folder (idx, CIFAR binary, .npz, .npy, .safetensors, images), or (examples, labels) in memory
        preprocess   "scale=1/255,mean=0.286,std=0.353"; None: what was remembered with the version; "": nothing is done
        remember     keeps `preprocess` with the version
        metrics      "top1", "top5", "loss"
        labels       a file, where labels are not found by themselves
        array, label_array  in .npz and .safetensors
        predictions  .npz that is written: scores, predicted, labels
        save         records the metrics in the catalog, where queries find them

        Raises InvalidArgumentError (data that do not fit, labels out of range), NotFoundError, UnsupportedError, CorruptionError,
        StorageError.
        """
        given = {
            "preprocess": preprocess,
            "remember": remember,
            "metrics": _words(metrics),
            "labels": labels,
            "array": array,
            "label_array": label_array,
            "batch": batch,
            "limit": limit,
            "confusion": confusion,
            "predictions": predictions,
            "save": save,
        }
        with self._examples(data, given):
            made = _core.evaluate(self._core, _words(references), given, progress, threads)
        found = [evaluation_from(one) for one in made]
        return found[0] if _is_one(references) else found

    @overload
    def evaluate_progressive(self, references: str, data: Data, **options: Any) -> ProgressiveEvaluation: ...
    @overload
    def evaluate_progressive(self, references: Iterable[str], data: Data, **options: Any) -> list[ProgressiveEvaluation]: ...
    def evaluate_progressive(
        self,
        references: str | Iterable[str],
        data: Data,
        *,
        top: int = 1,
        stop: str = "certified",
        tau: float = 8.0,
        planes_max: int | None = None,
        method: str = "norms",
        calibrate: Data | None = None,
        calibrate_limit: int = 256,
        certificate: PathLike | None = None,
        compare: bool = True,
        materialised: bool = False,
        preprocess: str | None = None,
        remember: bool = True,
        labels: PathLike | None = None,
        array: str | None = None,
        label_array: str | None = None,
        batch: int = 64,
        limit: int | None = None,
        confusion: bool = False,
        predictions: PathLike | None = None,
        save: bool = False,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> ProgressiveEvaluation | list[ProgressiveEvaluation]:
        """As `evaluate`, from a few bits of every weight, and more only for the inputs whose answer they do not prove.

        top          the set of so many greatest scores is what is proved, and the metric
        stop, tau, planes_max, method  as in `session`
        calibrate    other examples of the kind, from which it is found how deep to read; None: random numbers
        certificate  a file to write for `verify_certificate`
        compare      also runs the plain network on the same inputs
        materialised also counts what it takes where no tensor is stored as a difference: a second run

        Raises as `evaluate`.
        """
        given = {
            "metrics": [f"top{top}"],
            "stop": stop,
            "tau": tau,
            "planes_max": planes_max,
            "method": method,
            "calibrate_limit": calibrate_limit,
            "certificate": certificate,
            "compare": compare,
            "materialised": materialised,
            "preprocess": preprocess,
            "remember": remember,
            "labels": labels,
            "array": array,
            "label_array": label_array,
            "batch": batch,
            "limit": limit,
            "confusion": confusion,
            "predictions": predictions,
            "save": save,
        }
        with self._examples(data, given), as_file(calibrate, "calibration") as path:
            given["calibrate"] = path
            made = _core.evaluate_progressive(self._core, _words(references), given, progress, threads)
        found = [progressive_from(one) for one in made]
        return found[0] if _is_one(references) else found

    def prepare_progressive(
        self,
        references: str | Iterable[str],
        *,
        calibrate: Data | None = None,
        calibrate_limit: int = 256,
        preprocess: str | None = None,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> list[ProgressivePreparation]:
        """Computes and keeps what progressive evaluation needs of versions, so that the first run need not."""
        with as_file(calibrate, "calibration") as path:
            given = {"preprocess": preprocess, "calibrate": path, "calibrate_limit": calibrate_limit}
            made = _core.prepare_progressive(self._core, _words(references), given, progress, threads)
        return [preparation_from(one) for one in made]

    def verify_certificate(
        self,
        file: PathLike,
        *,
        data: PathLike = "",
        labels: PathLike = "",
        array: str = "",
        progress: Progress | None = None,
        threads: int = 0,
    ) -> CertificateReport:
        """Proves again what `evaluate_progressive` wrote, from the stored bits alone. The report is true where there is no fault.

        data  the examples; empty: where the file says they are
        """
        made = _core.verify_certificate(
            self._core, os.fspath(file), os.fspath(data), os.fspath(labels), array, progress, threads
        )
        return certificate_from(made)

    @contextlib.contextmanager
    def _examples(self, data: Data, given: dict[str, Any]) -> Iterator[None]:
        """Puts the path of the examples into `given`; examples in memory are in a file meanwhile."""
        if in_memory(data) and given["save"]:
            raise ValueError("results on arrays cannot be saved: such data have no name")
        if in_memory(data) and given.get("certificate"):
            raise ValueError("certificates name the file of the examples: give a path")
        with as_file(data) as path:
            given["data"] = path
            yield


def _is_one(references: str | Iterable[str]) -> bool:
    return isinstance(references, (str, Version))


def _words(value: str | Iterable[str]) -> list[str]:
    return [str(value)] if isinstance(value, (str, Version)) else [str(item) for item in value]
