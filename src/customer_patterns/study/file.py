"""The study file: which data a study rests on, whose they are, why they may be used, and for how long.

A study file is checked before any work begins; every fault is reported at once, with its line and a remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS, KNOWN_LATER
from customer_patterns.study.contract import (
    BEHAVIOR_TABLES,
    Accounts,
    Block,
    ColumnFrom,
    Constant,
    Each,
    Format,
    QualityLimit,
    Source,
    SourceEntry,
    TableEntry,
    Text,
    WeekNumber,
    Wide,
    delivered_name,
    known_zone,
)
from customer_patterns.study.places import output_root, project_root
from customer_patterns.study.spelling import nearest


class StudyError(Refusal):
    """A study file cannot be used; the message names each fault with its line and remedy."""


class Noun(Block):
    """What this study calls a customer."""

    one: Text
    many: Text


class ChineseNoun(Block):
    """What this study calls a customer in Chinese: the noun, and the noun after a number, with its measure word."""

    one: Text
    many: Text
    counted: Text


class ChineseWords(Block):
    """A study's words in Chinese; what is not given is said as in English, customers as 客户."""

    title: Text | None = None
    about: Text | None = None
    customer: ChineseNoun | None = None
    caution: Text | None = None


class Simulator(Block):
    """What makes the simulated deliveries: a whole shop or works, or a companion to purchases of real customers."""

    name: Literal["planted-shop", "companion", "pipeline-works"]
    seed: Annotated[int, Field(ge=0)]
    customers: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _customers_are_simulated_or_not(self) -> Simulator:
        if self.name != "companion" and self.customers is None:
            raise ValueError(f"{self.name} needs 'customers', how many it has")
        if self.name == "companion" and self.customers is not None:
            raise ValueError("a companion takes its customers from the purchases; remove 'customers'")
        return self


class Study(Block):
    """A study: its period, its words for people, and its sources.

    Attributes
    ----------
    name
        The file's name without ``.yaml``; also the name of its folders.
    first_day, last_day
        The study window in ``time_zone``, both days included.
    sources
        One entry per delivered table; a canonical table may come from several sources.
    caution
        What every reader must know about the data before quoting a number.
    zh
        Its words in Chinese.
    quality
        What a table (``order_lines``) or a column (``order_lines.revenue``) must reach, or the run stops.
    accounts
        Patterns of the accounts that are no customers.
    country
        Where its customers live, in two letters (ISO 3166-1): whose public holidays are marked.
    merged_customers
        Where the mapping of customers' old ids to new ones lies: a file of two columns, ``old`` and ``new``.
    """

    name: Text
    title: Text
    about: Text
    customer_noun: Noun = Field(alias="customer")
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    time_zone: Text
    first_day: date
    last_day: date
    sources: tuple[Source, ...]
    simulator: Simulator | None = None
    caution: Text | None = None
    zh: ChineseWords | None = None
    quality: dict[str, QualityLimit] = Field(default_factory=dict)
    accounts: Accounts = Accounts()
    merged_customers: Text | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None

    def told(self, name: str) -> dict[str, str]:
        """Return ``title``, ``about`` or ``caution`` in each language in which the study file gives it."""
        given = {"en": getattr(self, name), "zh": getattr(self.zh, name, None)}
        return {language: text for language, text in given.items() if text}

    @property
    def customer(self) -> str:
        """What one customer is called, e.g. ``household``."""
        return self.customer_noun.one

    @property
    def customers(self) -> str:
        """What customers are called, e.g. ``households``."""
        return self.customer_noun.many

    @property
    def simulated(self) -> bool:
        """Whether every table of the study is simulated."""
        return all(source.provenance == "simulated" for source in self.sources)

    @property
    def simulated_tables(self) -> frozenset[str]:
        """The canonical tables whose deliveries are simulated."""
        return frozenset(source.table for source in self.sources if source.provenance == "simulated")

    def delivers(self, table: str) -> bool:
        """Whether a canonical table is among the study's deliveries; later stages find all others empty."""
        return self.source(table) is not None

    def source(self, table: str) -> Source | None:
        """Return the source of a canonical table, the first one where there are several, if the study has it."""
        return next(iter(self.sources_of(table)), None)

    def sources_of(self, table: str) -> tuple[Source, ...]:
        """Return all sources of a canonical table, in the order of the study file."""
        return tuple(source for source in self.sources if source.table == table)

    def described_as(self, source: Source) -> str:
        """Return how a source's table is called among others: the table, or ``table (source)`` where it has several."""
        return source.table if len(self.sources_of(source.table)) == 1 else f"{source.table} ({source.source})"


