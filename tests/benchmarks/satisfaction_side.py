"""One side of the survey's work: ``python -m tests.benchmarks.satisfaction_side <folder> <side> [<sheets>]``.

``prepare`` writes a survey of many sheets into the folder; ``ours`` and ``theirs`` read it and print one line of JSON:
CPU seconds of each step, peak memory, and figures by which the sides can be compared. Drivers of the reference draw
rows again, which takes minutes for a thousand resamples: it draws a few, and says for how many its time stands.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: As in the issue: answer sheets, items, resamples.
SHEETS, RESAMPLES = 1_000_000, 1000
#: Eighteen items of six dimensions, contentment overall and recommendation: twenty.
DIMENSIONS, PER_DIMENSION, WAVES = 6, 3, 2
#: So many resamples of rows the reference draws; its time is taken for a thousand.
DRAWN = 5
_FIRST, _LAST = date(2017, 1, 1), date(2017, 12, 31)


def prepare(folder: Path, sheets: int) -> None:
    """Write invitations with what was bought before, the answers one row each, and the items."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(17)
    people = sheets  # half of them answer each of two waves
    habit = rng.normal(size=people)
    content = rng.normal(size=people)
    quality = rng.normal(size=(people, DIMENSIONS))
    items = [
        (f"d{d}_{i}", "dimension", f"dimension {d}", 1, 5, "reversed" if i == PER_DIMENSION - 1 else "positive")
        for d in range(DIMENSIONS)
        for i in range(PER_DIMENSION)
    ]
    items += [
        ("overall", "overall", None, 1, 5, "positive"),
        ("recommendation", "recommendation", None, 0, 10, "positive"),
    ]
    columns = ["item_id", "role", "dimension", "scale_low", "scale_high", "direction"]
    pd.DataFrame(items, columns=columns).to_parquet(folder / "items.parquet", index=False)
    writer, invited = None, []
    for wave in range(WAVES):
        answers = rng.random(people) < 1 / (1 + np.exp(-0.7 * habit))
        said = np.flatnonzero(answers)[: sheets // WAVES]
        answers = np.zeros(people, dtype=bool)
        answers[said] = True
        names = np.char.add("c", np.char.zfill(np.arange(people).astype(str), 7))
        invited.append(
            pd.DataFrame(
                {
                    "wave": f"2017-{wave + 1}",
                    "customer_id": names,
                    "invited_on": date(2017, 3 + 3 * wave, 1),
                    "answered": answers,
                    "settled": True,
                    "orders_before": np.round(np.exp(1.5 + 0.5 * habit)),
                    "revenue_before": np.round(np.exp(4 + 0.5 * habit + 0.3 * rng.normal(size=people)), 2),
                    "days_since_order": np.maximum(np.round(np.exp(2 - 0.5 * habit)), 1.0),
                }
            )
        )
        score = 0.6 * content[said, None] + 0.8 * quality[said] + 0.3 * habit[said, None]
        overall = score @ np.linspace(0.5, 0.1, DIMENSIONS) + 0.7 * rng.normal(size=len(said))
        day = pd.Timestamp(2017, 3 + 3 * wave, 5)
        for name, _, about, low, high, direction in items:
            at = overall if about is None else score[:, int(about.split()[1])] + 0.7 * rng.normal(size=len(said))
            steps = np.clip(np.round((high + low) / 2 + (high - low) / 5 * at), low, high).astype(np.int64)
            part = pa.table(
                {
                    "wave": np.full(len(said), f"2017-{wave + 1}"),
                    "customer_id": names[said],
                    "item_id": np.full(len(said), name),
                    "answered_at": np.full(len(said), day.to_datetime64().astype("datetime64[us]")),
                    "answer": low + high - steps if direction == "reversed" else steps,
                }
            )
            writer = writer or pq.ParquetWriter(folder / "answers.parquet", part.schema)
            writer.write_table(part)
    writer.close()
    pd.concat(invited, ignore_index=True).to_parquet(folder / "invited.parquet", index=False)


def ours(folder: Path) -> dict[str, Any]:
    """Scores, weights and drivers with our functions."""
    from customer_patterns import satisfaction, warehouse

    backend = warehouse.connect()
    answers, items = (backend.read_parquet(folder / f"{name}.parquet") for name in ("answers", "items"))
    invited = pd.read_parquet(folder / "invited.parquet")
    clock = Clock()
    sheets = satisfaction.answer_sheets(items, answers, time_zone="America/New_York", last_day=_LAST)
    clock.lap("reading")
    scores, nps = satisfaction.dimension_scores(sheets), satisfaction.nps_by_wave(sheets)
    satisfaction.csat_by_wave(sheets)
    clock.lap("scores")
    weighted = satisfaction.weighting.weighted_scores(invited, sheets, satisfaction.weighting.known_margins(invited))
    clock.lap("weights")
    drivers, _ = satisfaction.drivers(sheets)
    penalties = satisfaction.penalties_and_rewards(sheets)
    clock.lap("drivers")
    pooled = scores[scores["wave"] == "all waves"].set_index("dimension")["score"]
    raked = weighted[(weighted["score"] == "overall") & (weighted["method"] == satisfaction.weighting.tables.RAKED)]
    table = drivers.set_index("dimension").sort_index()
    return clock.told | {
        "sheets": len(sheets.rows),
        "score": float(pooled["dimension 0"]),
        "nps": float(nps["nps"].iloc[-1]),
        "raked": float(raked["value"].item()),
        "shares": table["importance"].tolist(),
        "widths": (table["importance_high"] - table["importance_low"]).tolist(),
        "slopes": len(penalties),
    }


def theirs(folder: Path) -> dict[str, Any]:
    """The same in plain pandas and numpy: a pivot, means, raking in a loop, every subset of every resample."""
    long, items = pd.read_parquet(folder / "answers.parquet"), pd.read_parquet(folder / "items.parquet")
    invited = pd.read_parquet(folder / "invited.parquet")
    clock = Clock()
    wide = long.pivot_table(index=["wave", "customer_id"], columns="item_id", values="answer", aggfunc="max")
    del long
    points = {}
    for item in items.itertuples():
        share = (wide[item.item_id] - item.scale_low) / (item.scale_high - item.scale_low)
        points[item.item_id] = 100 * (1 - share if item.direction == "reversed" else share)
    points = pd.DataFrame(points)
    names = sorted(items["dimension"].dropna().unique())
    own = {name: items.loc[items["dimension"] == name, "item_id"].tolist() for name in names}
    scores = pd.DataFrame({name: points[own[name]].mean(axis=1) for name in names})
    clock.lap("reading")
    means = scores.mean()
    nps = 100 * ((wide["recommendation"] >= 9).mean() - (wide["recommendation"] <= 6).mean())
    clock.lap("scores")
    raked = _raked(invited, points["overall"])
    clock.lap("weights")
    columns = scores.assign(overall=points["overall"]).dropna().to_numpy()
    shares = _lmg(np.cov(columns.T))
    rng, people = np.random.default_rng(1), pd.factorize(scores.index.get_level_values("customer_id"))[0]
    order, sizes = np.argsort(people, kind="stable"), np.bincount(people)
    starts = np.cumsum(sizes) - sizes
    before = time.process_time()
    for _ in range(DRAWN):
        drawn = rng.integers(len(sizes), size=len(sizes))
        counts = sizes[drawn]
        rows = order[
            np.repeat(starts[drawn], counts) + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        ]
        _lmg(np.cov(columns[rows].T))
    told = clock.told | {"drivers": (time.process_time() - before) * RESAMPLES / DRAWN}
    return told | {
        "memory": _memory(),
        "sheets": len(wide),
        "score": float(means["dimension 0"]),
        "nps": float(nps),
        "raked": raked,
        "shares": shares.tolist(),
    }


def _raked(invited: pd.DataFrame, overall: pd.Series) -> float:
    """Raking in a loop over frames, to the wave and fifths of what was bought before."""
    frame = invited.copy()
    for name in ("orders_before", "revenue_before", "days_since_order"):
        edges = np.unique(np.quantile(frame[name], [0.2, 0.4, 0.6, 0.8]))
        frame[name] = np.searchsorted(edges, frame[name], side="right")
    margins = ["wave", "orders_before", "revenue_before", "days_since_order"]
    totals = {name: frame.groupby(name).size() for name in margins}
    said = frame[frame["answered"]].copy()
    said["weight"] = 1.0
    for _ in range(500):  # these margins go together: it takes some four hundred sweeps
        worst = 0.0
        for name in margins:
            factor = totals[name] / said.groupby(name)["weight"].sum()
            worst = max(worst, float((factor - 1).abs().max()))
            said["weight"] *= said[name].map(factor)
        if worst < 1e-10:
            break
    joined = said.merge(overall.rename("overall").reset_index(), on=["wave", "customer_id"])
    return float((joined["weight"] * joined["overall"]).sum() / joined["weight"].sum())


def _lmg(covariance: np.ndarray) -> np.ndarray:
    """Shares of the explained variance, subset by subset (Lindeman, Merenda and Gold 1980)."""
    k = len(covariance) - 1
    worth = {(): 0.0}
    for size in range(1, k + 1):
        for subset in combinations(range(k), size):
            own, with_outcome = covariance[np.ix_(subset, subset)], covariance[list(subset), -1]
            worth[subset] = float(with_outcome @ np.linalg.solve(own, with_outcome) / covariance[-1, -1])
    parts = np.zeros(k)
    for subset, share in worth.items():
        for new in set(range(k)) - set(subset):
            weight = factorial(len(subset)) * factorial(k - len(subset) - 1) / factorial(k)
            parts[new] += weight * (worth[tuple(sorted((*subset, new)))] - share)
    return parts / parts.sum()


class Clock:
    """CPU seconds of this process, step by step, and the largest memory."""

    def __init__(self) -> None:
        """Start."""
        self._before, self._steps = time.process_time(), {}

    def lap(self, step: str) -> None:
        """End a step."""
        now = time.process_time()
        self._steps[step], self._before = now - self._before, now

    @property
    def told(self) -> dict[str, float]:
        """Seconds by step, and the peak so far in GB."""
        return {**self._steps, "memory": _memory()}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


SIDES: dict[str, Callable[[Path], dict[str, Any]]] = {"ours": ours, "theirs": theirs}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    where, which = Path(sys.argv[1]), sys.argv[2]
    if which == "prepare":
        prepare(where, int(sys.argv[3]) if len(sys.argv) > 3 else SHEETS)
        print("{}")
    else:
        print(json.dumps(SIDES[which](where)))
