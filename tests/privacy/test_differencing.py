"""What can be worked out of a table is found; what the rooms blank cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from customer_patterns.features.cells import SMALLEST_CELL, suppress
from customer_patterns.privacy.differencing import (
    Contributions,
    contributions,
    contributions_of,
    dominated,
    recoverable,
)
from customer_patterns.privacy.published import SMALLEST, said_of_few, small_cells
from customer_patterns.segments.agreement import protect

TABLES = arrays(np.int64, st.tuples(st.integers(2, 6), st.integers(2, 5)), elements=st.integers(0, 40))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(TABLES)
def test_no_cell_of_few_can_be_worked_out_of_a_protected_cross_table(counts):
    # (whose totals are of few themselves, and could not be shown)
    assume((counts.sum(axis=0) >= SMALLEST_CELL).all() and (counts.sum(axis=1) >= SMALLEST_CELL).all())
    why = protect(counts)
    few = (counts > 0) & (counts < SMALLEST_CELL)
    hidden = why != "no"
    assert hidden[few].all()
    assert hidden.all() or not (recoverable(counts, hidden) & few).any()


def test_a_broken_twin_that_hides_only_cells_of_few_gives_them_back():
    counts = np.array([[3, 20, 30], [40, 50, 60]])
    hidden = (counts > 0) & (counts < SMALLEST_CELL)
    assert recoverable(counts, hidden)[0, 0]
    assert not recoverable(counts, protect(counts) != "no").any()


def test_a_lonely_group_is_hidden_with_a_cell_without_anybody():
    counts = np.array([[0, 7, 0], [20, 30, 40], [15, 22, 0]])
    hidden = protect(counts) != "no"
    assert hidden[0, 1]
    assert hidden[0].sum() >= 2, "or it would be the row's total"
    assert not recoverable(counts, hidden)[0, 1]


@given(arrays(np.float64, (6, 3), elements=st.floats(0, 1_000)))
def test_the_p_percent_rule_is_what_the_book_says(amounts):
    for column, found in zip(amounts.T, dominated(amounts), strict=True):
        first, second = sorted(column)[::-1][:2]
        assert found == (first > 0 and column.sum() - first - second < 0.1 * first - 1e-12) or np.isclose(
            column.sum() - first - second, 0.1 * first
        )


def test_who_has_nearly_all_of_a_sum_is_not_shown_by_it():
    assert dominated(np.array([[5_000.0], [20.0], [30.0], *[[10.0]] * 9])).tolist() == [True]
    assert dominated(np.array([[50.0], [20.0], [30.0], *[[10.0]] * 9])).tolist() == [False]
    assert dominated(np.zeros((5, 2))).tolist() == [False, False]


def test_one_number_for_the_smallest_cell():
    assert SMALLEST == SMALLEST_CELL


PAGE = """<figure class="table"><figcaption>Shoppers by kind</figcaption><table><thead><tr><th>Kind</th>
<th>Households</th><th>Spend per household</th></tr></thead><tbody>
<tr><th>weekly</th><td class="num">{a}</td><td>4</td></tr>
<tr><th>daily</th><td>{b}</td><td>5</td></tr><tr><th>All</th><td>40</td><td>5</td></tr></tbody></table></figure>
<img alt="{alt}"><p>Then {said}.</p>"""


@pytest.mark.parametrize(
    ("a", "b", "alt", "said", "faults"),
    [
        ("20", "20", "Households by kind", "12 households came", 0),
        ("31", "9", "Households by kind", "none", 1),
        ("35", "–", "Households by kind", "none", 1),  # 40 in all: 5
        ("20", "–", "Households by kind", "none", 0),
        ("20", "20", "3 households came daily", "none", 1),
        ("20", "20", "Households by kind", "only 1 household was left, of 40 households", 1),
    ],
)
def test_what_a_page_says_of_few_is_found_wherever_it_stands(a, b, alt, said, faults):
    html = PAGE.format(a=a, b=b, alt=alt, said=said)
    found = small_cells(html, page="x.html", customers=("household", "households"))
    assert len(found) == faults, [str(one) for one in found]


def test_numbers_that_are_no_counts_are_left_alone():
    nouns = ("household", "households")
    for text in ("2.3 households", "12 households", "1,003 households", "per 5 households-years", "10 households"):
        assert said_of_few(text, nouns) == ([] if "per" not in text else said_of_few(text, nouns))


def test_a_sum_that_one_customer_dominates_is_blanked_with_another():
    import pandas as pd

    frame = pd.DataFrame({"n": [40, 30, 25], "revenue": [5_000.0, 1_000.0, 900.0]})
    spent = Contributions(*map(np.array, ([4_900.0, 60.0, 50.0], [20.0, 50.0, 50.0], [5_000.0, 1_000.0, 900.0])))
    shown = suppress(frame, ["revenue"], sums=spent)
    assert shown["suppressed"].tolist() == ["too few", "no", "to protect another"]
    assert shown["revenue"].isna().tolist() == [True, False, True]


def test_what_is_blank_together_gives_nobody_away_either():
    import pandas as pd

    # 4,900 of the first row's 5,000 are one customer's; with the third row's 40 that is still nearly all.
    frame = pd.DataFrame({"n": [40, 30, 25], "revenue": [5_000.0, 1_000.0, 40.0]})
    spent = Contributions(*map(np.array, ([4_900.0, 60.0, 3.0], [20.0, 50.0, 3.0], [5_000.0, 1_000.0, 40.0])))
    assert spent.together(np.array([True, False, True]))
    assert not spent.together(np.array([True, True, False]))
    assert suppress(frame, ["revenue"], sums=spent)["revenue"].isna().all()


def test_a_broken_twin_that_blanks_the_dominated_row_alone_gives_it_back_by_the_total():
    import pandas as pd

    frame = pd.DataFrame({"n": [40, 30, 25], "revenue": [5_000.0, 1_000.0, 900.0]})
    twin = frame["revenue"].where(~np.array([True, False, False]))
    assert frame["revenue"].sum() - twin.sum() == 5_000.0
    spent = Contributions(*map(np.array, ([4_900.0, 60.0, 50.0], [20.0, 50.0, 50.0], [5_000.0, 1_000.0, 900.0])))
    found = suppress(frame, ["revenue"], sums=spent)["revenue"]
    rest = frame["revenue"].sum() - found.sum()
    assert found.isna().sum() == 2
    assert rest - 4_900 - 60 >= 0.1 * 4_900


@given(arrays(np.float64, (7, 4), elements=st.floats(-1_000, 1_000)))
def test_contributions_of_groups_are_those_of_a_table_with_one_amount_a_customer(amounts):
    who = np.arange(len(amounts)) % 4
    one_each = np.where(np.arange(4) == who[:, None], amounts, 0.0)
    by_table = contributions(one_each)
    by_group = contributions_of(one_each.sum(axis=1), who, range(4))
    for one, other in zip(by_table, by_group, strict=True):
        assert one == pytest.approx(other)
    sizes = np.sort(np.abs(one_each), axis=0)
    assert by_table.first == pytest.approx(sizes[-1])
    assert by_table.second == pytest.approx(sizes[-2])
