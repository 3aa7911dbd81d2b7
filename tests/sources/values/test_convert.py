"""A delivered table in canonical columns: every record once, kept, repaired or set aside, with every reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal as D

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.values import judged
from customer_patterns.sources.values.contracted import readings
from customer_patterns.sources.values.convert import Conversion
from customer_patterns.sources.values.distinct import distinct
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.warehouse import connect
from tests.sources.values import nasty
from tests.sources.values.deliveries import STUDY, bring_in, contract, delivered, rows

LINES = {
    "order_id": "order",
    "customer_id": "customer",
    "product_id": "product",
    "ordered_at": "at",
    "quantity": "units",
    "revenue": "amount",
}


def lines(**columns):
    """Two plain order lines, some of their columns in other words."""
    plain = {
        "order": ["1", "2"],
        "customer": ["007", "07"],
        "product": ["p1", "p2"],
        "at": ["2026-01-05 10:00:00", "2026-01-06"],
        "units": ["1", "2"],
        "amount": ["12.50", "3"],
    }
    how_many = max((len(values) for values in columns.values()), default=2)
    padded = {name: (values * how_many)[:how_many] for name, values in plain.items()}
    return padded | columns


def till(**form):
    return contract("order_lines", LINES, **form)


def test_plain_records_are_kept_as_they_are():
    found = bring_in(till(time_zone="Asia/Shanghai"), lines())
    assert rows(found, "customer_id", "ordered_at", "quantity", "revenue", "retail_discount", "store_id", "_line") == [
        ("007", datetime(2026, 1, 5, 2), 1, D("12.50"), D("0.00"), None, 2),
        ("07", datetime(2026, 1, 5, 16), 2, D("3.00"), D("0.00"), None, 3),
    ]
    assert found.set_aside.empty
    assert found.repairs.empty


def test_a_repaired_record_is_kept_and_each_repair_is_listed():
    found = bring_in(till(), lines(customer=[" 007", "07"], amount=["(12.50)", "3.005"]))
    assert rows(found, "customer_id", "revenue") == [("007", D("-12.50")), ("07", D("3.01"))]
    assert found.repairs.values.tolist() == [
        [0, 2, "R_PARENTHESES", "amount"],
        [0, 2, "R_SPACES", "customer"],
        [0, 3, "R_ROUNDED", "amount"],
    ]


def test_a_record_with_several_faults_is_set_aside_once_with_all_reasons():
    found = bring_in(till(), lines(at=["05/01/2026", "2026-01-06"], amount=["$3", "3"], customer=[" a", "b"]))
    assert rows(found, "order_id") == [("2",)]
    [record] = found.set_aside.to_dict("records")
    assert (record["file"], record["line"], record["code"], record["column"]) == (0, 2, "E_DATE_FORMAT", "at")
    assert record["reasons"] == "E_DATE_FORMAT at; E_CURRENCY amount"
    assert record["detail"] == "99/99/9999"  # masked
    assert record["revenue"] is None
    assert '"at": "05/01/2026"' in record["raw"]
    assert found.repairs.empty  # the spaces of a record that is set aside count for nothing


def test_money_and_time_of_a_record_set_aside_are_kept_where_they_can_be_read():
    found = bring_in(till(time_zone="Asia/Shanghai"), lines(units=["x", "2"], amount=["1,5", "3"]))
    [record] = found.set_aside.to_dict("records")
    assert (record["revenue"], record["at"]) == (None, datetime(2026, 1, 5, 2))
    found = bring_in(till(), lines(units=["x", "2"], at=["yesterday", "2026-01-06"]))
    [record] = found.set_aside.to_dict("records")
    assert record["revenue"] == D("12.50")
    assert record["at"] is None or record["at"] != record["at"]


@pytest.mark.parametrize(
    ("customers", "kept", "repairs"),
    [
        (["15.0", "16.0"], ["15", "16"], ["R_POINT_ZERO", "R_POINT_ZERO"]),  # all of them: a program did it
        (["15.0", "16"], ["15.0", "16"], []),  # one of them: may be a key that ends so
        (["15.0", ""], [], []),
    ],
)
def test_60_point_zero_goes_where_the_whole_column_shows_it(customers, kept, repairs):
    found = bring_in(till(), lines(customer=customers))
    if "" in customers:
        assert found.set_aside["code"].tolist() == ["E_MISSING_VALUE"]
        assert rows(found, "customer_id") == [("15",)]
        return
    assert [customer for (customer,) in rows(found, "customer_id")] == kept
    assert found.repairs["code"].tolist() == repairs


def test_60_a_key_with_and_without_point_zero_in_one_file_is_set_aside():
    found = bring_in(till(), lines(customer=["15.0", "15"]))
    assert rows(found, "customer_id") == [("15",)]
    assert found.set_aside["code"].tolist() == ["E_ID_POINT_ZERO"]


def test_60_each_file_speaks_for_itself():
    found = bring_in(till(), lines(customer=["15.0", "16.0", "15", "17.0"]), files=[0, 0, 1, 1])
    assert [customer for (customer,) in rows(found, "customer_id")] == ["15", "16", "15", "17.0"]


def test_61_keys_that_come_as_numbers():
    found = bring_in(till(), lines(customer=pa.array([9007199254740993, 7], pa.int64())))
    assert rows(found, "customer_id") == [("9007199254740993",), ("7",)]
    assert found.repairs.empty
    found = bring_in(till(), lines(customer=pa.array([7.0, 9007199254740992.0, 7.5, None], pa.float64())))
    assert rows(found, "customer_id") == [("7",)]
    assert found.repairs["code"].tolist() == ["R_POINT_ZERO"]
    assert found.set_aside["code"].tolist() == ["E_ID_PRECISION", "E_ID_PRECISION", "E_MISSING_VALUE"]


def test_99_moments_that_come_as_such():
    naive = pa.array([datetime(2026, 1, 5, 0, 30), datetime(1970, 1, 1)], pa.timestamp("us"))
    found = bring_in(till(time_zone="Asia/Shanghai"), lines(at=naive))
    assert rows(found, "ordered_at") == [(datetime(2026, 1, 4, 16, 30),)]
    assert found.set_aside["code"].tolist() == ["E_MISSING_VALUE"]
    aware = pa.array([datetime(2026, 1, 5, 0, 30, tzinfo=UTC)] * 2, pa.timestamp("us", "Asia/Shanghai"))
    found = bring_in(till(time_zone="Asia/Shanghai"), lines(at=aware))
    assert rows(found, "ordered_at") == [(datetime(2026, 1, 5, 0, 30),)] * 2


def test_week_numbers_constants_scales_and_words():
    source = contract(
        "promotions",
        {
            "product_id": "p",
            "store_id": {"constant": "web"},
            "week_starts_on": {"week": "w", "week_one_starts": "2025-12-29"},
            "display_location": {"column": "d", "values": {"架": "shelf"}, "other": "unknown"},
        },
    )
    found = bring_in(source, {"p": ["a", "b", "c"], "w": ["1", "2", "x"], "d": ["架", "?", "架"]})
    assert rows(found, "store_id", "week_starts_on", "display_location") == [
        ("web", date(2025, 12, 29), "shelf"),
        ("web", date(2026, 1, 5), "unknown"),
    ]
    assert found.set_aside["code"].tolist() == ["E_NUMBER"]
    assert found.repairs["code"].tolist() == ["R_VALUE_UNKNOWN"]


def test_a_constant_of_another_kind_is_refused():
    with pytest.raises(DeliveryError, match=r"constant 'many' is no integer"):
        bring_in(contract("order_lines", LINES | {"quantity": {"constant": "many"}}), lines())


def test_a_date_format_that_cannot_be_used_is_refused():
    with pytest.raises(DeliveryError, match=r"E_DATE_PATTERN"):
        bring_in(till(dates=["%Y-%m"]), lines())


def test_a_level_outside_a_closed_list_sets_the_record_aside():
    source = contract("consents", {"customer_id": "c", "purpose": "p", "granted": "g", "decided_at": "t"})
    sheets = {"c": ["1", "2"], "p": ["marketing", "world rule"], "g": ["true", "false"], "t": ["2026-01-05"] * 2}
    found = bring_in(source, sheets)
    assert rows(found, "customer_id", "purpose", "granted") == [("1", "marketing", True)]
    assert found.set_aside["code"].tolist() == ["E_LEVEL"]


@pytest.mark.parametrize("few", [0, 1_000_000])
@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_every_record_is_where_its_values_belong(seed, few):
    """However nasty the values, few or many: kept with what the converters read, or set aside for their faults."""
    many = 300
    columns = {
        "order": nasty.texts("words", seed, many),
        "customer": nasty.texts("words", seed + 1, many),
        "product": [str(number) for number in range(many)],
        "at": nasty.texts("moments", seed + 2, many),
        "units": nasty.texts("numbers", seed + 3, many),
        "amount": nasty.texts("numbers", seed + 4, many),
    }
    columns["customer"] = [text.replace(".0", "") for text in columns["customer"]]  # tested apart, by whole columns
    columns["order"] = [text.replace(".0", "") for text in columns["order"]]
    source = contract("order_lines", {**LINES, "customer_id": {"column": "customer", "values": {"NA": "none"}}})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(judged, "_FEW", few)
        found = bring_in(source, columns)
    hows = readings(source, CANONICAL["order_lines"], STUDY)
    kept, aside, repairs = [], [], []
    for line in range(many):
        meant = {name: hows[name].read(columns[origin][line]) for name, origin in LINES.items()}
        faults = [f"{value.code} {LINES[name]}" for name, value in meant.items() if isinstance(value, Fault)]
        if faults:
            aside.append((line + 2, "; ".join(sorted(faults))))
            continue
        kept.append((line + 2, *(v.value if isinstance(v, Repaired) else v for v in meant.values())))
        repairs += [(line + 2, c, LINES[n]) for n, v in meant.items() if isinstance(v, Repaired) for c in v.codes]
    assert rows(found, "_line", *LINES) == kept
    reasons = [
        (line, "; ".join(sorted(text.split("; ")))) for line, text in found.set_aside[["line", "reasons"]].values
    ]
    assert reasons == aside
    assert sorted(map(tuple, found.repairs[["line", "code", "column"]].values)) == sorted(repairs)
    assert len(kept) + len(aside) == many


def texts_both_ways():
    """Columns of texts of kept records, as such and numbered; some mean the same, some nothing, one record is none."""
    columns = lines(
        order=["1", " 1", "2", "", "2 "], customer=["a"] * 5, store=["s2", "", " s2", "s1", ""], units=["1"] * 5
    )
    backend = connect()
    source = contract("order_lines", {**LINES, "store_id": "store", "channel": {"constant": "store"}})
    raw = delivered(backend, columns)
    conversion = Conversion(backend.con, source, STUDY, raw.files)
    (lot,) = conversion.lots_of(backend, raw)
    names = [column.name for column in CANONICAL["order_lines"].columns if column.kind == "text"]
    (plain,), (numbered,) = lot.parts(), lot.parts(numbered=True)
    return plain.select(names), numbered.select(names)


def test_texts_are_the_same_whether_they_come_numbered_or_not():
    plain, numbered = texts_both_ways()
    assert numbered.cast(plain.schema).equals(plain)
    assert plain["order_id"].to_pylist() == ["1", "1", "2", "2"]
    assert plain["store_id"].to_pylist() == ["s2", None, "s2", None]
    assert all(pa.types.is_dictionary(kind) for kind in numbered.schema.types)
    assert len(numbered["order_id"].chunk(0).dictionary) == 2


def test_numbers_of_what_was_delivered_are_not_those_of_what_was_meant(monkeypatch):
    as_delivered = property(lambda self: (self.meant, np.arange(len(self.meant))))
    monkeypatch.setattr(judged.Judged, "numbered", as_delivered)
    with pytest.raises(AssertionError):
        test_texts_are_the_same_whether_they_come_numbered_or_not()


def test_blocks_with_dictionaries_of_their_own_become_one_column_of_different_values():
    blocks = [["b", "a", "b"], ["a", None, "c"], []]
    column = pa.chunked_array([pa.array(block, pa.string()).dictionary_encode() for block in blocks])
    found = distinct(column)
    assert found.rows(np.arange(6)) == ["b", "a", "b", "a", None, "c"]
    assert len(found.values) == 4
    assert distinct(column.slice(3, 1)).rows(np.arange(1)) == ["a"]
