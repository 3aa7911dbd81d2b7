"""Waves of chance are no trend and no new level; what is planted is found; the calendar is set apart."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns import warehouse
from customer_patterns.outlook.trend import TABLES, drift, figures, levels, trends, weekly_figures, weeks
from customer_patterns.outlook.trend.tables import TREND_WEEKS, TRENDS
from customer_patterns.schemas import check

N = 52
ONES = np.ones((N, 1))
TIME = np.column_stack([np.ones(N), np.linspace(-0.5, 0.5, N)])
FIRST = date(2017, 1, 1)  # a Sunday


def wave(seed: int, rho: float, n: int = N) -> np.ndarray:
    """A series without trend or change, of spread 1, whose weeks resemble their neighbors."""
    noise = np.random.default_rng(seed).normal(size=n) * np.sqrt(1 - rho**2)
    noise[0] /= np.sqrt(1 - rho**2)
    for week in range(1, n):
        noise[week] += rho * noise[week - 1]
    return noise


def shop(per_day: np.ndarray, *, customers: int = 20, first: date = FIRST) -> ir.Table:
    """Orders of 5 each, so many a day."""
    rows = [
        {"customer_id": f"c{(n + 3 * day) % customers:02d}", "hour": 20,
         "ordered_on": first + timedelta(days=day), "kind": "goods",
         "revenue": 5.0, "goods_revenue": 5.0, "fuel_revenue": 0.0}
        for day, count in enumerate(per_day) for n in range(int(count))
    ]  # fmt: skip
    backend = warehouse.connect()
    backend.con.register("orders", pa.Table.from_pandas(pd.DataFrame(rows), preserve_index=False))
    return backend.table("orders")


def test_with_independent_weeks_the_trend_is_that_of_least_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    import statsmodels.api as sm

    monkeypatch.setattr(drift, "RHOS", np.array([0.0]))
    y = wave(1, 0.0) + 0.7 * TIME[:, 1]
    found, reference = drift.coefficient(y, TIME, 1), sm.OLS(y, TIME).fit()
    assert found.value == pytest.approx(reference.params[1])
    assert (found.low, found.high) == pytest.approx(tuple(reference.conf_int()[1]))
    assert 1 - found.positive == pytest.approx(reference.pvalues[1] / 2)


def test_at_a_known_autocorrelation_the_trend_is_that_of_generalized_least_squares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import statsmodels.api as sm

    monkeypatch.setattr(drift, "RHOS", np.array([0.6]))
    y = wave(2, 0.6)
    sigma = 0.6 ** np.abs(np.subtract.outer(np.arange(N), np.arange(N)))
    reference = sm.GLS(y, TIME, sigma=sigma).fit()
    found = drift.coefficient(y, TIME, 1)
    assert found.value == pytest.approx(reference.params[1])
    assert (found.low, found.high) == pytest.approx(tuple(reference.conf_int()[1]))


def test_intervals_of_a_trend_hold_in_waves_and_those_for_independent_weeks_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    series = [wave(seed, 0.6) for seed in range(200)]
    held = np.mean([(c := drift.coefficient(y, TIME, 1)).low <= 0 <= c.high for y in series])
    monkeypatch.setattr(drift, "RHOS", np.array([0.0]))  # the broken twin
    twin = np.mean([(c := drift.coefficient(y, TIME, 1)).low <= 0 <= c.high for y in series])
    assert held > 0.9
    assert twin < 0.8


def test_all_placements_are_added_up_as_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model of a short series written out: one regression each, with Zellner's prior."""
    n = 18
    monkeypatch.setattr(levels, "RHOS", np.array([0.3]))
    y, ones = wave(5, 0.3, n) + 2.0 * (np.arange(n) >= 9), np.ones((n, 1))
    places = range(levels.SHORTEST, n - levels.SHORTEST + 1)
    step = {at: (np.arange(n) >= at).astype(float) for at in places}
    line = np.linspace(-0.5, 0.5, n)
    pairs = [(a, b) for a, b in combinations(places, 2) if b - a >= levels.SHORTEST]
    models = [([], (), levels.FLAT), ([line], (), levels.TREND)]
    models += [([step[a]], (a,), levels.ONE / len(places)) for a in places]
    models += [([step[a], step[b]], (a, b), levels.TWO / len(pairs)) for a, b in pairs]
    models += [([line, step[a]], (a,), levels.TREND_AND_ONE / len(places)) for a in places]

    def residual(columns: list[np.ndarray], made: drift.Whitened) -> float:
        white = drift.whiten(y, np.column_stack([ones, *columns]), 0.3).columns
        return float(((made.y - white @ np.linalg.lstsq(white, made.y, rcond=None)[0]) ** 2).sum())

    made = drift.whiten(y, ones, 0.3)
    alone = residual([], made)
    weights = []
    for columns, _, prior in models:
        r2 = 1 - residual(columns, made) / alone
        p = len(columns)
        weights.append(prior * (1 + n) ** ((n - 1 - p) / 2) * (1 + n * (1 - r2)) ** (-(n - 1) / 2))
    weights = np.array(weights) / sum(weights)
    found = levels.level_changes(y, ones)
    assert found.probability == pytest.approx(weights[2:].sum(), rel=1e-6)
    for at in places:
        by_hand = sum(w for w, (_, changed, _) in zip(weights, models, strict=True) if at in changed)
        assert found.begins[at] == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_planted_new_level_is_found_in_its_week_with_its_size(rho: float) -> None:
    found = [levels.level_changes(wave(seed, rho) + 3.5 * (np.arange(N) >= 30), ONES) for seed in range(20)]
    assert np.mean([one.probability >= weeks.NAMED for one in found]) >= 0.7
    assert np.mean([one.first <= 30 <= one.last for one in found]) >= 0.85
    assert np.mean([one.low <= 3.5 <= one.high for one in found]) >= 0.8


