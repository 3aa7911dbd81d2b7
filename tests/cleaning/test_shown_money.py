"""Money in the cleaning chapter: what would tell what one customer spent is not there, everything else is."""

from __future__ import annotations

from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from customer_patterns.cleaning.findings import cleaning_findings
from customer_patterns.cleaning.line_parts import line_kinds, parts_that_tell, totals_with_and_without
from customer_patterns.cleaning.shown_money import money_shown
from customer_patterns.estimates import Count

MANY = [f"c{n:02d}" for n in range(30)]


def lines(rows, *names):
    table = ibis.memtable(pd.DataFrame(rows, columns=["customer_id", "order_id", *names, "revenue"]))
    return table.mutate(revenue=table.revenue.cast("decimal(18, 2)"))


def cleaned(*, fuel=(), undone=(), guests=()):
    bought = [(who, f"o{n}", "goods", 10.0 + n) for n, who in enumerate(MANY)]
    bought += [(who, f"f{n}", "fuel", amount) for n, (who, amount) in enumerate(fuel)]
    set_apart = [(who, f"r{n}", kind, amount) for n, (who, kind, amount) in enumerate(undone)]
    return SimpleNamespace(
        tables={
            "order_lines": lines(bought, "line_kind"),
            "reversals": lines(set_apart or [("nobody", "r", "none", 0.0)], "kind").filter(ibis._.kind != "none"),
            "guest_lines": lines([("0", f"g{n}", 5.0) for n in range(len(guests))] or [("0", "g", 0.0)]).filter(
                ibis.literal(bool(len(guests)))
            ),
        }
    )


def of_all(amount=20.0):
    return [(who, amount + n) for n, who in enumerate(MANY)]


def test_fuel_that_many_buy_is_shown():
    kinds = line_kinds(cleaned(fuel=of_all())).set_index("line_kind")
    assert kinds["revenue"].astype(float).to_dict() == {"fuel": 1035.0, "goods": 735.0}


@pytest.mark.parametrize("fuel", [of_all()[:4], [*of_all(), ("c00", 90_000.0)]])
def test_fuel_of_few_or_nearly_of_one_is_not_shown_nor_the_goods_that_would_tell_it(fuel):
    assert line_kinds(cleaned(fuel=fuel)).empty


def test_what_many_take_back_is_shown_and_what_one_does_is_not():
    back = [(who, kind, -3.0 - n) for n, who in enumerate(MANY) for kind in ("return", "cancellation")]
    table = totals_with_and_without(cleaned(undone=back)).set_index("part")["revenue"]
    assert table["returns"] is not None
    assert float(table["returns"]) == float(table["cancellations"]) == -525.0
    told = totals_with_and_without(cleaned(undone=[*back, ("c03", "adjustment", -77.0)])).set_index("part")
    assert told["revenue"].isna().to_dict() == {
        "purchases of customers": False,
        "returns": False,
        "cancellations": True,  # with it the correction would follow from the sum of all
        "corrections of money": True,
    }
    assert told["records"].to_dict()["corrections of money"] == 1, "the books still balance in records"


def test_of_guests_who_share_a_number_an_order_is_one():
    assert parts_that_tell(cleaned(guests=range(12))) == set()
    assert parts_that_tell(cleaned(guests=range(3))) == {"guests"}


def test_against_a_search_by_hand():
    """No sum that is shown lets its second largest contributor work out the largest to within a tenth."""
    rng = np.random.default_rng(8)
    for _ in range(40):
        parts = {
            name: pd.DataFrame({"cents": np.round(10 ** rng.uniform(1, 6, int(rng.integers(1, 60))))})
            for name in "abcd"
        }
        shown = money_shown(parts)
        for one, is_shown in zip(parts.values(), shown, strict=True):
            largest = np.sort(one["cents"].to_numpy())[::-1]
            assert not is_shown or (len(largest) >= 10 and largest[2:].sum() >= 0.1 * largest[0])
        assert (~shown).sum() != 1, "one alone would follow from the whole"


def test_a_broken_twin_that_counts_only_customers_is_found_out():
    parts = {"a": pd.DataFrame({"cents": [9e6, *[10.0] * 30]}), "b": pd.DataFrame({"cents": [50.0] * 30})}
    twin = np.array([len(one) >= 10 for one in parts.values()])
    assert twin.all()
    assert not money_shown(parts).any()


@pytest.mark.parametrize(
    ("figures", "key"),
    [
        ({"dropped": 0, "left_out": 0, "revenue_lost": 0}, "clean.all_kept"),
        ({"dropped": 5, "left_out": 0, "revenue_lost": 0}, "clean.kept_all_revenue"),
        ({"dropped": 5, "left_out": 0, "revenue_lost": 9}, "clean.kept"),
        ({"dropped": 5, "left_out": 0, "revenue_lost": 0, "guest_lines": 3, "reversed": 2}, "clean.kept_apart"),
        ({"dropped": 5, "left_out": 3, "revenue_lost": 9}, "clean.kept_left_out"),
    ],
)
def test_what_those_who_refuse_have_spent_is_in_no_sentence(figures, key):
    counts = {name: Count(value, "order lines", n=100, of="order lines") for name, value in figures.items()}
    counts |= {name: Count(95, "order lines", n=100, of="order lines") for name in ("kept", "delivered")}
    said = dict(cleaning_findings(counts))
    assert set(said) == {key}
    assert "revenue_lost" not in said[key] or key == "clean.kept"
