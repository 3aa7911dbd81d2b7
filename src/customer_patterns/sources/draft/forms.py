"""Delivered files of one form: a month each, say, or an export of each shop."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from customer_patterns.sources.draft.guessing import Looks, looks
from customer_patterns.sources.draft.looking import Seen
from customer_patterns.sources.draft.mapped import Mapped
from customer_patterns.sources.draft.mapping import map_file
from customer_patterns.sources.draft.vocabulary import plain

_GERMAN = re.compile(r"nummer|datum|menge|betrag|preis|kunde|ß|ü|ö|ä", re.IGNORECASE)


#: So many texts of a column are looked at for their language.
_TEXTS = 500

_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Form:
    """Files of one form: what was seen, what their columns look like, which tables they hold.

    ``again`` says that the same files stand in another form before; ``elsewhere`` which of their columns others use.
    """

    name: str
    seen: Seen
    looked: Mapping[str, Looks]
    tables: tuple[Mapped, ...]
    again: bool = False
    elsewhere: frozenset[str] = frozenset()


def slug(text: str) -> str:
    """Return a text as part of a path: small letters, digits and hyphens.

    >>> slug("Verkäufe 2026")
    'verkaeufe-2026'
    """
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")


def alike(seen: Sequence[Seen]) -> list[Seen]:
    """Join files of one form that lie in one folder: a month each, say."""
    joined: dict[tuple[Any, ...], Seen] = {}
    for one in seen:
        path = one.files[0]
        key = (path.parent, one.reader, tuple(one.columns), path.suffix)
        if key in joined:
            before = joined[key]
            columns = {name: [*before.columns[name], *values] for name, values in one.columns.items()}
            joined[key] = replace(before, files=tuple(sorted((*before.files, path))), columns=columns)
        else:
            joined[key] = one
    return list(joined.values())


def forms_of(seen: Seen) -> list[Form]:
    """Say what the columns of a file look like, and which tables of a study it holds.

    A table that it holds several times, such as the texts of several open questions, gets forms of its own.
    """
    looked = {name: looks(values) for name, values in seen.columns.items()}
    tables = map_file(seen, looked)
    name = _name_of(seen, tables)
    first: dict[str, Mapped] = {}
    again: list[Mapped] = []
    for mapped in tables:
        if first.setdefault(mapped.table, mapped) is not mapped:
            again.append(mapped)
    more = [Form(f"{name}-{place}", seen, looked, (mapped,), again=True) for place, mapped in enumerate(again, 2)]
    elsewhere = frozenset(column for mapped in again for column in mapped.columns.values())
    return [Form(name, seen, looked, tuple(first.values()), elsewhere=elsewhere), *more]


def _name_of(seen: Seen, tables: Sequence[Mapped]) -> str:
    """The files' name, or what several of them have in common; their table's, where that says nothing in Latin."""
    stems = [path.name.split(".")[0] for path in seen.files]
    name = slug(
        "".join(letters[0] for letters in takewhile(lambda here: len(set(here)) == 1, zip(*stems, strict=False)))
    )
    if re.search("[a-z]", name):
        return name
    return tables[0].table.replace("_", "-") if tables else "files"


def language_of(forms: Sequence[Form]) -> str:
    """Return the language of the people behind the files, by how columns are named and texts written.

    ``zh``, ``de``, or else ``en``.
    """
    names = " ".join(name for form in forms for name in form.seen.columns)
    if _HAN.search(names) or _mostly_chinese(forms):
        return "zh"
    return "de" if len(_GERMAN.findall(names)) >= 2 else "en"


def _mostly_chinese(forms: Sequence[Form]) -> bool:
    """Whether most of what people wrote is in Chinese; without any such text, no."""
    columns = [(form, m.columns["text"]) for form in forms for m in form.tables if "text" in m.columns]
    texts = [text for form, name in columns for text in form.seen.columns[name][:_TEXTS] if text]
    return 2 * sum(bool(_HAN.search(text)) for text in texts) > len(texts)
