"""Queries in DQL: prepared statements, typed rows, what slice and construct made."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Union, overload

from dlv import _core
from dlv._core import Network, Version


class VersionReference(str):
    """A version in a row: "lenet:v3", a text that every method takes as a reference; `id` is the whole id."""

    id: str

    def __new__(cls, reference: str, id: str = "") -> VersionReference:  # noqa: A002
        made = super().__new__(cls, reference)
        made.id = id
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return VersionReference, (str(self), self.id)


class NodeReference(NamedTuple):
    """A node in a row. `version` is empty for a network that is not stored."""

    version: str
    name: str
    op: str

    def __str__(self) -> str:
        return f"{self.version}/{self.name}" if self.version else self.name


class Column(NamedTuple):
    """A column of a result: "text", "integer", "real", "boolean", "timestamp", "version", "node", "list(real)", ..."""

    name: str
    type: str


class Row(tuple[Any, ...]):
    """A row: by place, by name (`row["acc"]`), or as an attribute (`row.acc`)."""

    _names: tuple[str, ...]

    def __new__(cls, values: Sequence[Any], names: tuple[str, ...]) -> Row:
        made = super().__new__(cls, values)
        made._names = names
        return made

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        try:
            return super().__getitem__(self._names.index(key))
        except ValueError:
            raise KeyError(key) from None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "_names" not in self.__dict__:
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __reduce__(self) -> tuple[Any, ...]:
        return Row, (tuple(self), self._names)

    def to_dict(self) -> dict[str, Any]:
        """Returns {column: value}."""
        return dict(zip(self._names, self))

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{name}={value!r}" for name, value in zip(self._names, self)) + ")"


class QueryNetwork(NamedTuple):
    """A network that slice or construct made."""

    name: str
    source: str
    network: Network
    #: Where the weights are: parameter to "REF/tensor"; new parameters have an initializer instead.
    tensors: dict[str, str]
    notes: list[str]


class ExplainLine(NamedTuple):
    """A line of explain; deeper lines that follow are its inputs. What only explain analyze knows is else None."""

    depth: int
    text: str
    estimated_rows: float | None
    rows: int | None
    read_bytes: int | None
    planes: int | None
    seconds: float | None


class QueryResult(Sequence[Row]):
    """The rows of a result, and what else a statement gave."""

    def __init__(self, made: Mapping[str, Any]) -> None:
        self.columns: list[Column] = [Column(*column) for column in made["columns"]]
        self._names = _unique([column.name for column in self.columns])
        self.rows: list[Row] = [Row(row, self._names) for row in made["rows"]]
        self.networks: list[QueryNetwork] = [QueryNetwork(*network) for network in made["networks"]]
        #: References that `save as` made.
        self.saved: list[str] = made["saved"]
        self.explain: list[ExplainLine] = [ExplainLine(*line) for line in made["explain"]]
        #: What a statement without rows did.
        self.message: str = made["message"]
        self.warnings: list[str] = made["warnings"]

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> list[Row]: ...
    @overload
    def __getitem__(self, key: str) -> list[Any]: ...
    def __getitem__(self, key: Any) -> Any:
        """A row by place; a column by name."""
        return self.column(key) if isinstance(key, str) else self.rows[key]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def column(self, name: str) -> list[Any]:
        """Returns the values of a column. Raises KeyError."""
        if name not in self._names:
            raise KeyError(name)
        place = self._names.index(name)
        return [tuple.__getitem__(row, place) for row in self.rows]

    def to_dict(self) -> dict[str, list[Any]]:
        """Returns {column: values}; of columns with one name the second is called "name_2"."""
        return {name: self.column(name) for name in self._names}

    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns a dict for each row."""
        return [row.to_dict() for row in self.rows]

    def to_pandas(self) -> Any:
        """Returns a pandas.DataFrame. Raises ImportError where pandas is not installed."""
        import pandas

        return pandas.DataFrame(self.to_dict(), columns=list(self._names))

    def one(self) -> Row:
        """Returns the only row. Raises ValueError where there are none or several."""
        if len(self.rows) != 1:
            raise ValueError(f"got {len(self.rows)} rows, want one")
        return self.rows[0]

    def scalar(self) -> Any:
        """Returns the only value of the only row."""
        if len(self.columns) != 1:
            raise ValueError(f"got {len(self.columns)} columns, want one")
        return self.one()[0]

    def __str__(self) -> str:
        return self.message or _table([list(self._names), *([_text(value) for value in row] for row in self.rows)])

    def __repr__(self) -> str:
        return f"<dlv.QueryResult {len(self.rows)} rows: {', '.join(self._names)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self._names)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_text(value))}</td>" for value in row) + "</tr>" for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class PreparedQuery:
    """A statement that was checked, for running it as often as wanted."""

    def __init__(self, core: _core.PreparedQuery, statement: str) -> None:
        self._core = core
        self.statement = statement

    @property
    def parameters(self) -> list[str]:
        """Names of the bind parameters, without the colon."""
        return self._core.parameters

    @property
    def columns(self) -> list[Column]:
        return [Column(*column) for column in self._core.columns]

    def run(
        self,
        parameters: Mapping[str, Any] | None = None,
        /,
        *,
        progress: Callable[[str, int, int], None] | None = None,
        threads: int = 0,
        **more: Any,
    ) -> QueryResult:
        """Runs it on the repository as it is now. Parameters are given by name, or as a dict where a name is taken."""
        values = {key: _plain(value) for key, value in {**(parameters or {}), **more}.items()}
        return QueryResult(self._core.run(values, VersionReference, NodeReference, progress, threads))

    __call__ = run

    def __repr__(self) -> str:
        return f"<dlv.PreparedQuery {self.statement!r}>"


class SearchHit(NamedTuple):
    """A version that a search found."""

    version: Version
    score: float
    reasons: list[str]

    def __str__(self) -> str:
        return str(self.version)


def _plain(value: Any) -> Union[Any, list[Any]]:
    """What the library takes: scalars of numpy and torch as numbers, versions as their references."""
    if isinstance(value, Version):
        return value.reference
    if hasattr(value, "tolist") and not isinstance(value, (str, bytes)):
        return value.tolist()
    if isinstance(value, (set, frozenset, range)):
        return [_plain(item) for item in value]
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    made: list[str] = []
    for name in names:
        unique, count = name, 1
        while unique in made:
            count += 1
            unique = f"{name}_{count}"
        made.append(unique)
    return tuple(made)


def _text(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return str(value)


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
