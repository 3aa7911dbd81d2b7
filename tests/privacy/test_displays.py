"""A name from data is text wherever it is shown, and stops no page from being published."""

from __future__ import annotations

import re

from customer_patterns.charts.lettering import TITLE_LENGTH, fitting
from customer_patterns.wording import Name, say
from tests.faults.displays import chapter_of
from tests.faults.planted import FORMULAS, LABELS, PAYLOADS, persons


def test_scripts_in_names_are_text_in_every_kind_of_display():
    page = chapter_of(PAYLOADS)
    assert not re.search(r"<(?:script|iframe|object|embed|form|base)\b", page, re.IGNORECASE)
    tags = re.findall(r"<[a-z][^<>]*>", page)
    assert not [tag for tag in tags if re.search(r"\son\w+\s*=|javascript:|evil", re.sub(r'"[^"]*"', "", tag))]
    assert "&lt;script&gt;window.ran=1&lt;/script&gt;" in page


def test_what_is_planted_is_as_much_as_it_says():
    people = persons()
    for field in ("name", "phone", "mail", "resident", "card"):
        assert len({person[field] for person in people}) == 1_000, field
    assert (len(set(PAYLOADS)), len(set(FORMULAS)), len(set(LABELS))) == (32, 13, 22)


def test_a_long_name_is_cut_in_a_title_and_stops_no_chart():
    long = f"product quality {PAYLOADS[-1]} that was never meant to be read"
    title = say("clean.gaps_title", name=Name(long))
    assert len(title) > TITLE_LENGTH
    cut = fitting(title)
    assert TITLE_LENGTH - 8 < len(cut) <= TITLE_LENGTH
    assert cut.startswith("Product quality")
    assert "…" in cut
    short = say("clean.gaps_title", name=Name("milk"))
    assert fitting(short) == short
    assert fitting("x" * 91) == "x" * 91, "our own words are not cut: they are refused"
