"""Of segments that are not found again the chapter says so, and of others nothing."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from customer_patterns.segments import Figures
from customer_patterns.segments.clusters.tables import DISSOLVED, DOUBTFUL, STABLE


def figures(*readings: str) -> Figures:
    told = Figures(date(2017, 1, 1), date(2017, 12, 31))
    told.read(segment_stability=pd.DataFrame({"segment": list("abcdefg")[: len(readings)], "reading": readings}))
    return told


def test_segments_that_are_doubtful_or_fall_apart_are_counted() -> None:
    said = figures(DOUBTFUL, STABLE, DISSOLVED).say("segments.doubtful")
    assert said.startswith("Of the 3 segments, 2 may not be relied on")


@pytest.mark.parametrize("readings", [(STABLE, STABLE), ()])
def test_where_all_are_found_again_nothing_is_said(readings: tuple[str, ...]) -> None:
    assert not figures(*readings).suffice("segments.doubtful")
