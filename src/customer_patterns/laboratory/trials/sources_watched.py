"""What was said and done, waves that are watched, agents and products: found where planted, and only there."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

Floats = NDArray[np.float64]

_RESTS_ON = ("estimates", "satisfaction")
#: As planted in the default study, and the households that answer in a wave of it.
_RHO, _HOUSEHOLDS, _WAVES = 0.15, 900, 3


# Said and done


def _said_then_bought(seed: int, rho: float) -> pd.DataFrame:
    """Contentment shares ``rho`` with what the past leaves unexplained of later spend; both rest on the past too."""
    chance = np.random.default_rng([seed, 11])
    parts = []
    for wave in range(_WAVES):
        past = chance.normal(2, 0.6, _HOUSEHOLDS)
        rest = chance.normal(size=_HOUSEHOLDS)
        content = 0.5 * (past - 2) / 0.6 + rho * rest + np.sqrt(1 - rho**2) * chance.normal(size=_HOUSEHOLDS)
        parts.append(
            pd.DataFrame(
                {
                    "wave": f"2017-{wave + 1}",
                    "customer_id": [f"c{i:05d}" for i in range(_HOUSEHOLDS)],
                    "overall": np.nan,
                    "mean_score": 60 + 10 * content,
                    "content": np.nan,
                    "orders_before": np.exp(0.3 * past + 0.2 * chance.normal(size=_HOUSEHOLDS)),
                    "days_since_order": np.exp(3 - past + 0.2 * chance.normal(size=_HOUSEHOLDS)),
                    "spend_before": np.expm1(past),
                    "spend_after": np.expm1(np.maximum(0.8 * past + 0.3 * rest, 0.01)),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _partial(after: pd.DataFrame) -> pd.Series:
    from customer_patterns.satisfaction import said_and_done

    return said_and_done(after).iloc[0]


def _without_past(after: pd.DataFrame) -> pd.DataFrame:
    """The twin's data: nothing of the past is held fixed."""
    return after.assign(spend_before=1.0, orders_before=1.0, days_since_order=1.0)


def _with_future(after: pd.DataFrame) -> pd.DataFrame:
    """The other twin's: half of the time after an answer counts as time before it."""
    return after.assign(spend_before=0.5 * after["spend_before"] + 0.5 * after["spend_after"])


def _holds(after: pd.DataFrame) -> Tally:
    row = _partial(after)
    return Tally(int(row["partial_low"] <= _RHO <= row["partial_high"]), 1)


# Waves


def _alarms(seed: int, fall: float, *, twin: str = "") -> Tally:
    """Whether the last of four waves is said to have moved, in any of five scores; their answers share a halo."""
    from customer_patterns.satisfaction import Sheets
    from customer_patterns.satisfaction.monitoring import control_chart, latest

    chance = np.random.default_rng([seed, 13])
    waves, each = 4, 300
    names = ["price", "quality", "staff", "speed", "store"]
    halo = chance.normal(size=(waves * each, 1))
    scores = 60 + 20 * (0.6 * halo + 0.8 * chance.normal(size=(waves * each, len(names))))
    scores[-each:, 0] -= fall
    if twin == "mean":
        scores = scores.mean(axis=1, keepdims=True)
        names = ["mean"]
    if twin:  # an alarm whenever a score lies beyond its own limits, however many are watched
        parts = scores.reshape(waves, each, len(names))
        error = scores.std(axis=0) * np.sqrt(1 / each + 1 / ((waves - 1) * each))
        apart = np.abs(parts[-1].mean(axis=0) - parts[:-1].mean(axis=(0, 1))) / error
        return Tally(int((apart > 1.96).any()), 1)
    number = np.repeat(np.arange(waves), each)
    rows = pd.DataFrame(
        {
            "wave": [f"2017-{one + 1}" for one in number],
            "customer_id": [f"c{i:05d}" for i in range(len(number))],
            "answered_on": [date(2017, 3 * int(one) + 1, 1) for one in number],
            "overall": np.nan,
            "content": np.nan,
            "recommendation": np.nan,
            "straight_lined": False,
        }
    )
    items = pd.DataFrame({"item_id": [], "dimension": [], "direction": []})
    sheets = Sheets(rows, items, np.empty((len(rows), 0)), pd.DataFrame(scores, columns=names))
    return Tally(int(latest(control_chart(sheets))["verdict"].isin(["higher", "lower"]).any()), 1)


# Agents


def _agents_blamed(seed: int, *, twin: bool = False) -> Tally:
    """Whether anybody stands out where all are alike, and one gets the nights and the hard topics."""
    from customer_patterns.satisfaction.handling import service_agents

    chance = np.random.default_rng([seed, 17])
    agent = np.repeat(np.arange(10), 60)
    hard = chance.random(len(agent)) < np.where(agent == 9, 0.9, 0.15)
    hours = np.exp(0.8 * chance.normal(size=len(agent)) + np.where(hard, 1.2, 0))
    stars = np.clip(np.round(3.8 - 1.0 * hard + chance.normal(size=len(agent))), 1, 5)
    cases = pd.DataFrame(
        {
            "contact_id": [f"k{i:04d}" for i in range(len(agent))],
            "customer_id": [f"c{i}" for i in chance.integers(0, 400, len(agent))],
            "agent_id": [f"{one:02d}" for one in agent],
            "topic": np.where(hard, "refund", "question"),
            "shift": np.where(hard, "phone night", "phone day"),
            "hours": hours,
            "csat": np.where(chance.random(len(agent)) < 0.5, stars, np.nan),
        }
    )
    if twin:
        plain = np.log(cases["hours"]).groupby(cases["agent_id"]).agg(["mean", "sem"])
        return Tally(int((np.abs(plain["mean"] - plain["mean"].median()) > 2.8 * plain["sem"]).any()), 1)
    table = service_agents(cases)
    return Tally(int(table["speed"].ne("like the others").any() or table["rated_as"].ne("like the others").any()), 1)


