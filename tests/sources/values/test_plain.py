"""The fast path accepts nothing that the converters of single values read in another way."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal as D

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from customer_patterns.schemas import Column
from customer_patterns.sources.values.moments import MomentFormat
from customer_patterns.sources.values.numbers import NumberFormat
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.plain import SQL_TYPES, not_given, plain_value
from customer_patterns.sources.values.reading import Reading
from customer_patterns.sources.values.steps import Steps
from customer_patterns.sources.values.zones import Clock
from tests.sources.values import nasty


def reading(kind, sort=None, **options) -> Reading:
    nullable = options.pop("nullable", True)
    levels = options.pop("levels", ())
    return Reading(Column("c", kind, "", nullable=nullable, levels=levels), "c", sort or kind, **options)


def moments(*dates, zone="UTC", pivot=None, **rules):
    return MomentFormat(dates or ("iso",), Clock(zone, **rules), pivot)


CASES = {
    "id": (reading("text", "id"), "words"),
    "id, NULL is missing": (reading("text", "id", missing=("", "NULL", "NA")), "words"),
    "level": (reading("text", "level"), "words"),
    "level of a closed list": (reading("text", "level", levels=("online", "NA")), "words"),
    "free text": (reading("text", "text"), "words"),
    "list of words": (
        reading("text", "level", values={"online": "web", "NA": "", "大都点": "store"}, other="set_aside"),
        "words",
    ),
    "boolean": (reading("boolean"), "words"),
    "boolean by words": (reading("boolean", values={"Yes": "true", "0": "false", "NA": ""}), "words"),
    "money": (reading("money"), "numbers"),
    "money in cents": (reading("money", numbers=NumberFormat(scale=D("0.01"))), "numbers"),
    "money in thousands": (reading("money", numbers=NumberFormat(scale=D(1000))), "numbers"),
    "money, German": (reading("money", numbers=NumberFormat(",", ".", ("€",))), "numbers"),
    "money, Swiss": (reading("money", numbers=NumberFormat(".", "'")), "numbers"),
    "money, French": (reading("money", numbers=NumberFormat(",", " ")), "numbers"),
    "money, Chinese": (reading("money", numbers=NumberFormat(".", ",", ("¥", "元", "CNY"))), "numbers"),
    "integer": (reading("integer"), "numbers"),
    "integer with groups": (reading("integer", numbers=NumberFormat(thousands=",")), "numbers"),
    "integer in dozens": (reading("integer", numbers=NumberFormat(scale=D(12))), "numbers"),
    "number": (reading("number"), "numbers"),
    "number, comma": (reading("number", numbers=NumberFormat(",")), "numbers"),
    "number in thousandths": (reading("number", numbers=NumberFormat(scale=D("0.001"))), "numbers"),
    "share": (reading("share"), "numbers"),
    "share in percent": (reading("share", numbers=NumberFormat(scale=D("0.01"))), "numbers"),
    "week": (reading("date", "week", week_one=date(2016, 12, 26)), "numbers"),
    "timestamp": (reading("timestamp"), "moments"),
    "timestamp, Berlin": (reading("timestamp", moments=moments(zone="Europe/Berlin")), "moments"),
    "timestamp, New York": (
        reading("timestamp", moments=moments(zone="America/New_York", ambiguous="first")),
        "moments",
    ),
    "timestamp, Shanghai": (reading("timestamp", moments=moments(zone="Asia/Shanghai")), "moments"),
    "timestamp, Chinese": (
        reading("timestamp", moments=moments("%Y年%m月%d日", "%Y/%m/%d %H:%M", "%Y/%m/%d", zone="Asia/Shanghai")),
        "moments",
    ),
    "timestamp, digits only": (reading("timestamp", moments=moments("%Y%m%d%H%M%S", "%Y%m%d")), "moments"),
    "timestamp, American": (reading("timestamp", moments=moments("%m/%d/%Y %I:%M %p")), "moments"),
    "timestamp, fractions": (reading("timestamp", moments=moments("%F %T.%f", zone="Europe/Berlin")), "moments"),
    "timestamp, both orders": (reading("timestamp", moments=moments("%d/%m/%Y", "%m/%d/%Y")), "moments"),
    "timestamp, two formats": (reading("timestamp", moments=moments("iso", "epoch_s", "excel_serial")), "moments"),
    "timestamp, epoch_s": (reading("timestamp", moments=moments("epoch_s")), "moments"),
    "timestamp, epoch_ms": (reading("timestamp", moments=moments("epoch_ms")), "moments"),
    "timestamp, serial": (reading("timestamp", moments=moments("excel_serial", zone="Europe/Berlin")), "moments"),
    "timestamp, two digits": (reading("timestamp", moments=moments("%d.%m.%y", pivot=30)), "moments"),
    "date": (reading("date"), "moments"),
    "date, German": (reading("date", moments=moments("%d.%m.%Y")), "moments"),
    "date, Chinese": (reading("date", moments=moments("%Y年%m月%d日", "%Y/%m/%d", zone="Asia/Shanghai")), "moments"),
    "date, months by name": (reading("date", moments=moments("%d %b %Y")), "moments"),
    "date, serial": (reading("date", moments=moments("excel_serial")), "moments"),
}


def fast(texts: pa.Array, hows: list[Reading], expression=plain_value) -> list[tuple]:
    """What the fast path makes of delivered values, for each reading: value, and whether it is plainly not given."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.register("delivered", pa.table({"c": texts}))
    kind = ibis.dtype("string") if texts.type == pa.string() else ibis.memtable(pa.table({"c": texts})).schema()["c"]
    steps = Steps()
    wanted = []
    for how in hows:
        wanted += [expression(how, '"c"', kind, steps), not_given(how, '"c"', kind)]
    return con.execute(f"SELECT {', '.join(wanted)} FROM {steps.over('delivered')}").fetchall()


