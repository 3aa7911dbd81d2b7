"""A smaller fuzz in every run of the tests, and each finding of the large ones, kept."""

from __future__ import annotations

import datetime as dt
import io
import random
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.sources.fuzz.deliveries import HEADER, KEYS, KINDS
from tests.sources.fuzz.mutations import Mutated, mutate
from tests.sources.fuzz.trying import attempt, draw, judge

#: Seeds of a small fuzz, fewer for kinds whose files take longer; ``make faults only=intake`` tries ten thousand files.
SMALL: dict[str, int] = {"survey": 2, "folder": 3}


@dataclass(frozen=True)
class Found:
    """A file on which a fuzz has found something wrong, mended since: what stands in it instead of what.

    Attributes
    ----------
    kind
        The kind of delivery.
    at
        The place of the change: an offset, or the bytes that stood there.
    by
        The bytes that were put there.
    instead
        How many bytes were taken away.
    touched
        Keys of the records that were touched; ``None``: any of them may have been.
    """

    kind: str
    at: int | bytes
    by: bytes = b""
    instead: int = 0
    touched: frozenset[str] | None = frozenset()


FOUND: tuple[Found, ...] = (
    # a workbook's parts that cannot be unpacked, or are called otherwise in the archive's directory
    Found("excel", 28, b"\x00", 1),
    Found("excel", 2200, b"\xff\xff", 2),
    Found("excel", 3600, b"\x00\x00", 2),
    Found("excel", b"xl/styles.xmlPK", b"xl/stylet.xmlPK"),
    # parquet whose damage the engine met in a later query only
    Found("parquet", 888, b"\xef\xbb\xbf", touched=None),
    Found("parquet", 791, b"\xff", touched=None),
    Found("parquet", 810, b"\\", touched=None),
    Found("parquet", 602, b"\x1a", touched=None),
    Found("parquet", 44, instead=2, touched=None),
    Found("parquet", 589, instead=1, touched=None),
)


@pytest.mark.parametrize("kind", KINDS)
def test_no_mutated_file_is_lost_altered_or_uncaught(kind: str) -> None:
    faults = [found.detail for seed in range(SMALL.get(kind, 5)) if (found := attempt(kind, seed)).is_fault]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("found", FOUND, ids=lambda found: f"{found.kind}-{found.at!r:.20}-{found.by!r:.20}")
def test_what_a_fuzz_once_found_stays_mended(found: Found) -> None:
    content = KINDS[found.kind]().content
    at = found.at if isinstance(found.at, int) else content.index(found.at)
    instead = found.instead if isinstance(found.at, int) else found.instead or len(found.at)
    changed = content[:at] + found.by + content[at + instead :]
    outcome = judge(found.kind, Mutated(changed, f"{found.by!r} at {at}", found.touched), "found once")
    assert not outcome.is_fault, outcome.detail


