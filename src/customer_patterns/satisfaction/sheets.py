"""From single answers to answer sheets: one row per customer and wave, every item read in the same direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.pivoting import one_row_per_sheet
from customer_patterns.satisfaction.standard.joined import Declared, Replaced, join_scales
from customer_patterns.satisfaction.standard.thresholds import RECOMMENDATION_SCALE, with_parts
from customer_patterns.satisfaction.tables.answers import CUSTOMER_SCORES
from customer_patterns.satisfaction.tables.columns import ALL_WAVES, OVERALL, RECOMMENDATION

Floats = NDArray[np.float64]

#: From so many answers to choose from on it says something that one of the two best was given.
FEWEST_STEPS = 4


@dataclass(frozen=True)
class Sheets:
    """Answer sheets of all waves.

    Attributes
    ----------
    rows
        One row per customer and wave with an answer, by both: ``wave``, ``customer_id``, ``answered_on``
        (local day of the last answer), ``overall`` (0 to 100), ``content`` (1 where one of the two best
        answers was given, else 0; of fewer than four possible answers NaN), ``recommendation`` (0 to 10),
        ``straight_lined`` (one and the same answer to all items of dimensions that were answered, and most
        were); NaN where not answered.
    items
        One row per item of a dimension, by ``item_id``: ``item_id``, ``dimension`` (in words), ``direction``.
    points
        Answers to these items, 0 to 100 with 100 the best answer: one row per sheet, one column per item.
    scores
        One row per sheet, one column per dimension, 0 to 100.
    single_items
        One row per item of no dimension: ``item_id``, ``role``, ``scale_low``, ``scale_high``.
    single_points
        Answers to these items, 0 to 100 with 100 the best answer: one row per sheet, one column per item.
    replaced
        Items that were replaced on another scale; their answers were carried over, or are in no score.
    """

    rows: pd.DataFrame
    items: pd.DataFrame
    points: Floats
    scores: pd.DataFrame
    single_items: pd.DataFrame | None = None
    single_points: Floats | None = None
    replaced: tuple[Replaced, ...] = ()

    @property
    def dimensions(self) -> list[str]:
        """The dimensions' names, in the order of the survey."""
        return list(self.scores.columns)

    @property
    def waves(self) -> list[str]:
        """The waves with answers, by name."""
        return sorted(self.rows["wave"].unique())

    @property
    def mean_score(self) -> Floats:
        """The mean of each sheet's dimensions, 0 to 100; NaN where none was answered."""
        known = self.scores.notna().sum(axis=1).to_numpy()
        with np.errstate(invalid="ignore"):
            return np.where(known > 0, self.scores.sum(axis=1).to_numpy() / np.maximum(known, 1), np.nan)

    def where(self, kept: NDArray[np.bool_] | pd.Series) -> Sheets:
        """Keep some of the sheets."""
        keep = np.asarray(kept, dtype=bool)
        return Sheets(
            self.rows[keep].reset_index(drop=True),
            self.items,
            self.points[keep],
            self.scores[keep].reset_index(drop=True),
            self.single_items,
            None if self.single_points is None else self.single_points[keep],
            self.replaced,
        )


def answer_sheets(
    survey_items: ir.Table,
    survey_responses: ir.Table,
    *,
    time_zone: str,
    last_day: date,
    answered_share: float = 0.5,
    bridges: Sequence[Declared] = (),
) -> Sheets:
    """Put each customer's answers of a wave on one sheet, and score its dimensions.

    An answer becomes points from 0 to 100: how far it lies from the worst answer that its scale has; one off the
    scale is none. A dimension's score is the mean of the points of its items, where enough of them were answered.

    Parameters
    ----------
    survey_items
        One row per item: ``item_id``, ``role``, ``dimension``, ``scale_low``, ``scale_high``, ``direction``.
    survey_responses
        One row per answer: ``wave``, ``customer_id``, ``item_id``, ``answered_at`` (UTC), ``answer``.
    time_zone
        The study's; it decides which day an answer belongs to.
    last_day
        Last day of the study. Later answers change nothing.
    answered_share
        At least so many of a dimension's items must be answered for a score.
    bridges
        What joins an item to the one that has replaced it on another scale. Without a bridge the old answers are in no
        score: scores of two scales are not compared.

    Returns
    -------
    Sheets
        Those with at least one answer. Without any item or answer, one without rows.

    Raises
    ------
    ValueError
        ``answered_share`` is not above 0 and at most 1.

    Notes
    -----
    The rule of half of the items is the half-scale rule of health surveys (Ware et al. 1993, SF-36 Health Survey:
    Manual and Interpretation Guide).
    """
    if not 0 < answered_share <= 1:
        raise ValueError(f"a share of items is above 0 and at most 1, not {answered_share}")
    asked = survey_items.to_pandas().sort_values("item_id", ignore_index=True)
    span = (asked["scale_high"] - asked["scale_low"]).astype(float)
    asked = asked[span > 0].reset_index(drop=True)
    rows, answers = one_row_per_sheet(
        survey_responses, asked["item_id"].tolist(), time_zone=time_zone, last_day=last_day
    )
    low, high = (asked[end].to_numpy(dtype=float) for end in ("scale_low", "scale_high"))
    answers = np.where((answers < low) | (answers > high), np.nan, answers)
    answers, asked, replaced = join_scales(answers, asked, rows, bridges)
    low, high = (asked[end].to_numpy(dtype=float) for end in ("scale_low", "scale_high"))
    points = 100 * (answers - low) / (high - low)
    points = np.where((asked["direction"] == "reversed").to_numpy(), 100 - points, points)
    role = asked["role"].to_numpy()
    of_dimension = (role == "dimension") & asked["dimension"].notna().to_numpy()
    rows = rows.assign(
        overall=_mean(points[:, role == "overall"], least=1),
        content=_top_two(answers, asked),
        recommendation=_recommendation(answers, asked),
        straight_lined=_straight_lined(answers[:, of_dimension], asked[of_dimension]),
    )
    rows = with_parts(rows, asked, replaced)
    items = asked[of_dimension].assign(dimension=_in_words(asked["dimension"][of_dimension]))
    items = items[["item_id", "dimension", "direction"]].reset_index(drop=True)
    single = asked.loc[~of_dimension, ["item_id", "role", "scale_low", "scale_high"]].reset_index(drop=True)
    single_points, points = points[:, ~of_dimension], points[:, of_dimension]
    scores = {}
    for name in dict.fromkeys(items["dimension"]):
        own = (items["dimension"] == name).to_numpy()
        scores[name] = _mean(points[:, own], least=int(np.ceil(answered_share * own.sum())))
    return Sheets(rows, items, points, pd.DataFrame(scores, index=rows.index), single, single_points, replaced)


