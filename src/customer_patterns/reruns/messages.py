"""``python -m customer_patterns messages``: collect every text that a reader sees, for those who translate it.

Extracted are, stage by stage: the prose of its notebook, the sentences of its catalog, the heads and levels of the
tables of its room, and what its settings mean. What is used by several stages, the words of the page and those of the
charts go into the domain ``page``. Translations are kept; one whose English changed is marked fuzzy and is refused
until somebody has looked at it. The files hold no date, path or line number: the same texts give the same bytes.
"""

from __future__ import annotations

import difflib
import importlib
import io
import json
import os
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from customer_patterns import charts, reporting, schemas
from customer_patterns.reporting.tables import PERSONAL_KEYS
from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.stage import COMMON, ROOMS, notebook_parameters, notebook_path, stage_names
from customer_patterns.wording import SENTENCES
from customer_patterns.wording.locales import LOCALES
from customer_patterns.wording.messages import NAMES, ORIGINAL, PAGE, catalog_path, domains, read_catalog
from customer_patterns.wording.prose import NOTEBOOK, messages_of
from customer_patterns.wording.rules import translation_faults

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

#: Languages that are translated into.
TRANSLATED = tuple(language for language in LOCALES if language != ORIGINAL)

#: A width that no line reaches: a message stands on one line, so that a change shows as one.
_UNWRAPPED = 1_000_000

