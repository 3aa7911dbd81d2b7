"""A sheet arrives as the text that its cells store; what a workbook cannot tell any more is set aside with its cell."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from customer_patterns import warehouse
from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.sources.readers import excel
from customer_patterns.study.contract import Source

BACKEND = warehouse.connect()
HEADER = ["id", "at", "csat"]


def declare(columns=None, **form):
    return Source(
        source="desk", table="contacts", reader="excel", location="contacts.xlsx", provenance="simulated",
        owner="nobody", party="first", purpose="tests", legal_basis="invented", retention="none", format=form,
        columns={"contact_id": "id", "opened_at": "at", "csat": "csat", **(columns or {})},
    )  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """Write a workbook, or bytes, and read it."""

    def run(content, source=None):
        path = tmp_path / "contacts.xlsx"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content.save(path)
        file = DeliveredFile(path.name, path, "", path.stat().st_size)
        return excel.read(BACKEND, source or declare(), (file,))

    return run


def workbook(*lines, header=HEADER, title="Orders"):
    book = openpyxl.Workbook()
    book.active.title = title
    for line in [header, *lines] if header else lines:
        book.active.append(line)
    return book


def rows(raw, *columns):
    found = raw.records.order_by("_line").to_pyarrow()
    return [tuple(row.values()) for row in found.select([*columns] or ["id", "at", "csat", "_line"]).to_pylist()]


def aside(raw):
    return raw.set_aside[["line", "code", "column", "detail"]].to_numpy().tolist()


def repairs(raw):
    return raw.repairs[["line", "code", "column"]].astype(object).where(raw.repairs.notna(), None).to_numpy().tolist()


def edited(book, *changes):
    """A workbook's bytes with the text of its sheet changed, for what openpyxl would not write."""
    before, after = io.BytesIO(), io.BytesIO()
    book.save(before)
    with zipfile.ZipFile(before) as source, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for old, new in changes:
                    assert old.encode() in data
                    data = data.replace(old.encode(), new.encode())
            target.writestr(name, data)
    return after.getvalue()


def test_cells_arrive_as_the_text_that_is_stored(read):
    book = workbook(
        ["00123", dt.datetime(2026, 1, 5), 5],
        [123, dt.datetime(2026, 1, 5, 10, 30, 1), 4.5],
        ["＝x", dt.date(2026, 1, 5), 1234.56],
        ["15%", 45000, 0.15],
        [True, "5.1.2026", 1e-7],
        ["a_x000D_b", dt.time(8, 5), dt.timedelta(hours=26, minutes=3)],
        [-1.5, None, 12345678901234567890],
    )
    book.active["C5"].number_format = "0%"
    book.active["B2"].number_format = "yyyy-mm-dd"
    book.active["B3"].number_format = 'yyyy"h"-mm-dd hh:mm'
    assert rows(read(book)) == [
        ("00123", "2026-01-05", "5", 2),
        ("123", "2026-01-05T10:30:01", "4.5", 3),
        ("＝x", "2026-01-05", "1234.56", 4),
        ("15%", "45000", "0.15", 5),
        ("true", "5.1.2026", "0.0000001", 6),
        ("a\rb", "08:05:00", "26:03:00", 7),
        ("-1.5", None, "12345678901234570000", 8),
    ]


def test_what_a_workbook_cannot_tell_any_more_is_set_aside_with_the_cell(read):
    book = workbook(
        ["#N/A", 1, 1],
        ["=A1", 1, 1],
        [12345678901234567890, 1, 1],
        [10**15, 1, 1],
        [dt.date(2026, 5, 3), 1, 1],
        ["a", 1, "#DIV/0!"],
        ["b", -5, 1],
        ["c", 1, 1],
    )
    book.active["B8"].number_format = "yyyy-mm-dd"
    raw = read(book, declare(worst_share=1.0))
    assert rows(raw) == [("c", "1", "1", 9)]
    assert aside(raw) == [
        [2, "E_CELL_ERROR", "id", "cell A2 shows #N/A"],
        [3, "E_FORMULA", "id", "cell A3"],
        [4, "E_DIGITS_LOST", "id", "cell A4"],
        [5, "E_DIGITS_LOST", "id", "cell A5"],
        [6, "E_TEXT_TO_DATE", "id", "cell A6"],
        [7, "E_CELL_ERROR", "csat", "cell C7 shows #DIV/0!"],
        [8, "E_CELL_DATE", "at", "cell B8"],
    ]
    assert raw.set_aside["raw"][4] == "2026-05-03 00:00:00,1,1"


