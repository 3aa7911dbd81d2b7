"""What the search of a finished run finds: a list with somebody who refuses, a sum that is one customer's."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.faults.giveaways import dominance, lists
from tests.faults.spoiling import SPENDER

AMOUNT = 8_000.0


def put(run, name, rows):
    path = run / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(path, index=False)


@pytest.fixture
def run(tmp_path):
    days = [date(2017, 1, 1), date(2017, 12, 31)]
    own = {"customer_id": SPENDER, "revenue": AMOUNT + 100, "ordered_on": days[0]}
    others = [{"customer_id": f"{n}", "revenue": 50.0, "ordered_on": days[n % 2]} for n in range(200)]
    put(tmp_path, "behavior/orders", [own, *others])
    put(tmp_path, "behavior/weeks", [{"revenue": 10.0, "n": 20}] * 600)
    return tmp_path


@pytest.mark.parametrize(
    "row",
    [
        {"revenue": AMOUNT + 300},
        {"monthly_spend": AMOUNT / 12 / 20, "n": 20},
        {"spend_each": AMOUNT / 40, "n": 40},
        {"share_of_revenue": (AMOUNT + 300) / (AMOUNT + 100 + 200 * 50)},
    ],
)
def test_a_figure_from_which_the_amount_follows_is_found(run, row):
    assert dominance(run, AMOUNT).met
    put(run, "segments/groups", [row])
    assert not dominance(run, AMOUNT).met


def test_a_sum_in_which_it_is_hidden_among_others_is_none(run):
    put(run, "segments/groups", [{"revenue": AMOUNT + 5_000, "n": 120}])
    assert dominance(run, AMOUNT).met


def test_who_refuses_is_found_in_tables_and_on_lists(run, tmp_path):
    head = "card_no,use,allowed,decided_utc"
    said = [
        "1,analysis,no,2017-01-02",
        "2,marketing,no,2017-01-02",
        "3,marketing,no,2017-01-02",
        "3,marketing,yes,2017-02-01",
    ]
    (tmp_path / "consents.csv").write_text("\n".join([head, *said]), encoding="utf-8")
    for n in range(12):
        put(run, f"segments/table_{n}", [{"customer_id": "4"}])
    put(run, "behavior/orders", [{"customer_id": "4"}])
    put(run, "outlook/alerts", [{"customer_id": "3"}])
    put(run, "patterns/customer_offers", [{"customer_id": "4"}])
    assert [one.met for one in lists(run, tmp_path)] == [True, True]
    put(run, "segments/table_0", [{"customer_id": "1"}])
    put(run, "outlook/alerts", [{"customer_id": "2"}])
    assert [one.met for one in lists(run, tmp_path)] == [False, False]
