"""Touches, journeys and the life of cohorts in plain pandas; see :mod:`tests.benchmarks.in_pandas`.

The panel knows one kind of touch, the order; as in the study, nothing here rests on that.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.life_cohorts import stages_of_cohorts
from customer_patterns.behavior.journeys.paths import ARROW
from customer_patterns.behavior.journeys.tables import NOTHING, ORDERS, OTHER_PATHS, TOUCHES
from customer_patterns.behavior.journeys.touches import all_recorded_from
from customer_patterns.behavior.journeys.transitions import _shares
from customer_patterns.estimates import Interval, bootstrap_ratio, bootstrap_share, with_interval
from customer_patterns.features.cells import suppress
from customer_patterns.sources.cut import first_moment_after
from customer_patterns.study import Study

Frames = dict[str, pd.DataFrame]

PAUSE = 7 * 86_400
ACTIVATION_DAYS, RETENTION_DAYS, BURN_IN_MONTHS = 30, 90, 3
MOST_PATHS = 12


def journeys(orders: pd.DataFrame, study: Study) -> Frames:
    """Make the tables of touches, of what follows what, and of journeys."""
    touches = pd.DataFrame(
        {
            "who": orders["customer_id"],
            "at": orders["ordered_at"],
            "day": orders["ordered_on"],
            "touch": pd.Categorical.from_codes(np.full(len(orders), TOUCHES.index("order")), categories=TOUCHES),
        },
        copy=False,
    )
    kinds = touches.groupby("touch", observed=True).agg(
        first_on=("day", "min"), last_on=("day", "max"), touches=("who", "size"), n=("who", "nunique")
    )
    kinds = suppress(kinds.reset_index(), ["first_on", "last_on", "touches"])
    since = all_recorded_from(kinds, first_day=study.first_day)
    begin, end = (_moment(day, study) for day in (since - timedelta(days=1), study.last_day))
    touches = touches.loc[(touches["at"] >= begin) & (touches["at"] < end), ["who", "at", "touch"]]
    touches = touches.sort_values(["who", "at", "touch"], ignore_index=True)
    who, touch = touches["who"].cat.codes.to_numpy(), touches["touch"].cat.codes.to_numpy()
    at = touches["at"].to_numpy().astype("datetime64[s]").astype("int64")
    first = np.append(True, who[1:] != who[:-1])
    gap = np.append(0, at[1:] - at[:-1])
    found = _find_journeys(who, touch, at, first, gap, begin, end)
    return {
        "touch_kinds": kinds,
        "touch_transitions": _transitions(who, touch, at, first, gap, end),
        **_figures(found),
    }


def _moment(day: date, study: Study) -> pd.Timestamp:
    return pd.Timestamp(first_moment_after(day, time_zone=study.time_zone)).tz_localize(None)


def _transitions(
    who: np.ndarray, touch: np.ndarray, at: np.ndarray, first: np.ndarray, gap: np.ndarray, end: pd.Timestamp
) -> pd.DataFrame:
    soon = np.append(~first[1:] & (gap[1:] <= PAUSE), False)
    after = np.where(soon, np.append(touch[1:], 0), len(TOUCHES))
    known = int(end.timestamp()) - at > PAUSE
    _, person = np.unique(who[known], return_inverse=True)
    width = len(TOUCHES) + 1
    cell = (person * len(TOUCHES) + touch[known]) * width + after[known]
    cells = np.bincount(cell, minlength=(person.max() + 1) * len(TOUCHES) * width).astype(float)
    cells = cells.reshape(-1, len(TOUCHES), width)
    assert NOTHING not in TOUCHES
    return _shares(cells, [name for number, name in enumerate(TOUCHES) if cells[:, number].any()])


def _find_journeys(
    who: np.ndarray,
    touch: np.ndarray,
    at: np.ndarray,
    first: np.ndarray,
    gap: np.ndarray,
    begin: pd.Timestamp,
    end: pd.Timestamp,
) -> pd.DataFrame:
    """One row per journey: who, path, touches, steps, whether it ends with an order, whether it was seen whole."""
    places = np.array([TOUCHES.index(name) for name in ORDERS])
    order = np.isin(touch, places)
    starts = first | (gap > PAUSE) | np.append(False, order[:-1])
    fresh = starts | (touch != np.append(-1, touch[:-1]))
    begins = np.flatnonzero(starts)
    ends = np.append(begins[1:], len(starts)) - 1
    found = pd.DataFrame(
        {
            "who": who[begins],
            "touches": ends - begins + 1,
            "steps": np.add.reduceat(fresh.astype("int64"), begins),
            "ordered": np.logical_or.reduceat(order, begins),
        }
    )
    names = np.array(TOUCHES, dtype=object)
    path = names[touch[begins]]
    several = np.flatnonzero(ends > begins)
    for number in several:  # few: most journeys are one touch
        inside = slice(begins[number], ends[number] + 1)
        path[number] = ARROW.join(names[touch[inside][fresh[inside]]])
    left = int(end.timestamp()) - at
    closed = found["ordered"] | (left[ends] > PAUSE)
    begun = ~first[begins] | (at[begins] - int(begin.timestamp()) > PAUSE)
    return found.assign(path=pd.Categorical(path), whole=closed & begun & (left[begins] > PAUSE))


def _figures(found: pd.DataFrame) -> Frames:
    whole = found[found["whole"]]
    whole = whole.assign(prepared=whole["ordered"] & (whole["steps"] > 1))
    sums = whole.groupby("who").agg(
        journeys=("path", "size"), ordered=("ordered", "sum"), prepared=("prepared", "sum"), touches=("touches", "sum")
    )
    shares = bootstrap_share(sums[["ordered", "prepared"]].to_numpy(), sums[["journeys", "ordered"]].to_numpy())
    mean = bootstrap_ratio(sums["touches"], sums["journeys"])
    parts = (np.append(share, figure) for share, figure in zip(shares, mean, strict=True))
    decided = int(sums["journeys"].sum())
    figures = pd.DataFrame(
        {
            "figure": ["ordered", "prepared", "touches"],
            "n": len(sums),
            "journeys": [decided, int(sums["ordered"].sum()), decided],
            "left_out": len(found) - decided,
        }
    )
    sizes = whole["path"].value_counts().reset_index(name="n")
    sizes = sizes[sizes["n"] > 0].astype({"path": "str"}).sort_values(["n", "path"], ascending=[False, True])
    listed = sizes["path"].head(MOST_PATHS).tolist()
    code = pd.Index(listed).get_indexer(whole["path"].cat.categories)[whole["path"].cat.codes]
    code = np.where(code < 0, len(listed), code)
    _, person = np.unique(whole["who"], return_inverse=True)
    width = len(listed) + int((code == len(listed)).any())
    counts = np.bincount(person * width + code, minlength=(person.max() + 1) * width).reshape(-1, width).astype(float)
    paths = pd.DataFrame(
        {
            "rank": range(1, width + 1),
            "path": [*listed, OTHER_PATHS][:width],
            "journeys": counts.sum(axis=0),
            "n": (counts > 0).sum(axis=0),
        }
    )
    paths = with_interval(paths, "share_of_journeys", bootstrap_share(counts, counts.sum(axis=1)))
    blanks = ["journeys", *(f"share_of_journeys{edge}" for edge in ("", "_low", "_high"))]
    return {
        "journey_figures": with_interval(figures, "value", Interval(*parts)),
        "journey_paths": suppress(paths, blanks),
    }


def life_cohorts(orders: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Make the table of how far each month's newcomers come."""
    bought = orders[["customer_id", "ordered_on", "revenue"]]
    since = bought.groupby("customer_id", observed=True)["ordered_on"].min()
    place = pd.Series(np.arange(len(since)), index=since.index)
    person = bought["customer_id"].map(place).astype("int64").to_numpy()
    day = bought["ordered_on"].to_numpy().astype("datetime64[D]").astype("int64")
    wait = day - since.to_numpy().astype("datetime64[D]").astype("int64")[person]
    in_time = wait <= RETENTION_DAYS
    different = np.unique(person[in_time] * 100_000 + day[in_time]) // 100_000
    activation = np.bincount(person[wait <= ACTIVATION_DAYS], minlength=len(since)) > 0
    retention = activation & (np.bincount(different, minlength=len(since)) > 1)
    cents = np.bincount(person[in_time], bought["revenue"].to_numpy()[in_time], minlength=len(since))
    people = pd.DataFrame(
        {
            "cohort": [day.date() for day in since.dt.to_period("M").dt.start_time],
            "acquisition": True,
            "activation": activation,
            "retention": retention,
            "referral": False,
            "revenue": activation & (cents > 0),
            "money": cents / 100,
        }
    )
    return stages_of_cohorts(
        people,
        first_day=study.first_day,
        last_day=study.last_day,
        activation_days=ACTIVATION_DAYS,
        retention_days=RETENTION_DAYS,
        burn_in_months=BURN_IN_MONTHS,
        referrals=False,
    )
