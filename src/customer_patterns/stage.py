"""A stage at work: what a notebook is given, what it may be told, and where its tables go.

The same notebook runs under Ploomber, under papermill alone, cell by cell in JupyterLab and under nbval. Whatever it
is not given (study, date, language, paths, settings) is found here, in one place.
"""

from __future__ import annotations

import ast
import contextlib
import ctypes
import importlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from customer_patterns import warehouse
from customer_patterns.reporting import Finding, show
from customer_patterns.reporting.chapter import SUMMARY
from customer_patterns.reporting.languages import study_voice
from customer_patterns.reporting.needed import Needed
from customer_patterns.schemas import TableSchema, resting_on
from customer_patterns.schemas.lineage import PLANTED
from customer_patterns.study import Run, RunError, Study, nearest, open_run, project_root, stage_folder
from customer_patterns.warehouse import content_digest
from customer_patterns.wording import set_voice
from customer_patterns.wording.messages import NAMES, PAGE, translation_files

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    from ibis.backends.duckdb import Backend

#: Parameters every notebook has; all others are method settings.
COMMON = ("upstream", "product", "study", "as_of", "language", "settings")

#: The room each stage's code lives in, where it is not called like the stage.
ROOMS = {"collect": "sources", "clean": "cleaning", "summary": "reporting"}

#: Code that no table depends on: other entrances, how a page is dressed, and the simulators of deliveries.
_NOT_IN_TABLES = (
    "__main__.py",
    "explore",
    "laboratory",
    "reruns",
    "reporting/chapter",
    "reporting/publish",
    "reporting/templates",
    "planted_shop",
    "sources/companion",
    "sources/pipeline_works",
    "sources/simulated",
)

#: The stage whose chapter is about the methods, not about the study.
LABORATORY = "laboratory"

#: What the study file is called among a stage's inputs.
STUDY_FILE = "study file"

#: What glibc calls the number of places in which free memory is kept (malloc.h: ``M_ARENA_MAX``).
_PLACES = -8

#: Packages whose version can change a number.
_VERSIONS = ("duckdb", "ibis-framework", "numpy", "pandas", "scipy", "seaborn", "matplotlib")


@dataclass(frozen=True)
class Setting:
    """One parameter of a notebook: its default, what it means, its value in this run and who gave it."""

    name: str
    default: Any
    comment: str
    value: Any = None
    given_by: str = "default"


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
            sources[stage] = content_digest(warehouse.read_manifest(folder))
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


def open_stage(name: str, namespace: dict[str, Any]) -> Stage:
    """Open a stage for its notebook: check the parameters, find what was not given, open and verify upstream.

    The names of the parameters cell hold the values in force afterwards: the default, or what ``env.yaml`` sets for
    the stage, or what was given by name (``papermill -p``, or an edited cell), the last of these that there is.

    Parameters
    ----------
    name
        The stage.
    namespace
        The notebook's ``globals()``.

    Raises
    ------
    RunError
        For an unknown parameter (with the nearest known one), a wrong type, or a run that cannot be made.
    StudyError, WarehouseError
        For a study file or upstream tables that cannot be used.
    """
    declared = notebook_parameters(name)
    _refuse_unknown(name, _injected_names(), declared)
    run = open_run(namespace.get("study"), namespace.get("as_of"), namespace.get("language"))
    from_env = namespace.get("settings")
    if from_env is None:
        from_env = run.settings.get(name, {})
    settings = effective_settings(name, declared, from_env, namespace, _injected_names())
    namespace.update({setting.name: setting.value for setting in settings.values()})
    product, upstream = namespace.get("product") or {}, namespace.get("upstream") or {}
    reads = upstream_of(name)
    if shell := _shell():
        show.register(shell)
    _one_thread_per_product()
    _give_memory_back()
    stage = Stage(
        name=name,
        run=run,
        settings=settings,
        folder=_folder(product, run, name),
        upstream={stage: _folder(upstream.get(stage) or {}, run, stage) for stage in reads},
        backend=warehouse.connect(),
        code=code_fingerprint(name),
    )
    stage.tables  # noqa: B018  opened and verified now, so that a damaged table is named in the first cell
    headings = {
        (schema.name, column.name): column.heading for schema in schemas_of(name).values() for column in schema.columns
    }
    set_voice(study_voice(run.study, run.language, simulated_tables=stage.simulated_tables, headings=headings))
    return stage


