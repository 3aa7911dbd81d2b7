"""Scatter plots: what is drawn is what was given, in words too."""

from __future__ import annotations

import pandas as pd
import pytest

from customer_patterns import charts
from customer_patterns.charts import ChartError

TABLE = pd.DataFrame(
    {
        "dimension": ["quality", "price", "speed"],
        "performance": [70.0, 60.0, 65.0],
        "performance_low": [68.0, 58.0, 63.0],
        "performance_high": [72.0, 62.0, 67.0],
        "importance": [0.5, 0.3, 0.2],
        "importance_low": [0.4, 0.2, 0.1],
        "importance_high": [0.6, 0.4, 0.3],
    }
)
WORDS = {"title": "Quality first", "subtitle": "Shares against scores", "source": "Table drivers"}
SPANS = {
    "x_low": "performance_low",
    "x_high": "performance_high",
    "y_low": "importance_low",
    "y_high": "importance_high",
}


def drawn(table: pd.DataFrame = TABLE, **options):
    return charts.scatter(table, x="performance", y="importance", label="dimension", **WORDS, **options)


def test_every_dot_stands_where_its_figures_are_and_is_named():
    ax = drawn(highlight="quality", y_unit="share", **SPANS)
    assert ax.collections[-1].get_offsets().tolist() == [[70, 0.5], [60, 0.3], [65, 0.2]]
    assert {"quality", "price", "speed"} <= {note.get_text() for note in ax.texts}


def test_lines_divide_the_plot_where_they_were_asked_for():
    ax = drawn(x_reference=65, y_reference=1 / 3)
    assert [line.get_xdata()[0] for line in ax.lines] == [65, 0]
    assert ax.lines[1].get_ydata()[0] == pytest.approx(1 / 3)


def test_the_alternative_text_gives_axes_and_range_of_both():
    alt = charts.describe(drawn(y_unit="share", **SPANS)).alt
    for part in ("Scatter plot", "Performance", "Importance", "From 60 (price) to 70 (quality)", "20\u202f% (speed)"):
        assert part in alt


def test_the_same_table_gives_the_same_picture():
    assert charts.to_svg(drawn()) == charts.to_svg(drawn())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"performance": [70.0, float("nan"), 65.0]}, "performance is missing"),
        ({"dimension": ["quality", "quality", "speed"]}, "two rows"),
        ({"importance_low": [0.55, 0.2, 0.1]}, "must hold"),
    ],
)
def test_what_cannot_be_drawn_truthfully_is_refused(change, message):
    with pytest.raises(ChartError, match=message):
        drawn(TABLE.assign(**change), **SPANS)


def test_names_of_dots_that_touch_are_moved_apart():
    close = pd.DataFrame({"dimension": ["a", "b"], "performance": [60.0, 60.0], "importance": [0.3, 0.3]})
    ax = drawn(pd.concat([close, TABLE[["dimension", "performance", "importance"]]], ignore_index=True))
    places = {note.get_text(): note.xyann for note in ax.texts}
    assert abs(places["a"][1] - places["b"][1]) >= 10


def test_a_line_runs_through_where_the_rows_would_stand():
    expected = TABLE.assign(there=[1.0, 3.0, 2.0], height=[0.1, 0.3, 0.2])
    ax = drawn(expected, curve=("there", "height"), curve_label="Without niches")
    assert ax.lines[0].get_xydata().tolist() == [[1, 0.1], [2, 0.2], [3, 0.3]]
    assert "Without niches" in {note.get_text() for note in ax.texts}
    assert "Without niches" in charts.describe(ax).alt
    with pytest.raises(ChartError, match="height"):
        drawn(expected.assign(height=[0.1, float("nan"), 0.2]), curve=("there", "height"))
