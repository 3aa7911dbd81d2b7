"""One way to write a thing: spellings of levels, telephone numbers, e-mail addresses, names, languages.

What is delivered stays as it is in the tables of ``collect``. Here spellings of one word become one, or, where a person
is meant, a standard form stands beside the delivered one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from customer_patterns.cleaning.once import Once
from customer_patterns.cleaning.rules import Rule, Tables

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Signs without width or that turn the direction of writing; nobody means them in a name.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

#: Languages by their names, as senders write them.
_LANGUAGES = {
    "english": "en", "英语": "en", "英文": "en", "chinese": "zh", "mandarin": "zh", "中文": "zh", "汉语": "zh",
    "cn": "zh", "chi": "zh", "zho": "zh", "eng": "en", "german": "de", "deutsch": "de", "ger": "de", "deu": "de",
    "french": "fr", "français": "fr", "fra": "fr", "fre": "fr", "spanish": "es", "español": "es", "spa": "es",
    "japanese": "ja",
    "日本語": "ja", "jpn": "ja", "jp": "ja", "korean": "ko", "kor": "ko", "kr": "ko",
}  # fmt: skip

#: The columns of which several spellings may stand for one level.
LEVELS: dict[str, tuple[str, ...]] = {
    "customers": (
        "age_group", "income_group", "home_ownership", "marital_status", "household_size", "household_composition",
        "children", "gender", "occupation", "education", "debt_group", "lifestyle", "city", "country",
    ),
    "customer_traits": ("occupation", "education"),
    "order_channels": ("channel",),
    "regions": ("region_name", "area_type", "country"),
    "products": ("department", "category", "product_type", "brand"),
    "order_lines": ("channel", "payment_method"),
    "contracts": ("plan",),
    "usage": ("feature", "unit"),
    "events": ("event_type", "device", "channel"),
    "loyalty_ledger": ("tier",),
    "experiments": ("arm",),
    "campaigns": ("campaign_type",),
    "messages": ("channel",),
    "survey_invitations": ("channel",),
    "survey_sheets": ("device",),
    "contacts": ("channel", "topic"),
    "feedback": ("channel",),
    "feedback_codes": ("code",),
}  # fmt: skip


def one_form(text: str) -> str:
    """Return a text in one form for grouping: no difference of case, width, spaces or unseen signs, simplified.

    Unicode's NFKC makes full-width letters plain; OpenCC's character table makes traditional characters simplified.

    >>> one_form("  Ｓnacks\u00a0 & Nuts ")
    'snacks & nuts'
    >>> one_form("臺北") == one_form("台北")
    True
    """
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
    return _simplified(" ".join(plain.split()).casefold())


def _simplified(text: str) -> str:
    if text.isascii():
        return text
    return _converter().convert(text)


@cache
def _converter() -> object:
    import opencc  # (loads a dictionary, which few studies need)

    return opencc.OpenCC("t2s")


def one_spelling(times: Mapping[str, int]) -> dict[str, str]:
    """Return for each spelling that is not its word's most frequent one what it becomes.

    Parameters
    ----------
    times
        How often each spelling stands in a column.

    Examples
    --------
    >>> one_spelling({"Snacks": 7, "snacks ": 2, "Tea": 1})
    {'snacks ': 'Snacks'}
    """
    words: dict[str, list[str]] = {}
    for spelling in times:
        words.setdefault(one_form(spelling), []).append(spelling)
    becomes = {}
    for spellings in words.values():
        best = min(spellings, key=lambda s: (-times[s], s != s.strip(), s))
        becomes |= {spelling: best for spelling in sorted(spellings) if spelling != best}
    return becomes


def spellings(table: str, backend: Backend) -> Rule:
    """Write each level of a table's columns as most records write it."""
    known = Once()

    def becomes(tables: Tables) -> dict[str, dict[str, str]]:
        rows = tables[table]
        return known.of(rows, lambda: {column: one_spelling(times) for column, times in written(rows).items()})

    def written(rows: ir.Table) -> dict[str, dict[str, int]]:
        return _times(rows, *(column for column in LEVELS[table] if column in rows.columns))

    def found(tables: Tables) -> ir.Table:
        rows, other = tables[table], ibis.literal(False)
        for column, new in becomes(tables).items():
            if new:
                other = other | rows[column].isin(sorted(new))
        return rows.filter(other)

    def clean(tables: Tables) -> Tables:
        rows = tables[table]
        columns = rows.columns
        for column, new in becomes(tables).items():
            if new:
                pairs = _pairs(backend, f"spelling__{table}__{column}", sorted(new.items()))
                rows = rows.left_join(pairs, rows[column] == pairs._given)
                rows = rows.mutate(**{column: ibis.coalesce(rows._meant, rows[column])}).select(columns)
        return {**tables, table: rows}

    return Rule(
        "one level in several spellings: the most frequent one",
        table,
        "changed",
        found,
        clean,
        regroups=True,
        applies=lambda tables: any(column in tables[table].columns for column in LEVELS[table]),
        count=lambda tables: None if any(becomes(tables).values()) else 0,
    )


