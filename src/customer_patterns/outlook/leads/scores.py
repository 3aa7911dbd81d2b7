"""Which opportunities will be won, tested on later ones than those it was learned from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from customer_patterns.estimates import (
    NotEnoughData,
    bootstrap_ratio,
    bounded,
    in_row,
    kaplan_meier,
    percentiles,
    with_interval,
)
from customer_patterns.estimates.resampling import SEED, draw_weights
from customer_patterns.features.cells import suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.leads import tables
from customer_patterns.outlook.leads.chances import Chances, learn
from customer_patterns.outlook.leads.moments import EVERY_DAYS, Pipeline, as_they_stood, pipeline
from customer_patterns.outlook.leads.tables import (
    ALL_STAGES,
    BETTER,
    BY_MODEL,
    BY_STAGE,
    LEAD_FIGURES,
    LEAD_QUALITY,
    LEAD_SCORES,
    LEAD_STAGES,
    NOT_BETTER,
    STAGES,
)
from customer_patterns.privacy.differencing import Contributions, contributions
from customer_patterns.sources.cut import first_moment_after

Floats = NDArray[np.float64]

#: So many opportunities must have ended, won and lost each, on either side of the test's day.
FEWEST_ENDED, FEWEST_OF_EACH = 60, 15
#: Opportunities are followed until this share of all has ended: what began later would be missing its slow ones.
ENDED = 0.95


@dataclass(frozen=True)
class Leads:
    """The tables of open opportunities, by name, and how many ended ones there are to learn from and to test on."""

    tables: dict[str, pd.DataFrame]
    learned_from: int = 0
    tested_on: int = 0

    @property
    def told(self) -> dict[str, pd.DataFrame]:
        """The tables that sentences speak of: never those about single opportunities."""
        return {name: table for name, table in self.tables.items() if name != "lead_scores"}

    @property
    def verdict(self) -> str:
        """The sentence that says what the chances rest on."""
        verdicts = self.tables["lead_figures"]["verdict"]
        return "outlook.leads_better" if (verdicts == BETTER).any() else "outlook.leads_stage"


def score_leads(opportunities: ir.Table, *, last_day: date, time_zone: str, resamples: int = 400) -> Leads:
    """Give each open opportunity its chance, and say how good such chances have been.

    Opportunities are looked at every two weeks as they stood then. The model learns from those that had ended by the
    test's day, and is tested on later looks at others. On both sides only opportunities are taken that began so long
    before the end that 95 % of all have ended by then (Kaplan-Meier): of younger ones those that end fast would be
    seen, which are not like the slow ones. What is used is the model where its squared error on later opportunities is
    clearly below that of the stage's rate, else that rate.

    Parameters
    ----------
    opportunities
        One row per opportunity and stage entered: ``opportunity_id``, ``customer_id``, ``stage``, ``entered_at`` (UTC),
        ``amount``, ``owner``.
    last_day, time_zone
        Last day of the study, local. Later entries change nothing.
    resamples
        Of customers, for the intervals.

    Returns
    -------
    Leads
        Tables ``lead_scores`` (one row per open opportunity), ``lead_stages``, ``lead_quality``, ``lead_figures``; all
        without rows
        where too few opportunities have ended.
    """
    end = pd.Timestamp(first_moment_after(last_day, time_zone=time_zone))
    rows = opportunities.filter(opportunities.entered_at < end.to_pydatetime())
    names = ["opportunity_id", "customer_id", "stage", "entered_at", "owner"]
    table = rows.select(*names, amount=rows.amount.cast("float64")).order_by(["opportunity_id", "entered_at", "stage"])
    nothing = {name: empty(schema) for name, schema in tables.TABLES.items()}
    made = pipeline(table.to_pandas())
    now = end.value / 86_400e9 if end.unit == "ns" else end.timestamp() / 86_400
    if not len(made.deals):
        return Leads(nothing)
    sides = learned_and_tested(made, now)
    if sides is None:
        return Leads(nothing, int(made.deals["ended"].notna().sum()))
    before, after = sides
    counts = before["opportunity_id"].nunique(), after["opportunity_id"].nunique()
    model = learn(before)
    figures, better = _judged(model, after, counts, resamples)
    chances = learn(pd.concat([before, after], ignore_index=True))
    waiting = as_they_stood(made, np.array([now]))
    scores = _scores(waiting, chances, better)
    found = {
        "lead_scores": scores,
        "lead_stages": _stages(scores, made, resamples),
        "lead_quality": _quality(model, after, better, resamples),
        "lead_figures": figures,
    }
    return Leads(found, *counts)


def time_to_end(deals: pd.DataFrame, now: float) -> float:
    """Days after which :data:`ENDED` of the opportunities have ended, open ones counted as far as seen; or NaN."""
    over = deals["ended"].notna().to_numpy()
    days = (deals["ended"].fillna(now) - deals["began"]).to_numpy()
    curve = kaplan_meier(np.ceil(days), over, deals["customer_id"])
    reached = curve[curve["survival"] <= 1 - ENDED]
    return float(reached["days"].iloc[0]) if len(reached) else float("nan")


def learned_and_tested(made: Pipeline, now: float) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Divide looks at opportunities that have ended in time: earlier ones to learn from, later ones to test on.

    The test's day is the first by which enough have ended to learn from, half of them as long as there are more.

    Returns
    -------
    tuple or None
        Rows as from :func:`~customer_patterns.outlook.leads.moments.as_they_stood`. No opportunity is on both sides.
        ``None`` where there are too few.
    """
    deals = made.deals
    took = time_to_end(deals, now)
    if not np.isfinite(took):
        return None
    ripe = deals[(deals["began"] <= now - took) & deals["ended"].notna()]
    if len(ripe) < 2 * FEWEST_ENDED:
        return None
    middle = float(ripe["began"].median()) + took
    looks = np.arange(now - EVERY_DAYS, deals["began"].min(), -EVERY_DAYS)[::-1]
    rows = as_they_stood(made, looks)
    rows = rows[rows["ended"].notna()]
    before = rows[(rows["ended"] < middle) & (rows["began"] <= middle - took)]
    after = rows[(rows["day"] >= middle) & (rows["began"] <= now - took)]
    after = after[~after["opportunity_id"].isin(before["opportunity_id"])]
    for side in (before, after):
        ends = side.drop_duplicates("opportunity_id")["won"]
        if len(ends) < FEWEST_ENDED or min(ends.sum(), (~ends.astype(bool)).sum()) < FEWEST_OF_EACH:
            return None
    return before.reset_index(drop=True), after.reset_index(drop=True)