def _one_thread_per_product() -> None:
    """Let one thread multiply matrices, in this process from here on.

    Ours are tall and narrow (resamples by customers, customers by a few figures): a second thread waits more than it
    works, and a stage takes up to three times the processor for the same numbers. Another stage is at work beside it.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


def _give_memory_back() -> None:
    """Let the C library keep free memory in two places instead of a dozen, in this process from here on.

    Each thread keeps its own by default, up to eight for each processor, and what one has freed no other uses.
    """
    if platform.system() == "Linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library has no such setting
            ctypes.CDLL(None).mallopt(_PLACES, 2)


def _folder(given: Mapping[str, str], run: Run, stage: str) -> Path:
    """The folder of a stage's tables: as Ploomber says, or where it belongs."""
    return Path(given["tables"]) if given else stage_folder(run.study.name, run.as_of, stage)


def notebook_path(stage: str) -> Path:
    """Return the notebook of a stage."""
    found = sorted((project_root() / "notebooks").glob(f"[0-9][0-9]-{stage}.ipynb"))
    if not found:
        raise RunError(f"stage '{stage}' has no notebook in notebooks/{nearest(stage, stage_names())}")
    return found[0]


def chapter_pages() -> dict[str, str]:
    """Return the page of each stage's chapter, as it is called beside the summary."""
    return {stage: "index.html" if stage == SUMMARY else f"{notebook_path(stage).stem}.html" for stage in stage_names()}


def pipeline_tasks() -> list[dict[str, Any]]:
    """Return the tasks of ``pipeline.yaml``, in order."""
    return yaml.safe_load((project_root() / "pipeline.yaml").read_text(encoding="utf-8"))["tasks"]


def stage_names() -> list[str]:
    """Return the stages, in order."""
    return [task["name"] for task in pipeline_tasks()]


def upstream_of(stage: str) -> list[str]:
    """Return the stages that a stage reads."""
    for task in pipeline_tasks():
        if task["name"] == stage:
            return list(task.get("upstream") or [])
    raise RunError(f"stage '{stage}' is not in pipeline.yaml{nearest(stage, stage_names())}")


def schemas_of(stage: str) -> dict[str, TableSchema]:
    """Return the schemas of the tables a stage writes, as its room declares them."""
    return importlib.import_module(f"customer_patterns.{ROOMS.get(stage, stage)}").TABLES


