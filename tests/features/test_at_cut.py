"""Features at a cut, by hand; nothing after the cut enters, and a twin that lets it in is caught."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.features.at_cut import CUT_FEATURES, features_at, last_cuts
from tests.outlook.shop import days_of, drawn_days, table

CUT = date(2017, 6, 30)


def one_customer() -> pd.Series:
    """Four shopping days in a window of 28 days with a recent part of 7."""
    days = days_of(
        [
            ("ann", "2017-05-01", {"soap": 99.0}),  # before the window
            ("ann", "2017-06-05", {"milk a": 10.0}, 2.5),
            ("ann", "2017-06-12", {"milk b": 10.0}),
            ("ann", "2017-06-19", {"milk b": 10.0}),
            ("ann", "2017-06-26", {"milk a": 5.0, "soap": 5.0}),
            ("ann", "2017-07-01", {"soap": 50.0}),  # after the cut
        ]
    )
    (row,) = features_at(days, [CUT], window_days=28, recent_days=7).to_dict("records")
    return pd.Series(row)


def test_features_by_hand() -> None:
    row = one_customer()
    assert list(row.index) == CUT_FEATURES.names
    assert (row["shopping_days"], row["base_spend"], row["recency_days"]) == (4, 40.0, 4)
    assert row["own_gap_days"] == 7  # gaps of 35, 7, 7 and 7 days
    assert row["recency_by_gap"] == pytest.approx(4 / 7)
    assert row["gap_spread"] == pytest.approx(np.std([35, 7, 7, 7]) / np.mean([35, 7, 7, 7]))
    assert (row["days_per_week"], row["spend_per_week"], row["basket_value"]) == (1, 10, 10)
    assert row["visit_trend"] == 0  # one visit in the last week, as in any
    assert row["spend_trend"] == 0
    assert (row["departments"], row["department_trend"]) == (2, 1.0)
    assert row["discount_share"] == pytest.approx(2.5 / 42.5)
    assert row["discount_trend"] == pytest.approx(0 - 2.5 / 32.5)
    assert row["own_brand_share"] == pytest.approx(0.5)
    # Milk, soap: of another maker on 12 and 26 June, the same on 19 June; soap again of its only maker.
    assert row["brand_switching"] == pytest.approx(1 / 2)
    assert row["brand_switching_trend"] == pytest.approx(1 / 2 - 1 / 2)
    assert pd.isna(row["channel_switching"])


def test_a_single_shopping_day_has_no_gap_and_no_silence_of_its_own() -> None:
    (row,) = features_at(days_of([("ann", "2017-06-20", {"soap": 3.0})]), [CUT]).to_dict("records")
    assert np.isnan([row["own_gap_days"], row["recency_by_gap"], row["gap_spread"], row["brand_switching"]]).all()


def test_negative_revenue_makes_no_feature_infinite() -> None:
    rows = features_at(days_of([("ann", "2017-06-20", {"soap": -3.0}), ("ann", "2017-06-25", {"soap": 1.0})]), [CUT])
    assert not np.isinf(rows.select_dtypes("number").to_numpy(dtype=float)).any()
    assert np.isnan(rows["spend_trend"][0])


def test_contacts_of_the_window_are_counted() -> None:
    import pyarrow as pa

    days = days_of([("ann", "2017-06-20", {"soap": 3.0}), ("bob", "2017-06-20", {"soap": 3.0})])
    at = [date(2017, 1, 1), date(2017, 6, 1), date(2017, 6, 30), date(2017, 7, 1)]
    schema = pa.schema([("customer_id", pa.string()), ("opened_at", pa.timestamp("us"))])
    given_rows = table([{"customer_id": "ann", "opened_at": pd.Timestamp(day)} for day in at], schema)
    contacts = days._find_backend().create_table("contacts", given_rows.to_pyarrow())
    found = features_at(days, [CUT], contacts=contacts).set_index("customer_id")["contacts"]
    assert found.to_dict() == {"ann": 2, "bob": 0}


@pytest.fixture(scope="module")
def days():
    return drawn_days(11, customers=60)


def leaks(make: Callable[..., pd.DataFrame], days, cut: date) -> bool:
    """Whether features at a cut change when everything after it is taken away."""
    backend = days._find_backend()
    known = backend.create_table(f"until_{cut:%m%d}", days.filter(days.ordered_on <= cut).to_pyarrow(), overwrite=True)
    whole, part = make(days, [cut]), make(known, [cut])
    return not whole.equals(part)


@given(st.dates(date(2017, 4, 1), date(2017, 11, 30)))
@settings(max_examples=5, deadline=None)
def test_nothing_after_the_cut_enters(cut: date) -> None:
    assert not leaks(features_at, drawn_days(11, customers=40), cut)


def test_a_twin_that_looks_a_week_ahead_is_caught(days) -> None:
    def peeping(days, cuts):
        return features_at(days, [cut + timedelta(days=7) for cut in cuts])

    assert leaks(peeping, days, CUT)


def test_each_cut_is_described_as_if_it_were_alone(days) -> None:
    cuts = last_cuts(date(2017, 12, 31), horizon_days=56, cuts=3)
    together = features_at(days, cuts)
    alone = pd.concat([features_at(days, [cut]) for cut in cuts], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


def test_a_recent_part_as_long_as_the_window_is_refused(days) -> None:
    with pytest.raises(ValueError, match="shorter than the window"):
        features_at(days, [CUT], window_days=28, recent_days=28)