class _StudyFile(Block):
    title: Text
    about: Text
    customer: Noun
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    time_zone: Text
    first_day: date
    last_day: date
    sources: dict[str, SourceEntry]
    simulator: Simulator | None = None
    caution: Text | None = None
    zh: ChineseWords | None = None
    quality: dict[str, QualityLimit] = Field(default_factory=dict)
    accounts: Accounts = Accounts()
    merged_customers: Text | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None

    _zone = field_validator("time_zone")(known_zone)

    @model_validator(mode="after")
    def _window_has_days(self) -> _StudyFile:
        if self.first_day > self.last_day:
            raise ValueError("first_day lies after last_day")
        return self


def study_names() -> list[str]:
    """Return the names of the studies that have a file."""
    return sorted(path.stem for folder in _study_folders() for path in folder.glob("*.yaml"))


def load_study(name: str) -> Study:
    """Read and check the study file ``data/studies/<name>.yaml``.

    Raises
    ------
    StudyError
        Naming the file and, for each fault, its line and the remedy.
    """
    for folder in _study_folders():
        path = folder / f"{name}.yaml"
        if name in study_names() and path.is_file():  # a name, not a path to elsewhere
            return read_study_file(path)
    raise StudyError(
        f"there is no study '{name}' in data/studies{nearest(name, study_names())} "
        f"(known: {', '.join(study_names()) or 'none'})"
    )


def read_study_file(path: Path) -> Study:
    """Read and check one study file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise StudyError(f"{path.name}, line {line}: this is not UTF-8; save the file as UTF-8") from None
    try:
        node = yaml.compose(text)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or getattr(error, "reason", "")
        raise StudyError(f"{path.name}, line {line}: this is not YAML ({problem})") from None
    except ValueError as error:  # a day that looks like one and is none, such as 2017-02-30
        line = next((n.start_mark.line + 1 for n in _scalars(node) if not _can_be_read(n)), 1)
        raise StudyError(f"{path.name}, line {line}: there is no such day ({error})") from None
    if not isinstance(node, yaml.MappingNode):
        raise StudyError(f"{path.name}, line 1: a study file is a list of 'name: value' lines; this one is empty")
    lines: dict[tuple[Any, ...], int] = {}
    faults: list[tuple[int, str]] = []
    _note_lines(node, (), lines, faults)
    faults += _format_faults(content, lines)
    try:
        file = _StudyFile.model_validate(content)
    except ValidationError as error:
        faults += [_say(detail, lines) for detail in error.errors()]
        file = None
    if file is not None:
        faults += _table_faults(file, lines)
    if faults:
        listed = "\n".join(f"  line {line}: {what}" for line, what in sorted(set(faults)))
        raise StudyError(f"{path.name} cannot be used:\n{listed}")
    sources = tuple(entry.source(name, table) for name, entry in file.sources.items() for table in entry.tables)
    values = {name: getattr(file, name) for name in type(file).model_fields if name != "sources"}
    return Study(name=path.stem, sources=sources, **values)


def _study_folders() -> list[Path]:
    """Where study files lie: beside the deliveries, and in the project."""
    folders = dict.fromkeys(root / "data" / "studies" for root in (output_root(), project_root()))
    return [folder for folder in folders if folder.is_dir()]


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """All single values below a node."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in child if isinstance(child, tuple) else (child,):
            yield from _scalars(part)


def _can_be_read(node: yaml.ScalarNode) -> bool:
    try:
        yaml.SafeLoader("").construct_object(node)
    except ValueError:
        return False
    return True


def _note_lines(
    node: yaml.Node, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int], faults: list[tuple[int, str]]
) -> None:
    """Remember on which line each value stands, and object to a name that stands twice."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                faults.append((key.start_mark.line + 1, f"'{key.value}' stands twice; keep one of them"))
            seen.add(key.value)
            _note_lines(value, (*path, key.value), lines, faults)
            lines[(*path, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*path, index), lines, faults)


def _line(path: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> int:
    """The line of a value, or of the nearest thing around it."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def _say(detail: Any, lines: dict[tuple[Any, ...], int]) -> tuple[int, str]:
    """One fault found by pydantic, in words."""
    path = _place(detail["loc"])
    name = str(path[-1]) if path else "the file"
    where = " in " + ".".join(map(str, path[:-1])) if len(path) > 1 else ""
    match detail["type"]:
        case "missing":
            what = f"'{name}' is missing{where}; add it"
        case "extra_forbidden":
            known = _known_names(path[:-1], detail["loc"])
            what = f"'{name}' is not known{where}{nearest(name, known)}; remove it or correct its name"
        case "literal_error":
            what = f"'{name}'{where} is {detail['input']!r}; write one of {detail['ctx']['expected']}"
        case _:
            what = f"'{name}'{where} is {detail['input']!r}: {detail['msg'].removeprefix('Value error, ')}"
    return _line(path, lines), what