def disagreements(texts: list[str] | pa.Array, hows: dict[str, Reading], expression=plain_value) -> list[tuple]:
    """Where the fast path says something else than the converters do."""
    given = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    found = []
    for text, said in zip(given.to_pylist(), fast(given, list(hows.values()), expression), strict=True):
        for (case, how), value, missing in zip(hows.items(), said[::2], said[1::2], strict=True):
            if value is None and not missing:
                continue
            meant = how.read(text)
            if isinstance(meant, Fault | Repaired) or repr(meant) != repr(value):
                found.append((case, text, value, meant))
    return found


@pytest.mark.parametrize("source", nasty.SOURCES)
@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 2**32), more=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=30))
def test_what_is_read_fast_is_read_alike(source, seed, more):
    hows = {case: how for case, (how, of) in CASES.items() if of == source}
    assert disagreements([*more, *nasty.texts(source, seed, 1500)], hows) == []


@pytest.mark.parametrize("case", CASES)
def test_the_fast_path_is_taken(case):
    how, source = CASES[case]
    texts = nasty.texts(source, 1, 1000)
    plain = sum(value is not None for value, _ in fast(pa.array(texts), [how]))
    assert plain > 0


def as_a_cast(how: Reading, raw: str, kind, steps: Steps) -> str:
    """The broken twin: what one writes without thinking."""
    return f"TRY_CAST({raw} AS {SQL_TYPES[how.column.kind]})"


@pytest.mark.parametrize(
    ("case", "taken"),
    [
        ("money", " 12 "),
        ("integer", "0x1F"),
        ("integer", "1_000"),
        ("number", "inf"),
        ("timestamp", "infinity"),
        ("date", "1900-01-01"),
    ],
)
def test_a_plain_cast_is_found_out(case, taken):
    how, source = CASES[case]
    assert disagreements([taken], {case: how}, expression=as_a_cast)
    assert disagreements(nasty.texts(source, 1, 1000), {case: how}, expression=as_a_cast)


def _typed_columns(seed: int, how_many: int = 600) -> dict[str, pa.Array]:
    """Columns of types of their own, with the values that are hard in each."""
    rng = random.Random(seed)

    def some(hard, usual):
        return [rng.choice(hard) if rng.random() < 0.2 else usual() for _ in range(how_many)]

    whole = some(
        [None, 0, 1, 2**53 + 1, 2**63 - 1, -(2**63), 20260105, 45000, 1767571200], lambda: rng.randrange(10**10)
    )
    floats = [None, 0.0, -0.0, 1.005, 0.1 + 0.2, 2.0**53, 1e22, 1e308, float("nan"), float("inf"), -0.5, 1e-7, 0.15]
    exact = [None, D("0.005"), D("-12.345"), D("7.000"), D("99999999999999.999")]
    days = [None, date(1900, 1, 1), date(1970, 1, 1), date(9999, 12, 31), date(1600, 1, 1), date(2026, 3, 29)]
    moments = [None, *(datetime.combine(day, time(2, 30)) for day in days if day), datetime(1970, 1, 1)]

    def day():
        return date(1985, 1, 1) + timedelta(days=rng.randrange(18_000))

    def moment():
        return datetime.combine(
            day(), time(rng.randrange(24), rng.randrange(60), rng.randrange(60), rng.randrange(10**6))
        )

    return {
        "int64": pa.array(whole, pa.int64()),
        "int32": pa.array([rng.randrange(-5, 2000) for _ in range(how_many)], pa.int32()),
        "double": pa.array(some(floats, lambda: round(rng.uniform(-1000, 1000), rng.randrange(5))), pa.float64()),
        "float": pa.array(some([None, 0.5, 19.99], lambda: round(rng.uniform(0, 99), 2)), pa.float32()),
        "decimal": pa.array(some(exact, lambda: D(rng.randrange(10**8)).scaleb(-3)), pa.decimal128(18, 3)),
        "boolean": pa.array(some([None], lambda: rng.random() < 0.5), pa.bool_()),
        "day": pa.array(some(days, day), pa.date32()),
        "moment": pa.array(some(moments, moment), pa.timestamp("us")),
        "midnight": pa.array(some([None], lambda: datetime.combine(day(), time())), pa.timestamp("us")),
        "instant": pa.array(some(moments[:-1], moment), pa.timestamp("us", "UTC")),
    }


@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_typed_columns_are_read_alike(seed):
    hows = {case: how for case, (how, _) in CASES.items()}
    for name, column in _typed_columns(seed).items():
        assert (name, disagreements(column, hows)) == (name, [])


@pytest.mark.parametrize(
    ("column", "case"),
    [
        *[("int64", case) for case in ("id", "integer", "number", "money", "money in cents", "timestamp, epoch_s")],
        *[("int32", case) for case in ("week", "boolean", "level")],
        *[("double", case) for case in ("number", "share", "money", "integer")],
        *[("float", "money"), ("decimal", "money"), ("decimal", "number"), ("boolean", "boolean"), ("day", "date")],
        *[
            ("day", "timestamp, Berlin"),
            ("moment", "timestamp, New York"),
            ("midnight", "date"),
            ("instant", "timestamp"),
        ],
    ],
)
def test_typed_columns_take_the_fast_path(column, case):
    values = _typed_columns(1)[column]
    plain = sum(value is not None for value, _ in fast(values, [CASES[case][0]]))
    assert plain > 0