def customer_scores(sheets: Sheets) -> pd.DataFrame:
    """List each customer's scores; columns as in ``CUSTOMER_SCORES``. Never printed: a row is about one customer."""
    keys = sheets.rows[["wave", "customer_id", "answered_on"]]
    named = {OVERALL: sheets.rows["overall"], RECOMMENDATION: sheets.rows["recommendation"], **sheets.scores}
    parts = [keys.assign(measure=name, score=np.asarray(score, dtype=float)) for name, score in named.items()]
    table = pd.concat(parts, ignore_index=True).dropna(subset=["score"])
    if table.empty:
        return empty(CUSTOMER_SCORES)
    return table.sort_values(["wave", "customer_id", "measure"], ignore_index=True)


def of_wave(sheets: Sheets, wave: str) -> Sheets:
    """The sheets of one wave, or of all."""
    return sheets if wave == ALL_WAVES else sheets.where(sheets.rows["wave"] == wave)


def _mean(points: Floats, *, least: int) -> Floats:
    """Mean of the items answered; NaN where fewer than ``least`` were."""
    known = np.isfinite(points).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(known >= max(least, 1), np.nansum(points, axis=1) / np.maximum(known, 1), np.nan)


def _first(asked: pd.DataFrame, role: str) -> int | None:
    places = np.flatnonzero(asked["role"].to_numpy() == role)
    return int(places[0]) if len(places) else None


def _top_two(answers: Floats, asked: pd.DataFrame) -> Floats:
    """Whether one of the two best answers to the (first) overall item was given, if it has more than three."""
    if (place := _first(asked, "overall")) is None:
        return np.full(len(answers), np.nan)
    row, answer = asked.iloc[place], answers[:, place]
    if row["scale_high"] - row["scale_low"] < FEWEST_STEPS - 1:
        return np.full(len(answers), np.nan)  # of yes and no both would be among the two best
    best = answer <= row["scale_low"] + 1 if row["direction"] == "reversed" else answer >= row["scale_high"] - 1
    return np.where(np.isfinite(answer), best.astype(float), np.nan)


def _recommendation(answers: Floats, asked: pd.DataFrame) -> Floats:
    """Answers to the (first) recommendation item, if it is asked from 0 to 10 as the Net Promoter Score wants it."""
    place = _first(asked, "recommendation")
    if place is None or tuple(asked.loc[place, ["scale_low", "scale_high"]]) != RECOMMENDATION_SCALE:
        return np.full(len(answers), np.nan)
    answer = answers[:, place]
    return 10 - answer if asked.loc[place, "direction"] == "reversed" else answer


def _straight_lined(answers: Floats, asked: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether all answers are the same; told only by items that share a scale, of which most were answered."""
    scales = asked[["scale_low", "scale_high"]].drop_duplicates()
    if answers.shape[1] < 3 or len(scales) != 1:
        return np.zeros(len(answers), dtype=bool)
    most = np.isfinite(answers).sum(axis=1) > max(2, answers.shape[1] / 2)
    low = np.where(np.isfinite(answers), answers, np.inf).min(axis=1)
    return most & (low == np.where(np.isfinite(answers), answers, -np.inf).max(axis=1))


def _in_words(names: pd.Series) -> list[str]:
    """Names of dimensions as a reader sees them; one that is called like something else here is marked."""
    taken = {OVERALL, RECOMMENDATION, *CUSTOMER_SCORES.names}
    words = [str(name).replace("_", " ") for name in names]
    return [f"{name} (dimension)" if name in taken else name for name in words]