def _place(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """Where a fault stands in the file: pydantic names beside it which of several forms it took a value for."""
    if len(found) > 6 and found[0] == "sources" and found[4] == "columns":
        return (*found[:6], *found[7:])
    if "loaded_at" in found[:5]:
        at = found.index("loaded_at")
        return (*found[: at + 1], *found[at + 2 :])
    return found


def _known_names(parents: tuple[Any, ...], found: tuple[Any, ...]) -> list[str]:
    """The names allowed at a place in the file."""
    if not parents:
        return list(_StudyFile.model_fields)
    match parents:
        case ("sources", _) | ("sources", _, "loaded_at"):
            return list(SourceEntry.model_fields)
        case ("sources", _, "tables", _):
            return list(TableEntry.model_fields)
        case ("sources", *_, "format"):
            return list(Format.model_fields)
        case ("sources", _, "tables", _, "columns", _):
            return list({"week": WeekNumber, "constant": Constant}.get(found[6], ColumnFrom).model_fields)
        case ("sources", *_, "loaded_at"):
            return ["column", "file"]
        case ("sources", *_, "wide"):
            return list(Wide.model_fields)
        case ("sources", *_, "each"):
            return list(Each.model_fields)
    parts = {
        "customer": Noun,
        "simulator": Simulator,
        "zh": ChineseWords,
        "quality": QualityLimit,
        "accounts": Accounts,
    }
    return list(parts.get(str(parents[0]), Block).model_fields)


def _format_faults(file: dict[str, Any], lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Faults inside ``format`` blocks, which are checked by themselves because a table's adds to its source's."""
    faults: list[tuple[int, str]] = []
    for path, given in _formats(file):
        try:
            Format.model_validate(given)
        except ValidationError as error:
            faults += [_say({**detail, "loc": (*path, *detail["loc"])}, lines) for detail in error.errors()]
    return faults


def _formats(file: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    sources = file.get("sources")
    for name, entry in sources.items() if isinstance(sources, dict) else ():
        if isinstance(entry, dict):
            if "format" in entry:
                yield ("sources", name, "format"), entry["format"]
            tables = entry.get("tables")
            for table, item in tables.items() if isinstance(tables, dict) else ():
                if isinstance(item, dict) and "format" in item:
                    yield ("sources", name, "tables", table, "format"), item["format"]


def _table_faults(file: _StudyFile, lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Faults in which tables are delivered and how their columns are mapped."""
    faults: list[tuple[int, str]] = []
    seen: set[str] = set()
    for source, entry in file.sources.items():
        for table, item in entry.tables.items():
            path = ("sources", source, "tables", table)
            if table not in CANONICAL:
                known = ", ".join(CANONICAL)
                faults.append(
                    (_line(path, lines), f"'{table}' is no table of a study{nearest(table, CANONICAL)}; known: {known}")
                )
                continue
            seen.add(table)
            faults += _column_faults(path, table, item, lines)
            faults += _contract_faults(path, entry, item, lines)
    faults += _undated(file, lines)
    if not seen.intersection(BEHAVIOR_TABLES):
        known = ", ".join(name for name in BEHAVIOR_TABLES if name in CANONICAL)
        faults.append(
            (_line(("sources",), lines), f"no source delivers what customers did or said; a study needs one of {known}")
        )
    faults += _quality_faults(file, lines)
    return faults


def _column_faults(
    path: tuple[Any, ...], table: str, item: TableEntry, lines: dict[tuple[Any, ...], int]
) -> list[tuple[int, str]]:
    """Faults in how one table's columns are mapped."""
    faults: list[tuple[int, str]] = []
    schema, optional = CANONICAL[table], DEFAULTS.get(table, {})
    of_the_sheet = ("item_id", "answer") if item.wide is not None else ()
    for place, names in (("columns", item.columns), ("key", item.key)):
        for column in names:
            if column not in schema:
                where = _line((*path, place, column), lines)
                hint = nearest(column, schema.names)
                faults.append((where, f"'{column}' is no column of {table}{hint}; known: {', '.join(schema.names)}"))
    for column in schema.names:
        if column not in item.columns and column not in optional and column not in of_the_sheet:
            faults.append(
                (
                    _line((*path, "columns"), lines),
                    f"{table} needs '{column}'; map it, e.g. '{column}: <its name in the delivery>'",
                )
            )
    for column, origin in item.columns.items():
        if isinstance(origin, WeekNumber) and column in schema and schema[column].kind != "date":
            where = _line((*path, "columns", column), lines)
            faults.append((where, f"'{column}' is no date and cannot come from a week number"))
    return faults


def _contract_faults(
    path: tuple[Any, ...], entry: SourceEntry, item: TableEntry, lines: dict[tuple[Any, ...], int]
) -> list[tuple[int, str]]:
    """Faults in what a table's contract says beside its columns."""
    faults: list[tuple[int, str]] = []
    try:
        Format(**{**entry.format, **item.format})
    except ValidationError as error:  # each block is right by itself, both together are not
        faults += [(_line((*path, "format"), lines), detail["msg"]) for detail in error.errors()]
    if item.wide is not None and path[-1] != "survey_responses":
        faults.append((_line((*path, "wide"), lines), "'wide' is for survey_responses only; remove it"))
    reader, connection = item.reader or entry.reader, item.connection or entry.connection
    faults += _list_faults(path, reader, item, lines)
    if reader in ("sql", "api") and connection is None:
        what = f"reader '{reader}' needs 'connection', the name of the environment variable that holds the address"
        faults.append((_line(path, lines), what))
    if item.watch is not None and reader not in ("sql", "api"):
        what = "'watch' is for databases and services; files are known by their bytes, so remove it"
        faults.append((_line((*path, "watch"), lines), what))
    if connection is not None and not connection.isidentifier():
        where = _line((*path, "connection"), lines) if item.connection else _line((*path[:2], "connection"), lines)
        faults.append(
            (where, "'connection' is the name of an environment variable, never the address or secret itself")
        )
    return faults


def _list_faults(
    path: tuple[Any, ...], reader: str, item: TableEntry, lines: dict[tuple[Any, ...], int]
) -> list[tuple[int, str]]:
    """Faults in what is said about lists within a record."""
    faults: list[tuple[int, str]] = []
    of_json = reader in ("json", "jsonl", "api")
    for column, origin in item.columns.items():
        if isinstance(origin, ColumnFrom) and origin.join is not None and not of_json:
            faults.append((_line((*path, "columns", column), lines), "'join' is for lists of JSON; remove it"))
    if item.each is None:
        return faults
    where = _line((*path, "each"), lines)
    if item.wide is not None:
        faults.append((where, "'each' and 'wide' cannot stand together; remove one of them"))
    if item.each.separator is None and not of_json:
        faults.append((where, "a list in a text needs 'separator', what stands between its values; add it"))
    for column, origin in item.columns.items():
        delivered = delivered_name(origin)
        kind = CANONICAL[path[-1]][column].kind if column in CANONICAL[path[-1]] else ""
        if delivered is not None and not item.each.holds(delivered) and (kind == "money" or column == "quantity"):
            what = f"'{column}' stands beside the list and would count for each of its values"
            remedy = "take it from the list, or write {constant: …}"
            faults.append((_line((*path, "columns", column), lines), f"{what}; {remedy}"))
    return faults


def _quality_faults(file: _StudyFile, lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Thresholds for tables and columns that there are not."""
    faults: list[tuple[int, str]] = []
    for name in file.quality:
        table, _, column = name.partition(".")
        where = _line(("quality", name), lines)
        if table not in CANONICAL:
            faults.append((where, f"'{table}' is no table of a study{nearest(table, CANONICAL)}"))
        elif column and column not in CANONICAL[table]:
            faults.append((where, f"'{column}' is no column of {table}{nearest(column, CANONICAL[table].names)}"))
    return faults


def _undated(file: _StudyFile, lines: dict[tuple[Any, ...], int]) -> list[tuple[int, str]]:
    """Columns that become known later than their row, mapped without the moment from which they are known."""
    faults: list[tuple[int, str]] = []
    for source, entry in file.sources.items():
        for table, item in entry.tables.items():
            for moment, columns in KNOWN_LATER.get(table, {}).items():
                for column in columns:
                    if column in item.columns and moment not in item.columns:
                        where = _line(("sources", source, "tables", table, "columns", column), lines)
                        faults.append(
                            (where, f"'{column}' is known only since '{moment}'; map that too, or leave it out")
                        )
    return faults
