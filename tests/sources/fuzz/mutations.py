"""Ways in which files go wrong. Each takes a delivery's bytes and a lot, and says which records it touched."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.sources.fuzz.deliveries import HEADER, KEYS, Kind, stored, workbook

#: Values that deliveries hold and that have cost somebody a day.
NASTY = (
    "", " ", "NA", "null", "nan", "None", "-", "0", "-0", "00123", "12345.0", "1.23457E+12", "9007199254740993",
    "1e400", "inf", "-Infinity", "0x1F", "1_000", "1,234.50", "1.234,50", "1 234,50", "1'234", "(12.50)",
    "12.50-", "−5", "１２.５", "٣٤", "￥4", "12元", "$3", "CNY 5", "15%", "99999999999999999999", "2026-02-29",
    "0000-00-00", "1900-01-01", "9999-12-31", "24:00:00", "2026-01-05 24:00", "2026-01-05 10:60", "05/01/2026",
    "2026年1月5日", "45000", "1767571200", "1767571200000", "20260105", "2026-01-05T00:30+08:00",
    "1986-05-04 00:30", "\ufeffK1", "\u200bK1", "Ｋ１", "a\x00b", "a\x1ab", "\ud7ff", "\ufffd", "MÃ¼ller",
    "<script>alert(1)</script>", "=1+1", "'; DROP TABLE x; --", '"', '""', "'", "\\", "\t", "a;b", "a,b",
    "\u202eabc", "😀👩‍👩‍👧", "臺灣", "x" * 5000, "true", "是", "[1, 2]", "{}", "A;B;C",
)  # fmt: skip


@dataclass(frozen=True)
class Mutated:
    """A mutated file.

    Attributes
    ----------
    content
        Its bytes.
    what
        What was done, for a person who has to repeat it.
    touched
        Keys of the records that were touched; ``None``: any of them may have been.
    columns
        The canonical columns of theirs that were touched; ``None``: any.
    never
        Keys of records that are damaged beyond doubt: they may not be kept.
    records
        How many records are in the file, where that is known: so many are kept or set aside.
    refused
        Whether the file has to be refused.
    """

    content: bytes
    what: str
    touched: frozenset[str] | None
    columns: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    records: int | None = None
    refused: bool = False


Mutation = Callable[[Kind, random.Random], Mutated]

_NOTHING: frozenset[str] = frozenset()


def _keys_in(text: str) -> frozenset[str]:
    return frozenset(key for key in KEYS if key in text)


# Bytes


def _around(kind: Kind, first: int, last: int) -> frozenset[str] | None:
    """The keys of the records that a span of bytes lies in, and of the next, for an end may have gone.

    Changed bytes of a packed file are found by its own checksums: there no record may be touched without a word.
    """
    if kind.guarded:
        return _NOTHING
    if kind.text is None:
        return None
    begin, after = (b"\n   {", b"\n   }") if kind.reader == "json" else (b"\n", b"\n")
    start = kind.content.rfind(begin, 0, first) + 1
    end = kind.content.find(after, last - 1)
    end = len(kind.content) if end < 0 else kind.content.find(after, end + 1)
    return _keys_in(kind.content[start : None if end < 0 else end].decode(kind.text, errors="replace"))


def _flip(kind: Kind, lot: random.Random) -> Mutated:
    content, place = bytearray(kind.content), lot.randrange(len(kind.content))
    content[place] ^= 1 << lot.randrange(8)
    return Mutated(bytes(content), f"bit flipped in byte {place}", _around(kind, place, place + 1))


def _delete(kind: Kind, lot: random.Random) -> Mutated:
    place, length = lot.randrange(len(kind.content)), lot.choice([1, 1, 2, 5, 40])
    content = kind.content[:place] + kind.content[place + length :]
    return Mutated(content, f"{length} bytes from {place} deleted", _around(kind, place, place + length))


def _insert(kind: Kind, lot: random.Random) -> Mutated:
    place = lot.randrange(len(kind.content))
    added = lot.choice(
        [b"\x00", b"\x1a", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b'"', b"\r", b"\n", b"\r\n", b"\\", b"\x80", b"'",
         bytes(lot.randrange(256) for _ in range(8))]
    )  # fmt: skip
    content = kind.content[:place] + added + kind.content[place:]
    return Mutated(content, f"{added!r} put in at {place}", _around(kind, place, place + 1))


def _truncate(kind: Kind, lot: random.Random) -> Mutated:
    place = lot.randrange(len(kind.content))
    if kind.guarded:
        touched = _NOTHING
    elif kind.text is None or kind.reader == "json":
        touched = None
    else:
        lost = kind.content[kind.content.rfind(b"\n", 0, place) + 1 :]
        touched = _keys_in(lost.decode(kind.text, errors="replace"))
    return Mutated(kind.content[:place], f"cut off after {place} bytes", touched)


def _repeat(kind: Kind, lot: random.Random) -> Mutated:
    place, length = lot.randrange(len(kind.content)), lot.choice([3, 30, 300])
    span = kind.content[place : place + length]
    return Mutated(
        kind.content[:place] + span + kind.content[place:],
        f"{length} bytes from {place} doubled",
        None if kind.guarded and len(span) == len(kind.content) else _around(kind, place, place + length),
    )


def _whole(kind: Kind, lot: random.Random) -> Mutated:
    text = kind.content.decode(kind.text or "latin-1", errors="replace")
    what, content, fate = lot.choice(
        [
            ("emptied", b"", "refused"),
            ("newlines only", b"\n\n\n", "refused"),
            ("an error page", b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "refused"),
            ("JSON instead", b'{"error": "forbidden"}', "refused"),
            ("zeros", b"\x00" * 500, "refused"),
            ("random bytes", lot.randbytes(500), "any"),
            ("doubled", kind.content * 2, "any"),
            ("with a byte-order mark", b"\xef\xbb\xbf" + kind.content, "whole"),
            ("in UTF-16", text.encode("utf-16"), "whole"),
            ("in big-endian UTF-16", b"\xfe\xff" + text.encode("utf-16-be"), "whole"),
            ("with carriage returns", kind.content.replace(b"\n", b"\r"), "whole" if kind.reader == "csv" else "any"),
            ("with CR LF", kind.content.replace(b"\n", b"\r\n"), "whole"),
            ("a workbook instead", b"PK\x03\x04" + lot.randbytes(300), "refused"),
        ]
    )
    if fate == "whole" and kind.text is not None:
        return Mutated(content, what, _NOTHING)
    return Mutated(content, what, None, refused=fate == "refused")


# Lines and fields of delimited text


def _lines(kind: Kind) -> list[str]:
    return kind.content.decode(kind.text or "utf-8").split("\n")


def _encoded(kind: Kind, text: str) -> bytes:
    return text.encode(kind.text or "utf-8", errors="surrogatepass" if kind.text == "utf-8" else "replace")


def _joined(kind: Kind, lines: list[str], what: str, touched: frozenset[str] | None, **more: Any) -> Mutated:
    return Mutated(_encoded(kind, "\n".join(lines)), what, touched, **more)


def _in_all(kind: Kind, here: int) -> int | None:
    """How many records the delivery has if its mutated file has so many; unknown where a line is several records."""
    if "wide" in kind.entry:
        return None
    return here + len(KEYS) - (len(_lines(kind)) - 2)


def _place(kind: Kind, lot: random.Random) -> int:
    """One of the lines that hold a record."""
    return 1 + lot.randrange(len(_lines(kind)) - 2)


def _value(kind: Kind, lot: random.Random) -> Mutated:
    """Put a nasty value into a field, quoted where it must be."""
    lines, place = _lines(kind), _place(kind, lot)
    fields, value = lines[place].split(kind.delimiter), lot.choice(NASTY)
    at = lot.randrange(len(fields))
    quoted = (
        '"' + value.replace('"', '""') + '"' if lot.random() < 0.5 or any(c in value for c in '",;\n\r\t') else value
    )
    touched = _keys_in(lines[place])
    name = lines[0].split(kind.delimiter)[at]
    lines[place] = kind.delimiter.join([*fields[:at], quoted, *fields[at + 1 :]])
    return _joined(
        kind,
        lines,
        f"{value[:40]!r} in field {at} of line {place + 1}",
        touched,
        columns=None if "wide" in kind.entry else kind.columns(name),
        records=_in_all(kind, len(lines) - 2),
    )


def _bare_value(kind: Kind, lot: random.Random) -> Mutated:
    """The same without quotes, whatever that does to the record."""
    lines, place = _lines(kind), _place(kind, lot)
    fields, value = lines[place].split(kind.delimiter), lot.choice(NASTY)
    at, touched = lot.randrange(len(fields)), _keys_in(lines[place])
    lines[place] = kind.delimiter.join([*fields[:at], value, *fields[at + 1 :]])
    what = f"bare {value[:40]!r} in field {at} of line {place + 1}"
    if '"' in value:  # a quote that is never closed reaches on
        return _joined(kind, lines, what, None)
    return _joined(kind, lines, what, touched, records=_in_all(kind, len(lines) - 2))


def _fields(kind: Kind, lot: random.Random) -> Mutated:
    lines, place = _lines(kind), lot.choice([0, _place(kind, lot), _place(kind, lot), _place(kind, lot)])
    fields = lines[place].split(kind.delimiter)
    at, what = lot.randrange(len(fields)), lot.choice(["dropped", "doubled", "swapped"])
    changed = {
        "dropped": fields[:at] + fields[at + 1 :],
        "doubled": [*fields[: at + 1], *fields[at:]],
        "swapped": fields[::-1],
    }[what]
    touched = _keys_in(lines[place]) if place else None
    lines[place] = kind.delimiter.join(changed)
    said = f"field {at} of line {place + 1} {what}"
    if place == 0:
        return _joined(kind, lines, said, touched, refused=what != "swapped")
    never = _NOTHING if what == "swapped" else touched
    return _joined(kind, lines, said, touched, never=never, records=_in_all(kind, len(lines) - 2))


def _structure(kind: Kind, lot: random.Random) -> Mutated:
    lines = _lines(kind)
    sign, header, place = kind.delimiter, lines[0], _place(kind, lot)
    names = header.split(sign)
    one = lot.randrange(len(names))
    here = len(lines) - 2
    every = _keys_in("\n".join(lines))

    def each(
        change: Callable[[list[str]], list[str]], below: Callable[[list[str]], list[str]] | None = None
    ) -> list[str]:
        """Change the fields of the header and of all records."""
        changes = [change, *[below or change] * here]
        return [*(sign.join(do(line.split(sign))) for do, line in zip(changes, lines, strict=False)), ""]

    same = {"touched": _NOTHING, "records": _in_all(kind, here)}
    refused = {"touched": None, "refused": True}
    ends = ["\n", "\r\n", "\r"]
    cases: dict[str, tuple[list[str], dict[str, Any]]] = {
        "header repeated": ([*lines[:place], header, *lines[place:]], same),
        "blank line": ([*lines[:place], "", *lines[place:]], same),
        "line of spaces": ([*lines[:place], "   ", *lines[place:]], same),
        "header lost": (lines[1:], refused),
        "preamble": (["Export of today", *lines], refused),
        "total line": ([*lines[:-1], sign.join(["Total", *[""] * (len(names) - 2), "999"]), ""], {"touched": _NOTHING}),
        "line doubled": (
            [*lines[:place], lines[place], *lines[place:]],
            {"touched": _keys_in(lines[place]), "columns": _NOTHING, "records": _in_all(kind, here + 1)},
        ),
        "lines swapped": ([*lines[:1], *lines[1:-1][::-1], lines[-1]], same),
        "separator at every end": ([line + sign if line else line for line in lines], same),
        "separator at every end but the header's": (each(lambda names: names, lambda values: [*values, ""]), same),
        "a value too many in every record": (
            each(lambda names: names, lambda values: [*values, "x"]),
            {"touched": _NOTHING, "never": every, "records": _in_all(kind, here)},
        ),
        "columns in another order": (each(lambda values: values[::-1]), same),
        "last end of line lost": ([*lines[:-1]], same),
        "header in capitals": ([header.upper(), *lines[1:]], same),
        "spaces in the header": ([header.replace(sign, f" {sign} "), *lines[1:]], same),
        "a column nobody knows": (each(lambda names: [*names, "new"], lambda values: [*values, "17"]), same),
        "a column left out": (each(lambda values: values[:one] + values[one + 1 :]), refused),
        "a column renamed": ([sign.join([*names[:one], names[one] + "_2", *names[one + 1 :]]), *lines[1:]], refused),
        "a column twice": (each(lambda values: [*values, values[one]]), refused),
        "a column twice, in other letters": (
            each(lambda names: [*names, f" {names[one].upper()}\u200b"], lambda values: [*values, "1"]),
            refused,
        ),
        "sent twice in one file": ([*lines[:-1], *lines], {"touched": _NOTHING, "records": _in_all(kind, 2 * here)}),
        "end-of-file sign at the end": ([*lines[:-1], "\x1a"], same),
        "line ends of three kinds": (["".join(line + lot.choice(ends) for line in lines[:-1])], same),
        "a quote that is never closed": ([*lines[:place], '"' + lines[place], *lines[place + 1 :]], refused),
        "thousands of columns": (each(lambda v: [*v, *(f"c{n}" for n in range(6000))], lambda v: v), refused),
        "another separator": ([line.replace(sign, "|") for line in lines], refused),
        "a value longer than any": (
            [*lines[:place], sign.join([*lines[place].split(sign)[:-1], "x" * 1_100_000]), *lines[place + 1 :]],
            refused,
        ),
    }
    what = lot.choice(sorted(cases))
    changed, known = cases[what]
    return _joined(kind, changed, what if place == 0 else f"{what} ({place + 1}, {one})", **known)


def _other_encoding(kind: Kind, lot: random.Random) -> Mutated:
    """Some lines written in another encoding than the rest."""
    lines = kind.content.split(b"\n")
    others = {"utf-8": ["gb18030", "latin-1", "utf-16-le"], "gb18030": ["utf-8", "latin-1", "utf-8 twice"]}
    touched: set[str] = set()
    other, count = lot.choice(others[kind.text or "utf-8"]), lot.choice([1, 1, 2, 6])
    for place in sorted(1 + lot.randrange(len(lines) - 2) for _ in range(count)):
        text = lines[place].decode(kind.text or "utf-8", errors="replace")
        if other == "latin-1":
            text = re.sub("[^\x00-\x7f]+", "Müller", text)
        touched |= _keys_in(text)
        twice = other == "utf-8 twice"
        lines[place] = text.encode().decode("latin-1").encode() if twice else text.encode(other, errors="replace")
    return Mutated(b"\n".join(lines), f"{count} lines in {other}", frozenset(touched))


# JSON


_TOKENS = (
    "1e999", "[1]", '{"a": 1}', "1" * 400, "null", "true", '"\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', "NaN",
    "-Infinity", "12.50", "0123", "-0", "[]", "{}", '"', "'a'", "1.", "+1", "9007199254740993", "[" * 200 + "]" * 200,
)  # fmt: skip


def _texts(kind: Kind) -> list[dict[str, str]]:
    """The records, each value as the text of JSON."""
    if kind.reader == "jsonl":
        records = [json.loads(line) for line in _lines(kind) if line]
    else:
        records = json.loads(kind.content)["data"]["items"]
    return [{name: json.dumps(value, ensure_ascii=False) for name, value in record.items()} for record in records]


def _object(pairs: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f'"{name}": {text}' for name, text in pairs) + "}"


def _written(kind: Kind, objects: list[str], what: str, touched: frozenset[str] | None, **more: Any) -> Mutated:
    lines = objects if kind.reader == "jsonl" else ['{"data": {"items": [', ",\n".join(objects), "]}}"]
    return _joined(kind, [*lines, ""], what, touched, **more)


def _json_value(kind: Kind, lot: random.Random) -> Mutated:
    """Another value in one record, right JSON or not."""
    records = _texts(kind)
    at, value = lot.randrange(len(records)), lot.choice(NASTY)
    said = lot.choice([value, json.dumps(value), json.dumps(value, ensure_ascii=False), lot.choice(_TOKENS)])
    key, name = KEYS[at], lot.choice(list(records[at]))
    records[at][name] = said
    written = [_object(list(record.items())) for record in records]
    return _written(
        kind,
        written,
        f"{said[:40]!r} as '{name}' of {key}",
        frozenset([key]),
        columns=kind.columns(name, "who.id" if name == "who" else name),
        records=len(KEYS),
    )


def _json_record(kind: Kind, lot: random.Random) -> Mutated:
    """One record with other keys, or none at all."""
    records = [list(record.items()) for record in _texts(kind)]
    at = lot.randrange(len(records))
    pairs, key, one = records[at], KEYS[at], lot.randrange(len(records[at]))
    written = list(map(_object, records))
    alone = frozenset([key])
    cases: dict[str, tuple[list[str], dict[str, Any]]] = {
        "a key twice": ([_object([*pairs, (pairs[one][0], '"x"')])], {"never": alone}),
        "a key renamed": ([_object([*pairs[:one], (f"{pairs[one][0]}_2", pairs[one][1]), *pairs[one + 1 :]])], {}),
        "a key left out": ([_object([*pairs[:one], *pairs[one + 1 :]])], {}),
        "a key nobody knows": ([_object([*pairs, ("new", '[{"a": "b"}]')])], {"touched": _NOTHING}),
        "keys in another order": ([_object(pairs[::-1])], {"touched": _NOTHING}),
        "a list": ([json.dumps([text for _, text in pairs])], {"never": alone}),
        "a number": (["17"], {"never": alone, "raw": False}),
        "a text": ([json.dumps(key)], {"never": alone}),
        "nothing": (["null"], {"never": alone, "raw": False}),
        "an empty object": (["{}"], {"never": alone, "raw": False}),
        "twice": ([written[at], written[at]], {"columns": _NOTHING, "records": len(KEYS) + 1}),
        "a comma behind": ([written[at] + ","], {}),
        "two on one line": ([written[at] + " " + written[at]], {}),
    }
    what = lot.choice(sorted(cases))
    changed, known = cases[what]
    known = {"touched": alone, "records": len(KEYS), **{name: value for name, value in known.items() if name != "raw"}}
    return _written(kind, [*written[:at], *changed, *written[at + 1 :]], f"{what} ({key}, {one})", **known)


def _json_structure(kind: Kind, lot: random.Random) -> Mutated:
    """The document, or all lines, in another form."""
    written = [_object(list(record.items())) for record in _texts(kind)]
    listed = "[" + ",\n".join(written) + "]"
    same = {"touched": _NOTHING, "records": len(KEYS)}
    refused = {"touched": None, "refused": True}
    lines = kind.reader == "jsonl"
    cases: dict[str, tuple[str, dict[str, Any]]] = {
        "a list at the top": (listed, refused),
        "a list elsewhere": (f'{{"data": {{"rows": {listed}}}}}', refused if not lines else {"touched": None}),
        "the list twice": (
            f'{{"data": {{"items": {listed}, "items": {listed}}}}}',
            refused if not lines else {"touched": None},
        ),
        "records in another order": ("\n".join(written[::-1]) if lines else _document(written[::-1]), same),
        "blank lines between": ("\n\n \n".join(written) if lines else _document(["\n\n" + w for w in written]), same),
        "on one line": (" ".join(written) if lines else _document(written).replace("\n", " "), {} if lines else same),
        "no end": ("\n".join(written) if lines else _document(written).rstrip() + "]", same if lines else refused),
    }
    what = lot.choice(sorted(cases))
    text, known = cases[what]
    return Mutated(_encoded(kind, text), what, **{"touched": None, **known})


def _document(records: list[str]) -> str:
    return '{"data": {"items": [\n' + ",\n".join(records) + "\n]}}\n"


# Workbooks, changed as somebody with a spreadsheet does


_CELLS: tuple[Any, ...] = (
    *(value for value in NASTY if not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", value)),
    None, 0, -1, 17, 12345678901234567890, 123456789012345, 1e300, 0.1 + 0.2, -12.5, True, False,
    dt.datetime(2026, 1, 5, 10, 30), dt.date(2026, 1, 5), dt.time(10, 30), dt.timedelta(hours=30), "#N/A", "#DIV/0!",
    "=A1&B1", "=1/0", "'00123",
)  # fmt: skip


def _cell(kind: Kind, lot: random.Random) -> Mutated:
    book = workbook()
    at, column, value = lot.randrange(len(KEYS)), lot.randrange(len(HEADER)), lot.choice(_CELLS)
    cell = book.active.cell(at + 2, column + 1)
    cell.value = value
    lost = cell.data_type in ("f", "e")
    return Mutated(
        stored(book),
        f"{value!r:.40} in cell {cell.coordinate}",
        frozenset([KEYS[at]]),
        columns=kind.columns(HEADER[column]),
        never=frozenset([KEYS[at]]) if lost else _NOTHING,
        records=len(KEYS),
    )


def _merged(kind: Kind, lot: random.Random) -> Mutated:
    """Cells merged with one above or beside: all but the first are empty then."""
    book = workbook()
    at, column = lot.randrange(len(KEYS) - 3), lot.randrange(len(HEADER) - 1)
    rows, columns = lot.choice([(2, 1), (3, 1), (1, 2), (2, 2)])
    book.active.merge_cells(
        start_row=at + 2, end_row=at + 1 + rows, start_column=column + 1, end_column=column + columns
    )
    keys = KEYS[at : at + rows]
    return Mutated(
        stored(book),
        f"{rows} x {columns} cells merged from row {at + 2}, column {column + 1}",
        frozenset(keys),
        never=frozenset(keys if columns > 1 else keys[1:]),
        records=len(KEYS),
    )


def _sheet(kind: Kind, lot: random.Random) -> Mutated:
    book = workbook()
    sheet, place, one = book.active, lot.randrange(len(KEYS)) + 2, lot.randrange(len(HEADER)) + 1
    same: dict[str, Any] = {"touched": _NOTHING, "records": len(KEYS)}
    refused: dict[str, Any] = {"touched": None, "refused": True}

    def cells(column: str, change: Callable[[Any], Any], form: str = "General") -> None:
        number = HEADER.index(column) + 1
        for row in range(2, len(KEYS) + 2):
            cell = sheet.cell(row, number)
            cell.value, cell.number_format = change(cell.value), form

    def other_sheet(state: str) -> None:
        book.create_sheet("Notes").sheet_state = state

    def paid(said: str) -> dt.datetime:
        return dt.datetime.strptime(said, "%Y-%m-%d %H:%M")

    def since_1904() -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
        cells("paid", paid, "yyyy-mm-dd hh:mm")

    cases: dict[str, tuple[Callable[[], object], dict[str, Any]]] = {
        "a second sheet": (lambda: other_sheet("visible"), refused),
        "a hidden sheet": (lambda: other_sheet("hidden"), refused),
        "a value far below": (lambda: sheet.cell(5000, 30, "x"), same),
        "a value beside": (lambda: sheet.cell(place, 12, "note"), same),
        "an empty row": (lambda: sheet.insert_rows(place), same),
        "rows above the header": (lambda: sheet.insert_rows(1, 3), same),
        "a title above the header": (lambda: (sheet.insert_rows(1), sheet.cell(1, 1, "Orders")), refused),
        "an empty column": (lambda: sheet.insert_cols(one), same),
        "a column left out": (lambda: sheet.delete_cols(one), refused),
        "a column twice": (lambda: sheet.cell(1, 9, HEADER[one - 1]), refused),
        "a column renamed": (lambda: sheet.cell(1, one, f"{HEADER[one - 1]} 2"), refused),
        "spaces in the header": (lambda: sheet.cell(1, one, f" {HEADER[one - 1]} "), same),
        "days as days": (lambda: cells("paid", paid, "yyyy-mm-dd hh:mm"), same),
        "days since 1904": (since_1904, same),
        "numbers as text": (lambda: (cells("units", str, "@"), cells("money", lambda x: f"{x:.2f}", "@")), same),
        "keys as numbers that show zeros": (lambda: cells("member", int, "0000"), same),
        "keys as numbers": (lambda: cells("member", int), {**same, "touched": frozenset(KEYS)}),
        "keys with a decimal": (lambda: cells("member", float, "0.0"), {**same, "touched": frozenset(KEYS)}),
        "no row": (lambda: sheet.delete_rows(2, len(KEYS)), {"touched": None}),
        "nothing": (lambda: sheet.delete_rows(1, len(KEYS) + 1), refused),
        "a row twice": (
            lambda: sheet.append([cell.value for cell in sheet[place]]),
            {"touched": frozenset([KEYS[place - 2]]), "columns": _NOTHING, "records": len(KEYS) + 1},
        ),
        "rows hidden": (lambda: setattr(sheet.row_dimensions[place], "hidden", True), same),
    }
    what = lot.choice(sorted(cases))
    change, known = cases[what]
    change()
    return Mutated(stored(book), f"{what} (row {place}, column {one})", **known)


# Parquet


_IN_COLUMNS = (
    "value", "value", "value", "nothing", "numbers", "bytes", "moments", "list", "renamed", "left out", "dictionary",
    "twice", "new", "wide text",
)  # fmt: skip


def _parquet_cells(kind: Kind, lot: random.Random) -> Mutated:
    """A value, or a column of another type."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(kind.content))
    name, at = lot.choice(HEADER), lot.randrange(len(KEYS))
    place, texts = HEADER.index(name), table[name].to_pylist()
    known: dict[str, Any] = {"touched": frozenset(KEYS), "columns": kind.columns(name), "records": len(KEYS)}
    what = lot.choice(_IN_COLUMNS)
    numbers = [float(text) if text.replace(".", "").isdigit() else float(n) for n, text in enumerate(texts)]
    if what in ("value", "nothing"):
        texts[at] = lot.choice(NASTY) if what == "value" else None
        table = table.set_column(place, name, pa.array(texts, pa.string()))
        known["touched"] = frozenset([KEYS[at]])
    elif what == "numbers":
        numbers[at] = lot.choice([float("nan"), float("inf"), 1e300, -0.0, 2.0**53, 12.345])
        kinds = [pa.float64(), pa.float32()]
        table = table.set_column(place, name, pa.array(numbers, lot.choice(kinds)))
    elif what == "bytes":
        broken = [text.encode("gb18030") if n == at else text.encode() for n, text in enumerate(texts)]
        column = pa.array(broken, pa.binary())
        table = table.set_column(place, name, column.view(pa.string()) if lot.random() < 0.5 else column)
    elif what == "moments":
        days = [dt.datetime(1600, 1, 1) if n == at else dt.datetime(2026, 1, 1 + n) for n in range(len(KEYS))]
        kinds = [pa.timestamp("us"), pa.timestamp("us", "Asia/Shanghai"), pa.timestamp("s"), pa.date32()]
        table = table.set_column(place, name, pa.array(days, pa.timestamp("us")).cast(lot.choice(kinds), safe=False))
    elif what == "list":
        table = table.set_column(place, name, pa.array([[text] for text in texts]))
    elif what == "dictionary":
        table, known["touched"] = table.set_column(place, name, table[name].dictionary_encode()), _NOTHING
    elif what == "wide text":
        table, known["touched"] = table.set_column(place, name, table[name].cast(pa.large_string())), _NOTHING
    elif what == "new":
        table, known["touched"] = table.append_column("new", pa.array(numbers)), _NOTHING
    else:
        known = {"touched": None, "refused": True}
        if what == "renamed":
            table = table.rename_columns([f"{n}_2" if n == name else n for n in HEADER])
        elif what == "twice":
            table = table.append_column(name.upper(), table[name])
        else:
            table = table.drop_columns([name])
    content = io.BytesIO()
    pq.write_table(table, content)
    return Mutated(content.getvalue(), f"{what} in '{name}' of {KEYS[at]}", **known)


