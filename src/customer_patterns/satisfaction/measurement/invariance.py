"""Do the items mean the same to all groups? Only then may the groups' scores be compared."""

from __future__ import annotations

from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.measurement.answers import FEWEST_ITEMS, items_of, whole_sheets
from customer_patterns.satisfaction.measurement.fitting import Seen, see, worse
from customer_patterns.satisfaction.measurement.one_factor import STEPS, Step, fit_step
from customer_patterns.satisfaction.measurement.ordinal import ordinal_statistics
from customer_patterns.satisfaction.measurement.tables import (
    COMPARABLE,
    FEW_ANSWERS,
    FEW_ITEMS,
    FEW_STEPS,
    INVARIANCE,
    LANGUAGES,
    NOT_COMPARABLE,
    NOT_TESTABLE,
    ONE_GROUP,
    PARTLY,
    TIERS,
    VALUE_LEVELS,
    WAVES,
)
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.schemas.canonical import UNKNOWN

#: What a grouping of customers is called in the table.
GROUPING_OF = {"value_level": VALUE_LEVELS, "tier": TIERS}
#: A step may cost so much comparative fit (Cheung and Rensvold 2002, Structural Equation Modeling 9, 233–255).
MOST_LOST_FIT = 0.01
#: … or more, if so much is lost by chance more often than this.
LEVEL = 0.01
#: So many items must be measured alike in all groups for the others' freedom not to matter.
FEWEST_ANCHORS = 2
#: Two thresholds tell nothing of a third; with a single one not even the spread can be told.
_FEWEST_ANSWERS = 3


_KINDS = {"groups": "Int64", "n": "Int64", "smallest": "Int64"} | dict.fromkeys(("step", "reason"), "object")


class Searched(NamedTuple):
    """What was found of a dimension: the steps with the released items, and which these are."""

    steps: list[Step]
    released: tuple[int, ...]
    failed: str | None
    p: float