# Products


def _products(seed: int, bad: int, *, twin: bool = False) -> tuple[int, int, int]:
    """Flags, those of them that are wrong, and bad products found; of 150 products, some returned thrice as often."""
    from customer_patterns.satisfaction.products import product_satisfaction

    chance = np.random.default_rng([seed, 19])
    n = chance.integers(80, 500, 150)
    share = np.where(np.arange(150) < bad, 0.12, 0.04)
    events = chance.binomial(n, share)
    if twin:
        flags = np.abs(events / n - events.sum() / n.sum()) > 1.96 * np.sqrt(0.04 * 0.96 / n)
    else:
        counts = pd.DataFrame({"level": "product", "name": [f"P{i:03d}" for i in range(150)], "category": "toys"})
        counts = counts.assign(measure="returned it", n=n, total=events.astype(float), squares=events.astype(float))
        flags = (product_satisfaction(counts)["verdict"] != "not told apart").to_numpy()
    return int(flags.sum()), int(flags[bad:].sum()), int(flags[:bad].sum())


def _false_flags(seed: int, *, twin: bool = False) -> Error:
    flags, wrong, _ = _products(seed, 10, twin=twin)
    return Error(wrong / max(flags, 1))


def _found_flags(seed: int) -> Tally:
    return Tally(_products(seed, 10)[2], 10)


def _found_by_count(seed: int) -> Tally:
    """The twin: flags the ten products that came back most often, whoever bought more of them."""
    chance = np.random.default_rng([seed, 19])
    n = chance.integers(80, 500, 150)
    events = chance.binomial(n, np.where(np.arange(150) < 10, 0.12, 0.04))
    return Tally(int((np.argsort(-events, kind="stable")[:10] < 10).sum()), 10)


TRIALS = (
    Trial(
        name="what was said and then spent",
        room="satisfaction",
        measure="mean error of the partial correlation",
        setting="three waves of nine hundred households, the planted correlation small",
        twin="holds nothing of the past fixed",
        aim=Aim(0.0, 0.03),
        seeds=range(952_000, 952_030),
        run=lambda seed: Error(abs(float(_partial(_said_then_bought(seed, _RHO))["partial"]) - _RHO)),
        broken=lambda seed: Error(abs(float(_partial(_without_past(_said_then_bought(seed, _RHO)))["partial"]) - _RHO)),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.said_and_done",),
    ),
    Trial(
        name="coverage of what was said and then spent",
        room="satisfaction",
        measure="intervals that hold the planted partial correlation",
        setting="three waves of nine hundred households",
        twin="takes some of the time after an answer for time before it",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(952_100, 952_300),
        run=lambda seed: _holds(_said_then_bought(seed, _RHO)),
        broken=lambda seed: _holds(_with_future(_said_then_bought(seed, _RHO))),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.said_and_done",),
    ),
    Trial(
        name="waves that are as those before",
        room="satisfaction",
        measure="last waves with an alarm",
        setting="four waves of three hundred sheets, five scores with a halo",
        twin="alarms whenever one of many scores lies beyond its own limits",
        aim=Aim(0.0, 0.05),
        seeds=range(952_400, 952_600),
        run=lambda seed: _alarms(seed, 0.0),
        broken=lambda seed: _alarms(seed, 0.0, twin="each"),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.moved",),
    ),
    Trial(
        name="a score that falls by seven points",
        room="satisfaction",
        measure="last waves with an alarm",
        setting="four waves of three hundred sheets, one of five scores falls",
        twin="watches the mean of all scores alone",
        aim=Aim(0.8, 1.0),
        seeds=range(952_600, 952_660),
        run=lambda seed: _alarms(seed, 7.0),
        broken=lambda seed: _alarms(seed, 7.0, twin="mean"),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.unmoved",),
    ),
    Trial(
        name="agents who are alike",
        room="satisfaction",
        measure="services in which somebody is said to stand out",
        setting="ten agents of sixty contacts, one of whom gets the nights and the hard ones",
        twin="compares plain means",
        aim=Aim(0.0, 0.05),
        seeds=range(952_700, 952_800),
        run=_agents_blamed,
        broken=lambda seed: _agents_blamed(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=(
            "satisfaction.service_agents",
            "satisfaction.service_agents_speed",
            "satisfaction.service_agents_rating",
            "satisfaction.service_agents_alike",
        ),
    ),
    Trial(
        name="products flagged wrongly",
        room="satisfaction",
        measure="share of flags that are wrong",
        setting="150 products, ten of which come back three times as often",
        twin="flags whatever lies two standard errors from the mean",
        aim=Aim(0.0, 0.06),
        seeds=range(952_800, 952_840),
        run=_false_flags,
        broken=lambda seed: _false_flags(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.products_apart", "satisfaction.products_worse", "satisfaction.products_better"),
    ),
    Trial(
        name="products that come back three times as often",
        room="satisfaction",
        measure="of them, those that are flagged",
        setting="150 products of eighty to five hundred buyers, ten of which disappoint",
        twin="flags those that come back most often, however many were sold",
        aim=Aim(0.75, 1.0),
        seeds=range(952_840, 952_880),
        run=_found_flags,
        broken=_found_by_count,
        rests_on=_RESTS_ON,
        feeds=("satisfaction.products_apart", "satisfaction.products_worse", "satisfaction.products_better"),
    ),
)