# What is packed


def _packed(kind: Kind, lot: random.Random) -> Mutated:
    """A packed file of which the content is mutated before it is packed."""
    mutated = mutate(kind.inner, lot)
    return replace(mutated, content=kind.pack(mutated.content), what=f"packed: {mutated.what}")


BYTES: tuple[Mutation, ...] = (_flip, _delete, _insert, _truncate, _repeat, _whole)
TEXT: tuple[Mutation, ...] = (
    *BYTES, _value, _value, _value, _bare_value, _fields, _structure, _structure, _structure, _other_encoding,
)  # fmt: skip
JSON: tuple[Mutation, ...] = (
    *BYTES,
    _json_value,
    _json_value,
    _json_value,
    _json_record,
    _json_record,
    _json_structure,
)
PACKED: tuple[Mutation, ...] = (*BYTES, *[_packed] * 6)
BY_KIND: dict[str, tuple[Mutation, ...]] = {
    "csv": TEXT,
    "gbk": TEXT,
    "priced": TEXT,
    "gz": PACKED,
    "zip": PACKED,
    "folder": TEXT,
    "survey": TEXT,
    "jsonl": (*JSON, _other_encoding),
    "json": JSON,
    "excel": (*BYTES, *[_cell] * 5, _merged, *[_sheet] * 3),
    "parquet": (*BYTES, *[_parquet_cells] * 4),
    "sealed": (*BYTES, _parquet_cells),
}


def mutate(kind: Kind, lot: random.Random) -> Mutated:
    """Do one thing to a delivery, drawn by lot."""
    return lot.choice(BY_KIND[kind.name])(kind, lot)
