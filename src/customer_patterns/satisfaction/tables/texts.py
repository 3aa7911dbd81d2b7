"""The tables of how much is written, and with how many stars."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import answers, customers
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

FEEDBACK_COUNTS = TableSchema(
    name="feedback_counts",
    grain="language and number of stars",
    key=("language", "rating"),
    meaning="How much customers wrote, by language and stars. No text is looked at.",
    columns=(
        Column("language", "text", "language of the text", label="Language"),
        Column("rating", "integer", "stars given with it", "Stars", nullable=True, minimum=1, maximum=5),
        answers("texts", "texts", "Texts"),
        customers("customers who wrote them"),
        SUPPRESSED,
    ),
    reads=("feedback",),
)

_TEXTS = Column("texts", "integer", "texts", "Texts", "texts", nullable=True, minimum=0)


def _writers(meaning: str) -> Column:
    return Column("n", "integer", meaning, label="Writers", unit="writers", nullable=True, minimum=0)


STARS = TableSchema(
    name="stars",
    grain="number of stars",
    key=("rating",),
    meaning="How the texts with stars are spread over their number.",
    columns=(
        Column("rating", "integer", "stars given with a text", "Stars", minimum=1, maximum=5),
        _TEXTS,
        *estimate_columns("share_of_texts", "share", "share of all texts with stars", "Texts"),
        _writers("writers who gave so many"),
        Column(
            "writers", "integer", "all who gave stars, on whom the shares rest", "All writers", "writers", minimum=0
        ),
        SUPPRESSED,
    ),
    reads=("feedback",),
)

STAR_MEAN = TableSchema(
    name="star_mean",
    grain="the whole period",
    key=(),
    meaning="The mean number of stars of a text.",
    columns=(
        *estimate_columns("mean_stars", "number", "stars of a text on average", "Stars on average", "stars"),
        _writers("writers who gave stars"),
        _TEXTS,
    ),
    reads=("feedback",),
)

FEEDBACK_MONTHS = TableSchema(
    name="feedback_months",
    grain="month",
    key=("month",),
    meaning="How much is written, and with how many stars, month by month.",
    columns=(
        Column("month", "date", "first day of the month, local", label="Month", unit="month"),
        Column("complete", "boolean", "whether the whole month lies in the study"),
        _TEXTS,
        *estimate_columns("mean_stars", "number", "stars of a text on average", "Stars on average", "stars"),
        _writers("writers of the month"),
        SUPPRESSED,
    ),
    reads=("feedback",),
)

#: The tables by name.
TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        FEEDBACK_COUNTS,
        STARS,
        STAR_MEAN,
        FEEDBACK_MONTHS,
    )
}
