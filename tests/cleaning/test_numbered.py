"""Lines as numbers: whatever the rules find, the tables and the account are those of the long way, to the byte."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_patterns import warehouse
from customer_patterns.cleaning import TABLES, Options, all_rules, clean_study
from customer_patterns.cleaning.numbered import lines as numbered
from customer_patterns.cleaning.numbered.columns import FewTexts, WholeNumbers
from customer_patterns.cleaning.numbered.keys import read_key
from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.arrow import ARROW_TYPES
from customer_patterns.schemas.canonical import CANONICAL
from tests.cleaning.deliveries import FIRST_DAY, LAST_DAY, NOON, arrow

SHOP = Options(currency="CNY", guests=("^0$",), tests=("^t",), as_of=LAST_DAY)
LINES = 400


def delivery(seed: int, *, repeated: bool = False, kinds: str = "") -> dict[str, list[dict[str, object]]]:
    """Some hundred lines, no two of one product in an order unless ``repeated``, with all that ``kinds`` names."""
    chance = random.Random(seed)
    keys = chance.sample([(order, product) for order in range(80) for product in range(12)], LINES)
    lines = []
    for order, product in [*keys, *keys[: 3 * repeated]]:
        line = {
            "order_id": f"{order:>03}" if order % 2 else f"订单{order}",
            "product_id": f"p{product}",
            "customer_id": chance.choice("abcde"),
            "store_id": chance.choice(["s1", "s2", None]) if "g" in kinds else "s1",
            "ordered_at": NOON + timedelta(minutes=chance.randrange(90_000)),
            "quantity": chance.randrange(1, 4),
            "revenue": chance.randrange(100, 900) / 100,
        }
        lines.append(line)
    for which, change in {
        "r": {"quantity": -1, "revenue": -2.5},
        "n": {"quantity": 0, "revenue": 0},
        "0": {"customer_id": "0"},
        "t": {"customer_id": "t7"},
        "d": {"retail_discount": -0.5},
        "c": {"channel": " Web", "payment_method": "card"},
        "x": {"currency": "USD"},
        "m": {"quantity": 5_000_000_000, "revenue": 90_000_000.25},
    }.items():
        if which in kinds:
            for place in chance.sample(range(len(lines)), 9):
                lines[place] |= change
    products = [{"product_id": f"p{n}", "product_type": "GASOLINE" if n in (3, 5) else "TEA"} for n in range(10)]
    return {"order_lines": lines, "products": products, "customers": [{"customer_id": "a"}, {"customer_id": "z"}]}


def unbounded(schema: TableSchema) -> TableSchema:
    """The same table, in which a number may be anything."""
    return replace(schema, columns=tuple(replace(column, minimum=None, maximum=None) for column in schema.columns))


def cleaned(folder, given, *, least: int, monkeypatch, merged: dict[str, str] | None = None):
    """Clean a delivery that lies in a stage's folder, and write what comes of it; the files' bytes and the rules."""
    monkeypatch.setattr(numbered, "LEAST", least)
    backend = warehouse.connect()
    tables = {name: arrow(name, records) for name, records in given.items()}
    for name, table in tables.items():
        backend.con.register(f"given__{name}", table)
    warehouse.write_stage(
        folder / "collect",
        {name: backend.table(f"given__{name}") for name in tables},
        schemas={name: unbounded(CANONICAL[name]) for name in tables},
        backend=backend,
        manifest={},
        presorted=("order_lines",),
    )
    options = SHOP
    if merged:
        backend.con.register("merged", pa.table({"old": list(merged), "new": list(merged.values())}))
        options = Options(**{**vars(SHOP), "merged": backend.table("merged")})
    found = clean_study(
        warehouse.open_tables(backend, folder / "collect"),
        time_zone="Asia/Shanghai",
        first_day=FIRST_DAY,
        fuel_types="GASOLINE%",
        gift_card_types="",
        backend=backend,
        options=options,
    )
    names = ("order_lines", "products", "customers", "reversals", "guest_lines", "foreign_lines")
    warehouse.write_stage(
        folder / "clean",
        {name: found.tables[name] for name in names},
        schemas={name: TABLES[name] for name in names},
        backend=backend,
        manifest={},
    )
    written = {name: (folder / "clean" / f"{name}.parquet").read_bytes() for name in names}
    return written, all_rules(found).to_dict("records"), found.quality.to_dict("records")


def both(tmp_path, monkeypatch, given, **options):
    """What comes of a delivery as numbers, and the long way."""
    tried = []
    for name, least in (("numbers", 1), ("long", 10**9)):
        tried.append(cleaned(tmp_path / name, given, least=least, monkeypatch=monkeypatch, **options))
    return tried


@pytest.mark.parametrize(
    ("seed", "kinds", "options"),
    [
        (1, "", {}),
        (2, "rn0tdgx", {}),
        (3, "rndcm", {}),
        (4, "n0g", {"merged": {"b": "a"}}),
    ],
)
def test_as_numbers_and_the_long_way_come_to_the_same_bytes(tmp_path, monkeypatch, seed, kinds, options):
    quick, slow = both(tmp_path, monkeypatch, delivery(seed, kinds=kinds), **options)
    assert str(quick) == str(slow)
    assert any(row["records_found"] for row in quick[1])


def test_lines_that_share_their_key_go_the_long_way_and_are_added_up(tmp_path, monkeypatch):
    used = []
    found_out = numbered.NumberedLines.write_ahead
    monkeypatch.setattr(
        numbered.NumberedLines, "write_ahead", lambda self, *given: used.append(1) or found_out(self, *given)
    )
    quick, slow = both(tmp_path, monkeypatch, delivery(5, repeated=True, kinds="n"))
    assert str(quick) == str(slow)
    assert not used
    both(tmp_path / "once", monkeypatch, delivery(5, kinds="n"))
    assert used


def test_a_line_that_left_and_is_forgotten_would_be_caught(tmp_path, monkeypatch):
    forget = lambda self, before, after, gone: self.same(before, after)  # noqa: E731
    monkeypatch.setattr(numbered.NumberedLines, "without", forget)
    with pytest.raises(AssertionError, match="lines are left"):
        cleaned(tmp_path, delivery(6, kinds="n"), least=1, monkeypatch=monkeypatch)


def test_a_wrong_order_would_be_caught(tmp_path, monkeypatch):
    given = delivery(7)
    monkeypatch.setattr(numbered, "in_order", lambda first, second, seconds: (np.arange(len(first)), True))
    quick, slow = both(tmp_path, monkeypatch, given)
    assert str(quick) != str(slow)


@pytest.mark.parametrize("largest", [9, 2**53], ids=["with room for the row", "without"])
def test_rows_come_in_the_order_of_two_numbers_and_two_alike_are_noticed(largest):
    chance = np.random.default_rng(largest)
    first, second = chance.integers(0, 10, 500) * (largest // 9), chance.permutation(500)
    order, alone = numbered.in_order(first, second, 500)
    assert order.tolist() == sorted(range(500), key=lambda row: (first[row], second[row]))
    assert alone
    first[7], second[7] = first[8], second[8]
    assert not numbered.in_order(first, second, 500)[1]


def test_texts_are_numbered_in_the_order_of_their_bytes_and_gaps_have_none(tmp_path):
    texts = ["b", None, "a", "é", "B", "b"]
    pq.write_table(pa.table({"t": texts}), tmp_path / "t.parquet", row_group_size=2)
    key = read_key(tmp_path / "t.parquet", "t")
    assert key.texts.to_pylist() == ["B", "a", "b", "é"]
    assert key.numbers.tolist() == [2, -1, 1, 3, 0, 2]
    assert key.has_gaps
    assert key.numbers.dtype == np.int8
    assert key.of(np.array([1, 5])).to_pylist() == [None, "b"]
    assert key.times(np.array([0, 1])).tolist() == [1, 1, 1, 1]


def test_numbers_come_back_as_they_went_in():
    money = pa.array(["-1.25", None, "9999999999999999.99", "0.01"]).cast(pa.decimal128(18, 2))
    held = WholeNumbers(8, "money")
    for part in (money, money.slice(1)):
        held.take(part)
    assert held.of(np.array([6, 2, 0, 1])).to_pylist() == [money[3].as_py(), money[2].as_py(), money[0].as_py(), None]
    texts = FewTexts(3)
    texts.take(pa.array(["x", None, "y"]))
    assert texts.of(np.array([2, 1, 0])).to_pylist() == ["y", None, "x"]


def test_moments_are_kept_as_seconds_until_one_is_between_two():
    kind = ARROW_TYPES["timestamp"]
    whole = pa.array([1_500_000_000_000_000, None, -7_000_000], pa.int64()).view(kind)
    between = pa.array([1_500_000_000_000_001, 0], pa.int64()).view(kind)
    held = WholeNumbers(5, "timestamp")
    held.take(whole)
    assert held._numbers.dtype == np.int32
    assert held.of(np.array([2, 0, 1])).to_pylist() == [whole[2].as_py(), whole[0].as_py(), None]
    held.take(between)
    assert held._numbers.dtype == np.int64
    assert held.of(np.arange(5)).to_pylist() == [*whole.to_pylist(), *between.to_pylist()]


@pytest.mark.parametrize(
    ("kind", "bounds", "bytes_each"),
    [
        ("integer", (-128, 127), 1),
        ("integer", (0, 128), 2),
        ("date", (-(2**15), 2**15 - 1), 2),
        ("integer", (-(2**31) - 1, 0), 8),
        ("integer", (-(2**63), 2**63 - 1), 8),
    ],
)
def test_numbers_take_as_few_bytes_as_the_largest_needs(kind, bounds, bytes_each):
    type_ = ARROW_TYPES[kind]
    given = [pa.array(part, pa.int32() if kind == "date" else pa.int64()).view(type_) for part in ([3, None], bounds)]
    held = WholeNumbers(4, kind)
    for part in given:
        held.take(part)
    assert held._numbers.dtype.itemsize == bytes_each
    assert held.of(np.arange(4)).equals(pa.concat_arrays(given))


def test_texts_may_become_more_than_a_byte_can_tell_apart():
    many = [f"text {number}" for number in range(300)]
    held = FewTexts(601)
    for part in (many[:128], many[128:], [*many, None]):
        held.take(pa.array(part, pa.string()))
    assert held._numbers.dtype == np.int16
    assert held.of(np.arange(601)).to_pylist() == [*many, *many, None]
