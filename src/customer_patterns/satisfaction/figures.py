"""The figures that the chapter's sentences speak of, taken from its tables, and its findings in their order."""

from __future__ import annotations

from contextlib import suppress

from customer_patterns import wording
from customer_patterns.charts.lettering import TITLE_LENGTH, columns_of
from customer_patterns.satisfaction import (
    handling,
    listening,
    measurement,
    products,
    proxy,
    readers,
    standard,
    text,
    together,
    weighting,
)
from customer_patterns.study import LANGUAGES
from customer_patterns.wording import SENTENCES, Sentence, Untranslated, say, speaking

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it. Of two sentences about the
#: same, the first that can be said is.
FINDINGS = (
    (("satisfaction.nps", "satisfaction.nps_asked", "satisfaction.nps_alone"), "description", "nps", "nps"),
    (("satisfaction.weighted",), "description", "score_versions", "versions"),
    (("satisfaction.drivers", "satisfaction.drivers_alike"), "association", "drivers", "drivers"),
    (("satisfaction.segments", "satisfaction.segments_alike"), "description", "segment_scores", "segments"),
    (("satisfaction.said_and_done",), "time-ordered", "said_and_done", "said-and-done"),
    (("satisfaction.moved", "satisfaction.unmoved"), "description", "control_chart", "control"),
    (("satisfaction.must_be",), "association", "penalties_and_rewards", "penalties"),
    *measurement.FINDINGS,
    (("satisfaction.waits",), "description", "response_times", "waits"),
    (("satisfaction.complaints", "satisfaction.complaints_steady"), "description", "complaint_topics", "complaints"),
    (("satisfaction.stars",), "description", "star_mean", "stars"),
    *text.FINDINGS,
    *listening.FINDINGS,
    *together.FINDINGS,
    *proxy.FINDINGS,
    *products.FINDINGS,
    *handling.FINDINGS,
)


#: In place of the first where nobody was asked whether they would recommend: how content they are, and with what.
INSTEAD_OF_A_SCORE = (
    (("satisfaction.content",), "description", "csat", None),
    (("satisfaction.overall",), "description", "dimension_scores", "dimensions"),
    (("satisfaction.dimensions",), "description", "dimension_scores", "dimensions"),
)


class Figures(wording.Figures):
    """The figures of the satisfaction chapter."""

    def say(self, key: str) -> Sentence:
        """Say a sentence; a title that names long dimensions and has no room for them gives way to its twin."""
        said = super().say(key)
        if key.endswith("_title") and f"{key}_otherwise" in SENTENCES and not _fits(said):
            return say(f"{key}_otherwise", **self.fill(f"{key}_otherwise"))
        return said


def _fits(title: Sentence) -> bool:
    """Whether a title has room above a chart, in every language."""
    for language in LANGUAGES:
        with speaking(language=language), suppress(Untranslated):  # which is said where the chart is drawn
            if columns_of(str(title.again())) > TITLE_LENGTH:
                return False
    return True


def findings_that_suffice(figures: Figures) -> list[tuple[str, str, str, str | None]]:
    """The findings that can be said: key, grade, table, figure."""
    said = []
    scored = any(figures.suffice(key) for key in FINDINGS[0][0])
    for keys, *rest in FINDINGS if scored else (*INSTEAD_OF_A_SCORE, *FINDINGS[1:]):
        if key := next((key for key in keys if figures.suffice(key)), None):
            said.append((key, *rest))
    return said


Figures.readers = {
    name: reader
    for part in (
        readers,
        measurement,
        text,
        listening,
        together,
        proxy,
        products,
        handling,
        standard,
        weighting,
    )
    for name, reader in part.READERS.items()
}
