"""Journeys over all touch points: by hand, against a plain walk through the rows, and against a twin that forgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_patterns.behavior import journeys
from customer_patterns.behavior.journeys.figures import standing_out
from customer_patterns.behavior.journeys.tables import NOTHING, ORDERS, OTHER_PATHS, TOUCHES

TOUCH = pa.schema([("who", pa.string()), ("at", pa.timestamp("us")), ("touch", pa.string()), ("place", pa.int64())])
UTC = {"last_day": date(2017, 12, 31), "time_zone": "UTC"}
#: So many persons do the same, that no cell is too small to be shown.
SAME = 12

#: day of the year, touch
Line = list[tuple[float, str]]


def rows(*lines: Line, same: int = SAME) -> list[dict]:
    """Touches of so many persons per line; days are counted from 1 January, 0."""
    return [
        {
            "who": f"p{number}-{copy}",
            "at": datetime(2017, 1, 1) + timedelta(days=day),
            "touch": touch,
            "place": TOUCHES.index(touch),
        }
        for number, line in enumerate(lines)
        for copy in range(same)
        for day, touch in line
    ]


def matrix(touches: ir.Table, pause: int = 7) -> pd.DataFrame:
    return journeys.touch_transitions(touches, pause_days=pause, **UTC)


def cut(touches: ir.Table, pause: int = 7, first: date = date(2017, 1, 1)) -> ir.Table:
    return journeys.find_journeys(touches, pause_days=pause, first_day=first, **UTC)


def test_the_matrix_by_hand(table: Callable[..., ir.Table]) -> None:
    # A visit, an order two days later, nothing for a month; another visit on the year's last day but one.
    found = matrix(
        table(rows([(100, "web visit"), (102, "store order"), (140, "web visit"), (363.5, "web visit")]), TOUCH)
    )
    cells = found.set_index(["touch", "next_touch"])
    assert cells.loc[("web visit", "store order"), ["transitions", "share_of_touches"]].tolist() == [SAME, 0.5]
    assert cells.loc[("web visit", NOTHING), "share_of_touches"] == 0.5
    assert cells.loc[("store order", NOTHING), "share_of_touches"] == 1.0
    # The last visit is in no share: seven days after it have not been seen.
    assert cells.loc[("web visit", NOTHING), "touches"] == 2 * SAME
    assert found["n"].tolist() == [0, SAME, SAME, 0, 0, SAME]


def test_a_touch_exactly_at_the_end_of_the_pause_still_comes_next(table: Callable[..., ir.Table]) -> None:
    found = matrix(table(rows([(10, "survey"), (17, "order")], [(10, "survey"), (17.00002, "order")]), TOUCH))
    assert found.set_index(["touch", "next_touch"]).loc[("survey", "order"), "share_of_touches"] == 0.5


def test_paths_and_their_ends_by_hand(table: Callable[..., ir.Table]) -> None:
    touches = table(
        rows(
            [(50, "mail sent"), (51, "mail opened"), (51.5, "web visit"), (52, "web visit"), (53, "online order")],
            [(50, "web visit"), (90, "store order"), (91, "store order"), (92, "service contact")],
            [(363, "web visit")],
            [(3, "web visit"), (4, "store order")],
        ),
        TOUCH,
    )
    found = cut(touches).to_pandas()
    ends = Counter(zip(found["path"], found["ends"], found["whole"], strict=True))
    assert ends == {
        ("mail sent → mail opened → web visit → online order", "order", True): SAME,
        ("web visit", "pause", True): SAME,
        ("store order", "order", True): 2 * SAME,
        ("service contact", "pause", True): SAME,
        ("web visit", "open", False): SAME,  # seven days after it have not been seen
        ("web visit → store order", "order", False): SAME,  # may have begun before the study
    }
    figures = journeys.journey_figures(cut(touches)).set_index("figure")
    assert figures["value"].tolist() == pytest.approx([3 / 5, 1 / 3, 9 / 5])
    assert figures["journeys"].tolist() == [5 * SAME, 3 * SAME, 5 * SAME]
    assert set(figures["left_out"]) == {2 * SAME}
    paths = journeys.journey_paths(cut(touches), top=2).set_index("path")
    assert paths["journeys"].to_dict() == {
        "store order": 2 * SAME,
        "mail sent → mail opened → web visit → online order": SAME,
        OTHER_PATHS: 2 * SAME,
    }
    assert paths["share_of_journeys"].sum() == pytest.approx(1)


def test_touches_of_all_tables_come_into_one_line(table: Callable[..., ir.Table]) -> None:
    noon = datetime(2017, 5, 1, 12)
    text, when = pa.string(), pa.timestamp("us")
    made = {
        "messages": [("customer_id", text), ("sent_at", when), ("opened_at", when)],
        "contacts": [("customer_id", text), ("opened_at", when)],
        "feedback": [("customer_id", text), ("written_at", when), ("source_type", text)],
        "survey_responses": [("wave", text), ("customer_id", text), ("answered_at", when)],
        "order_lines": [("order_id", text), ("channel", text)],
        "order_channels": [("order_id", text), ("channel", text)],
        "visits": [("visitor", text), ("started_at", when), ("channel", text)],
        "orders": [("order_id", text), ("customer_id", text), ("ordered_at", when)],
    }
    content = {
        "messages": [("anna", noon, noon + timedelta(hours=1)), ("anna", noon, None)],
        "contacts": [("anna", noon), (None, noon)],
        "feedback": [("anna", noon, None), ("anna", noon, "review"), ("anna", noon, "interview")],
        "survey_responses": [("w1", "anna", noon), ("w1", "anna", noon), ("w2", "anna", noon)],
        "order_lines": [("o1", "web"), ("o1", "web"), ("o2", "unknown"), ("o3", "unknown")],
        "order_channels": [("o3", "store")],
        "visits": [("browser x", noon, "web"), ("anna", noon, "app")],
        "orders": [(f"o{n}", "anna", noon) for n in (1, 2, 3)],
    }
    tables = {
        name: table([dict(zip([c for c, _ in columns], row, strict=True)) for row in content[name]], pa.schema(columns))
        for name, columns in made.items()
    }
    found = journeys.touch_points(tables["visits"], tables["orders"], tables).to_pandas()
    assert Counter(found["touch"]) == {
        "mail sent": 2,
        "mail opened": 1,
        "web visit": 1,
        "app visit": 1,
        "service contact": 1,
        "feedback given": 2,  # an interview is the seller's
        "survey": 2,  # one per wave, however many answers
        "online order": 1,
        "order": 1,
        "store order": 1,
    }
    assert Counter(found["who"]) == {"anna": 12, "browser x": 1}


def test_journeys_are_counted_from_the_day_by_which_every_kind_was_recorded(table: Callable[..., ir.Table]) -> None:
    touches = table(rows([(5, "order"), (60, "web visit")]) + rows([(200, "survey")], same=3), TOUCH)
    kinds = journeys.touch_kinds(touches, time_zone="UTC")
    assert kinds.set_index("touch").loc["order", "touches"] == SAME
    assert (kinds.set_index("touch").loc["survey"].drop("suppressed").isna()).all()  # of three persons
    since = journeys.all_recorded_from(kinds[kinds["suppressed"] == "no"], first_day=date(2017, 1, 1))
    assert since in (date(2017, 1, 6), date(2017, 3, 2))
    seen = journeys.within(touches, first_day=date(2017, 3, 2), **UTC)
    assert seen.count().to_pyarrow().as_py() == SAME + 3


LINES = st.lists(
    st.lists(
        st.tuples(st.integers(0, 364).map(float), st.sampled_from(("web visit", "survey", "order"))),
        min_size=1,
        max_size=8,
        unique_by=lambda pair: pair[0],
    ),
    min_size=1,
    max_size=5,
)
RULES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def walked(line: Line, pause: int) -> tuple[Counter, Counter]:
    """Steps and journeys of one person, row by row."""
    line = sorted(line)
    steps, found = Counter(), Counter()
    path: list[str] = []
    begun, start = line[0][0] > pause, line[0][0]
    for (day, touch), (later, then) in zip(line, [*line[1:], (None, None)], strict=True):
        path += [touch] if path[-1:] != [touch] else []
        soon = later is not None and later - day <= pause
        if 365 - day > pause:
            steps[touch, then if soon else NOTHING] += 1
        if touch in ORDERS or not soon:
            ends = "order" if touch in ORDERS else "pause" if 365 - day > pause else "open"
            found[" → ".join(path), ends, begun and ends != "open" and 365 - start > pause] += 1
            path, begun, start = [], True, later
    return steps, found


@RULES
@given(LINES, st.integers(1, 60))
def test_steps_and_journeys_are_those_of_a_walk_through_the_rows_and_rows_add_up_to_one(
    table: Callable[..., ir.Table], lines: list[Line], pause: int
) -> None:
    touches = table(rows(*lines), TOUCH)
    steps, whole = Counter(), Counter()
    for line in lines:
        one, other = walked(line, pause)
        steps.update(one)
        whole.update(other)
    found = matrix(touches, pause)
    seen = found[found["transitions"] > 0].set_index(["touch", "next_touch"])["transitions"]
    assert seen.to_dict() == {step: SAME * times for step, times in steps.items()}
    sums = found.groupby("touch")["share_of_touches"].sum()
    assert sums.tolist() == pytest.approx([1.0 if touch in {a for a, _ in steps} else 0.0 for touch in sums.index])
    cuts = cut(touches, pause).to_pandas()
    assert Counter(zip(cuts["path"], cuts["ends"], cuts["whole"], strict=True)) == {
        journey: SAME * times for journey, times in whole.items()
    }


def test_nothing_after_the_study_counts_and_a_twin_that_forgets_censoring_is_found_out(
    table: Callable[..., ir.Table],
) -> None:
    # Everyone orders every six days, to the end: after an order, the next one always comes within a week.
    touches = table(rows([(float(day), "order") for day in range(0, 365, 6)]), TOUCH)
    found = matrix(touches).set_index(["touch", "next_touch"])["share_of_touches"]
    assert found["order", "order"] == 1.0
    assert found["order", NOTHING] == 0.0
    # The twin lets the wait for the last touch end with the study, as if nothing had come.
    twin = touches.group_by("who").aggregate(n=touches.count()).to_pandas()["n"]
    forgetful = (twin - 1).sum() / twin.sum()
    assert forgetful < 1.0
    later = table(rows([(10, "survey"), (12, "order"), (365.5, "web visit")]), TOUCH)
    assert "web visit" not in set(matrix(later)["touch"])


def test_late_touches_count_neither_where_something_came_nor_where_something_still_may(
    table: Callable[..., ir.Table],
) -> None:
    early, late = [(100.0, "web visit")], [(362.0, "web visit")]
    lines = (early, [*early, (101.0, "order")], late, [*late, (363.0, "order")])
    found = matrix(table(rows(*lines), TOUCH)).set_index(["touch", "next_touch"])
    assert found.loc[("web visit", "order"), "share_of_touches"] == 0.5
    # The twin leaves out only those where nothing came yet: of the 36 others 24 order.
    assert 24 / 36 != 0.5
    figures = journeys.journey_figures(cut(table(rows(*lines), TOUCH))).set_index("figure")
    assert figures.loc["journeys that end in an order", ["value", "journeys", "left_out"]].tolist() == [0.5, 24, 24]


def test_few_persons_are_blank_and_no_touch_has_no_rows(table: Callable[..., ir.Table]) -> None:
    few = table(rows([(10, "survey"), (12, "order")], same=4), TOUCH)
    assert matrix(few)["share_of_touches"].dropna().eq(0).all()
    assert journeys.journey_figures(cut(few)).empty
    none = table([], TOUCH)
    assert matrix(none).empty
    assert journeys.touch_kinds(none, time_zone="UTC").empty
    assert journeys.journey_paths(cut(none)).empty
    with pytest.raises(ValueError, match="one day at least"):
        matrix(few, pause=0)


def test_what_stands_out_is_not_what_comes_after_anything(table: Callable[..., ir.Table]) -> None:
    # A store order follows everything; an online order follows the app alone, though less often than a store order.
    often = [(float(day), "store order") for day in range(100, 300, 2)]
    touches = table(
        rows(
            [*often, (50, "service contact"), (51, "store order")],
            [
                (10, "app visit"),
                (11, "online order"),
                (40, "app visit"),
                (41, "store order"),
                (70, "app visit"),
                (71, "store order"),
            ],
        ),
        TOUCH,
    )
    row = standing_out(matrix(touches))
    assert (row["touch"], row["next_touch"]) in (("app visit", "online order"), ("service contact", "store order"))
    most = matrix(touches).query("touch == 'app visit'").set_index("next_touch")["share_of_touches"]
    assert most.idxmax() == "store order"
