"""A stage at work: the tables it reads, verified, and those it writes, with a manifest of what they were made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from customer_patterns import warehouse
from customer_patterns.reporting import Finding
from customer_patterns.reporting.needed import Needed
from customer_patterns.schemas import TableSchema, resting_on
from customer_patterns.schemas.lineage import PLANTED
from customer_patterns.stage.fingerprints import code_fingerprint, study_fingerprint, versions
from customer_patterns.stage.parameters import Setting
from customer_patterns.stage.pipeline import schemas_of
from customer_patterns.study import Run, Study

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    from ibis.backends.duckdb import Backend

#: What the study file is called among a stage's inputs.
STUDY_FILE = "study file"


@dataclass
class Stage:
    """One stage of a run, as a notebook sees it.

    Attributes
    ----------
    name
        The stage's name: ``collect``, ``clean`` …
    run
        Study, date, language.
    settings
        The method settings in force, by name.
    folder
        Where this stage's tables go.
    upstream
        The folders of the stages it reads.
    backend
        The DuckDB that everything in this notebook runs on.
    code
        Fingerprint of the code when the stage was opened, so that an edit made meanwhile is not taken for what ran.
    """

    name: str
    run: Run
    settings: dict[str, Setting]
    folder: Path
    upstream: dict[str, Path]
    backend: Backend
    manifests: dict[str, dict[str, Any]] = field(default_factory=dict)
    code: str = ""

    @property
    def study(self) -> Study:
        """The study."""
        return self.run.study

    @property
    def as_of(self) -> date:
        """The last day that counts."""
        return self.run.as_of

    @cached_property
    def tables(self) -> warehouse.Tables:
        """The tables of the stages it reads, verified against their manifests. A later stage's table wins."""
        return warehouse.Tables({name: table for _, name, table in self._opened})

    @cached_property
    def _opened(self) -> list[tuple[str, str, ir.Table]]:
        opened = []
        for stage, folder in self.upstream.items():
            self.manifests[stage] = warehouse.read_manifest(folder)
            opened += [(stage, name, table) for name, table in warehouse.open_tables(self.backend, folder).items()]
        return opened

    @cached_property
    def simulated_tables(self) -> frozenset[str]:
        """The tables, read or to be written, that rest on simulated deliveries."""
        self.tables  # noqa: B018  reads the manifests
        known = self.study.simulated_tables.union({PLANTED}, *(m.get("simulated", ()) for m in self.manifests.values()))
        return resting_on(known, schemas_of(self.name))

    @property
    def _digests(self) -> dict[str, str]:
        """The SHA-256 of each table it reads, by its name (a later stage's wins) and as ``<stage>.<name>``."""
        self.tables  # noqa: B018  reads the manifests
        read = [
            (stage, name, entry["sha256"]) for stage, m in self.manifests.items() for name, entry in m["tables"].items()
        ]
        return {name: sha256 for _, name, sha256 in read} | {f"{stage}.{name}": sha256 for stage, name, sha256 in read}

    def needs(self, *tables: str) -> Needed:
        """Say whether the study has what some sections need, as a door that says what is missing.

        Parameters
        ----------
        tables
            Canonical tables: ``"order_lines"`` … One that was delivered without a record that counts is missing too.
        """
        self.tables  # noqa: B018  reads the manifests
        rows = {name: entry["rows"] for m in self.manifests.values() for name, entry in m["tables"].items()}
        there = [table for table in tables if self.study.delivers(table)]
        return Needed(
            tables,
            undelivered=tuple(table for table in tables if table not in there),
            exhausted=tuple(table for table in there if not rows.get(table)),
        )

    def keep(self, table: ir.Table, name: str) -> ir.Table:
        """Compute a table once, where several questions are asked of it."""
        return warehouse.keep(self.backend, table, name)

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings of the stages it reads, in their order."""
        found = []
        for folder in self.upstream.values():
            path = folder / warehouse.FINDINGS
            if path.is_file():
                found += [Finding.from_json(entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
        return found

    def write(
        self,
        tables: Mapping[str, ir.Table | pd.DataFrame],
        *,
        schemas: Mapping[str, TableSchema] | Iterable[TableSchema],
        findings: Iterable[Finding] = (),
        inputs: Mapping[str, str] | None = None,
        presorted: tuple[str, ...] = (),
    ) -> Written:
        """Check this stage's tables and swap its whole folder in, with a manifest of what they were made from.

        Parameters
        ----------
        tables
            By name; Ibis or pandas.
        schemas
            The promise of each table; those of tables not written are ignored.
        findings
            What the stage found.
        inputs
            SHA-256 of what was read from outside, by name. Upstream tables are added by themselves.
        presorted
            Tables whose rows already stand in a repeatable order.
        """
        listed = schemas if isinstance(schemas, Mapping) else {schema.name: schema for schema in schemas}
        sources = {STUDY_FILE: study_fingerprint(self.study), **(inputs or {})}
        for stage, folder in self.upstream.items():
            sources[stage] = warehouse.content_digest(warehouse.read_manifest(folder))
        found = list(findings)
        manifest = {
            "stage": self.name,
            "study": self.study.name,
            "as_of": self.as_of.isoformat(),
            "inputs": sources,
            "code": self.code or code_fingerprint(self.name),
            "simulated": sorted(self.simulated_tables.intersection(tables)),
            "settings": {
                s.name: {"value": s.value, "default": s.default, "comment": s.comment, "given_by": s.given_by}
                for s in self.settings.values()
            },
            "versions": versions(),
        }
        written = warehouse.write_stage(
            self.folder,
            tables,
            schemas={name: listed[name] for name in tables if name in listed},
            backend=self.backend,
            manifest=manifest,
            findings=lambda digests: [f.stamped({**self._digests, **digests}).to_json() for f in found],
            presorted=presorted,
        )
        rows = {name: entry["rows"] for name, entry in written["tables"].items()}
        digests = {name: entry["sha256"] for name, entry in written["tables"].items()}
        return Written(self.name, rows, manifest=warehouse.digest(written), digests=digests)

    def __repr__(self) -> str:
        """What the stage works on: tables with rows and columns, never a row."""
        lines = [f"Stage {self.name} of study {self.study.name}, as of {self.as_of}"]
        for stage, name, table in self._opened:
            rows = self.manifests[stage]["tables"][name]["rows"]
            lines.append(f"  {stage}.{name}: {rows:,} rows × {len(table.columns)} columns")
        changed = [s for s in self.settings.values() if s.given_by != "default"]
        lines += [f"  setting {s.name} = {s.value!r} (by {s.given_by}; default {s.default!r})" for s in changed]
        return "\n".join(lines)


@dataclass(frozen=True)
class Written:
    """Which tables a stage wrote, with their rows, and the SHA-256 of their manifest and of each of them."""

    stage: str
    rows: dict[str, int]
    manifest: str = ""
    digests: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """One line per table."""
        return "\n".join(
            [f"Stage {self.stage} wrote", *(f"  {name}: {rows:,} rows" for name, rows in self.rows.items())]
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        """Show the tables; beside the text, for whoever asks later, which manifest this chapter belongs to."""
        note = {"stage": self.stage, "manifest": self.manifest, "tables": self.digests}
        return {"text/plain": repr(self)}, {"customer_patterns": note}