def area_under_curve(chance: Floats, won: NDArray[np.bool_], weight: Floats) -> float:
    """Chance that one that was won has the higher score than one that was not; ties count half.

    >>> area_under_curve(np.array([0.2, 0.6, 0.6]), np.array([False, True, False]), np.ones(3))
    0.75
    """
    levels, at = np.unique(chance, return_inverse=True)
    ups, downs = (np.bincount(at, weight * side, len(levels)) for side in (won, ~won))
    below = np.concatenate([[0.0], np.cumsum(downs)[:-1]])
    return float((ups * (below + downs / 2)).sum() / (ups.sum() * downs.sum()))


def _judged(model: Chances, after: pd.DataFrame, counts: tuple[int, int], resamples: int) -> tuple[pd.DataFrame, bool]:
    """The test's figures over all later looks; whole customers are drawn again."""
    won = after["won"].to_numpy(dtype=bool)
    by_model, by_stage = model.of(after), model.by_stage(after)
    people, who = np.unique(after["customer_id"].to_numpy(dtype=str), return_inverse=True)

    def figures(weight: Floats) -> list[float]:
        total = weight.sum()
        errors = [float(weight @ (chance - won) ** 2 / total) for chance in (by_model, by_stage)]
        areas = [area_under_curve(chance, won, weight) for chance in (by_model, by_stage)]
        return [*areas, *errors, errors[1] - errors[0], _slope(by_model, won, weight)]

    value = np.array(figures(np.ones(len(after))))
    drawn = []
    for _, weights in draw_weights(len(people), resamples=resamples, seed=SEED):
        for column in np.atleast_2d(weights):
            weight = column[who].astype(float)
            if 0 < (weight * won).sum() < weight.sum():
                drawn.append(figures(weight))
    found = percentiles(value, np.array(drawn))
    better = bool(found.low[4] > 0)
    schema = LEAD_FIGURES["figure"].levels
    table = pd.DataFrame({"figure": list(schema), "verdict": BETTER if better else NOT_BETTER})
    table = with_interval(table, "value", found)
    return table.assign(learned_from=counts[0], n=counts[1])[LEAD_FIGURES.names], better


def _slope(chance: Floats, won: NDArray[np.bool_], weight: Floats) -> float:
    """Slope of the log odds of winning on those that were said; 1: neither too bold nor too timid (Cox 1958)."""
    said = logit(np.clip(chance, 1e-6, 1 - 1e-6))
    columns = np.column_stack([np.ones(len(said)), said])
    beta = np.array([0.0, 1.0])
    for _ in range(12):
        p = expit(columns @ beta)
        curve = (columns * (weight * np.maximum(p * (1 - p), 1e-9))[:, None]).T @ columns
        beta = beta + np.linalg.solve(curve + 1e-9 * np.eye(2), columns.T @ (weight * (won - p)))
    return float(beta[1])


