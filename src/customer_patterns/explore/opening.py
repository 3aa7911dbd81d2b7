"""Opens the tables of a run, to be read by name, as Ibis, as pandas, or through SQL."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from customer_patterns import warehouse
from customer_patterns.explore.customer import CustomerView, find_members, view_customer
from customer_patterns.reporting import show
from customer_patterns.reporting.languages import study_voice
from customer_patterns.schemas import Refusal, TableSchema
from customer_patterns.stage import schemas_of, stage_names
from customer_patterns.study import Run, nearest, open_run, run_folder
from customer_patterns.wording import set_voice

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    from ibis.backends.duckdb import Backend


#: Statements that only read; a PIVOT is one of several parts.
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)


class ExploreError(Refusal):
    """What was asked of a study's tables cannot be had; the message says why and what can."""


class NoTable(ExploreError, AttributeError):
    """There is no table of that name; the message lists those there are."""


class Explorer:
    """The tables of a run, to look at: by name (with completion), as Ibis, as pandas, or through SQL.

    Where two stages have a table of the same name, the later stage's counts (cleaned, not as delivered); the earlier
    one is there as ``<stage>__<table>``.
    """

    def __init__(
        self,
        run: Run,
        tables: warehouse.Tables,
        schemas: dict[str, TableSchema],
        backend: Backend,
        simulated: frozenset[str] = frozenset(),
    ) -> None:
        """Hold what :func:`open_study` opened."""
        self._simulated = simulated
        self._run, self._tables, self._schemas, self._backend = run, tables, schemas, backend

    @property
    def study(self) -> Any:
        """The study."""
        return self._run.study

    @property
    def as_of(self) -> date:
        """The last day that counts."""
        return self._run.as_of

    @property
    def tables(self) -> warehouse.Tables:
        """All tables by name, as Ibis tables."""
        return self._tables

    def __getattr__(self, name: str) -> ir.Table:
        """Return a table by name."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> ir.Table:
        """Return a table by name."""
        if name not in self._tables:
            raise NoTable(
                f"there is no table '{name}'{nearest(name, self._tables)} (tables: {', '.join(self._tables)})"
            )
        return self._tables[name]

    def __dir__(self) -> list[str]:
        """List the tables too, for completion."""
        return [*super().__dir__(), *self._tables]

    def columns(self, name: str) -> pd.DataFrame:
        """Return what each column of a table means: one row per column, in order.

        Columns: ``column``, ``kind``, ``unit``, ``meaning``.
        """
        import pandas as pd

        self[name]
        if name not in self._schemas:
            raise ExploreError(f"the columns of '{name}' are not described: its room's TABLES has no such schema")
        described = self._schemas[name].columns
        return pd.DataFrame(
            [(c.name, c.kind, c.unit, c.meaning) for c in described], columns=["column", "kind", "unit", "meaning"]
        )

    def customer(self, customer_id: str, *, last: int = 10) -> CustomerView:
        """Return all that is known of one pseudonymous customer; a chapter never shows it.

        Parameters
        ----------
        customer_id
            The pseudonym, as in the tables; :meth:`members` lists those of a group.
        last
            How many of the last orders, contacts, answers … are told.

        Raises
        ------
        NoCustomer
            For a key that no customer has.
        """
        return view_customer(customer_id, self._tables, simulated=self._simulated, last=last)

    def members(
        self,
        *,
        segment: str | None = None,
        tier: str | None = None,
        value_level: str | None = None,
        stage: str | None = None,
        tag: str | None = None,
    ) -> pd.DataFrame:
        """Return the pseudonyms of a group, e.g. ``members(segment="Frequent visits", stage="declining")``.

        One row per customer for whom all that is given holds, by ``customer_id``: ``segment``, ``tier``,
        ``value_level``, ``stage``, ``orders``, ``revenue``.

        Raises
        ------
        ExploreError
            Where the chapter on segments is not built.
        NoCustomer
            For a group that there is not; the message names those there are.
        """
        for needed in ("customer_segments", "customer_lifecycle"):
            self[needed]
        wanted = {"segment": segment, "tier": tier, "value_level": value_level, "stage": stage, "tag": tag}
        return find_members(self._tables, **wanted)

    def pandas(self, name: str) -> pd.DataFrame:
        """Return a table as a pandas frame. (Tables with a row per order line are large; prefer a ``sample``.)"""
        return self[name].to_pandas()

    def sql(self, query: str) -> pd.DataFrame:
        """Run a query over the tables and return its rows; nothing outside them can be read, and nothing written.

        Raises
        ------
        ExploreError
            For anything that is no query over these tables.
        """
        connection = self._backend.con
        try:
            statements = connection.extract_statements(query)
        except duckdb.Error as error:
            raise ExploreError(_first_line(error)) from None
        if len(statements) != 1 or statements[0].type not in _READING:
            raise ExploreError("only one query that reads can be run here (select …, describe …, summarize …)")
        try:
            return connection.execute(query).df()
        except duckdb.Error as error:
            raise ExploreError(_first_line(error)) from None

    def __repr__(self) -> str:
        """The run and its tables with their columns: what there is, never a row."""
        lines = [f"{self.study.title}, up to {self.as_of}"]
        lines += [f"  {name}: {', '.join(table.columns)}" for name, table in self._tables.items()]
        return "\n".join(lines)


def open_study(
    study: str | None = None,
    as_of: str | date | None = None,
    *,
    sample: float | None = None,
    language: str | None = None,
) -> Explorer:
    """Open the tables of a study that was built, from anywhere inside the project.

    Parameters
    ----------
    study, as_of
        The run; what is not given is taken from ``env.yaml``, the date from the study.
    sample
        Keep this share of the customers, more than 0 and at most 1, with all their rows. Who is kept depends on the
        customer's id alone, so the same share is the same customers in every table, at every date, on every machine.
        Tables without customers, and those already summarized over customers, stay whole.
    language
        Of labels in charts and tables.

    Raises
    ------
    ExploreError
        Where the run is not built, with the command that builds it, or the share is none.
    RunError, StudyError, WarehouseError
        For a run that cannot be, and for tables that are damaged.
    """
    if sample is not None and not 0 < sample <= 1:
        raise ExploreError(f"sample={sample} is no share; give more than 0 and at most 1, e.g. 0.1")
    run = open_run(study, as_of, language)
    folders = _built(run)
    backend = warehouse.connect()
    places: dict[str, tuple[str, Path]] = {}
    simulated: set[str] = set()
    for stage, folder in folders.items():
        manifest = warehouse.verify(folder)
        simulated |= set(manifest.get("simulated", ()))
        for name in manifest["tables"]:
            if name in places:
                earlier, path = places[name]
                places[f"{earlier}__{name}"] = (earlier, path)
            places[name] = (stage, folder / f"{name}.parquet")
    whole = {name: _lend(backend, f"whole__{name}", path) for name, (_, path) in sorted(places.items())}
    tables = {name: _view(backend, name, table) for name, table in _sampled(backend, whole, sample).items()}
    _close_the_door(backend)
    schemas = {
        name: schemas_of(stage)[path.stem] for name, (stage, path) in places.items() if path.stem in schemas_of(stage)
    }
    _speak(run)
    return Explorer(run, warehouse.Tables(tables), schemas, backend, frozenset(simulated))


def _built(run: Run) -> dict[str, Path]:
    """The folders of the stages that are built, in order."""
    folder = run_folder(run.study.name, run.as_of)
    found = {stage: folder / stage for stage in stage_names() if (folder / stage / warehouse.MANIFEST).is_file()}
    if not found:
        others = sorted(path.parent.parent.name for path in folder.parent.glob(f"*/*/{warehouse.MANIFEST}"))
        known = f" (built: {', '.join(dict.fromkeys(others))})" if others else ""
        raise ExploreError(
            f"{run.study.name} as of {run.as_of} is not built{known}; build it with "
            f"'make reports STUDY={run.study.name} AS_OF={run.as_of}'"
        )
    return found


def _lend(backend: Backend, name: str, path: Path) -> ir.Table:
    """A file's rows, read through Arrow: DuckDB itself is then allowed no file at all, to read or to write."""
    from pyarrow import dataset

    backend.con.register(name, dataset.dataset(path, format="parquet"))
    return backend.table(name)


