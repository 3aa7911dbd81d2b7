"""What is shown, in every language at once: a run speaks one, and its pages are published in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from customer_patterns.charts import ChartError
from customer_patterns.study import Study
from customer_patterns.wording import Nouns, Voice, WordingError, current_voice, speaking
from customer_patterns.wording.locales import LOCALES

Shown = TypeVar("Shown")


@dataclass(frozen=True)
class InOtherLanguages(Generic[Shown]):
    """What a cell shows, in each language but the run's; where that failed, why.

    A language that cannot be spoken yet does not stop an analyst's notebook: publishing names what is missing.
    """

    language: str
    made: dict[str, Shown] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def metadata(self) -> dict[str, Any]:
        """Return the entries of an output's metadata."""
        return {"language": self.language, "languages": dict(self.made), "faults": dict(self.faults)}


def in_other_languages(make: Callable[[], Shown]) -> InOtherLanguages[Shown]:
    """Make the same in every other language; ``make`` is called once in each, with its voice."""
    shown: InOtherLanguages[Shown] = InOtherLanguages(current_voice().language)
    for language in LOCALES:
        if language != shown.language:
            try:
                with speaking(language=language):
                    shown.made[language] = make()
            except (WordingError, ChartError) as error:
                shown.faults[language] = str(error)
    return shown


def study_voice(
    study: Study,
    language: str = "en",
    *,
    simulated_tables: frozenset[str] = frozenset(),
    headings: Mapping[tuple[str, str], str] | None = None,
) -> Voice:
    """Return the voice that says what a study calls customers and money, in each language.

    Parameters
    ----------
    study, language
        Who speaks, and in which language.
    simulated_tables
        The tables that rest on simulated deliveries.
    headings
        The heads of a stage's columns, by table and column.
    """
    nouns = {}
    if study.zh is not None and study.zh.customer is not None:
        chinese = study.zh.customer
        nouns["zh"] = Nouns(chinese.one, chinese.many, chinese.counted)
    voice = Voice(
        currency=study.currency,
        customer=study.customer,
        customers=study.customers,
        simulated=study.simulated,
        simulated_tables=simulated_tables,
        nouns=nouns,
        headings=headings or {},
    )
    return voice.in_language(language)