def test_a_formula_with_its_result_is_that_result_even_if_it_is_empty(read):
    book = workbook(["=1+1", 1, 1], ["=T()", 1, '=IF(1,"","")'])
    data = edited(
        book,
        ('<c r="A2"><f>1+1</f><v /></c>', '<c r="A2"><f>1+1</f><v>2</v></c>'),
        ('<c r="A3"><f>T()</f><v /></c>', '<c r="A3" t="str"><f>T()</f><v>x</v></c>'),
        ('<c r="C3"><f>IF(1,"","")</f><v /></c>', '<c r="C3" t="str"><f>IF(1,"","")</f><v></v></c>'),
    )
    assert rows(read(data)) == [("2", "1", "1", 2), ("x", "1", "", 3)]


def test_leading_zeros_that_a_format_shows_are_written_out_and_counted(read):
    book = workbook([123, 1, 1], [1234567, 1, 1])
    book.active["A2"].number_format = book.active["A3"].number_format = "00000"
    raw = read(book)
    assert rows(raw, "id") == [("00123",), ("1234567",)]
    assert repairs(raw) == [[2, "R_ZERO_FORMAT", "id"]]


def test_merged_cells_are_set_aside_or_filled_as_the_contract_says(read):
    def book():
        made = workbook(["a", 1, 1], [None, 2, 2], [None, 3, 3], ["b", 4, None], ["c", 5, 5])
        made.active.merge_cells("A2:A4")
        made.active.merge_cells("B5:C5")
        return made

    raw = read(book(), declare(worst_share=1.0))
    assert rows(raw) == [("a", "1", "1", 2), ("c", "5", "5", 6)]
    assert [line[:3] for line in aside(raw)] == [[3, "E_MERGED", "id"], [4, "E_MERGED", "id"], [5, "E_MERGED", "csat"]]
    filled = read(book(), declare(fill_merged=True))
    assert rows(filled, "id", "csat") == [("a", "1"), ("a", "2"), ("a", "3"), ("b", "4"), ("c", "5")]
    assert [line[:2] for line in repairs(filled)] == [
        [3, "R_FILLED_MERGED"],
        [4, "R_FILLED_MERGED"],
        [5, "R_FILLED_MERGED"],
    ]


def test_days_counted_from_1904_are_the_same_days(read):
    book = workbook(["a", dt.datetime(2026, 1, 5), 1], ["b", 44565, 1])
    book.epoch = CALENDAR_MAC_1904
    source = declare({"opened_at": {"column": "at", "dates": ["iso", "excel_serial"]}})
    raw = read(book, source)
    assert rows(raw, "at") == [("2026-01-05T00:00:00",), (str(44565 + 1462),)]
    assert repairs(raw) == [[3, "R_DATES_1904", "at"]]
    assert rows(read(book), "at")[1] == ("44565",)  # where the contract does not say that numbers are days


@pytest.mark.parametrize(
    ("dates", "day", "moment"),
    [
        (["%Y-%d-%m", "%d.%m.%Y %H:%M"], "2026-05-01", "05.01.2026 10:30"),
        (["%d.%m.%Y"], "05.01.2026", "2026-01-05T10:30:00"),  # hours that no format can hold are not dropped
        (["excel_serial"], "46027", "46027.4375"),
        (["%d.%m.%Y", "iso"], "2026-01-05", "2026-01-05T10:30:00"),
    ],
)
def test_a_date_cell_arrives_in_a_format_that_the_contract_reads(read, dates, day, moment):
    book = workbook(["a", dt.datetime(2026, 1, 5), 1], ["b", dt.datetime(2026, 1, 5, 10, 30), 1])
    book.active["B2"].number_format = "yyyy-mm-dd"
    assert rows(read(book, declare(dates=dates)), "at") == [(day,), (moment,)]


def test_empty_rows_and_stray_cells_are_passed_over_and_counted(read):
    book = workbook(["a", 1, 1], [None, None, None], ["", None, None], ["b", 2, 2])
    book.active["E5"], book.active["XFD1048576"] = "a note", "far away"
    raw = read(book)
    assert rows(raw, "id", "_line") == [("a", 2), ("b", 5)]
    assert repairs(raw) == [
        [3, "S_BLANK", None], [4, "S_BLANK", None], [5, "S_STRAY", "E"],
        [1048576, "S_BLANK", None], [1048576, "S_STRAY", "XFD"],
    ]  # fmt: skip


