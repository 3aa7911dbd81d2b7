"""What a drafted study file says of answer sheets: how they are taken apart, and what each rating asks."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from customer_patterns.sources.draft.forms import Form
from customer_patterns.sources.draft.mapped import Mapped, Rating
from customer_patterns.sources.draft.vocabulary import plain
from customer_patterns.sources.draft.writing import Page, scalar
from customer_patterns.study import output_root
from customer_patterns.study.templates import proposed_dimensions

_OVERALL = re.compile(r"overall|总体|总评|整体|gesamt|global", re.IGNORECASE)
#: Names of a single rating that sums up all others.
_SUMS_UP = ("satisfaction", "customer satisfaction", "满意度", "zufriedenheit", "kundenzufriedenheit", "satisfaccion")
_RECOMMEND = re.compile(r"recommend|推荐|nps|weiterempf|recomend", re.IGNORECASE)


def rated(mapped: Mapped) -> tuple[str, ...]:
    """Return the delivered columns that are ratings."""
    return tuple(rating.column for rating in mapped.items.values())


def put_wide(page: Page, form: Form, mapped: Mapped) -> None:
    """Write which columns of a sheet are ratings, and how they say that there is none."""
    page.put("wide", depth=4)
    page.put("items", depth=5)
    for item, rating in mapped.items.items():
        said = _said_of(rating)
        note = "guess: 0 where it did not apply" if rating.zero else "guess"
        page.put(item, {"column": rating.column, **said} if said else rating.column, 6, note if said else "")
    if any(value is None for column in rated(mapped) for value in form.seen.columns[column]):
        page.put("refused", [""], 5, "guess")


def _said_of(rating: Rating) -> dict[str, Any]:
    words = {"answers": rating.words} if rating.words else {}
    return {**words, "not_asked": ["0"]} if rating.zero else words


def put_items(page: Page, mapped: Mapped, study: str, language: str) -> None:
    """Write down what the columns of an answer sheet ask, as a small table that a person completes."""
    target = output_root() / "data" / "raw" / study / "survey_items.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    table = io.StringIO()
    wording = "wording_zh" if language == "zh" else "wording_en"
    fields = ("item_id", "role", "dimension", wording, "scale_low", "scale_high", "direction")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(fields)
    overall = _overall(mapped)
    for item, rating in mapped.items.items():
        role = "recommendation" if _RECOMMEND.search(rating.column) and rating.high == 10 else "dimension"
        role = "overall" if item in overall else role
        about = rating.column if role == "dimension" else ""
        writer.writerow((item, role, about, rating.column, rating.low, rating.high, "positive"))
    target.write_text(table.getvalue(), encoding="utf-8")
    page.say(
        "answer: what each rating asks stands in survey_items.csv; give ratings on one subject the same dimension", 3
    )
    for dimension, ratings in proposed_dimensions(rating.column for rating in mapped.items.values()).items():
        page.say(f"guess: {', '.join(map(scalar, ratings))} could be a template's '{dimension}' (survey: templates)", 3)
    page.put("survey_items", depth=3)
    page.put("reader", "csv", 4)
    page.put("location", target.relative_to(output_root()).as_posix(), 4)
    page.put("columns", {name: name for name in fields}, 4)


def _overall(mapped: Mapped) -> tuple[str, ...]:
    """The ratings of everything together: called so, or called satisfaction and nothing else."""
    ratings = mapped.items.items()
    named = tuple(item for item, rating in ratings if _OVERALL.search(rating.column))
    return named or tuple(item for item, rating in ratings if plain(rating.column) in _SUMS_UP)[:1]
