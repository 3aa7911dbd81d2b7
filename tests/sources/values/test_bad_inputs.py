"""What real deliveries hold, and the right behavior for each: identity, numbers and money, time, text.

The numbers name the rows of the project's list of bad inputs (D: 59 to 65, E: 74 to 88, F: 91 to 101, G: 107 to 111).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal as D

import pytest

from customer_patterns.schemas import Column
from customer_patterns.sources.codes import CODES
from customer_patterns.sources.values.moments import MomentFormat
from customer_patterns.sources.values.numbers import NumberFormat
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.reading import Reading
from customer_patterns.sources.values.zones import Clock


def read(kind, value, *, sort=None, numbers=None, nullable=True, **options):
    moments = options.pop("moments", MomentFormat())
    column = Column("c", kind, "", nullable=nullable)
    how = Reading(column, "c", sort or kind, numbers=numbers or NumberFormat(), moments=moments, **options)
    return how.read(value)


def times(*dates, zone="UTC", pivot=None, **rules):
    return MomentFormat(dates or ("iso",), Clock(zone, **rules), pivot)


def repaired(value, *codes):
    return Repaired(value, codes)


US = NumberFormat(".", ",")
GERMAN = NumberFormat(",", ".", ("€",))
FRENCH = NumberFormat(",", " ")
SWISS = NumberFormat(".", "'")
CHINESE = NumberFormat(".", ",", ("¥", "元", "CNY"))
CENTS = NumberFormat(scale=D("0.01"))

IDS = [
    (59, "00123", "00123"),
    (59, "0123", "0123"),
    (59, "123", "123"),
    (60, "12345.0", "12345.0"),  # whether .0 goes is for the whole column to say: test_convert.py
    (61, "9007199254740993", "9007199254740993"),
    (62, "1.23457E+12", Fault("E_ID_SCIENTIFIC")),
    (62, "1E+12", Fault("E_ID_SCIENTIFIC")),
    (62, "12E4", "12E4"),
    *[(63, word, word) for word in ("NA", "null", "None", "nan", "NaN", "N/A")],
    (64, "", Fault("E_MISSING_VALUE")),
    (64, None, Fault("E_MISSING_VALUE")),
    (64, "\u200b ", Fault("E_MISSING_VALUE")),
    (65, " 00123", repaired("00123", "R_SPACES")),
    (65, "00123\u00a0", repaired("00123", "R_SPACES")),
    (65, "\ufeff00123\u200b", repaired("00123", "R_SPACES")),
    (65, "00\u200b123", repaired("00123", "R_INVISIBLE")),
    (65, "００１２３", repaired("00123", "R_WIDTH")),
    (65, "　Ａ-1", repaired("A-1", "R_SPACES", "R_WIDTH")),
    (65, "Abc", "Abc"),  # case is part of a key
    (10, "12\x003", Fault("E_NUL")),
    (12, "12\ud800", Fault("E_ID_DAMAGED")),
    (9, "M\ufffdller", Fault("E_ID_DAMAGED")),
]

MONEY = [
    (74, "1,234.50", US, D("1234.50")),
    (74, "1.234,50", GERMAN, D("1234.50")),
    (74, "1 234,50", FRENCH, D("1234.50")),
    (74, "1\u202f234,50", FRENCH, D("1234.50")),
    (74, "1'234", SWISS, D("1234.00")),
    (74, "1’234", SWISS, D("1234.00")),
    (74, "1,234", NumberFormat(), Fault("E_SEPARATOR")),  # a thousand, or one and a bit: nobody knows
    (74, "1.234,50", US, Fault("E_SEPARATOR")),
    (74, "1,23", US, Fault("E_SEPARATOR")),
    (74, "90;2", US, Fault("E_NUMBER")),
    (75, "¥12.50", CHINESE, D("12.50")),
    (75, "￥4", CHINESE, repaired(D("4.00"), "R_WIDTH")),
    (75, "￥4", NumberFormat(symbols=("￥",)), D("4.00")),
    (75, "12元", CHINESE, D("12.00")),
    (75, "CNY 5", CHINESE, D("5.00")),
    (75, "$3", CHINESE, Fault("E_CURRENCY")),
    (75, "USD 3", CHINESE, Fault("E_CURRENCY")),
    (75, "3 €", CHINESE, Fault("E_CURRENCY")),
    (75, "¥5¥", CHINESE, Fault("E_CURRENCY")),
    (76, "(12.50)", NumberFormat(), repaired(D("-12.50"), "R_PARENTHESES")),
    (76, "(¥12.50)", CHINESE, repaired(D("-12.50"), "R_PARENTHESES")),
    (76, "12.50-", NumberFormat(), repaired(D("-12.50"), "R_MINUS")),
    (76, "−12.50", NumberFormat(), repaired(D("-12.50"), "R_MINUS")),
    (76, "-¥12.50", CHINESE, D("-12.50")),
    (76, "--5", NumberFormat(), Fault("E_NUMBER")),
    (76, "(-5)", NumberFormat(), Fault("E_NUMBER")),
    (77, "１２.５", NumberFormat(), repaired(D("12.50"), "R_WIDTH")),
    (77, "１２．５", NumberFormat(), repaired(D("12.50"), "R_WIDTH")),
    (77, "٣٫٥", NumberFormat(), repaired(D("3.50"), "R_DIGITS")),
    (77, "1２٣", NumberFormat(), Fault("E_NUMBER")),
    (77, "5²", NumberFormat(), Fault("E_NUMBER")),
    (78, "1_000", NumberFormat(), Fault("E_NUMBER")),
    (78, "0x1F", NumberFormat(), Fault("E_NUMBER")),
    *[(79, text, NumberFormat(), Fault("E_NOT_FINITE")) for text in ("inf", "-Infinity", "nan", "NaN", "∞")],
    (79, "1e400", NumberFormat(), Fault("E_SCIENTIFIC")),
    (62, "1.23457E+12", NumberFormat(), Fault("E_SCIENTIFIC")),
    (83, "0.00", NumberFormat(), D("0.00")),
    (84, "-250.00", NumberFormat(), D("-250.00")),
    (85, "1999", CENTS, D("19.99")),
    (85, "1999.5", CENTS, repaired(D("20.00"), "R_ROUNDED")),
    (86, "80995", NumberFormat(), D("80995.00")),
    (87, "12.345", NumberFormat(), repaired(D("12.35"), "R_ROUNDED")),
    (87, "-12.345", NumberFormat(), repaired(D("-12.35"), "R_ROUNDED")),
    (87, "12.344999", NumberFormat(), repaired(D("12.34"), "R_ROUNDED")),
    (87, "12.500", NumberFormat(), D("12.50")),
    (88, "12.340000000000002", NumberFormat(), repaired(D("12.34"), "R_ROUNDED")),
    (88, 0.1 + 0.2, NumberFormat(), D("0.30")),  # dust of binary numbers: nobody rounded it
    (88, 1.005, NumberFormat(), repaired(D("1.01"), "R_ROUNDED")),
    (88, 19.99, NumberFormat(), D("19.99")),
    (88, 1999, CENTS, D("19.99")),
    (79, float("inf"), NumberFormat(), Fault("E_NOT_FINITE")),
    (79, float("nan"), NumberFormat(), None),
    (79, "99999999999999999", NumberFormat(), Fault("E_OVERFLOW")),
]

COUNTS = [
    ("integer", "2", NumberFormat(), 2),
    ("integer", "2.0", NumberFormat(), 2),
    ("integer", "2.5", NumberFormat(), Fault("E_NOT_INTEGER")),
    ("integer", "9223372036854775808", NumberFormat(), Fault("E_OVERFLOW")),
    ("integer", "-3", NumberFormat(), -3),
    ("number", "1e-05", NumberFormat(), 1e-05),
    ("number", "1e400", NumberFormat(), Fault("E_NOT_FINITE")),
    ("number", "2,5", NumberFormat(","), 2.5),
    ("share", "15%", NumberFormat(), 0.15),
    ("share", "0.15", NumberFormat(), 0.15),
    ("share", "15", NumberFormat(scale=D("0.01")), 0.15),
    ("share", "15", NumberFormat(), Fault("E_SHARE")),
    ("boolean", "TRUE", NumberFormat(), True),
    ("boolean", "0", NumberFormat(), False),
    ("boolean", "ja", NumberFormat(), Fault("E_BOOLEAN")),
]

SHANGHAI = times(zone="Asia/Shanghai")
BERLIN = times(zone="Europe/Berlin")
MOMENTS = [
    (91, "2026-01-13 10:00", times("%d/%m/%Y"), Fault("E_DATE_FORMAT")),
    (91, "05/01/2026", times("%d/%m/%Y"), datetime(2026, 1, 5)),
    (91, "05/01/2026", times("%m/%d/%Y"), datetime(2026, 5, 1)),
    (91, "05/01/2026", times(), Fault("E_DATE_FORMAT")),
    (91, "05/01/2026", times("%d/%m/%Y", "%m/%d/%Y"), Fault("E_DATE_AMBIGUOUS")),
    (91, "13/01/2026", times("%d/%m/%Y", "%m/%d/%Y"), datetime(2026, 1, 13)),
    (92, "05.01.68", times("%d.%m.%y"), Fault("E_TWO_DIGIT_YEAR")),
    (92, "05.01.68", times("%d.%m.%y", pivot=30), datetime(1968, 1, 5)),
    (92, "05.01.26", times("%d.%m.%y", pivot=30), datetime(2026, 1, 5)),
    (93, "45000", times("excel_serial"), datetime(2023, 3, 15)),
    (93, "45000.4375", times("excel_serial"), datetime(2023, 3, 15, 10, 30)),
    (93, "45000", times("epoch_s"), Fault("E_IMPLAUSIBLE")),
    (93, "1767571200", times("epoch_s"), datetime(2026, 1, 5)),
    (93, "1767571200000", times("epoch_ms"), datetime(2026, 1, 5)),
    (93, "1767571200000", times("epoch_s"), Fault("E_IMPLAUSIBLE")),  # milliseconds, said to be seconds
    (93, "1767571200", times("epoch_ms"), Fault("E_IMPLAUSIBLE")),  # and the other way round
    (93, 1767571200, times("epoch_s"), datetime(2026, 1, 5)),
    (93, "20260105", times(), Fault("E_DATE_FORMAT")),
    (93, "20260105", times("%Y%m%d"), datetime(2026, 1, 5)),
    (93, 20260105, times("%Y%m%d"), datetime(2026, 1, 5)),
    (94, "2026-02-29", times(), Fault("E_IMPOSSIBLE_DAY")),
    (94, "0000-00-00", times(), Fault("E_IMPOSSIBLE_DAY")),
    (94, "2026-13-01", times(), Fault("E_IMPOSSIBLE_DAY")),
    (95, "2028-02-29", times(), datetime(2028, 2, 29)),
    *[
        (96, text, times(), repaired(None, "R_SENTINEL"))
        for text in ("1900-01-01", "1970-01-01", "9999-12-31", "9999-12-31 23:59:59", "1970-01-01T00:00:00Z")
    ],
    (96, "0", times("epoch_s"), repaired(None, "R_SENTINEL")),
    (97, "2026-01-05 24:00:00", times(), repaired(datetime(2026, 1, 6), "R_MIDNIGHT")),
    (97, "2026-01-05 23:59:60", times(), Fault("E_IMPOSSIBLE_TIME")),
    (97, "2026-01-05 25:00", times(), Fault("E_IMPOSSIBLE_TIME")),
    (98, "2026年1月5日", times("%Y年%m月%d日"), datetime(2026, 1, 5)),
    (98, "2026/1/5", times("%Y/%m/%d"), datetime(2026, 1, 5)),
    (98, "2026.01.05", times("%Y.%m.%d"), datetime(2026, 1, 5)),
    (98, "2026年1月5日", times(), Fault("E_DATE_FORMAT")),
    (98, "２０２６-０１-０５", times(), repaired(datetime(2026, 1, 5), "R_WIDTH")),
    (99, "2026-01-05 00:30", SHANGHAI, datetime(2026, 1, 4, 16, 30)),
    (99, "2026-01-05T00:30:00+08:00", times(), datetime(2026, 1, 4, 16, 30)),
    (99, "2026-01-05T00:30:00Z", SHANGHAI, datetime(2026, 1, 5, 0, 30)),
    (99, "2026-01-05T00:30:00+24:00", SHANGHAI, Fault("E_IMPOSSIBLE_TIME")),
    (100, "2026-03-29 02:30", BERLIN, Fault("E_DST_GAP")),
    (
        100,
        "2026-03-29 02:30",
        times(zone="Europe/Berlin", nonexistent="forward"),
        repaired(datetime(2026, 3, 29, 1, 30), "R_DST_GAP"),  # 03:30 in Berlin
    ),
    (100, "2026-10-25 02:30", BERLIN, Fault("E_DST_OVERLAP")),
    (
        100,
        "2026-10-25 02:30",
        times(zone="Europe/Berlin", ambiguous="first"),
        repaired(datetime(2026, 10, 25, 0, 30), "R_DST_OVERLAP"),
    ),
    (
        100,
        "2026-10-25 02:30",
        times(zone="Europe/Berlin", ambiguous="second"),
        repaired(datetime(2026, 10, 25, 1, 30), "R_DST_OVERLAP"),
    ),
    (100, "1988-07-01 12:00", SHANGHAI, datetime(1988, 7, 1, 3)),  # summer time: nine hours ahead
    (100, "1995-07-01 12:00", SHANGHAI, datetime(1995, 7, 1, 4)),
    (100, datetime(2026, 3, 29, 2, 30), BERLIN, Fault("E_DST_GAP")),
    (101, "2035-01-01", times(), datetime(2035, 1, 1)),  # later than the study's end: the cut's to say
]

DAYS = [
    (99, "2026-01-05T23:30:00Z", SHANGHAI, repaired(date(2026, 1, 6), "R_TIME_DROPPED")),
    (99, "2026-01-04T16:00:00Z", SHANGHAI, date(2026, 1, 5)),
    (98, "2026-01-05 00:00:00", times(), date(2026, 1, 5)),
    (94, "2026-02-29", times(), Fault("E_IMPOSSIBLE_DAY")),
]

FAMILY = "👨\u200d👩\u200d👧"
TEXTS = [
    ("text", 107, FAMILY, FAMILY),
    ("text", 107, "\u202eabc\u202c e\u0301", "\u202eabc\u202c e\u0301"),
    ("text", 108, "臺北", "臺北"),  # grouping 臺 with 台 is for cleaning
    ("text", 109, "<script>alert(1)</script> $5% =1+1", "<script>alert(1)</script> $5% =1+1"),
    ("text", 110, "call 0171-5550123", "call 0171-5550123"),
    ("text", 107, "two\nlines\tand a tab", "two\nlines\tand a tab"),
    ("text", 3, "\ufeffgut", repaired("gut", "R_BOM")),
    ("text", 8, "MÃ¼ller", repaired("Müller", "R_MOJIBAKE")),
    ("text", 8, "寰堝ソ寰堝ソ", repaired("很好很好", "R_MOJIBAKE")),
    ("text", 9, "M\ufffdller", repaired("M\ufffdller", "R_LOST_LETTERS")),
    ("text", 10, "a\x00b", Fault("E_NUL")),
    ("text", 11, "end\x1a", repaired("end", "R_CONTROL")),
    ("text", 12, "half \ud83d", repaired("half \ufffd", "R_SURROGATE")),
    ("level", 111, "Online ", repaired("Online", "R_SPACES")),
    ("level", 111, "None", "None"),
    ("level", 111, "", None),
    ("level", 111, "  ", repaired(None, "R_SPACES")),
]

CHANNELS = {"线上": "online", "门店": "store", "-": ""}
MAPPED = [
    ("keep", "线上", "online"),
    ("keep", " 线上", repaired("online", "R_SPACES")),
    ("keep", "online", "online"),
    ("keep", "-", None),
    ("keep", "app", repaired("app", "R_VALUE_KEPT")),
    ("unknown", "app", repaired("unknown", "R_VALUE_UNKNOWN")),
    ("set_aside", "app", Fault("E_VALUE")),
]


@pytest.mark.parametrize(("row", "text", "meant"), IDS)
def test_a_key(row, text, meant):
    assert read("text", text, sort="id", nullable=False) == meant


def test_63_what_means_not_given_is_for_the_contract_to_say():
    assert read("text", "NULL", sort="id", missing=("", "NULL")) is None
    assert read("text", "NULL", sort="id", missing=("", "NULL"), nullable=False) == Fault("E_MISSING_VALUE")


@pytest.mark.parametrize(("row", "text", "form", "meant"), MONEY)
def test_money(row, text, form, meant):
    found = read("money", text, numbers=form)
    assert repr(found) == repr(meant)  # with two decimals, exactly


@pytest.mark.parametrize(("kind", "text", "form", "meant"), COUNTS)
def test_counts_measures_shares_and_truths(kind, text, form, meant):
    assert repr(read(kind, text, numbers=form)) == repr(meant)


@pytest.mark.parametrize(("row", "text", "form", "meant"), MOMENTS)
def test_a_moment(row, text, form, meant):
    assert read("timestamp", text, moments=form) == meant


@pytest.mark.parametrize(("row", "text", "form", "meant"), DAYS)
def test_a_day(row, text, form, meant):
    assert read("date", text, moments=form) == meant


@pytest.mark.parametrize(("sort", "row", "text", "meant"), TEXTS)
def test_a_text(sort, row, text, meant):
    assert read("text", text, sort=sort) == meant


@pytest.mark.parametrize(("other", "text", "meant"), MAPPED)
def test_a_word_of_the_contracts_list(other, text, meant):
    assert read("text", text, sort="level", values=CHANNELS, other=other) == meant


def test_a_sentinel_in_a_column_that_must_be_filled_sets_the_record_aside():
    how = Reading(Column("c", "timestamp", ""), "c", "timestamp")
    assert how.read("9999-12-31") == Fault("E_MISSING_VALUE")


def test_every_reason_is_declared_with_its_words():
    found = [meant for cases in (IDS, MONEY, COUNTS, MOMENTS, DAYS, TEXTS, MAPPED) for *_, meant in cases]
    for meant in found:
        if isinstance(meant, Fault):
            assert CODES[meant.code].fate == "set aside"
        elif isinstance(meant, Repaired):
            assert {CODES[code].fate for code in meant.codes} == {"repaired"}


def test_a_broken_twin_is_found_out():
    """Reading by Python's own float and stripping would pass for a converter: the rows of the list reject it."""

    def naive(text):
        return D(str(float(str(text).strip()))).quantize(D("0.01"))

    wrong = 0
    for _, text, _, meant in MONEY:
        try:
            wrong += repr(naive(text)) != repr(meant)
        except (ValueError, ArithmeticError):
            wrong += not isinstance(meant, Fault)
    assert wrong > 20