def test_a_level_that_did_not_last_has_an_end() -> None:
    for_a_time = [
        levels.level_changes(wave(seed, 0.2) + 4.0 * ((np.arange(N) >= 15) & (np.arange(N) < 35)), ONES)
        for seed in range(15)
    ]
    ends = [{one.week, one.until} for one in for_a_time if one.until >= 0]
    assert len(ends) >= 5  # elsewhere the second change is the more probable one, and it lasts
    assert np.mean([min(end) in range(13, 18) and max(end) in range(33, 38) for end in ends]) >= 0.8
    lasting = [levels.level_changes(wave(seed, 0.2) + 4.0 * (np.arange(N) >= 25), ONES) for seed in range(15)]
    assert np.mean([one.until == -1 for one in lasting]) >= 0.8


def test_a_rise_and_a_fall_soon_after_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up by three from week 20 and down by four from week 28: the twin takes both for one change and tells neither."""
    week = np.arange(N)
    series = [wave(seed, 0.0) + 3.0 * (week >= 20) - 4.0 * (week >= 28) for seed in range(12)]

    found = [levels.level_changes(y, ONES) for y in series]
    near = [one for one in found if one.held < 1]
    assert len(near) >= 8
    assert sum(map(weeks.is_named, near)) >= len(near) - 2
    assert all(min(abs(one.week - 20), abs(one.week - 28)) <= 1 for one in near)
    assert all(one.shift > 0 if one.week < 24 else one.shift < 0 for one in near)
    monkeypatch.setattr(levels, "_likelier", lambda *_: (None, (16, 12, 26), 1.0))  # weeks 16 to 30, both ways
    twins = [levels.level_changes(y, ONES) for y, one in zip(series, found, strict=True) if one.held < 1]
    assert sum(map(weeks.is_named, twins)) <= 2


def test_slow_waves_are_no_new_levels_and_the_twin_takes_them_for_such(monkeypatch: pytest.MonkeyPatch) -> None:
    series = [wave(seed, 0.7) for seed in range(40)]
    alarms = np.mean([levels.level_changes(y, ONES).probability >= weeks.NAMED for y in series])
    monkeypatch.setattr(levels, "RHOS", np.array([0.0]))  # takes weeks for independent
    twin = np.mean([levels.level_changes(y, ONES).probability >= weeks.NAMED for y in series])
    assert alarms <= 0.05
    assert twin >= 0.4


def test_a_steady_rise_is_a_trend_and_no_new_level() -> None:
    found = [levels.level_changes(wave(seed, 0.2) + 3 * TIME[:, 1], ONES).probability for seed in range(30)]
    assert np.mean(np.array(found) >= weeks.NAMED) <= 0.07
    assert (
        np.mean([drift.coefficient(wave(s, 0.2) + 4 * TIME[:, 1], TIME, 1).positive > 0.975 for s in range(20)]) > 0.8
    )


def test_weeks_are_whole_and_worked_out_by_hand() -> None:
    """From a Sunday on: its week is cut off, and so is the last one, which has three days."""
    per_day = np.concatenate([[7], np.full(14, 2), [9, 9, 9]])
    made = weekly_figures(shop(per_day), first_day=FIRST, last_day=FIRST + timedelta(days=17))
    assert made["week_starts_on"].tolist() == [date(2017, 1, 2), date(2017, 1, 9)]
    assert made["orders"].tolist() == [14, 14]
    assert made["revenue"].tolist() == [70, 70]
    assert made["basket value"].tolist() == [5, 5]
    assert made["orders per customer"].tolist() == (made["orders"] / made["customers"]).tolist()
    assert "fuel" not in made


def test_a_cut_off_week_would_look_like_a_fall() -> None:
    per_day = np.full(7 * 40 + 2, 10)
    whole, _ = trends(shop(per_day), first_day=FIRST, last_day=FIRST + timedelta(days=len(per_day) - 1))
    assert (whole["direction"] == "no clear direction").all()
    assert whole.set_index("figure").at["orders", "mean"] == 70


def test_what_a_holiday_does_is_no_new_level() -> None:
    random = np.random.default_rng(3)
    per_day = 20 + random.integers(-2, 3, 7 * 40 + 1)
    holidays = [FIRST + timedelta(days=1 + 7 * week + 3) for week in range(30, 36)]
    for day in holidays:
        per_day[(day - FIRST).days] = 70
    period = {"first_day": FIRST, "last_day": FIRST + timedelta(days=7 * 40)}
    apart = trends(shop(per_day), holidays, **period)[0].set_index("figure").loc["orders"]
    blind = trends(shop(per_day), **period)[0].set_index("figure").loc["orders"]
    assert apart["verdict"] == "no clear change"
    assert apart["holiday_share_low"] > 0.2
    assert apart["change_probability"] < 0.5 < blind["change_probability"]


def test_a_jump_in_orders_is_named_with_its_week_and_nothing_else_is() -> None:
    random = np.random.default_rng(9)
    per_day = np.concatenate([[0], 20 + random.integers(-3, 4, 7 * 24), 27 + random.integers(-3, 4, 7 * 24)])
    table, by_week = trends(shop(per_day), first_day=FIRST, last_day=FIRST + timedelta(days=7 * 48))
    row = table.set_index("figure").loc["orders"]
    assert row["verdict"] == "a change of level"
    assert row["changed_on"].date() == date(2017, 1, 2) + timedelta(weeks=24)
    assert pd.isna(row["changed_until"])
    assert row["shift_share_low"] < 7 / 20 < row["shift_share_high"]
    assert table.set_index("figure").at["basket value", "verdict"] == "no clear change"  # it never varies
    told = figures.wording.Figures(FIRST, FIRST + timedelta(days=336))
    figures.READERS["trends"](told, table)
    assert figures.title_key(told) == "outlook.changed_title"
    backend = warehouse.connect()
    for schema, made in ((TRENDS, table), (TREND_WEEKS, by_week)):
        assert list(made.columns) == schema.names
        check(schema.cast(backend.create_table(schema.name, made)), schema)


@pytest.mark.parametrize("days", [8, 7 * 20])
def test_a_short_study_has_no_trend(days: int) -> None:
    made = trends(shop(np.full(days, 10)), first_day=FIRST, last_day=FIRST + timedelta(days=days - 1))
    assert all(table.empty for table in made)
    assert [list(table.columns) for table in made] == [schema.names for schema in TABLES.values()]


def test_a_delivery_that_ends_early_is_no_fall() -> None:
    per_day = np.full(7 * 40 + 1, 10) + np.random.default_rng(1).integers(-2, 3, 7 * 40 + 1)
    period = {"first_day": FIRST, "last_day": FIRST + timedelta(days=7 * 52)}
    table, _ = trends(shop(per_day), **period)
    assert (table["weeks"] == 40).all()
    assert (table["verdict"] == "no clear change").all()


def test_few_customers_have_no_trend_and_later_orders_none_at_all() -> None:
    few = trends(shop(np.full(300, 3), customers=4), first_day=FIRST, last_day=FIRST + timedelta(days=299))
    assert few[0].empty
    early = shop(np.full(7 * 30 + 1, 10))
    longer = shop(np.concatenate([np.full(7 * 30 + 1, 10), np.full(70, 90)]))
    period = {"first_day": FIRST, "last_day": FIRST + timedelta(days=7 * 30)}
    pd.testing.assert_frame_equal(trends(early, **period)[0], trends(longer, **period)[0])
