"""Answer sheets with one row each: which columns of a file are ratings, who answered, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customer_patterns.sources.draft.guessing import Looks
from customer_patterns.sources.draft.mapped import Mapped, Rating
from customer_patterns.sources.draft.seen import Seen
from customer_patterns.sources.draft.vocabulary import scale_of

#: An answer sheet with one row each has at least so many ratings.
_RATINGS = 4
#: Meanings of a name that a rating may have: who is asked about the price may find "price" above the answers.
_RATED = ("rating", "csat", "answer", "unit_price")
#: A column whose name only holds a key's name is none if it has so few different values in so many records.
_FEW, _MANY = 30, 100


def is_label(looked: Looks) -> bool:
    """Whether a column that might be a key by its name has too few values for one: "customer type", say."""
    return looked.given >= _MANY and looked.different <= _FEW


def answer_sheet(
    seen: Seen, looked: Mapping[str, Looks], meant: Mapping[str, tuple[str, bool] | None]
) -> Mapped | None:
    """A survey with one row per sheet: many columns of whole numbers on one short scale, or words that rate."""
    ratings = [rating for name, found in looked.items() if (rating := _rating(name, found, meant[name])) is not None]
    if len(ratings) < _RATINGS:
        return None
    rated = {rating.column for rating in ratings}
    columns: dict[str, str] = {}
    surest_first = sorted(meant.items(), key=lambda pair: pair[1] is None or not pair[1][1])
    for name, means in surest_first:
        if means is not None and name not in rated:
            column = "answered_at" if means[0] == "moment" else means[0]
            fits = {
                "customer_id": means[1] or not is_label(looked[name]),
                "wave": True,
                "answered_at": looked[name].dates is not None,
            }
            if fits.get(column, False) and column not in columns:
                columns[column] = name
    questions = []
    if "customer_id" not in columns:
        questions.append("who answered? Without a column for it, each sheet is taken for one by a person of its own")
    if any(value is None for rating in ratings for value in seen.columns[rating.column]):
        questions.append("what does an empty rating mean: passed over, not asked, or does not know?")
    constants: dict[str, Any] = {} if "wave" in columns else {"wave": "1"}
    items = {f"item_{place:02d}": rating for place, rating in enumerate(ratings, 1)}
    undated = None if "answered_at" in columns else "answered_at"
    return Mapped("survey_responses", columns, constants, frozenset(columns), items, tuple(questions), undated=undated)


def _rating(name: str, found: Looks, means: tuple[str, bool] | None) -> Rating | None:
    """A column as a rating, if its values can be one and its name says nothing else."""
    if means is not None and means[1] and means[0] not in _RATED:
        return None
    if found.numbers is not None and found.numbers.whole and not found.dates:
        low, high = int(found.numbers.low), int(found.numbers.high)
        if low >= 0 and 3 <= high <= 10 and found.different >= 2:
            top = next(end for end in (5, 7, 10) if high <= end)
            return Rating(name, 0 if top == 10 else 1, top, zero=low == 0 and top < 10)
    if found.words and (scale := scale_of(found.words)) is not None:
        return Rating(name, 1, 5, scale)
    return None