def _sampled(backend: Backend, tables: dict[str, ir.Table], sample: float | None) -> dict[str, ir.Table]:
    """The rows of a share of the customers; tables without customers as they are."""
    if sample is None or sample == 1:
        return tables
    import ibis
    import pyarrow as pa

    with_customers = [name for name, table in tables.items() if "customer_id" in table.columns]
    if not with_customers:
        return tables
    ids = ibis.union(*[tables[name].select("customer_id") for name in with_customers], distinct=True).to_pyarrow()
    kept = [value for value in ids["customer_id"].to_pylist() if value is not None and _bucket(value) < sample]
    backend.con.register("sampled__customers", pa.table({"customer_id": pa.array(sorted(kept), pa.string())}))
    chosen = backend.table("sampled__customers")
    return {
        name: table.semi_join(chosen, "customer_id") if name in with_customers else table
        for name, table in tables.items()
    }


def _bucket(customer_id: str) -> float:
    """A customer's own number from 0 to 1, the same everywhere and always."""
    return int.from_bytes(hashlib.sha256(customer_id.encode()).digest()[:8]) / 2**64


def _view(backend: Backend, name: str, table: ir.Table) -> ir.Table:
    backend.con.execute(f'CREATE VIEW "{name}" AS {backend.compile(table)}')
    return backend.table(name)


def _close_the_door(backend: Backend) -> None:
    """From here on no query can open a file, load an extension, or change this back."""
    backend.con.execute("SET enable_external_access = false")
    backend.con.execute("SET lock_configuration = true")


def _speak(run: Run) -> None:
    """Let charts and tables speak the study's language, and cells show charts."""
    from IPython import get_ipython

    set_voice(study_voice(run.study, run.language))
    if shell := get_ipython():
        show.register(shell)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
