"""What a drafted study file says of the files: guesses marked, and questions where nothing can be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.draft.forms import Form
from customer_patterns.sources.draft.guessing import SYMBOLS
from customer_patterns.sources.draft.mapped import CHILD, Mapped
from customer_patterns.sources.draft.period import format_of, period_of, written_on
from customer_patterns.sources.draft.sheet_page import put_items, put_wide, rated
from customer_patterns.sources.draft.writing import UNANSWERED, Page, scalar
from customer_patterns.study import output_root
from customer_patterns.study.contract import BEHAVIOR_TABLES
from customer_patterns.study.format import Format

#: Where people live who write like this: their clock, what they pay with, their country.
_PLACES = {
    "zh": ("Asia/Shanghai", "CNY", "CN"),
    "de": ("Europe/Berlin", "EUR", "DE"),
    "en": ("America/New_York", "USD", "US"),
}
#: What is asked of each source, and how.
_ASKED = {
    "owner": "whose data are these?",
    "purpose": "what may they be used for?",
    "legal_basis": "why may you use them?",
    "retention": "how long may you keep them?",
}

#: What a column is that the files must have, and that none of theirs looks like.
_WHO = {"customer_id": "Whoever bought has a number or name there"}
#: How large a share of the records may be set aside, in steps that a person would choose.
_SHARES = (0.1, 0.2, 0.3, 0.5, 0.8, 1.0)


@dataclass(frozen=True)
class _Place:
    """Where customers live: their clock, what they pay with, their country; whether the currency is told by a sign."""

    zone: str
    currency: str
    country: str
    is_told: bool


def page_of(study: str, forms: Sequence[Form], language: str, lost: Sequence[str]) -> tuple[str, list[str]]:
    """Write the study file.

    Parameters
    ----------
    study
        Its name.
    forms
        The delivered files that hold tables of a study.
    language
        That of their columns' names, which says what is guessed of places and money.
    lost
        Names of the files that hold none.

    Returns
    -------
    tuple
        The file's text, and what must be answered in it.
    """
    page, place = Page(), _place(forms, language)
    page.say(
        'A draft. What is marked "guess" was read off the files: check it. What is marked "answer" only you can know.'
    )
    _people(page, study, forms, language)
    _where(page, forms, place)
    _when(page, forms, place.zone)
    questions = _children(page, forms)
    page.put("sources")
    for form in forms:
        anchored = None if len(forms) == 1 else form is forms[0]
        questions += _source(page, form, study, place.zone, language, anchored=anchored)
    for name in lost:
        page.say(f"{name} is left out: no table of a study fits its columns")
    return page.text, questions


def _place(forms: Sequence[Form], language: str) -> _Place:
    """Where people live who write like this; signs of currency in the files say more than their language does."""
    zone, currency, country = _PLACES[language]
    numbers = [found.numbers for form in forms for found in form.looked.values() if found.numbers]
    signs = [SYMBOLS[sign] for found in numbers for sign in found.symbols]
    return _Place(zone, signs[0] if signs else currency, country, bool(signs))


def _people(page: Page, study: str, forms: Sequence[Form], language: str) -> None:
    page.put("title", study.replace("-", " ").capitalize(), note="answer: what should the report be called?")
    seen_in = _seen_in(forms)
    page.put("about", f"Customers as seen in {', '.join(seen_in)}")
    page.put("customer", {"one": "customer", "many": "customers"})
    if language == "zh":
        page.put("zh")
        page.put("about", f"{'、'.join(seen_in)}中的客户", 1)
        page.put("customer", {"one": "客户", "many": "客户", "counted": "位客户"}, 1)


def _seen_in(forms: Sequence[Form]) -> list[str]:
    """The files by name, many of one form as a pattern."""
    names = [path.name for form in forms if not form.again for path in [Path(_pattern(form.seen.files))]]
    return list(dict.fromkeys(names))[:4]


def _where(page: Page, forms: Sequence[Form], place: _Place) -> None:
    money = any(CANONICAL[m.table][name].kind == "money" for form in forms for m in form.tables for name in m.columns)
    unknown = "answer: which currency? Nothing in the files says it" if money else "no amounts came; any will do"
    page.put("currency", place.currency, note="guess" if place.is_told else unknown)
    page.put("time_zone", place.zone, note="answer: by which clock do your customers live?")
    page.put(
        "country", place.country, note="answer: where do they live? Its holidays are marked; if nowhere, remove it"
    )
    if any("phone" in mapped.columns for form in forms for mapped in form.tables):
        note = "guess: the country of telephone numbers written without one"
        page.put("phone_region", place.country, note=note)


def _when(page: Page, forms: Sequence[Form], zone: str) -> None:
    first, last = period_of(forms, zone)
    if all(mapped.undated for form in forms for mapped in form.tables if mapped.table in BEHAVIOR_TABLES):
        page.put("first_day", first, note="answer: when was it asked or written? The files were written on this day")
        page.put("last_day", last, note="answer: likewise")
    else:
        page.put("first_day", first, note="guess: the first day in the files")
        page.put("last_day", last, note="guess: the last day in the files; is it whole?")


def _children(page: Page, forms: Sequence[Form]) -> list[str]:
    """Ask about people under the age at which the law stops to protect them most; returns the question."""
    if not any(mapped.holds_children for form in forms for mapped in form.tables):
        return []
    page.put("protected", {"minors": UNANSWERED}, note="answer: why may children's data be used? Or leave them out")
    return [f"the files hold people under {CHILD}, whom the law protects most: why you may use their data"]


def _source(page: Page, form: Form, study: str, zone: str, language: str, *, anchored: bool | None) -> list[str]:
    """One source with its tables; returns the questions in it.

    Of several, the first one (``anchored``) asks whose data these are, and the others take its answers over.
    """
    questions = []
    page.put(form.name, depth=1)
    page.put("reader", form.seen.reader, 2)
    page.put("provenance", "real", 2)
    for name, question in _ASKED.items():
        if anchored is False:
            page.put(name, None, 2, "as above; write it out where it differs", anchor=name)
        else:
            page.put(name, UNANSWERED, 2, f"answer: {question}", anchor=name if anchored else "")
        if name == "owner":
            page.put("party", "first", 2, "guess: first, collected by your own organization; third, by another")
    if anchored is not False:
        questions += ["whose data", "what for", "why you may", "for how long"]
    written = _written(form, zone)
    if written:
        page.put("format", depth=2)
        for name, (value, note) in written.items():
            page.put(name, value, 3, note)
    if not form.again:
        page.ask(form.seen.notes, 2)
        questions += [f"{form.name}: {note}" for note in form.seen.notes]
    page.put("tables", depth=2)
    for mapped in form.tables:
        questions += _table(page, form, mapped, zone)
        if mapped.items:
            put_items(page, mapped, study, language)
    return questions


def _written(form: Form, zone: str) -> dict[str, tuple[Any, str]]:
    """What ``format`` must say of these files, each with its note."""
    said: dict[str, tuple[Any, str]] = {
        name: (value, "guess" if name in form.seen.guesses else "") for name, value in form.seen.form.items()
    }
    used = {column for mapped in form.tables for column in (*mapped.columns.values(), *rated(mapped))}
    numbers = [form.looked[column].numbers for column in used if form.looked[column].numbers]
    if any(n.decimal != "." for n in numbers):
        said["decimal"] = (",", "guess")
    if thousands := sorted({n.thousands for n in numbers if n.thousands}):
        said["thousands"] = (thousands[0], "guess")
    if symbols := list(dict.fromkeys(sign for n in numbers for sign in n.symbols)):
        said["symbols"] = (symbols, "guess: signs that mean the study's currency")
    dates = list(
        dict.fromkeys(format_of(d, form) for c in sorted(used) if (d := form.looked[c].dates) and not _is_key(form, c))
    )
    if dates and dates != ["iso"]:
        unsure = any(len(d.formats) > 1 for c in used if (d := form.looked[c].dates))
        said["dates"] = (dates, "answer: day or month first? Both would fit" if unsure else "guess")
    if form.seen.reader != "parquet":
        said["time_zone"] = (zone, "guess: times without an offset are of this clock")
    if nothing := sorted({text for column in used for text in form.looked[column].nothing}):
        said["missing"] = (["", *nothing], "guess: texts that mean: not given")
    gaps, column = _gaps(form)
    if gaps > Format().worst_share:
        allowed = next(share for share in _SHARES if gaps < share)
        said["worst_share"] = (allowed, f"guess: records without a value in '{column}' are set aside; so many may be")
    return said


def _left_over(form: Form) -> list[str]:
    """Delivered columns that no table of these files uses."""
    if form.again:
        return []
    named = {column for mapped in form.tables for column in (*mapped.columns.values(), *rated(mapped))}
    return [column for column in form.seen.columns if column not in named | form.elsewhere]


def _gaps(form: Form) -> tuple[float, str]:
    """The largest share of records without a value that each must have, and in which column."""
    required = {
        column
        for mapped in form.tables
        for name, column in mapped.columns.items()
        if name in CANONICAL[mapped.table] and not CANONICAL[mapped.table][name].nullable
    }
    gaps = ((1 - form.looked[column].given / form.seen.records, column) for column in required if form.seen.records)
    return max(gaps, default=(0.0, ""))


def _is_key(form: Form, column: str) -> bool:
    """Whether a column is an id in its table: digits there are no days."""
    return any(
        CANONICAL[mapped.table][name].kind == "text"
        for mapped in form.tables
        for name, delivered in mapped.columns.items()
        if delivered == column
    )


def _table(page: Page, form: Form, mapped: Mapped, zone: str) -> list[str]:
    page.put(mapped.table, depth=3)
    page.put("location", _location(form.seen.files), 4)
    page.ask(mapped.questions, 4)
    if any(map(form.seen.holds, mapped.columns.values())):
        page.put("each", {"column": form.seen.each}, 4, "guess: each value of this list is a record of its own")
    if mapped.items:
        put_wide(page, form, mapped)
    page.put("columns", depth=4)
    for name, column in mapped.columns.items():
        more = mapped.more.get(name, {})
        note = "guess" if more or name in mapped.guesses else ""
        page.put(name, {"column": column, **more} if more else column, 5, note)
    for name, part in mapped.made.items():
        said = {"made_of": "line"} | ({} if part is None else {"part": part})
        page.put(name, said, 5, "guess: each record is one of its own; no column numbers them")
    for name in mapped.unknown:
        page.put(name, UNANSWERED, 5, f"answer: which column is it? {_WHO[name]}")
    if mapped.undated:
        noon = datetime.combine(written_on(form, zone), time(12), ZoneInfo(zone))
        page.put(mapped.undated, {"constant": noon.isoformat(timespec="minutes")}, 5, "answer: when? No column says it")
    for name, value in mapped.constants.items():
        page.put(name, {"constant": value}, 5, "guess: the files have no such column")
    if mapped is form.tables[0] and (left := _left_over(form)):
        page.say(f"not used: {', '.join(map(scalar, left))}", 5)
    return [f"{form.name}.{mapped.table}: {question}" for question in mapped.questions]


def _location(files: Sequence[Path]) -> str:
    """Where the files lie below the project: one path, or a pattern that means all of them and no others."""
    return _pattern([path.relative_to(output_root()) for path in files])


def _pattern(files: Sequence[Path]) -> str:
    names = [path.as_posix() for path in files]
    if len(names) == 1:
        return names[0]
    first, last = min(names), max(names)
    start = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    end = next((place for place, (a, b) in enumerate(zip(first[::-1], last[::-1], strict=False)) if a != b), 0)
    return f"{first[:start]}*{first[len(first) - end :]}"
