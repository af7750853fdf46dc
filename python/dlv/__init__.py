"""Version control for neural networks.

    import dlv

    repository = dlv.init(".")                                   # or dlv.open()
    repository.commit(net, name="lenet", metrics={"val_acc": 0.91})
    net.load_state_dict(dlv.load("lenet:latest", framework="torch"))

Everything that the command line keeps, this package sees, and the other way round. A reference is written as there: "lenet",
"lenet:v3", "lenet:best", "lenet@9f31c2", "lenet~2", "lenet#4000", "lenet/conv1.*".
"""

from __future__ import annotations

import os
from typing import Any

from dlv._core import (
    AliasMove,
    BlameLine,
    CancelledError,
    CheckedOutFile,
    CommitResult,
    ConflictError,
    CorruptionError,
    DeniedError,
    Diff,
    Error,
    File,
    FileChange,
    Finding,
    InvalidArgumentError,
    Lineage,
    LineageEdge,
    LineageStep,
    LineageVersion,
    Model,
    Network,
    NetworkDiff,
    NetworkNode,
    NotFoundError,
    PairStatistics,
    Parent,
    QuerySyntaxError,
    ReferenceSyntaxError,
    Snapshot,
    StorageError,
    TensorChange,
    TensorInfo,
    UnsafeInputError,
    UnsupportedError,
    Version,
    VersionDetails,
    VersionNetwork,
    library_version,
)
from dlv.evaluation import (
    BitsPerWeight,
    CertificateFault,
    CertificateReport,
    ClassFigures,
    Evaluation,
    MaterialisedFigures,
    PlainDifference,
    ProgressiveEvaluation,
    ProgressiveLevel,
    ProgressivePreparation,
    ProgressiveReport,
    ProgressiveStep,
)
from dlv.inference import Prediction, Predictions, Session, ValueInfo
from dlv.queries import (
    Column,
    ExplainLine,
    NodeReference,
    PreparedQuery,
    QueryNetwork,
    QueryResult,
    Row,
    SearchHit,
    VersionReference,
)
from dlv.repository import Checkout, Repository, Resolved, init, open  # noqa: A004

__version__ = library_version()

__all__ = [
    "AliasMove", "BitsPerWeight", "BlameLine", "CancelledError", "CertificateFault", "CertificateReport", "CheckedOutFile",
    "Checkout", "ClassFigures", "Column", "CommitResult", "ConflictError", "CorruptionError", "DeniedError", "Diff", "Error",
    "Evaluation", "ExplainLine", "File", "FileChange", "Finding", "InvalidArgumentError", "Lineage", "LineageEdge", "LineageStep",
    "LineageVersion", "MaterialisedFigures", "Model", "Network", "NetworkDiff", "NetworkNode", "NodeReference", "NotFoundError",
    "PairStatistics", "Parent", "PlainDifference", "Prediction", "Predictions", "PreparedQuery", "ProgressiveEvaluation",
    "ProgressiveLevel", "ProgressivePreparation", "ProgressiveReport", "ProgressiveStep", "QueryNetwork", "QueryResult",
    "QuerySyntaxError", "ReferenceSyntaxError", "Repository", "Resolved", "Row", "SearchHit", "Session", "Snapshot",
    "StorageError", "TensorChange", "TensorInfo", "UnsafeInputError", "UnsupportedError", "ValueInfo", "Version",
    "VersionDetails", "VersionNetwork", "VersionReference", "commit", "init", "load", "load_state", "open",
]


def load(reference: str, path: str | os.PathLike[str] = ".", **options: Any) -> dict[str, Any]:
    """Returns the tensors of a version of the repository at or above `path`; options as Repository.load."""
    return open(path, read_only=True).load(reference, **options)


def load_state(reference: str, path: str | os.PathLike[str] = ".", **options: Any) -> Any:
    """Returns the nested state that was committed; options as Repository.load_state."""
    return open(path, read_only=True).load_state(reference, **options)


def commit(state: Any, name: str, path: str | os.PathLike[str] = ".", **options: Any) -> CommitResult:
    """Commits to the repository at or above `path`; options as Repository.commit."""
    return open(path).commit(state, name, **options)
