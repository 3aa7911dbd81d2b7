"""What is remembered of fonts and texts is what matplotlib would answer."""

from __future__ import annotations

import io

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from customer_patterns import charts
from customer_patterns.charts import rendering
from customer_patterns.charts.style import PAGE, font, style

WORDS = dict(subtitle="Orders a day, first quarter, n = 3", source="hours, 2017")


def as_matplotlib_draws(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return file.getvalue()


@pytest.fixture
def chart():
    table = pd.DataFrame({"day": ["周一", "Tuesday\nmorning", "Wednesday"], "orders": [3.0, 7.5, 5.25]})
    return charts.bars(table, x="orders", y="day", title="Most orders on Tuesdays: 面包", **WORDS)


def test_a_figure_is_drawn_as_matplotlib_would_draw_it(chart):
    with style(PAGE), rendering.fonts_remembered():
        ours = rendering.to_svg_text(chart.figure)
    with style(PAGE):
        theirs = as_matplotlib_draws(chart.figure)
    assert ours == theirs


def test_a_figure_keeps_its_resolution(chart):
    before = chart.figure.dpi
    rendering.to_svg_text(chart.figure)
    assert chart.figure.dpi == before == rendering.LAYOUT_DPI


def test_texts_are_laid_out_as_without_what_is_remembered(chart):
    with style(PAGE), rendering.fonts_remembered():
        ours = chart.get_tightbbox(rendering.measuring())
    with style(PAGE):
        theirs = chart.get_tightbbox(mpl.backends.backend_agg.RendererAgg(10, 10, rendering.LAYOUT_DPI))
    assert ours.bounds == pytest.approx(theirs.bounds, abs=0)


def test_another_weight_or_size_is_another_font():
    sizes = {rendering._heights(rendering._look(FontProperties(size=size, **names())), 72) for size in (9, 18)}
    assert len(sizes) == 2
    with rendering.fonts_remembered():
        plain, bold = (fontManager._find_fonts_by_props(FontProperties(**names(bold=b))) for b in (False, True))
        assert plain != bold


def names(*, bold: bool = False) -> dict:
    return {"family": font(bold=bold)["fontfamily"]}


def test_afterwards_matplotlib_looks_for_fonts_itself():
    with rendering.fonts_remembered():
        with rendering.fonts_remembered():
            assert "_find_fonts_by_props" in vars(fontManager)
        assert "_find_fonts_by_props" in vars(fontManager)
    assert "_find_fonts_by_props" not in vars(fontManager)