def _scores(waiting: pd.DataFrame, chances: Chances, better: bool) -> pd.DataFrame:
    """The chance of each open opportunity."""
    if waiting.empty:
        return empty(LEAD_SCORES)
    rate = chances.by_stage(waiting)
    table = waiting.assign(
        win_probability=chances.of(waiting) if better else rate,
        stage_rate=rate,
        rests_on=BY_MODEL if better else BY_STAGE,
    )
    return table.sort_values("opportunity_id", ignore_index=True)[LEAD_SCORES.names]


def _stages(scores: pd.DataFrame, made: Pipeline, resamples: int) -> pd.DataFrame:
    """Open opportunities by stage, with what to expect of them."""
    noted = made.entries.groupby("opportunity_id")["amount"].last()
    usual = float(noted.mean()) if noted.notna().any() else np.nan
    random = np.random.default_rng(SEED)
    rows = []
    for stage in (*STAGES, ALL_STAGES):
        here = scores if stage == ALL_STAGES else scores[scores["stage"] == stage]
        chance = here["win_probability"].to_numpy(dtype=float)
        worth = here["amount"].astype(float).fillna(usual).to_numpy()
        ends = random.random((4 * resamples, len(here))) < chance
        wins, value = ends.sum(axis=1), ends @ worth if np.isfinite(worth).all() else np.full(4 * resamples, np.nan)
        rows.append(
            {
                "stage": stage,
                "open": len(here),
                "n": here["customer_id"].nunique(),
                **_three("expected_wins", chance.sum(), wins),
                **_three("expected_value", chance @ worth if len(here) else 0.0, value),
            }
        )
    table = pd.DataFrame(rows)
    table = table.assign(**{name: whole_numbers(table[name]) for name in ("open", "n")})
    blanks = [
        "open",
        *bounded("expected_wins", "expected_value"),
    ]
    # Of opportunities the amounts are hidden, whatever their chances are: who knows these could work back.
    owed = scores.assign(worth=scores["amount"].astype(float).fillna(0.0)).groupby(["stage", "customer_id"])["worth"]
    each = owed.sum().unstack("stage").reindex(columns=list(STAGES)).fillna(0.0).to_numpy()  # noqa: PD010
    return _without_small(table, blanks, contributions(np.column_stack([each, each.sum(axis=1)])))[LEAD_STAGES.names]


def _quality(model: Chances, after: pd.DataFrame, better: bool, resamples: int) -> pd.DataFrame:
    """What was said at later looks, by stage, and at how many of them the opportunity was one that was won."""
    said = model.of(after) if better else model.by_stage(after)
    rows = []
    for stage in (*STAGES, ALL_STAGES):
        at = np.ones(len(after), dtype=bool) if stage == ALL_STAGES else (after["stage"] == stage).to_numpy()
        here = after[at]
        people, who = np.unique(here["customer_id"].to_numpy(dtype=str), return_inverse=True)
        won = np.bincount(who, here["won"].to_numpy(dtype=float), len(people))
        looks = np.bincount(who, minlength=len(people)).astype(float)
        try:
            share = [float(part) for part in bootstrap_ratio(won, looks, resamples=resamples)]
        except NotEnoughData:
            share = [np.nan] * 3
        rows.append(
            {
                "stage": stage,
                "predicted": float(said[at].mean()) if at.any() else np.nan,
                **in_row("won_share", share),
                "tested": here["opportunity_id"].nunique(),
                "n": len(people),
            }
        )
    table = pd.DataFrame(rows)
    table = table.assign(**{name: whole_numbers(table[name]) for name in ("tested", "n")})
    blanks = ["predicted", *bounded("won_share"), "tested"]
    return _without_small(table, blanks)[LEAD_QUALITY.names]


def _without_small(table: pd.DataFrame, blanks: list[str], sums: Contributions | None = None) -> pd.DataFrame:
    """Blank stages of too few customers, and the whole where it has too few; the whole is the last row."""
    parts, whole = table.head(len(STAGES)), table.tail(1).reset_index(drop=True)
    ends = (slice(-1), slice(-1, None))
    of = (None, None) if sums is None else tuple(sums.part(end) for end in ends)
    both = [suppress(part, blanks, sums=s) for part, s in zip((parts, whole), of, strict=True)]
    return pd.concat(both, ignore_index=True)


def _three(name: str, value: float, drawn: Floats) -> dict[str, float]:
    """A sum over open opportunities with the range that chance alone leaves it."""
    if not np.isfinite(drawn).all():
        return dict.fromkeys(bounded(name), np.nan)
    return in_row(name, percentiles(value, drawn))