def notebook_parameters(stage: str) -> dict[str, Setting]:
    """Read the parameters of a stage's notebook: names, defaults and comments of the cell tagged ``parameters``."""
    cells = json.loads(notebook_path(stage).read_text(encoding="utf-8"))["cells"]
    source = next("".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", []))
    comments = {
        match["name"]: match["comment"].strip()
        for match in re.finditer(r"^(?P<name>\w+)\s*=[^#\n]*#(?P<comment>.*)$", source, re.MULTILINE)
    }
    declared: dict[str, Setting] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            parameter = statement.targets[0].id
            default = ast.literal_eval(statement.value)
            declared[parameter] = Setting(parameter, default, comments.get(parameter, ""), value=default)
    return declared


def effective_settings(
    stage: str,
    declared: Mapping[str, Setting],
    from_env: Mapping[str, Any],
    given: Mapping[str, Any],
    by_name: Iterable[str] = (),
) -> dict[str, Setting]:
    """Settle each method setting: the default, or the one of ``env.yaml``, or the one given by name.

    Parameters
    ----------
    declared
        The notebook's parameters.
    from_env
        What ``env.yaml`` sets for the stage.
    given
        Values by name; one that differs from the default, or is listed in ``by_name``, was given.

    Raises
    ------
    RunError
        For a name in ``from_env`` that is no setting, or a value of the wrong type.
    """
    methods = {name: setting for name, setting in declared.items() if name not in COMMON}
    _refuse_unknown(stage, from_env, methods, where="env.yaml, settings: ")
    settled: dict[str, Setting] = {}
    for name, setting in methods.items():
        value, giver = setting.default, "default"
        if name in from_env:
            value, giver = from_env[name], "env.yaml"
        if name in given and (name in by_name or given[name] != setting.default):
            value, giver = given[name], "parameter"
        settled[name] = Setting(name, setting.default, setting.comment, _typed(stage, setting, value), giver)
    return settled


def check_parameters(stage: str, parameters: Mapping[str, Any]) -> None:
    """Raise :class:`RunError` for a parameter that the stage's notebook does not have, or a wrong type."""
    declared = notebook_parameters(stage)
    _refuse_unknown(stage, parameters, declared)
    effective_settings(stage, declared, {}, {k: v for k, v in parameters.items() if k not in COMMON}, list(parameters))


def _refuse_unknown(stage: str, names: Iterable[str], known: Mapping[str, Any], where: str = "") -> None:
    for name in names:
        if name not in known:
            listed = ", ".join(n for n in known if n not in COMMON) or "none"
            raise RunError(
                f"{where}stage '{stage}' has no parameter '{name}'{nearest(name, known)} (its settings: {listed})"
            )


def _typed(stage: str, setting: Setting, value: Any) -> Any:
    """The value, if it has the type of its default (a whole number may stand for a decimal one)."""
    wanted = type(setting.default)
    if setting.default is None or type(value) is wanted:
        return value
    if wanted is float and type(value) is int:
        return float(value)
    if wanted in (list, tuple) and isinstance(value, list | tuple):
        return value
    kinds = {int: "a whole number", float: "a number", str: "text", bool: "true or false", list: "a list"}
    raise RunError(
        f"stage '{stage}': {setting.name} is {value!r}, but must be {kinds.get(wanted, wanted.__name__)} "
        f"like its default {setting.default!r}"
    )


def _injected_names() -> list[str]:
    """The names that papermill or Ploomber gave this kernel, read from the cell they add."""
    shell = _shell()
    names: list[str] = []
    for source in shell.user_ns.get("In", []) if shell else []:
        if source.startswith("# Parameters"):
            names += [t.id for s in ast.parse(source).body if isinstance(s, ast.Assign) for t in s.targets]
    return [name for name in names if not name.startswith("PAPERMILL_")]


def _shell() -> Any:
    """The IPython this runs in, or None."""
    from IPython import get_ipython

    return get_ipython()


def study_fingerprint(study: Study) -> str:
    """Return the SHA-256 of what a study file says."""
    return warehouse.digest(study.model_dump(mode="json"))


def code_fingerprint(stage: str) -> str:
    """Return the SHA-256 of the code a stage depends on: its notebook's cells, its room, the floors below, its words.

    Translations count as code: they change no table, but what the executed notebook shows.
    """
    package = Path(__file__).parent
    other_rooms = {ROOMS.get(name, name) for name in stage_names() if name != stage} - {ROOMS.get(stage, stage)}
    cells = json.loads(notebook_path(stage).read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    called = re.findall(r"^from customer_patterns import (.*)$", "\n".join(sources), re.MULTILINE)
    # Every stage words its findings with one room; where others meet in its notebook, it calls them too.
    other_rooms -= {"reporting", *re.findall(r"\w+", " ".join(called))}
    apart = _NOT_IN_TABLES
    if stage == LABORATORY:  # whether a score is outdated depends on all code that a trial may run
        other_rooms, apart = set(), tuple(part for part in apart if part != "planted_shop" and part != "laboratory")
    files = {}
    for path in sorted([*package.rglob("*.py"), *package.rglob("tags/*.yaml")]):
        name = path.relative_to(package).as_posix()
        if name.split("/")[0] not in other_rooms and not any(part in name for part in apart):
            files[name] = warehouse.sha256(path)
    for domain in (PAGE, NAMES, stage, *upstream_of(stage)):  # what its cells show, in other languages
        files |= {f"{p.parent.name}/{p.name}": warehouse.sha256(p) for p in translation_files(domain)}
    files["notebook"] = sources
    return warehouse.digest(files)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that can change a number."""
    found = {name: importlib.metadata.version(name) for name in _VERSIONS}
    return {"python": platform.python_version(), **found}