_HEADER = """\
# Written by `python -m customer_patterns messages`; translations are written by hand and kept.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


#: Before the English text that a translation was made for, where it has changed since.
_BEFORE = "before: "


@dataclass(frozen=True)
class Message:
    """One text to translate: its context, the English, and a note of where it stands."""

    context: str | None
    text: str
    note: str = ""

    @property
    def id(self) -> tuple[str | None, str]:
        """What tells it from others."""
        return self.context, self.text


@dataclass(frozen=True)
class Domain:
    """How one domain stands in one language."""

    name: str
    language: str
    messages: int
    untranslated: int
    faults: tuple[str, ...]

    def __str__(self) -> str:
        """One line, and one for each fault."""
        lines = [f"{self.language}/{self.name:<13} {self.messages:>4} messages, {self.untranslated:>4} untranslated"]
        return "\n".join([*lines, *(f"    {fault}" for fault in self.faults)])


def update_messages(only: Iterable[str] = ()) -> list[Domain]:
    """Write all messages into the files of each language, keeping translations.

    Parameters
    ----------
    only
        Domains to write; all where none is given. A translation whose message moved to another domain moves along.

    Returns
    -------
    list of Domain
        How many messages each has, how many lack a translation, and which translations break a rule.
    """
    wanted = extract()
    written = []
    for language in TRANSLATED:
        before = {name: read_catalog(name, language) for name in {*domains(language), *wanted} - {NAMES}}
        pool = {(m.context, str(m.id)): m for name in before for m in before[name] if m.id and m.string}
        for name, listed in wanted.items():
            own = {(m.context, str(m.id)) for m in before[name] if m.id and m.string}
            moved = any(message.id in pool and message.id not in own for message in listed)
            if not only or name in only or moved:
                _write(_merged(listed, pool, list(before[name]), language), catalog_path(name, language), language)
        names = [name for name in (*wanted, NAMES) if not only or name in only]
        written += [standing(name, language) for name in names]
    return written


def standing(name: str, language: str) -> Domain:
    """Say how a domain stands, from its file."""
    listed = [message for message in read_catalog(name, language) if message.id]
    lacking = [message for message in listed if not message.string or message.fuzzy]
    faults = [
        f"{m.context or 'page'}: {fault} ({str(m.id)[:60]!r})"
        for m in listed
        if m.string
        for fault in translation_faults(str(m.id), str(m.string))
    ]
    return Domain(name, language, len(listed), len(lacking), tuple(faults))


def extract() -> dict[str, list[Message]]:
    """Return the messages of each domain, in the order in which a translator would read them."""
    by_stage = {stage: list(_of_stage(stage)) for stage in stage_names()}
    used: dict[tuple[str | None, str], set[str]] = {}
    for stage, listed in by_stage.items():
        for message in listed:
            used.setdefault(message.id, set()).add(stage)
    page = [*_of_page(), *(m for listed in by_stage.values() for m in listed if len(used[m.id]) > 1)]
    shared = {message.id for message in page}
    found = {PAGE: page, **{s: [m for m in listed if m.id not in shared] for s, listed in by_stage.items()}}
    return {
        name: list({message.id: message for message in reversed(listed)}.values())[::-1]
        for name, listed in found.items()
    }


# What a stage says


def _of_stage(stage: str) -> Iterator[Message]:
    cells = json.loads(notebook_path(stage).read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield from (Message(NOTEBOOK, text) for text in messages_of("".join(cell["source"])))
    yield from (Message(key, text) for key, text in SENTENCES.items() if key.startswith(f"{stage}."))
    for schema in room_schemas(ROOMS.get(stage, stage)):
        yield from _of_schema(schema)
    for name, setting in notebook_parameters(stage).items():
        if name not in COMMON and setting.comment:
            yield Message("setting", setting.comment, f"setting {name}")


def room_schemas(room: str) -> list[TableSchema]:
    """Return the schemas that a room declares, in the order of its modules."""
    package = importlib.import_module(f"customer_patterns.{room}")
    modules = [
        importlib.import_module(f"{package.__name__}.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
        if not m.ispkg
    ]
    found = [
        value for module in (package, *modules) for value in vars(module).values() if isinstance(value, TableSchema)
    ]
    tables = getattr(package, "TABLES", {})
    return list({schema.name: schema for schema in (*tables.values(), *found)}.values())


def _of_schema(schema: TableSchema) -> Iterator[Message]:
    """The heads of tables that may be shown, and all levels: rows about persons are never shown."""
    shown = schema.name not in CANONICAL and not PERSONAL_KEYS.intersection(schema.names)
    for column in schema.columns:
        ends = any(column.name.endswith(end) for end in ("_low", "_high"))
        if shown and not ends and column.heading not in ("n", "Customers"):
            yield Message("label", column.heading, f"table {schema.name}, column {column.name}: {column.meaning}")
        for level in column.levels:
            yield Message("level", level, f"table {schema.name}, column {column.name}: {column.meaning}")


# What all pages say


def _of_page() -> Iterator[Message]:
    stages = stage_names()
    yield from (Message(key, text) for key, text in SENTENCES.items() if key.partition(".")[0] not in stages)
    for package in (charts, reporting, schemas):
        for path in sorted(Path(package.__path__[0]).rglob("*")):
            if path.suffix in (".py", ".j2"):
                yield from (Message(context, text) for context, text in _marked(path))


def _marked(path: Path) -> Iterator[tuple[str | None, str]]:
    """The literal texts that code marks by ``translated(…)`` and templates by ``_(…)``."""
    from babel.messages.extract import extract
    from jinja2.ext import babel_extract

    method = "python" if path.suffix == ".py" else babel_extract
    keywords = {"translated": None, "_": None}
    for _, text, _, _ in extract(
        method, io.BytesIO(path.read_bytes()), keywords=keywords, options={"encoding": "utf-8"}
    ):
        if isinstance(text, str) and text:
            yield None, text


# Files


def _merged(
    wanted: list[Message], pool: dict[tuple[str | None, str], object], before: list[object], language: str
) -> Catalog:
    """A catalog of the wanted messages with their translations; where only the English changed, marked fuzzy."""
    from babel.messages.catalog import Catalog

    ids = {message.id for message in wanted}
    lost = [m for m in before if m.id and m.string and (m.context, str(m.id)) not in ids]
    catalog = Catalog(locale=language)
    for message in wanted:
        notes, string, fuzzy = ([message.note] if message.note else []), "", False
        if (old := pool.get(message.id)) is not None:
            string, fuzzy = str(old.string), old.fuzzy
            if fuzzy:
                notes += [note for note in old.auto_comments if note.startswith(_BEFORE)]
        elif (old := _nearest(message, lost)) is not None:
            string, fuzzy = str(old.string), True
            notes.append(f"{_BEFORE}{old.id}")
        added = catalog.add(message.text, string, context=message.context, auto_comments=notes)
        if fuzzy:
            added.flags.add("fuzzy")
    for added in catalog:
        added.flags.discard("python-format")
        added.flags.discard("python-brace-format")
    return catalog


def _nearest(message: Message, lost: list[object]) -> object | None:
    """The message that this one was before somebody changed its English."""
    same = [m for m in lost if m.context == message.context]
    if "." in (message.context or ""):
        return same[0] if same else None
    close = difflib.get_close_matches(message.text, [str(m.id) for m in same], n=1, cutoff=0.75)
    return next((m for m in same if close and str(m.id) == close[0]), None)


def _write(catalog: Catalog, path: Path, language: str) -> None:
    """Write a file of messages, if it changed, so that a reader finds the old one or the new one."""
    from babel.messages.pofile import write_po

    file = io.BytesIO()
    write_po(file, catalog, width=_UNWRAPPED, no_location=True, omit_header=True)
    content = _HEADER.format(language=language).encode() + file.getvalue().strip() + b"\n"
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.write_bytes(content)
    os.replace(fresh, path)
