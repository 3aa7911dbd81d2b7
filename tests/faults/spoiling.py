"""Deliveries of the planted shop, spoiled: persons in fields and texts, scripts in every name, one large spender."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import openpyxl
import pandas as pd

from tests.faults.planted import PAYLOADS, PERSONS, persons, said

Row = dict[str, str]
Rows = list[Row]

#: Names and free texts, by file: each different value gets a script behind it. Numbers, keys and words that the study
#: file translates (kinds of entries, purposes, "yes") are none.
_NAMED: Mapping[str, tuple[str, ...]] = {
    "products.parquet": ("department_name", "family", "kind", "label", "pack"),
    "campaigns.parquet": ("mailing_type",),
    "contacts.parquet": ("desk", "matter"),
    "messages.parquet": ("sent_by",),
    "feedback.parquet": ("via",),
    "customers.csv": (
        *("town", "way_of_life", "work", "schooling", "debts"),
        *("age_band", "income_band", "home", "marital", "who_lives_there", "kids", "gender", "land"),
    ),
    "survey_items.csv": ("english", "chinese"),
    "regions.xlsx": ("label", "kind_of_area", "land"),
    "contracts.csv": ("Tarif",),
    "usage_*.tsv.gz": ("what", "of_what"),
    "loyalty_ledger.csv.gz": ("level",),
    "experiments.csv": ("arm",),
    "feedback_codes.zip": ("code",),
    "listening.jsonl": ("via",),
    "calls.jsonl": ("said",),
    "survey_sheets.xlsx": ("filled_in_on",),
    "events/events_*.jsonl.gz": ("device_kind", "agent", "came_from", "query"),
    "identities.zip": ("full_name", "postal_address", "handle"),
}
_FORMS = {  # how a file is written, where not as UTF-8 with commas
    "contracts.csv": ("cp1252", ";"),
    "loyalty_ledger.csv.gz": ("utf-8", "|"),
    **{f"usage_2017q{n}.tsv.gz": ("utf-8", "\t") for n in range(1, 5)},
    "usage_2018q1.tsv.gz": ("utf-8", "\t"),
    "consents.csv": ("utf-8-sig", ","),
}
#: The one who spends more than all others, and how much more at once, by what everybody spends.
SPENDER, TIMES = "0000031", 0.8


def spoil(delivery: Path) -> float:
    """Plant persons into fields and texts, scripts into every name and text, and a large amount for one customer.

    Returns
    -------
    float
        The large amount.
    """
    people = persons()
    _persons(delivery, people)
    turn = 0
    for pattern, columns in _NAMED.items():
        for path in sorted(delivery.glob(pattern)):
            turn = _with_scripts(path, columns, turn)
    return _spender(delivery)


def _persons(delivery: Path, people: list[Row]) -> None:
    """Put everybody into the register, a note, a call, something overheard; and into what was looked for and where."""
    _change(delivery / "identities.zip", lambda rows, name: rows + _register(people) * (name == "card.csv"))
    words = [said(person, n) for n, person in enumerate(people)]
    scripts = [PAYLOADS[n % len(PAYLOADS)] for n in range(PERSONS)]

    def notes(rows: Rows, _: str) -> Rows:
        own = (_taken(rows, n) for n in range(PERSONS))
        return rows + [{**r, "note_no": f"P{n:05}", "note": f"{words[n]} {scripts[n]}"} for n, r in enumerate(own)]

    for name in ("feedback.parquet", "listening.jsonl"):
        _change(delivery / name, notes)
    _change(
        delivery / "calls.jsonl",
        lambda rows, _: [
            {**row, "said": f"{row.get('said') or ''}\nCustomer: {words[n % PERSONS]}"} for n, row in enumerate(rows)
        ],
    )
    paths = sorted((delivery / "events").glob("events_*.jsonl.gz"))
    looking = {path.name: people[at :: len(paths)] for at, path in enumerate(paths)}

    def visits(rows: Rows, name: str) -> Rows:
        more = []
        for n, person in enumerate(looking[name]):
            first = {**_taken(rows, n), "id": f"Q{name[7:13]}{n:04}", "event": "search"}
            mail = person["mail"].replace("@", "%40")
            asks = f"{person['name']} {person['phone']} {person['resident']} {person['card']}"
            more.append({**first, "query": asks, "path": f"/search?email={mail}&tel={person['phone']}"})
        return rows + more

    for path in paths:
        _change(path, visits)


def _taken(rows: Rows, n: int) -> Row:
    return rows[n % len(rows)]


def _register(people: Iterable[Row]) -> Rows:
    """Persons as the register keeps them, cards and resident ids in the columns for addresses and handles."""
    return [
        {
            "record_no": f"PLA{n:07}",
            "full_name": person["name"],
            "telephone": person["phone"],
            "mail_address": person["mail"],
            "postal_address": person["resident"],
            "handle": person["card"],
        }
        for n, person in enumerate(people)
    ]


def _with_scripts(path: Path, columns: Iterable[str], turn: int) -> int:
    """Put a script behind each different value of some columns, all of them in turn."""
    seen: dict[tuple[str, str], str] = {}

    def spoiled(rows: Rows, name: str) -> Rows:
        for row in rows:
            if not row.get("record_no", "").startswith("PLA"):
                for column in columns:
                    if value := row.get(column):
                        script = PAYLOADS[(turn + len(seen)) % len(PAYLOADS)]
                        row[column] = seen.setdefault((column, value), f"{value} {script}")
        return rows

    _change(path, spoiled)
    return turn + len(seen)


def _spender(delivery: Path) -> float:
    path = delivery / "order_lines.parquet"
    lines = pd.read_parquet(path)
    at = lines.index[lines["card_no"] == SPENDER][3]
    amount = round(float(lines["net_amount"].astype(float).sum()) * TIMES, 2)
    kind = type(lines.loc[at, "net_amount"])
    lines["net_amount"] = [kind(str(amount)) if n == at else v for n, v in lines["net_amount"].items()]
    lines.to_parquet(path, index=False)
    return amount


# Files of every kind, as rows


def _change(path: Path, change: Callable[[Rows, str], Rows]) -> None:
    """Rewrite a file with its rows changed; of an archive each member."""
    name = path.name.removesuffix(".gz")
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
        rows = change([{k: v for k, v in row.items() if not _missing(v)} for row in table.to_dict("records")], name)
        pd.DataFrame(rows, columns=list(table)).astype(table.dtypes.to_dict()).to_parquet(path, index=False)
    elif path.suffix == ".xlsx":
        _change_workbook(path, change)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            members = {member: archive.read(member) for member in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, _changed(content, member, path.name, change))
    elif path.suffix == ".gz":
        content = _changed(gzip.decompress(path.read_bytes()), name, path.name, change)
        path.write_bytes(gzip.compress(content, mtime=0))
    else:
        path.write_bytes(_changed(path.read_bytes(), name, path.name, change))


def _changed(content: bytes, name: str, file: str, change: Callable[[Rows, str], Rows]) -> bytes:
    if name.endswith(".jsonl"):
        rows = change([json.loads(line) for line in content.decode().splitlines() if line.strip()], file)
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    encoding, delimiter = _FORMS.get(file, ("utf-8-sig", ","))
    reader = csv.DictReader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter)
    rows = change(list(reader), name)
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(
        sink, list(reader.fieldnames or ()), restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode(encoding)


def _change_workbook(path: Path, change: Callable[[Rows, str], Rows]) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        heads = [cell.value for cell in sheet[1]]
        for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
            row = {head: cell.value for head, cell in zip(heads, cells, strict=True) if isinstance(cell.value, str)}
            for head, value in change([row], path.name)[0].items():
                sheet.cell(number, heads.index(head) + 1).value = value
    book.save(path)


def _missing(value: object) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
