"""The repository: committing, getting back, naming, lineage."""

from __future__ import annotations

import contextlib
import os
import pathlib
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Union

from dlv import _core, arrays, states
from dlv._core import (
    AliasMove,
    BlameLine,
    CheckedOutFile,
    CommitResult,
    Diff,
    Finding,
    Lineage,
    Model,
    NetworkDiff,
    Version,
    VersionDetails,
    VersionNetwork,
)
from dlv.evaluation import PathLike, Progress
from dlv.queries import PreparedQuery, QueryResult, SearchHit
from dlv.running import RunsNetworks

#: A metric: its value, or a series of (step, value).
MetricValue = Union[float, Sequence["tuple[int, float]"]]


class Resolved(NamedTuple):
    """A reference, resolved. `tensors` is what followed the slash."""

    id: str
    model: str
    number: int
    step: int | None
    tensors: str

    @property
    def reference(self) -> str:
        return f"{self.model}:v{self.number}"


class Checkout(NamedTuple):
    """What a checkout wrote."""

    files: list[CheckedOutFile]
    read_bytes: int
    warnings: list[str]


def init(path: PathLike = ".") -> Repository:
    """Makes a repository in `path`/.dlv and opens it. Raises ConflictError where there is one."""
    return Repository(_core.init(os.fspath(path)))


def open(path: PathLike = ".", *, read_only: bool = False, lock_timeout: float = 30.0) -> Repository:  # noqa: A001
    """Opens the repository at or above `path`. A writer waits at most `lock_timeout` seconds for another one.

    Raises NotFoundError, UnsupportedError (a newer format), CorruptionError, StorageError.
    """
    return Repository(_core.open(os.fspath(path), read_only, int(lock_timeout * 1000)))


