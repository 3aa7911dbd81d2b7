"""The door to sections that need tables: what it says, and what a page makes of it."""

from __future__ import annotations

import nbformat
import pandas as pd
import pytest

from customer_patterns.reporting import show
from customer_patterns.reporting.chapter import arrange
from customer_patterns.reporting.needed import Needed
from customer_patterns.wording import paragraph, speaking

PURCHASES = Needed(("order_lines",), undelivered=("order_lines",))


def test_a_closed_door_names_the_table_in_both_languages() -> None:
    shown = PURCHASES.said()
    assert repr(shown).startswith("No purchases were delivered")
    assert "table order_lines" in repr(shown)
    assert 'data-missing="order_lines"' in shown.html
    with speaking(language="zh"):
        assert "order_lines" in repr(PURCHASES.said())
        assert repr(PURCHASES.said()).endswith("。")


def test_an_open_door_says_that_data_do_not_suffice() -> None:
    door = Needed(("order_lines",))
    assert door
    assert repr(door.said()).startswith("Too few")
    assert "data-missing" not in door.said().html
    assert door.otherwise("summary.no_purchases") is None


def test_two_missing_tables_are_both_named_and_one_that_holds_nothing_is_called_so() -> None:
    both = Needed(("order_lines", "products"), undelivered=("order_lines", "products"))
    assert "Neither purchases nor product descriptions" in repr(both.said())
    emptied = Needed(("order_lines",), exhausted=("order_lines",))
    assert repr(emptied.said()).startswith("None of the purchases that were delivered")


def test_a_closed_door_lets_no_row_through() -> None:
    zeros = pd.DataFrame({"orders_before": [0.0, 0.0]})
    assert PURCHASES.through(zeros).empty
    assert Needed(("order_lines",)).through(zeros) is zeros


def test_a_paragraph_ends_once() -> None:
    assert paragraph("Why?") == "Why?"
    assert paragraph("A sentence") == paragraph("A sentence.") == "A sentence."
    assert paragraph("He says “no.”") == "He says “no.”"
    with speaking(language="zh"):
        assert paragraph("一句话") == paragraph("一句话。") == "一句话。"


def cell_of(display: show.Display | str, source: str = "1") -> nbformat.NotebookNode:
    data, metadata = display._repr_mimebundle_() if isinstance(display, show.Display) else ({"text/html": display}, {})
    output = nbformat.v4.new_output("execute_result", data, execution_count=1, metadata=metadata)
    return nbformat.v4.new_code_cell(source, outputs=[output])


@pytest.fixture
def page() -> object:
    words = nbformat.v4.new_markdown_cell
    limits = words("- Purchases are not all.", metadata={"tags": ["needs-order_lines"]})
    cells = [
        words("# What customers do\n\n**Question.** What?"),
        words("## How often?\n\nA rhythm is a median."),
        cell_of(PURCHASES.said()),
        cell_of(PURCHASES.said()),
        words("## Who brings the revenue?"),
        cell_of(PURCHASES.said()),
        words("## When do they visit?"),
        cell_of("<p>something</p>"),
        words("## Limits"),
        limits,
    ]
    return arrange(nbformat.v4.new_notebook(cells=cells))


def test_questions_that_stay_open_are_gathered_under_their_reason(page: object) -> None:
    assert [section.title for section in page.sections] == ["What these data leave open", "When do they visit?"]
    (entry,) = page.sections[0].entries
    assert entry["html"].count("No purchases were delivered") == 1
    assert entry["html"].count("<li>") == 2
    assert "median" not in entry["html"]  # how it would have been done is left out


def test_what_a_section_has_said_is_not_said_again_and_sections_that_say_no_more_are_gathered() -> None:
    words, few = nbformat.v4.new_markdown_cell, Needed(("order_lines",)).said()
    cells = [
        words("# What customers do\n\n**Question.** What?"),
        words("## Are there groups?"),
        cell_of(few),
        cell_of(few),
        words("## What tells them apart?"),
        cell_of(few),
        words("## How large are they?"),
        cell_of(few),
        cell_of("<p>something</p>"),
    ]
    page = arrange(nbformat.v4.new_notebook(cells=cells))
    shown = {section.title: "".join(entry["html"] for entry in section.entries) for section in page.sections}
    assert list(shown) == ["Are there groups?", "What these data leave open", "How large are they?"]
    assert [html.count("Too few") for html in shown.values()] == [1, 1, 1]
    assert "<li>What tells them apart?</li>" in shown["What these data leave open"]


def test_limits_of_what_is_not_there_are_left_out(page: object) -> None:
    assert "Limits" not in [section.title for section in page.sections]