@pytest.mark.parametrize("kind", [pa.timestamp("us"), pa.timestamp("us", "Asia/Shanghai"), pa.date32()], ids=str)
def test_a_moment_that_no_calendar_has_sets_its_record_aside(kind: pa.DataType) -> None:
    """Parquet holds years beyond the four digits of Python's; a number read as a day gives one, too."""
    delivery = KINDS["parquet"]()
    table = pq.read_table(io.BytesIO(delivery.content))
    day = 1 if pa.types.is_date(kind) else 86_400_000_000
    days = [(20_458 + n) * day for n in range(len(KEYS))]
    days[3] = 10_000_000 * day
    paid = pa.array(days, pa.int32() if day == 1 else pa.int64()).view(kind)
    content = io.BytesIO()
    pq.write_table(table.set_column(HEADER.index("paid"), "paid", paid), content)
    columns, never = delivery.columns("paid"), frozenset(KEYS[3:4])
    changed = Mutated(content.getvalue(), "far", frozenset(KEYS), columns=columns, never=never, records=len(KEYS))
    outcome = judge("parquet", changed, "found once")
    assert outcome.state == "set aside", outcome.detail


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai"])
def test_moments_in_parquet_are_read_whether_they_name_a_zone_or_not(zone: str | None) -> None:
    """A column with a zone, in which one value is not plain, once ended in the engine's own error."""
    kind = KINDS["parquet"]()
    table = pq.read_table(io.BytesIO(kind.content))
    days = [dt.datetime(1600, 1, 1) if n == 3 else dt.datetime(2026, 1, 1 + n) for n in range(len(KEYS))]
    paid = pa.array(days, pa.timestamp("us")).cast(pa.timestamp("us", zone))
    content = io.BytesIO()
    pq.write_table(table.set_column(HEADER.index("paid"), "paid", paid), content)
    changed = Mutated(content.getvalue(), "moments", frozenset(KEYS), columns=kind.columns("paid"), records=len(KEYS))
    outcome = judge("parquet", changed, "found once")
    assert not outcome.is_fault, outcome.detail


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "survey"])
@pytest.mark.parametrize(
    "begin", [b"PK\x03\x04\xff", b"\x1f\x8b\x08", b"PAR1", b"\0" * 9], ids=["zip", "gzip", "parquet", "0"]
)
def test_a_file_that_is_no_text_is_refused_as_such(kind: str, begin: bytes) -> None:
    """Line by line it was set aside as so many broken records, where a contract allows any share of them."""
    outcome = judge(kind, Mutated(begin + b"\n17\xfe\n", "no text", None, refused=True), "found once")
    assert outcome.state == "refused", outcome.detail


def test_columns_of_parquet_that_differ_by_capitals_are_refused() -> None:
    """The engine calls the second one otherwise; nobody could say which of the two is meant."""
    kind = KINDS["parquet"]()
    table = pq.read_table(io.BytesIO(kind.content))
    content = io.BytesIO()
    pq.write_table(table.append_column("MEMBER", table["sku"]), content)
    outcome = judge("parquet", Mutated(content.getvalue(), "a column twice", None, refused=True), "found once")
    assert outcome.state == "refused", outcome.detail


def test_a_fuzz_that_lost_a_record_would_say_so() -> None:
    """The broken twin: a reader that skips what it cannot read."""
    kind = KINDS["csv"]()
    without = b"\n".join(line for line in kind.content.split(b"\n") if KEYS[3].encode() not in line)
    assert judge("csv", Mutated(without, "a line skipped", frozenset()), "twin").state == "lost"
    gone = Mutated(without, "a touched line skipped", frozenset(KEYS[3:4]), records=len(KEYS))
    assert judge("csv", gone, "twin").state == "lost"


def test_a_fuzz_that_altered_a_record_would_say_so() -> None:
    """The broken twin: a reader that makes of a value what it likes, also beside the one that was touched."""
    kind = KINDS["csv"]()
    altered = kind.content.replace(KEYS[4].encode() + b",0004", KEYS[4].encode() + b",0005")
    assert judge("csv", Mutated(altered, "a customer exchanged", frozenset()), "twin").state == "altered"
    beside = Mutated(altered, "its price touched", frozenset(KEYS[4:5]), columns=kind.columns("money"))
    assert judge("csv", beside, "twin").state == "altered"
    assert judge("csv", Mutated(kind.content, "said to be damaged", None, never=frozenset(KEYS[4:5])), "").is_fault
    assert judge("csv", Mutated(kind.content, "said to be unusable", None, refused=True), "").is_fault


def test_a_seed_gives_the_same_file_again() -> None:
    for kind in KINDS:
        assert draw(kind, 5)[1].content == mutate(KINDS[kind](), random.Random(f"{kind}/5")).content, kind


def test_a_changed_file_never_passes_its_checksum() -> None:
    for seed in range(10):
        assert attempt("sealed", seed).state == "refused"


def test_every_column_of_the_orders_is_used() -> None:
    """Else a mutation of an unused column would prove nothing."""
    assert len(KINDS["csv"]().columns(*HEADER)) == len(HEADER)
