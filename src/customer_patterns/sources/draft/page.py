"""What a drafted study file says of the files: guesses marked, and questions where nothing can be known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from customer_patterns.schemas.canonical import CANONICAL, KNOWN_SINCE
from customer_patterns.sources.draft.forms import Form
from customer_patterns.sources.draft.guessing import SYMBOLS, Dates
from customer_patterns.sources.draft.looking import DraftError
from customer_patterns.sources.draft.mapped import CHILD, Mapped
from customer_patterns.sources.draft.sheet_page import put_items, put_wide, rated
from customer_patterns.sources.draft.whole import every_value
from customer_patterns.sources.draft.writing import UNANSWERED, Page, scalar
from customer_patterns.sources.values.moments import MomentFormat, read_timestamp
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.zones import Clock
from customer_patterns.study import output_root
from customer_patterns.study.contract import BEHAVIOR_TABLES

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
    page, questions = Page(), []
    zone, currency, country = _PLACES[language]
    signs = [
        SYMBOLS[sign]
        for form in forms
        for found in form.looked.values()
        if found.numbers
        for sign in found.numbers.symbols
    ]
    currency = signs[0] if signs else currency
    page.say(
        'A draft. What is marked "guess" was read off the files: check it. What is marked "answer" only you can know.'
    )
    page.put("title", study.replace("-", " ").capitalize(), note="answer: what should the report be called?")
    seen_in = sorted({file.name for form in forms for file in form.seen.files})[:4]
    page.put("about", f"Customers as seen in {', '.join(seen_in)}")
    page.put("customer", {"one": "customer", "many": "customers"})
    if language == "zh":
        page.put("zh")
        page.put("about", f"{'、'.join(seen_in)}中的客户", 1)
        page.put("customer", {"one": "客户", "many": "客户", "counted": "位客户"}, 1)
    money = any(CANONICAL[m.table][name].kind == "money" for form in forms for m in form.tables for name in m.columns)
    unknown = "answer: which currency? Nothing in the files says it" if money else "no amounts came; any will do"
    page.put("currency", currency, note="guess" if signs else unknown)
    page.put("time_zone", zone, note="answer: by which clock do your customers live?")
    page.put("country", country, note="answer: where do they live? Its holidays are marked; if nowhere, remove it")
    if any("phone" in mapped.columns for form in forms for mapped in form.tables):
        page.put("phone_region", country, note="guess: the country of telephone numbers written without one")
    first, last = _period(forms, zone)
    if all(mapped.undated for form in forms for mapped in form.tables if mapped.table in BEHAVIOR_TABLES):
        page.put("first_day", first, note="answer: when was it asked or written? The files were written on this day")
        page.put("last_day", last, note="answer: likewise")
    else:
        page.put("first_day", first, note="guess: the first day in the files")
        page.put("last_day", last, note="guess: the last day in the files; is it whole?")
    if any(mapped.holds_children for form in forms for mapped in form.tables):
        page.put("protected", {"minors": UNANSWERED}, note="answer: why may children's data be used? Or leave them out")
        questions.append(f"the files hold people under {CHILD}, whom the law protects most: why you may use their data")
    page.put("sources")
    for form in forms:
        anchored = None if len(forms) == 1 else form is forms[0]
        questions += _source(page, form, study, zone, language, anchored=anchored)
    for name in lost:
        page.say(f"{name} is left out: no table of a study fits its columns")
    return page.text, questions


def _period(forms: Sequence[Form], zone: str) -> tuple[date, date]:
    """The first and the last local day on which something happened, over all records."""
    days: list[date] = []
    for form in forms:
        for mapped in form.tables:
            column = mapped.columns.get(KNOWN_SINCE.get(mapped.table, ""), mapped.columns.get("answered_at"))
            dates = form.looked[column].dates if column else None
            if column and dates:
                clock = MomentFormat((_chosen(dates, form),), Clock(zone))
                found = (read_timestamp(text, clock) for text in every_value(form.seen, column))
                moments = [f.value if isinstance(f, Repaired) else f for f in found if not isinstance(f, Fault)]
                days += [_local(moment, zone) for moment in moments if moment is not None]
            elif mapped.undated:
                days.append(_written_on(form, zone))
    if not days:
        raise DraftError(
            "no column of the files says when something happened, so nothing can be studied; which one is it? "
            "Call it 'date' and draft again, or write the study file by hand"
        )
    return min(days), max(days)


def _written_on(form: Form, zone: str) -> date:
    """The local day on which the newest of some files was written: what is asked about files that say no day."""
    newest = max(file.stat().st_mtime for file in form.seen.files)
    return datetime.fromtimestamp(newest, ZoneInfo(zone)).date()


def _local(moment: datetime, zone: str) -> date:
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()


def _chosen(dates: Dates, form: Form) -> str:
    """The format that people who write such files mean, where the values do not decide between day and month first."""
    if len(dates.formats) == 1:
        return dates.formats[0]
    decimal = {found.numbers.decimal for found in form.looked.values() if found.numbers}
    american = any(found.numbers and "$" in found.numbers.symbols for found in form.looked.values())
    month_first = american or (form.seen.form.get("delimiter", ",") == "," and "," not in decimal)
    wanted = "%m/%d" if month_first else "%d/%m"
    return next((pattern for pattern in dates.formats if pattern.startswith(wanted)), dates.formats[0])


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
        dict.fromkeys(_chosen(d, form) for c in sorted(used) if (d := form.looked[c].dates) and not _is_key(form, c))
    )
    if dates and dates != ["iso"]:
        unsure = any(len(d.formats) > 1 for c in used if (d := form.looked[c].dates))
        said["dates"] = (dates, "answer: day or month first? Both would fit" if unsure else "guess")
    if form.seen.reader != "parquet":
        said["time_zone"] = (zone, "guess: times without an offset are of this clock")
    if nothing := sorted({text for column in used for text in form.looked[column].nothing}):
        said["missing"] = (["", *nothing], "guess: texts that mean: not given")
    return said


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
    if mapped.made:
        page.put(mapped.made, {"made_of": "line"}, 5, "guess: each record is one of its own; no column numbers them")
    if mapped.undated:
        noon = datetime.combine(_written_on(form, zone), time(12), ZoneInfo(zone))
        page.put(mapped.undated, {"constant": noon.isoformat(timespec="minutes")}, 5, "answer: when? No column says it")
    for name, value in mapped.constants.items():
        page.put(name, {"constant": value}, 5, "guess: the files have no such column")
    unused = [column for column in form.seen.columns if column not in (*mapped.columns.values(), *rated(mapped))]
    if unused and mapped is form.tables[0]:
        named = {column for other in form.tables for column in other.columns.values()}
        if left := [column for column in unused if column not in named]:
            page.say(f"not used: {', '.join(map(scalar, left))}", 5)
    return [f"{form.name}.{mapped.table}: {question}" for question in mapped.questions]


def _location(files: Sequence[Path]) -> str:
    """Where the files lie below the project: one path, or a pattern that means all of them and no others."""
    root = output_root()
    names = [path.relative_to(root).as_posix() for path in files]
    if len(names) == 1:
        return names[0]
    first, last = min(names), max(names)
    start = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    end = next((place for place, (a, b) in enumerate(zip(first[::-1], last[::-1], strict=False)) if a != b), 0)
    return f"{first[:start]}*{first[len(first) - end :]}"
