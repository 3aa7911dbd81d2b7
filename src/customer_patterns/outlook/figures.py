"""The figures that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from customer_patterns import wording
from customer_patterns.outlook import churn, forecast, intention, leads, trend, value

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it. Six are shown first.
#: What a director acts on comes first, one sentence of each question.
_FIRST = (
    "outlook.worth",
    "outlook.leaving",
    "outlook.churn_better",
    "outlook.churn_as_good",
    "outlook.forecast",
    "outlook.forecast_naive",
    "outlook.changed",
    "outlook.changed_for",
    "outlook.alerts",
    "outlook.leads",
)

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it.
FINDINGS: tuple[tuple[str, str, str, str | None], ...] = tuple(
    sorted(
        (
            *value.figures.FINDINGS,
            *churn.figures.FINDINGS,
            *intention.figures.FINDINGS,
            *forecast.figures.FINDINGS,
            *trend.figures.FINDINGS,
            *leads.figures.FINDINGS,
        ),
        key=lambda row: _FIRST.index(row[0]) if row[0] in _FIRST else len(_FIRST),
    )
)


class Figures(wording.Figures):
    """The figures of the outlook chapter. Where several rows could be meant (the largest), the first is."""


Figures.readers = {
    **value.figures.READERS,
    **churn.figures.READERS,
    **intention.figures.READERS,
    **forecast.figures.READERS,
    **trend.figures.READERS,
    **leads.figures.READERS,
}
