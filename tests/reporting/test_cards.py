"""Cards: each figure with its interval and n, in both languages, nothing typed."""

from __future__ import annotations

import pandas as pd
import pytest

from customer_patterns.reporting import cards
from customer_patterns.segments import TABLES
from customer_patterns.wording import Told, Voice, say, set_voice

SCHEMA, BESIDE = TABLES["portraits"], TABLES["portraits_beside"]
CAPTION = "At a glance"


@pytest.fixture(autouse=True)
def _voice() -> None:
    set_voice(
        Voice(currency="USD", customer="household", customers="households", simulated_tables=frozenset({BESIDE.name}))
    )


def lines(group: str, *rows: tuple) -> pd.DataFrame:
    columns = ["topic", "measure", "n", "unit", "figure", "figure_low", "figure_high", "elsewhere"]
    return pd.DataFrame(rows, columns=columns).assign(group=group).astype({"n": "Int64"})


SIZE = ("size", "customers", 120, "share", 0.2, 0.18, 0.22, None)
VALUE = ("value", "revenue a month", 120, "currency", 210.0, 190.0, 230.0, None)
TAG = ("tags", "coupon_user", 115, "share", 0.41, 0.36, 0.46, 0.23)
CALLED = {"tags": {"coupon_user": Told({"en": "redeems <coupons>", "zh": "核销优惠券"})}}


def test_a_card_shows_each_figure_with_its_interval_and_the_group_with_its_n() -> None:
    shown = cards([(lines("Frequent visits", SIZE, VALUE, TAG), SCHEMA)], caption=CAPTION, called=CALLED)
    plain = repr(shown)
    assert "Frequent visits: 120 households" in plain
    assert "Revenue a month: $210 ($190–230)" in plain
    assert "41\u202f% (36–46\u202f%), others 23\u202f%" in plain
    assert "Redeems &lt;coupons&gt;" in shown.html
    assert shown.html.count("<li>") == 1


def test_lines_from_simulated_tables_say_so_and_others_do_not() -> None:
    shown = cards([(lines("A", SIZE), SCHEMA), (lines("A", TAG), BESIDE)], caption=CAPTION, called=CALLED)
    assert shown.html.count("simulated") == 1
    assert "Simulated data" in repr(shown).splitlines()[-1]


def test_a_blank_group_is_named_and_told_nothing_of() -> None:
    blank = ("size", "customers", None, "share", None, None, None, None)
    shown = cards([(lines("Few", blank), SCHEMA)], caption=CAPTION)
    assert "Too few households" in repr(shown)
    assert "<dl>" not in shown.html


def test_a_line_without_an_interval_is_not_shown() -> None:
    shown = cards([(lines("A", SIZE, (*VALUE[:5], None, None, None)), SCHEMA)], caption=CAPTION)
    assert "Revenue" not in repr(shown)


def test_cards_can_be_folded() -> None:
    shown = cards([(lines("A", SIZE), SCHEMA)], caption=CAPTION, folded=True)
    assert "<details" in shown.html
    assert shown.html.index("At a glance") < shown.html.index("<ul")


def test_typed_digits_and_catalogs_of_cards_are_refused() -> None:
    with pytest.raises(ValueError, match="typed digit"):
        cards([(lines("A", SIZE), SCHEMA)], caption="All 5 segments")
    many = pd.concat([lines(f"group {chr(65 + n)}", SIZE) for n in range(25)])
    with pytest.raises(ValueError, match="too many"):
        cards([(many, SCHEMA)], caption=CAPTION)


def test_a_card_speaks_chinese() -> None:
    caption = say("segments.portraits")
    shown = cards([(lines("Champions", SIZE, VALUE, TAG), SCHEMA)], caption=caption, called=CALLED)
    assert not shown._others.faults
    assert "核销优惠券" in shown._others.made["zh"]