def _times(rows: ir.Table, *columns: str) -> dict[str, dict[str, int]]:
    """How often each spelling of some columns stands in a table: by column, in one pass (gaps are not counted)."""
    backend, times = rows.get_backend(), {column: {} for column in columns}
    named = ", ".join(f'"{column}"' for column in columns)
    each = f"UNPIVOT ({backend.compile(rows.select(columns))}) ON {named} INTO NAME _column VALUE _text"
    counted = f"SELECT _column, _text, count(*) FROM ({each}) GROUP BY ALL"
    for column, text, records in backend.con.execute(counted).fetchall():
        times[column][text] = records
    return times


def languages(table: str, backend: Backend) -> Rule:
    """Write a text's language by its code."""
    return _standard(
        "language written in another way: its code of two letters",
        table,
        "language",
        "language",
        language_code,
        backend,
    )


def language_code(text: str) -> str | None:
    """Return the code of a language in ISO 639-1, however it is written; ``None`` where it is not known.

    >>> [language_code(t) for t in ("zh-CN", "EN_us", "中文", "fr", "klingon")]
    ['zh', 'en', 'zh', 'fr', None]
    """
    plain = one_form(text)
    if plain in _LANGUAGES:
        return _LANGUAGES[plain]
    first = re.split(r"[-_ ]", plain)[0]
    if first in _LANGUAGES:
        return _LANGUAGES[first]
    return first if re.fullmatch("[a-z]{2}", first) else None


def phone_number(text: str, region: str = "") -> str | None:
    """Return a telephone number as E.164 writes it; ``None`` where it is none or its country is not known.

    >>> phone_number("（０１０）６２５５-０１２３", "CN")
    '+861062550123'
    >>> phone_number("010 6255 0123") is None
    True
    """
    import phonenumbers  # (loads the plans of all countries, which few studies need)

    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    try:
        number = phonenumbers.parse(plain, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_address(text: str) -> str | None:
    """Return an e-mail address in small letters without spaces around it; ``None`` where it is none.

    >>> email_address(" Ann.Lee＠Example.com ")
    'ann.lee@example.com'
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip().casefold()
    return plain if re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", plain) else None


def identity_rules(backend: Backend, *, phone_region: str) -> list[Rule]:
    """Put beside each name, telephone number and e-mail address a form in which two of them can be compared."""
    return [
        _standard(
            "telephone number that cannot be read: none put beside it", "identities", "phone", "phone_e164",
            lambda text: phone_number(text, phone_region), backend,
        ),
        _standard(
            "e-mail address that is none: none put beside it", "identities", "email", "email_plain", email_address,
            backend,
        ),
        _standard("name that says nothing: none put beside it", "identities", "name", "name_plain", _name, backend),
    ]  # fmt: skip


def _name(text: str) -> str | None:
    return one_form(text) or None


def _standard(
    name: str, table: str, column: str, into: str, standard: Callable[[str], str | None], backend: Backend
) -> Rule:
    """Write a column's values in their standard form: in their place, or beside them in another column.

    In their place, a value is counted that changes; beside them, one that has no standard form.
    """
    beside = into != column
    known = Once()

    def forms(tables: Tables) -> list[tuple[str, str | None]]:
        rows = tables[table]
        return known.of(rows, lambda: [(text, standard(text)) for text in sorted(_times(rows, column)[column])])

    def counted(tables: Tables) -> list[str]:
        return [text for text, form in forms(tables) if (form is None if beside else form not in (None, text))]

    def found(tables: Tables) -> ir.Table:
        rows = tables[table]
        if not (texts := counted(tables)):
            return rows.limit(0)
        pairs = _pairs(backend, f"counted__{table}__{column}", [(text, None) for text in texts])
        return rows.semi_join(pairs, rows[column] == pairs._given)

    def clean(tables: Tables) -> Tables:
        rows = tables[table]
        pairs = _pairs(backend, f"standard__{table}__{column}", forms(tables))
        joined = rows.left_join(pairs, rows[column] == pairs._given)
        meant = joined._meant if beside else ibis.coalesce(joined._meant, joined[column])
        written = joined.mutate(**{into: meant})
        return {**tables, table: written.select(*dict.fromkeys([*rows.columns, into]))}

    return Rule(
        name,
        table,
        "flagged" if beside else "changed",
        found,
        clean,
        regroups=True,
        applies=lambda tables: column in tables[table].columns,
        completes=beside,
        count=lambda tables: None if counted(tables) else 0,
    )


def _pairs(backend: Backend, name: str, pairs: list[tuple[str, str | None]]) -> ir.Table:
    """A table of what was given and what is meant."""
    given, meant = [g for g, _ in pairs], [m for _, m in pairs]
    backend.con.register(
        name, pa.table({"_given": pa.array(given, pa.string()), "_meant": pa.array(meant, pa.string())})
    )
    return backend.table(name)