class Repository(RunsNetworks):
    """An open repository. Reading methods may run in several threads at once; those that change something take turns, also with
    other processes. Long calls release the interpreter's lock, and Ctrl-C stops them without a trace.
    """

    def __init__(self, core: _core.Repository) -> None:
        self._core = core
        self._sessions: dict[bool, _core.QuerySession] = {}

    def __repr__(self) -> str:
        return f"<dlv.Repository {self.root}>"

    @property
    def root(self) -> pathlib.Path:
        """The folder that holds .dlv."""
        return pathlib.Path(self._core.root)

    # ---- Adding

    def commit(
        self,
        state: Any,
        name: str,
        *,
        message: str = "",
        step: int | None = None,
        parent: str | Iterable[str] | None | bool = True,
        relation: str | None = None,
        metrics: Mapping[str, MetricValue] | None = None,
        hparams: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | Iterable[str] | None = None,
        aliases: str | Iterable[str] = (),
        files: PathLike | Iterable[PathLike] = (),
        graph: PathLike | None = None,
        accept_guesses: bool = False,
        author: str = "",
        optimizer: bool = True,
        allow_unchanged: bool = False,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> CommitResult:
        """Makes a version of model `name`; when this returns, it is on the disk for good.

        state     a torch.nn.Module, a state dict, any nesting of dicts, lists and tensors (torch or numpy) with numbers and text
                  between them; or the path (or paths) of checkpoint files, which are kept byte for byte
        step      the training step of the snapshot
        parent    True: found by its weights (the nearest version of the model, else of another; else the model's latest); a
                  reference or several; False or None: none
        relation  "finetune", "retrain", "merge", ...
        metrics   {"val_acc": 0.91} or series {"loss": [(100, 1.2), (200, 0.9)]}
        aliases   moved to the new version, e.g. "best"
        files     kept beside: configuration, logs, code
        graph     a file that describes the network of these tensors (ONNX, Caffe prototxt, dlv's text form): with it the version can be
                  run. `accept_guesses` joins what alone has its shape where names do not tell
        optimizer False: optimizer state is left out
        progress  called with (stage, bytes done, bytes in all)

        Raises InvalidArgumentError, NotFoundError (parent), UnsafeInputError (a file that would have to be executed), ConflictError
        (another writer), StorageError, TypeError (what cannot be kept).
        """
        kept_files = [(path, pathlib.PurePath(path).name, None) for path in _paths(files)]
        with contextlib.ExitStack() as cleanup:
            tensors = None
            if _is_path(state) or _is_path_list(state):
                kept_files += [(path, pathlib.PurePath(path).name, step) for path in _paths(state)]
            else:
                flat = states.flatten(state, optimizer=optimizer)
                tensors = [arrays.to_buffer(*entry) for entry in flat.tensors]
                if flat.structure is not None:
                    folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="dlv-"))
                    path = os.path.join(folder, states.FILE_NAME)
                    pathlib.Path(path).write_text(flat.structure, encoding="utf-8")
                    kept_files.append((path, states.FILE_NAME, step))
            request = {
                "model": name,
                "message": message,
                "parents": _parents(parent),
                "relation": relation,
                "metrics": {key: _metric(value) for key, value in (metrics or {}).items()},
                "hparams": _texts(hparams),
                "tags": _tags(tags),
                "aliases": [aliases] if isinstance(aliases, str) else list(aliases),
                "files": kept_files,
                "graph": "" if graph is None else os.fspath(graph),
                "accept_guesses": accept_guesses,
                "author": author,
                "optimizer": optimizer,
                "allow_unchanged": allow_unchanged,
            }
            return self._core.commit(request, tensors, step, progress, threads)

    # ---- Getting back

    def load(
        self,
        reference: str,
        *,
        tensors: str = "",
        planes: int = 0,
        framework: str = "numpy",
        roles: Iterable[str] = ("parameter", "buffer"),
        widen: bool = True,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> dict[str, Any]:
        """Returns {name: array} of a snapshot, decoded straight into the arrays.

        tensors   a glob over names; what the reference has after its slash does the same
        planes    0: exact; else at least so many leading bits of every element are read (16 of a float32: sign, exponent and 7 bits
                  of mantissa), and the bits below are zero
        framework "numpy" or "torch"
        roles     of "parameter", "buffer", "optimizer", "other"; empty: all
        widen     numpy has no bfloat16 and no 8-bit floats: they become float32, exactly. False: their bits, as uint16 and uint8

        Where two files of the snapshot have a tensor of one name, the keys are "FILE//name".
        Raises NotFoundError, ReferenceSyntaxError, CorruptionError, StorageError, ImportError (no torch).
        """
        receiver = arrays.Receiver(framework, widen)
        wanted = list(roles)
        unknown = set(wanted) - {"parameter", "buffer", "optimizer", "other"}
        if unknown:
            raise ValueError(f"roles: there is no {sorted(unknown)[0]!r}")
        self._core.load(reference, tensors, wanted, planes, receiver.allocate, progress, threads)
        if not receiver.ambiguous:
            return receiver.named()
        files = [file.path for file in self._core.describe(reference.split("/", 1)[0]).files]
        return receiver.named(files)

    def load_state(self, reference: str, *, framework: str = "torch", **options: Any) -> Any:
        """Returns the state as it was committed: the same nesting, with numbers and text in their places; an nn.Module comes back as
        its state dict. A version made of files comes back as Repository.load gives it. Options as in `load`.
        """
        flat = self.load(reference, framework=framework, roles=(), **options)
        details = self._core.describe(reference)
        step = self.resolve(reference).step
        found = [file for file in details.files if file.path == states.FILE_NAME and file.step in (step, None)]
        if not found:
            return flat
        with tempfile.TemporaryDirectory(prefix="dlv-") as folder:
            self.checkout(reference, folder)
            structure = pathlib.Path(folder, states.FILE_NAME).read_text(encoding="utf-8")
        return states.nest(structure, flat)

    def checkout(
        self,
        reference: str,
        output: PathLike,
        *,
        format: str = "original",  # noqa: A002
        tensors: str = "",
        planes: int = 0,
        overwrite: bool = False,
        all_snapshots: bool = False,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> Checkout:
        """Writes a version's files into the folder `output`: byte for byte, or its tensors as "safetensors" or "npz".

        Raises ConflictError (a file that differs is there), NotFoundError, InvalidArgumentError, CorruptionError, StorageError.
        """
        answer = self._core.checkout(reference, os.fspath(output), format, tensors, planes, overwrite, all_snapshots, progress, threads)
        return Checkout(*answer)

    # ---- Looking

    def resolve(self, reference: str) -> Resolved:
        """Returns what a reference means. Raises NotFoundError (with the nearest names), ReferenceSyntaxError."""
        return Resolved(*self._core.resolve(reference))

    def models(self, glob: str = "*") -> list[Model]:
        """Returns the models whose names fit."""
        return self._core.models(glob)

    def versions(self, glob: str = "*", *, limit: int = 0) -> list[Version]:
        """Returns the versions of the models whose names fit, newest first."""
        return self._core.versions(glob, limit)

    def describe(self, reference: str) -> VersionDetails:
        """Returns all of a version but the values of its tensors."""
        return self._core.describe(reference)

    def log(self, reference: str = "", *, limit: int = 0) -> list[Version]:
        """Returns a version and its ancestors, children before parents; without a reference, all versions."""
        return self._core.log(reference, limit)

    def diff(
        self,
        before: str,
        after: str,
        *,
        depth: str = "exact",
        histograms: bool = False,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> Diff:
        """Returns what differs between two versions (or snapshots): tensors with figures, hyper-parameters, metrics, files.

        depth  "exact"; "estimate" reads the high 16 bits of each element, with an error bound; "ids" reads nothing and says only
               which tensors differ
        """
        if depth not in ("exact", "estimate", "ids"):
            raise ValueError(f"depth {depth!r}: want exact, estimate or ids")
        return self._core.diff(before, after, depth, histograms, progress, threads)

    # ---- Asking

    def query(
        self,
        statement: str,
        parameters: Mapping[str, Any] | None = None,
        /,
        *,
        write: bool = False,
        progress: Progress | None = None,
        threads: int = 0,
        **more: Any,
    ) -> QueryResult:
        """Runs a statement of DQL: `query('select m where m.metrics["val_acc"] > :limit', limit=0.9)`.

        parameters  values of :NAME, as keywords or in a dict
        write       allows `save as`, `create query` and `drop query`

        Raises QuerySyntaxError, NotFoundError (a name), InvalidArgumentError (a type, a parameter), each with line and column, and
        UnsupportedError, ConflictError (a name is taken), CorruptionError, StorageError.
        """
        return self.prepare(statement, write=write).run(parameters, progress=progress, threads=threads, **more)

    def prepare(self, statement: str, *, write: bool = False) -> PreparedQuery:
        """Checks a statement, for running it many times with different parameters."""
        if write not in self._sessions:
            self._sessions[write] = _core.open_session(self._core, write)
        return PreparedQuery(self._sessions[write].prepare(statement), statement)

    def search(
        self,
        words: str | Iterable[str] = (),
        *,
        arch: str = "",
        like: str = "",
        limit: int = 20,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> list[SearchHit]:
        """Returns versions by words in their metadata, by a chain of operators ("Conv->Relu->MaxPool", "->*" skips any number), by
        likeness to a version; the best first. What is given must all hold. `limit` 0: all.
        """
        wanted = words.split() if isinstance(words, str) else list(words)
        return [SearchHit(*hit) for hit in _core.search(self._core, wanted, arch, str(like), limit, progress, threads)]

    def network(self, reference: str) -> VersionNetwork:
        """Returns the network of a version: its nodes, and how they found their tensors. Raises NotFoundError where it has none."""
        return _core.read_network(self._core, str(reference))

    def diff_networks(self, before: str, after: str) -> NetworkDiff:
        """Returns the nodes that were added, removed, changed and renamed."""
        return _core.diff_networks(self._core, str(before), str(after))

    def blame(self, reference: str) -> list[BlameLine]:
        """Returns, for every tensor of a version, the version that last changed it."""
        return self.lineage().blame(str(reference))

    # ---- Lineage

    def lineage(self) -> Lineage:
        """Returns the lineage as it is now: lazily walked ranges with depth and relation, paths, common ancestors, a metric along a line,
        blame, DOT. Versions that are not in this repository are in it too.
        """
        return _core.open_lineage(self._core)

    def parents(self, reference: str, *, relation: str | None = None) -> list[Version]:
        """Returns the parents that are in this repository."""
        return [version for version, _ in self._parents_of(self._core.describe(reference).version, relation)]

    def ancestors(self, reference: str, *, relation: str | None = None, depth: int | None = None) -> Iterator[Version]:
        """Yields the ancestors, nearest first, each once. Only edges of `relation` are followed, and at most `depth` of them. Lazy."""
        start = self._core.describe(reference).version
        return _walk(start, lambda version: self._parents_of(version, relation), depth)

    def descendants(self, reference: str, *, relation: str | None = None, depth: int | None = None) -> Iterator[Version]:
        """Yields the versions that came from this one, nearest first, each once."""
        start = self._core.describe(reference).version
        children: dict[str, list[tuple[Version, str]]] = {}
        for version in self._core.versions("*", 0):
            for parent in version.parents:
                if relation is None or parent.relation == relation:
                    children.setdefault(parent.id, []).append((version, parent.relation))
        return _walk(start, lambda version: children.get(version.id, []), depth)

    def _parents_of(self, version: Version, relation: str | None) -> list[tuple[Version, str]]:
        found = []
        for parent in version.parents:
            if relation is None or parent.relation == relation:
                with contextlib.suppress(_core.NotFoundError):  # kept elsewhere, or removed
                    found.append((self._core.describe(parent.reference).version, parent.relation))
        return found

    # ---- Names

    def alias(self, alias: str, reference: str) -> AliasMove:
        """Moves (or makes) an alias of the reference's model."""
        return self._core.set_alias(alias, reference)

    def unalias(self, model: str, alias: str) -> AliasMove:
        """Deletes an alias."""
        return self._core.delete_alias(model, alias)

    def alias_log(self, model: str) -> list[AliasMove]:
        """Returns the moves of a model's aliases, newest first."""
        return self._core.alias_log(model)

    def tag(self, reference: str, *labels: str, **tags: Any) -> None:
        """Labels a version: `tag("lenet", "shipped", dataset="mnist")`."""
        self._core.set_tags(reference, {**dict.fromkeys(labels, ""), **_texts(tags)})

    def untag(self, reference: str, *keys: str) -> None:
        """Takes labels away. Raises NotFoundError where there is no such label."""
        self._core.delete_tags(reference, list(keys))

    # ---- Housekeeping

    def remove(self, references: str | Iterable[str], *, force: bool = False, dry_run: bool = False) -> dict[str, Any]:
        """Removes versions; `gc` frees their bytes. Raises ConflictError where an alias points there."""
        wanted = [references] if isinstance(references, str) else list(references)
        return self._core.remove(wanted, force, dry_run)

    def gc(self, *, execute: bool = False, grace_days: float = 14.0, use_trash: bool = True, progress: Progress | None = None) -> dict[str, Any]:
        """Says what could be freed; with `execute`, does it (into a trash first)."""
        return self._core.collect_garbage(execute, int(grace_days * 86400), use_trash, progress)

    def verify(self, *, full: bool = False, progress: Progress | None = None, threads: int = 0) -> list[Finding]:
        """Returns what is damaged: nothing, as a rule. `full` decodes every tensor."""
        return self._core.verify(full, progress, threads)

    def quantize(
        self,
        reference: str,
        scheme: str,
        *,
        tensors: str = "",
        model: str = "",
        message: str = "",
        execute: bool = False,
        progress: Progress | None = None,
        threads: int = 0,
    ) -> dict[str, Any]:
        """Makes a lossy version beside the exact one (`execute`), or says what it would be.

        scheme    "fp16", "bf16", "fixed:BITS", "codebook:BITS" or "uniform:BITS"
        tensors   a glob; empty: the weights of two dimensions and more (fp16, bf16: all parameters and buffers)
        model     of the new version; empty: that of the reference

        Returns "version" (None: only a preview), "coded_before", "coded_after", "max_error", "relative_error", and "tensors": for each
        changed one its types, errors, the bound that holds for them (None: there is none) and coded sizes. The exact version stays.
        """
        return self._core.quantize(reference, scheme, tensors, model, message, execute, progress, threads)

    def usage(self) -> dict[str, int]:
        """Returns where the bytes below .dlv are."""
        return self._core.usage()


def _walk(start: Version, edges: Callable[[Version], list[tuple[Version, str]]], depth: int | None) -> Iterator[Version]:
    seen = {start.id}
    waiting = deque([(start, 0)])
    while waiting:
        version, distance = waiting.popleft()
        if depth is not None and distance >= depth:
            continue
        for other, _ in edges(version):
            if other.id not in seen:
                seen.add(other.id)
                yield other
                waiting.append((other, distance + 1))


def _is_path(value: Any) -> bool:
    return isinstance(value, (str, os.PathLike))


def _is_path_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(_is_path(item) for item in value)


def _paths(value: Any) -> list[str]:
    return [os.fspath(value)] if _is_path(value) else [os.fspath(item) for item in value]


def _parents(parent: Any) -> list[str] | None:
    if parent is True:
        return None
    if parent is None or parent is False:
        return []
    if isinstance(parent, (str, Version)):
        return [str(parent)]
    return [str(item) for item in parent]


def _metric(value: Any) -> float | list[tuple[int, float]]:
    if hasattr(value, "item"):  # a scalar of numpy or torch
        value = value.item()
    if isinstance(value, (int, float)):
        return float(value)
    return [(int(step), float(number)) for step, number in value]


def _texts(values: Mapping[str, Any] | None) -> dict[str, str]:
    return {str(key): value if isinstance(value, str) else format(value) for key, value in (values or {}).items()}


def _tags(tags: Mapping[str, Any] | Iterable[str] | None) -> dict[str, str]:
    if tags is None or isinstance(tags, Mapping):
        return _texts(tags)
    return dict.fromkeys([tags] if isinstance(tags, str) else tags, "")