def invariance(
    sheets: Sheets,
    customer_segments: pd.DataFrame,
    *,
    grouping: str = "value_level",
    min_group: int = 100,
    languages: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Test whether each dimension is measured alike in all waves, in all segments, and in all languages.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns.
    customer_segments
        One row per customer: ``customer_id`` and the grouping. Customers without a row are in no segment.
    grouping
        ``"value_level"`` or ``"tier"``.
    min_group
        Groups with fewer whole sheets are left out; with fewer than two groups left nothing can be tested.
    languages
        What :func:`sheet_languages` returns; without it nothing is said of languages. Sheets without one are in none.

    Returns
    -------
    DataFrame
        One row per dimension and grouping, in the survey's order; columns as in ``INVARIANCE``.

    Notes
    -----
    Thresholds, loadings and intercepts are held the same in turn (Wu and Estabrook 2016, Psychometrika 81, 1014–1045).
    A step fails if the comparative fit falls by more than .01 and by more than chance would let it. Items are then
    released one by one, each time the one whose release helps most, until no step fails (Byrne, Shavelson and Muthén
    1989, Psychological Bulletin 105, 456–466); these are the items that break the comparison. At least two items must
    remain.
    """
    of = customer_segments[["customer_id", grouping]].drop_duplicates("customer_id")
    segment = sheets.rows[["customer_id"]].merge(of, "left", "customer_id")[grouping]
    labels = {WAVES: sheets.rows["wave"], GROUPING_OF[grouping]: segment}
    if languages is not None:
        labels[LANGUAGES] = sheets.rows[["wave", "customer_id"]].merge(languages, "left")["language"]
    rows = [
        _row(sheets, dimension, name, own.to_numpy(dtype=object), min_group)
        for dimension in sheets.dimensions
        for name, own in labels.items()
    ]
    return pd.DataFrame(rows, columns=INVARIANCE.names).astype(_KINDS) if rows else empty(INVARIANCE)


def _row(sheets: Sheets, dimension: str, grouping: str, labels: NDArray, min_group: int) -> dict[str, object]:
    places = items_of(sheets, dimension)
    row = {"dimension": dimension, "grouping": grouping, "groups": 0, "n": 0, "smallest": None}
    nothing = {"lost_fit": np.nan, "p_value": np.nan, "step": None, "items": "", "reason": None}
    if len(places) < FEWEST_ITEMS:
        return row | nothing | {"verdict": NOT_TESTABLE, "reason": FEW_ITEMS}
    codes, sizes, whole = whole_sheets(sheets, places)
    if min(sizes, default=0) < _FEWEST_ANSWERS:
        return row | nothing | {"verdict": NOT_TESTABLE, "reason": FEW_STEPS}
    own, customers = pd.Series(labels[whole]), sheets.rows["customer_id"].to_numpy()[whole]
    counts = own.value_counts()
    kept = sorted(counts.index[counts >= min_group], key=str)
    row |= {"groups": len(kept), "n": int(counts[kept].sum()), "smallest": int(counts[kept].min()) if kept else None}
    if len(kept) < 2:
        return row | nothing | {"verdict": NOT_TESTABLE, "reason": ONE_GROUP if len(counts) < 2 else FEW_ANSWERS}
    inside = [(own == name).to_numpy() for name in kept]
    seen = see([ordinal_statistics(codes[part], sizes, customers[part]) for part in inside])
    found = search(seen)
    names = sheets.items["item_id"].to_numpy()[places]
    lost = found.steps[0].cfi - found.steps[-1].cfi
    freed = PARTLY if found.released else COMPARABLE
    return row | {
        "lost_fit": lost,
        "p_value": found.p,
        "step": found.failed,
        "items": ", ".join(str(names[item]) for item in found.released),
        "verdict": freed if found.failed is None else NOT_COMPARABLE,
        "reason": None,
    }


def sheet_languages(survey_sheets: ir.Table) -> pd.DataFrame | None:
    """Say in which language each answer sheet was filled in.

    Parameters
    ----------
    survey_sheets
        One row per sheet: ``wave``, ``customer_id`` and, if the study has it, ``language``.

    Returns
    -------
    DataFrame
        One row per sheet whose language is known, by wave and customer: ``wave``, ``customer_id``, ``language``;
        ``None`` where no language was delivered.
    """
    if "language" not in survey_sheets.columns:
        return None
    known = survey_sheets.filter(survey_sheets.language.notnull(), survey_sheets.language != UNKNOWN)
    found = known.group_by("wave", "customer_id").aggregate(language=known.language.min())
    table = found.order_by("wave", "customer_id").to_pandas()
    return table.astype({"wave": "str", "customer_id": "str"}) if len(table) else None


def say_where_incomparable(scores: pd.DataFrame, found: pd.DataFrame, *, grouping: str) -> pd.DataFrame:
    """Take back the comparisons of scores whose items are not read alike.

    Parameters
    ----------
    scores
        One row per segment and score: ``grouping`` (a column of customers' segments), ``score_name``, ``difference``,
        ``p_value``, ``adjusted_p``, ``verdict``.
    found
        What :func:`invariance` returns.
    grouping
        Which of ``scores``' groupings was tested.

    Returns
    -------
    DataFrame
        The same rows; where the dimension is not comparable between these groups the verdict says so, and difference
        and p-values are missing.
    """
    bad = found.loc[(found["verdict"] == NOT_COMPARABLE) & (found["grouping"] == GROUPING_OF[grouping]), "dimension"]
    taken_back = (scores["grouping"] == grouping) & scores["score_name"].isin(bad)
    blank = {name: scores[name].mask(taken_back) for name in ("difference", "p_value", "adjusted_p") if name in scores}
    return scores.assign(**blank, verdict=scores["verdict"].mask(taken_back, NOT_COMPARABLE))


def search(seen: Seen) -> Searched:
    """Hold one part after the other the same, and release the items that forbid it.

    Parameters
    ----------
    seen
        Statistics of two groups or more.

    Returns
    -------
    Searched
        ``failed`` is the step that still fails when too few items are left to release, else ``None``; ``p`` is that of
        the first step that failed, of the worst step where none did.
    """
    items = len(seen.groups[0].thresholds)
    released: tuple[int, ...] = ()
    first_p: float | None = None
    while True:
        steps, failed, p = _climb(seen, released)
        first_p = p if first_p is None else first_p
        if failed is None or items - len(released) <= FEWEST_ANCHORS:
            return Searched(steps, released, failed, first_p)
        others = [(*released, item) for item in range(items) if item not in released]
        fits = [fit_step(seen, failed, tuple(sorted(those))).fit for those in others]
        best = int(np.argmin([fit.distance / max(fit.df, 1) for fit in fits]))
        released = tuple(sorted(others[best]))


def _climb(seen: Seen, released: tuple[int, ...]) -> tuple[list[Step], str | None, float]:
    """Fit step after step until one fails."""
    steps, least = [fit_step(seen, STEPS[0], released)], 1.0
    for held in STEPS[1:]:
        steps.append(fit_step(seen, held, released))
        p = worse(seen, steps[-1].fit, steps[-2].fit)
        least = min(least, p)
        if steps[-2].cfi - steps[-1].cfi > MOST_LOST_FIT and p < LEVEL:
            return steps, held, p
    return steps, None, least