def test_the_header_stands_behind_the_rows_to_skip(read):
    book = workbook(
        ["Export of the desk"], [], [" id ", "at", "csat", None, "note"], ["a", 1, 2, None, "n"], header=None
    )
    raw = read(book, declare(skip_rows=1))
    assert rows(raw) == [("a", "1", "2", 4)]
    assert raw.columns == ("id", "at", "csat", "note")


def test_one_sheet_is_read_and_it_is_the_one_that_is_named(read):
    book = workbook(["a", 1, 1])
    other = book.create_sheet("Archive")
    other.sheet_state = "hidden"
    for line in (HEADER, ["b", 2, 2]):
        other.append(line)
    assert rows(read(book, declare(sheet="Orders")), "id") == [("a",)]
    assert rows(read(book, declare(sheet="Archive")), "id") == [("b",)]
    for sheet, says in [(None, "several sheets"), ("Order", "no sheet 'Order'; did you mean 'Orders'")]:
        with pytest.raises(DeliveryError, match=f"{says}.*write one of them.*'Orders', 'Archive'"):
            read(book, declare(sheet=sheet))


def bomb():
    """A small file that unpacks to a sheet of a hundred million spaces."""
    data = io.BytesIO()
    workbook(["a", 1, 1]).save(data)
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/more.xml", "w") as member:
        for _ in range(100):
            member.write(b" " * 1_000_000)
    return data.getvalue()


def archive_of(name):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, "x")
    return data.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "E_EMPTY", "nothing is in it"),
        (b"id,at,csat\n1,2,3\n", "E_NOT_EXCEL", "no workbook.*write 'reader: csv'"),
        (OLE + b"\0" * 600, "E_NOT_EXCEL", "old format xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "E_PASSWORD", "password"),
        (archive_of("content.xml"), "E_NOT_EXCEL", "an archive, but no workbook"),
        (archive_of("xl/workbook.bin"), "E_NOT_EXCEL", "xlsb"),
        (archive_of("xl/workbook.xml"), "E_NOT_EXCEL", "damaged"),
        (bomb, "E_TOO_BIG", "would unpack to 100,0"),
        (lambda: workbook(header=None), "E_EMPTY", "the sheet is empty"),
        (lambda: workbook(header=["id", "ID ", "at"]), "E_DUP_HEADER", "line 1.*columns A and B have the same name"),
        (
            lambda: workbook(header=["id", "at", "cast"]),
            "E_SCHEMA",
            "'csat': the sheet has no such column; did you mean",
        ),
        (lambda: edited(workbook(["a", 1, 1]), ("</sheetData>", "</sheet")), "E_NOT_EXCEL", "damaged"),
        (
            lambda: edited(workbook(["a", 1, 1]), ("<worksheet", "<!DOCTYPE w [<!ENTITY a 'aaaa'>]><worksheet")),
            "E_NOT_EXCEL",
            "damaged",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_code_and_remedy(read, content, code, says):
    with pytest.raises(DeliveryError, match=f"(?s){says}") as refusal:
        read(content() if callable(content) else content)
    assert refusal.value.code == code
    assert refusal.value.remedy
    assert "contacts.xlsx" in str(refusal.value)


TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Co"]), min_size=1, max_size=8)
NUMBER = st.one_of(st.integers(-(10**14), 10**14), st.floats(-1e12, 1e12, allow_nan=False))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(st.tuples(TEXT, NUMBER, st.dates(dt.date(1901, 1, 1))), min_size=1, max_size=12))
def test_what_openpyxl_writes_is_read_as_the_same_text(read, records):
    records = [(text.replace("_x", "x").lstrip("=") or "t", number, day) for text, number, day in records]
    records = [(text if not text.startswith("#") else "t", number, day) for text, number, day in records]
    raw = read(workbook(*[(text, day, number) for text, number, day in records]))
    found = rows(raw, "id", "at", "csat")
    assert [row[:2] for row in found] == [(text, day.isoformat()) for text, _, day in records]
    assert [float(Decimal(row[2])) for row in found] == pytest.approx([float(n) for _, n, _ in records], rel=1e-15)


def test_the_broken_twin_that_lets_pandas_decide_is_found_out(read, tmp_path):
    import pandas as pd

    book = workbook(["00123", 1, 1], ["=A1", 1, 1])
    ours = [line[0] for line in rows(read(book, declare(worst_share=1.0)), "id")]
    theirs = pd.read_excel(tmp_path / "contacts.xlsx")["id"].tolist()
    assert ours == ["00123"]
    assert theirs != ours  # the zeros, or the formula, are gone without a word
