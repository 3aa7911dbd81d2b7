"""Who buys again after the last wave: learned before, judged after."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from customer_patterns.satisfaction.measurement import held_out_repurchase, repurchase
from customer_patterns.satisfaction.measurement.tables import ADDS, ADDS_NOTHING, REPURCHASE

ENDS = {"b first": date(2017, 3, 1), "a second": date(2017, 9, 1)}  # by name the last would be the first


def sheets_of(ends: dict[str, date] = ENDS) -> SimpleNamespace:
    return SimpleNamespace(rows=pd.DataFrame({"wave": list(ends), "answered_on": list(ends.values())}))


def drawn(seed: int, *, said: float, n: int = 400) -> pd.DataFrame:
    """Two waves; who buys again depends on earlier spend, and on the answer by so much."""
    rng = np.random.default_rng(seed)
    parts = []
    for wave in ENDS:
        spend, overall = np.exp(rng.normal(0, 1, n)), rng.uniform(0, 100, n)
        again = rng.random(n) < 1 / (1 + np.exp(-(1 + 0.7 * np.log(spend) + said * (overall - 50) / 25)))
        part = {"wave": wave, "customer_id": [f"c{k}" for k in range(n)], "overall": overall}
        part |= {"mean_score": overall + rng.normal(0, 5, n), "content": 1.0, "orders_before": spend / 9}
        parts.append(pd.DataFrame(part | {"days_since_order": 7.0, "spend_before": spend, "spend_after": again * 1.0}))
    return pd.concat(parts, ignore_index=True)


def test_answers_that_matter_add_and_the_area_is_that_of_scikit_learn():
    after = drawn(1, said=1.0)
    table = held_out_repurchase(after, sheets_of())
    assert list(table.columns) == REPURCHASE.names
    assert table["wave"].tolist() == ["a second"] * 2
    last = after[after["wave"] == "a second"]
    past = [np.log1p(part[["spend_before", "orders_before", "days_since_order"]]) for part in (after, last)]
    risk = repurchase._learned(
        past[0][after["wave"] == "b first"].to_numpy(),
        (after.loc[after["wave"] == "b first", "spend_after"] > 0).to_numpy(),
        past[1].to_numpy(),
    )
    assert table.loc[0, "auc"] == pytest.approx(roc_auc_score(last["spend_after"] > 0, np.round(risk, 9)), abs=1e-8)
    assert table.loc[0, ["added", "verdict"]].isna().all()
    assert table.loc[1, "verdict"] == ADDS
    assert table.loc[1, "added"] == pytest.approx(table.loc[1, "auc"] - table.loc[0, "auc"], abs=1e-8)
    assert table["stayed_away"].tolist() == [int((last["spend_after"] == 0).sum())] * 2


def test_answers_that_do_not_matter_seldom_add():
    verdicts = [held_out_repurchase(drawn(seed, said=0.0), sheets_of()).loc[1, "verdict"] for seed in range(30)]
    assert verdicts.count(ADDS) <= 3
    assert verdicts.count(ADDS_NOTHING) >= 25


def test_nothing_is_learned_from_the_last_wave(monkeypatch):
    """With the last outcomes turned around, what was ranked rightly is ranked wrongly. The broken twin learns there."""
    after = drawn(3, said=1.0)
    turned = after.assign(spend_after=after["spend_after"].where(after["wave"] != "a second", 1 - after["spend_after"]))

    def areas() -> tuple[np.ndarray, np.ndarray]:
        return tuple(held_out_repurchase(table, sheets_of())["auc"].to_numpy() for table in (after, turned))

    here, there = areas()
    assert there == pytest.approx(1 - here, abs=1e-8)

    learned, last = repurchase._learned, (after["wave"] == "a second").to_numpy()
    outcomes = iter([])

    def twin(columns, outcome, new):
        return learned(new, next(outcomes), new)

    monkeypatch.setattr(repurchase, "_learned", twin)
    outcomes = iter([(table.loc[last, "spend_after"] > 0).to_numpy() for table in (after, turned) for _ in range(2)])
    here, there = areas()
    assert (there > 0.5).all()


def test_rows_in_another_order_and_other_names_change_nothing():
    after = drawn(4, said=0.5)
    names = {name: f"x{1000 - k}" for k, name in enumerate(after["customer_id"].unique())}
    other = after.sample(frac=1, random_state=1).assign(customer_id=lambda table: table["customer_id"].map(names))
    pd.testing.assert_frame_equal(held_out_repurchase(after, sheets_of()), held_out_repurchase(other, sheets_of()))


@pytest.mark.parametrize(
    "lacking",
    [
        lambda after: after[after["wave"] == "b first"],
        lambda after: after.groupby("wave").head(99),
        lambda after: after.assign(spend_after=1.0),
        lambda after: after.iloc[:0],
    ],
)
def test_one_wave_few_answers_or_nobody_who_stays_away_tell_nothing(lacking):
    assert held_out_repurchase(lacking(drawn(5, said=0.5)), sheets_of()).empty
