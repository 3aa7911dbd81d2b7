"""A chart shows exactly its table, says what it shows, and is the same picture every time."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import math
import re
import weakref
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from customer_patterns import charts
from customer_patterns.charts import drawing, lettering, marks
from customer_patterns.charts.numbers import number_format
from customer_patterns.charts.style import ACCENT, CATEGORIES, CONTEXT, DARK, PAGE, PAPER, PHONE
from customer_patterns.estimates import Estimate
from customer_patterns.wording import Name, Untranslated, say, speaking

DAY = dt.date(2017, 12, 31)

WORDS: dict[str, Any] = {
    "title": "Sunday is the fullest day",
    "subtitle": "Orders by weekday; 1,200 orders of 200 households",
    "source": "order_lines, 1 Jan to 31 Dec 2017",
}


@pytest.fixture(autouse=True)
def _in_dollars():
    with speaking(currency="USD", customers="households"):
        yield


def days() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "day": ["Friday", "Saturday", "Sunday"],
            "orders": [150, 200, 250],
            "lo": [140, 190, 240],
            "hi": [160, 210, 260],
        }
    )


def bars(table: pd.DataFrame | None = None, **changes: Any) -> Axes:
    return charts.bars(days() if table is None else table, **{"x": "day", "y": "orders", **WORDS, **changes})


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()]]


def heights(ax: Axes) -> dict[int, float]:
    """The bars' heights by place, without seaborn's empty ones."""
    return {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in ax.patches if bar.get_width() > 0}


# What is drawn is what the table says


def test_each_bar_is_as_high_as_its_row_and_stands_on_zero():
    ax = bars()
    assert heights(ax) == {0: 150, 1: 200, 2: 250}
    assert ax.get_ylim()[0] == 0


def test_bars_of_values_below_zero_hang_from_zero():
    ax = bars(days().assign(orders=[-5, 0, 5]))
    assert ax.get_ylim() == (-5, 5)
    assert heights(ax) == {0: -5, 1: 0, 2: 5}


def test_the_order_of_rows_is_the_order_of_bars():
    ax = bars(days().iloc[::-1])
    assert heights(ax) == {0: 250, 1: 200, 2: 150}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Sunday", "Saturday", "Friday"]


def test_the_number_that_the_title_names_is_written_and_colored():
    ax = bars(highlight="Sunday")
    colors = {round(bar.get_x() + 0.37): to_hex(bar.get_facecolor()) for bar in ax.patches}
    assert colors == {0: CONTEXT, 1: CONTEXT, 2: ACCENT}
    assert "250" in texts(ax)


def test_every_interval_is_drawn_where_the_table_has_it():
    ax = bars(low="lo", high="hi")
    (whiskers,) = [collection for collection in ax.collections if len(collection.get_segments()) == 3]
    assert [tuple(segment[:, 1]) for segment in whiskers.get_segments()] == [(140, 160), (190, 210), (240, 260)]


def test_money_may_arrive_as_decimals():
    table = pd.DataFrame({"group": ["a", "b"], "spend": [Decimal("10.50"), Decimal("21.00")]})
    ax = charts.bars(table, x="spend", y="group", unit="currency", **WORDS)
    assert {"$10.50", "$21.00"} <= set(texts(ax))


def test_dollar_signs_are_not_mathematics():
    ax = bars(title="Baskets went from $9.9 to $19.9, $5% off$ included")
    svg = charts.to_svg(ax)
    # one glyph of the headline per sign: a formula would have swallowed the dollars
    assert charts.describe(ax).title in svg
    assert all(not text.get_parse_math() for text in ax.figure.texts)


def test_the_callers_table_and_matplotlibs_settings_are_left_as_they_were():
    table, settings = days(), dict(mpl.rcParams)
    charts.to_svg(bars(table, highlight="Sunday"))
    pd.testing.assert_frame_equal(table, days())
    assert dict(mpl.rcParams) == settings


def test_no_figure_is_left_with_pyplot_to_be_shown_twice():
    from matplotlib import pyplot

    bars()
    assert pyplot.get_fignums() == []


def test_axes_are_forgotten_with_their_figure():
    held = [weakref.ref(bars()) for _ in range(4)]
    gc.collect()
    gc.collect()  # what was remembered of an axes goes after it
    # caches of matplotlib, and of whoever looked at an earlier one, may still hold one or two
    assert sum(ref() is None for ref in held) >= 2


def test_a_line_runs_through_its_rows_in_the_order_of_its_scale():
    table = pd.DataFrame({"month": [2, 0, 1], "kept": [0.5, 0.9, 0.7]})
    ax = charts.line(table, x="month", y="kept", unit="share", **WORDS)
    (line,) = ax.lines[:1]
    assert line.get_xydata().tolist() == [[0, 0.9], [1, 0.7], [2, 0.5]]


def test_each_line_is_named_at_its_end_and_no_name_covers_another():
    table = pd.DataFrame(
        [(f"cohort {n}", m, 0.5 + 0.001 * n * m) for n in range(7) for m in range(5)],
        columns=["cohort", "month", "kept"],
    )
    ax = charts.line(table, x="month", y="kept", series="cohort", unit="share", **WORDS)
    names = [text for text in ax.texts if text.get_text().startswith("cohort")]
    assert len(names) == 7
    assert ax.get_legend() is None
    places = sorted(text.get_position()[1] + ax.transData.transform((0, text.xy[1]))[1] * 0.75 for text in names)
    assert min(np.diff(places)) >= 0.75 * PAGE.text


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(5, 40)), min_size=1, max_size=7))
def test_labels_moved_apart_never_touch(labels: list[tuple[float, float]]):
    sizes = [size for _, size in labels]
    moved = marks.spread_out([place for place, _ in labels], sizes)
    order = sorted(range(len(labels)), key=lambda n: moved[n])
    for lower, upper in itertools.pairwise(order):
        assert moved[upper] - moved[lower] >= (sizes[lower] + sizes[upper]) / 2 - 1e-6


def test_a_label_with_room_stays_where_it_belongs():
    assert marks.spread_out([10.0, 100.0], [20.0, 20.0]) == [10.0, 100.0]


def test_a_cell_that_is_not_known_is_blank_and_not_zero():
    table = pd.DataFrame({"cohort": ["a", "a", "b"], "month": [0, 1, 0], "kept": [1.0, 0.5, math.nan]})
    ax = charts.heatmap(table, x="month", y="cohort", value="kept", unit="share", **WORDS)
    cells = ax.collections[0].get_array()
    assert np.ma.getmaskarray(cells).tolist() == [[False, False], [True, True]]
    assert sorted(text.get_text() for text in ax.texts) == ["100", "50"]
    assert "2 cells are blank" in charts.describe(ax).alt


def test_values_are_counted_into_round_bins():
    table = pd.DataFrame({"basket": [1.0, 4.9, 5.0, 12.0]})
    ax = charts.histogram(table, x="basket", bin_width=5, unit="currency", **WORDS)
    assert [bar.get_height() for bar in ax.patches if bar.get_height()] == [2, 1, 1]


def test_finished_bins_are_drawn_as_they_are_and_a_missing_bin_is_empty():
    table = pd.DataFrame({"basket": [0, 5, 15], "orders": [7, 9, 2]})
    ax = charts.histogram(table, x="basket", count="orders", bin_width=5, highlight=(0, 5), **WORDS)
    assert {round(bar.get_x()): bar.get_height() for bar in ax.patches if bar.get_height()} == {0: 7, 5: 9, 15: 2}


def test_dots_stand_at_their_values_with_their_intervals():
    ax = charts.dots(days(), x="orders", y="day", low="lo", high="hi", **WORDS)
    dots, lines = sorted(ax.collections, key=lambda c: hasattr(c, "get_segments"))
    assert dots.get_offsets().tolist() == [[150, 0], [200, 1], [250, 2]]
    assert [tuple(segment[:, 0]) for segment in lines.get_segments()] == [(140, 160), (190, 210), (240, 260)]


def test_groups_of_dots_are_named_by_color_without_a_legend():
    table = pd.concat([days().assign(who="with"), days().assign(who="without")])
    ax = charts.dots(table, x="orders", y="day", hue="who", low="lo", high="hi", **WORDS)
    assert ax.get_legend() is None
    assert {"With", "Without"} & set(texts(ax)) or {"with", "without"} <= set(texts(ax))


# What is refused


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_bar_without_a_finite_value_is_refused_naming_the_row(value: float):
    with pytest.raises(charts.ChartError, match=r"orders is missing or not finite in 1 of 3 rows \(day: Saturday\)"):
        bars(days().assign(orders=[1.0, value, 2.0]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": "x" * 91}, "91 characters, 90 fit"),
        ({"title": " "}, "needs a title"),
        ({"subtitle": ""}, "needs a subtitle"),
        ({"source": ""}, "needs a source"),
        ({"y": "revenue"}, "no column revenue"),
        ({"low": "lo"}, "two ends"),
        ({"low": "hi", "high": "hi"}, "must hold orders"),
        ({"highlight": "Monday"}, "no Monday"),
        ({"anchor": "Figure 1"}, "small letters"),
    ],
)
def test_what_would_mislead_is_refused(changes: dict[str, Any], message: str):
    with pytest.raises(charts.ChartError, match=message):
        bars(**changes)


def test_a_title_of_ninety_characters_is_drawn():
    bars(title="x" * 90)


def test_an_empty_table_is_refused():
    with pytest.raises(charts.ChartError, match="empty"):
        bars(days().iloc[:0])


def test_two_rows_for_one_bar_are_refused_instead_of_averaged():
    with pytest.raises(charts.ChartError, match="two rows for Friday"):
        bars(pd.concat([days(), days().iloc[:1]]))


def test_a_category_without_a_name_is_refused_instead_of_dropped():
    with pytest.raises(charts.ChartError, match="day is missing in 1 rows"):
        bars(days().assign(day=["Friday", None, "Sunday"]))


def test_an_eighth_series_is_refused():
    table = pd.DataFrame([(str(n), m, n) for n in range(8) for m in range(2)], columns=["s", "m", "v"])
    with pytest.raises(charts.ChartError, match="only 7 can be told apart"):
        charts.line(table, x="m", y="v", series="s", **WORDS)


def test_a_table_that_is_not_aggregated_yet_is_refused():
    import ibis

    with pytest.raises(TypeError, match="pandas table of finished figures"):
        bars(ibis.memtable(days()))


def test_chinese_letters_are_drawn_and_not_boxes():
    svg = charts.to_svg(bars(title="面包卖得最多"))
    assert "面包卖得最多" in svg  # in its description
    assert svg.count("<use") > 10


@pytest.mark.parametrize(("sign", "named"), [("ཀཁ", "[tibetan]"), ("🍞", "[bread]"), ("👍🏽", "[thumbs up sign]")])
def test_a_sign_that_the_fonts_lack_is_named_and_no_empty_box(sign: str, named: str):
    drawn = bars(days().assign(day=lambda rows: [f"{sign} {day}" for day in rows["day"]]), title=f"{sign} sells best")
    assert sum(text.startswith(f"{named} ") for text in texts(drawn)) == len(days())
    assert charts.describe(drawn).title == f"{sign} sells best"  # the page's own fonts have it
    assert sign in charts.to_svg(drawn)  # in the description; and the drawing ends without a warning


def test_axes_of_others_have_no_description():
    with pytest.raises(KeyError, match="not drawn by"):
        charts.describe(Figure().add_subplot())


# Words


def test_the_alternative_text_says_kind_axes_finding_and_range():
    alt = charts.describe(bars(low="lo", high="hi")).alt
    assert alt == (
        "Bar chart. Length of bar: Orders, for each Day. Sunday is the fullest day. "
        "From 150 (Friday) to 250 (Sunday). Lines or bands show the intervals."
    )


def test_a_given_alternative_text_is_kept():
    assert charts.describe(bars(alt="Three bars.")).alt == "Three bars."


def test_hours_weekdays_and_months_are_written_as_people_read_them():
    table = pd.DataFrame({"hour": [0, 17], "orders": [1, 2]})
    ax = charts.bars(table, x="hour", y="orders", key_unit="hour of day", **WORDS)
    assert "5 p.m." in " ".join(texts(ax)).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("values", "unit", "written"),
    [
        ([1240.0, 80.0], "", ["1,240", "80"]),
        ([0.124, 0.062], "share", ["12.4\u202f%", "6.2\u202f%"]),
        ([0.71, 0.05], "share", ["71\u202f%", "5.0\u202f%"]),
        ([0.914, 0.084, 0.002], "share", ["91\u202f%", "8.4\u202f%", "0.2\u202f%"]),
        ([1.2e6, 3.4e6], "currency", ["$1.2 million", "$3.4 million"]),
        ([43.17, 12.5], "currency", ["$43", "$13"]),
        ([4.31, 2.5], "currency", ["$4.31", "$2.50"]),
        ([1570.4, 2400.2], "currency", ["$1,570", "$2,400"]),
        ([-5.0, 5.0], "", ["−5", "5"]),
    ],
)
def test_numbers_beside_marks_read_as_people_write_them(values: list[float], unit: str, written: list[str]):
    write = number_format(values, unit=unit, digits=2)
    assert [write(value).replace("\u00a0", " ") for value in values] == written


def test_a_number_too_small_to_show_does_not_pass_for_zero():
    write = number_format([0.5, 0.00001], unit="share", digits=2)
    assert write(0.00001).startswith("<0.1")
    assert write(0.0).startswith("0")


def test_an_axis_of_months_names_the_year_once():
    weeks = [dt.date(2017, 1, 2) + dt.timedelta(weeks=n) for n in range(52)]
    ax = charts.line(pd.DataFrame({"week": weeks, "orders": range(52)}), x="week", y="orders", **WORDS)
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels[:2] == ["Jan\n2017", "Feb"]
    assert labels[-1] == "Dec"


# Pictures


SHAPES: dict[str, Any] = {
    "bars": lambda **more: bars(low="lo", high="hi", highlight="Sunday", **more),
    "rows": lambda **more: charts.bars(days(), x="orders", y="day", **WORDS, **more),
    "dots": lambda **more: charts.dots(
        days(), x="orders", y="day", low="lo", high="hi", reference=180, reference_label="all", **WORDS, **more
    ),
    "line": lambda **more: charts.line(
        pd.DataFrame({"month": range(12), "orders": range(12)}), x="month", y="orders", mark=11, **WORDS, **more
    ),
    "histogram": lambda **more: charts.histogram(
        days(), x="orders", reference=200, reference_label="median", **WORDS, **more
    ),
    "heatmap": lambda **more: charts.heatmap(days(), x="orders", y="day", value="lo", **WORDS, **more),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_chart_is_the_same_bytes_every_time(shape: str):
    ax = SHAPES[shape]()
    first = charts.to_svg(ax)
    assert charts.to_svg(ax) == first
    assert charts.to_svg(SHAPES[shape]()) == first


@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_is_well_formed_and_refers_to_nothing_outside(shape: str):
    svg = charts.to_svg(SHAPES[shape]())
    ElementTree.fromstring(svg)
    assert set(re.findall(r"https?://[\w./]+", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<!DOCTYPE" not in svg
    assert "<script" not in svg


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_is_drawn_outside_the_plot_or_turned(shape: str):
    for sheet in (PAGE, PHONE):
        ax, plot = drawing._own_figure(drawing._drawn[SHAPES[shape]()][0], sheet)
        box = ax.get_tightbbox(ax.figure.canvas.get_renderer())
        assert box.x0 >= plot.x - 1
        assert box.x1 <= plot.x + plot.width + 1
        assert all(text.get_rotation() == 0 for text in [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()])


@pytest.mark.parametrize("shape", SHAPES)
def test_simulated_data_carry_a_tag_where_cutting_the_headline_leaves_it(shape: str):
    def tagged(ax: Axes) -> bool:
        return any(text.get_text() == "SIMULATED DATA" for text in ax.figure.texts)

    assert tagged(SHAPES[shape](simulated=True))
    assert not tagged(SHAPES[shape]())
    with speaking(simulated=True):
        assert tagged(SHAPES[shape]())


def test_a_picture_tells_what_it_shows_and_holds_a_drawing_for_phones():
    ax = bars(anchor="weekdays")
    picture = charts.read_svg(charts.to_svg(ax))
    assert picture is not None
    assert picture.description == charts.describe(ax)
    for svg, width in ((picture.page, PAGE.width), (picture.phone, PHONE.width)):
        root = ElementTree.fromstring(svg)
        assert float(root.attrib["width"].removesuffix("pt")) / 0.75 == pytest.approx(width + 2)
        assert 'id="headline' not in svg
        used = set(re.findall(r'xlink:href="#([^"]+)"', svg))
        assert used <= set(re.findall(r'id="([^"]+)"', svg))


def test_a_picture_of_others_is_not_read():
    assert charts.read_svg('<svg xmlns="http://www.w3.org/2000/svg"></svg>') is None


def test_labels_that_collide_on_a_phone_turn_the_chart_there():
    drawn = drawing._drawn[bars(days().assign(day=["a fairly long name", "another long one", "and one more name"]))][0]
    page, _ = drawing._own_figure(drawn, PAGE)
    phone, _ = drawing._own_figure(drawn, PHONE)
    assert [label.get_text() for label in page.get_yticklabels()] == []
    assert len(phone.get_yticklabels()) == 3


def test_a_chart_drawn_again_for_a_phone_speaks_as_it_did_when_it_was_made():
    with speaking(currency="EUR"):
        ax = charts.bars(days(), x="orders", y="day", unit="currency", **WORDS)
    drawn = drawing._drawn[ax][0]
    with speaking(currency="USD"):
        phone, _ = drawing._own_figure(drawn, PHONE)
    assert "€250" in texts(phone)


def test_every_color_of_the_house_has_its_dark_twin():
    light = {PAPER, ACCENT, CONTEXT, "#0072b2", "#009e73", "#d55e00"}
    assert light <= set(DARK)
    assert len(set(CATEGORIES)) == 7
    assert "prefers-color-scheme:dark" in charts.to_svg(bars())


def test_a_chart_on_axes_of_the_caller_is_shown_with_the_whole_figure():
    figure = Figure(figsize=(8, 4))
    left, right = figure.subplots(1, 2)
    bars(ax=left)
    bars(ax=right, title="Another finding")
    svg = charts.to_svg(left)
    assert left.get_title(loc="left") == WORDS["title"]
    picture = charts.read_svg(svg)
    assert picture is not None
    assert picture.phone == ""


# Two languages


def test_chinese_breaks_between_letters_and_its_signs_keep_to_their_side():
    lines = lettering.wrap("半数家庭（2,469\u202f户）每周至少购物一次，占71%的收入，而其余家庭则很少光顾。", 200, 15)
    assert "".join(lines) == "半数家庭（2,469\u202f户）每周至少购物一次，占71%的收入，而其余家庭则很少光顾。"
    assert len(lines) == 3
    assert all(lettering.text_width(line, 15) <= 200 for line in lines)
    assert not [line for line in lines if line[0] in "，。）" or line[-1] in "（"]


@pytest.mark.parametrize("width", range(60, 200, 7))
def test_a_number_stays_with_its_measure_word(width: int):
    lines = lettering.wrap("共有2,469\u202f户家庭每周购物", width, 15)
    assert any("2,469\u202f户" in line for line in lines)


def test_a_chinese_title_counts_double():
    assert bars(title="购" * 45)
    with pytest.raises(charts.ChartError, match="92 characters, 90 fit"):
        bars(title="购" * 46)


def test_a_chart_is_drawn_again_in_another_language_from_the_table_as_it_was():
    share = Estimate(0.12, 0.11, 0.13, n=2469, of="customers", unit="share")
    table = pd.DataFrame({"rhythm": ["weekly", "monthly"], "orders": [3, 5]})
    source = say("show.from_table", table=Name("rhythm_groups", "table"), first=DAY, last=DAY)
    ax = charts.bars(
        table, x="rhythm", y="orders", source=source, subtitle=say("behavior.even_day"),
        x_label=say("behavior.tenths"), y_label=say("behavior.even_day"),
        title=say("behavior.concentration", top_tenth_share=share),
    )  # fmt: skip
    english = charts.to_svg(ax)
    table["rhythm"] = "changed since"
    again = charts.in_language(ax, "zh")
    assert charts.describe(again).title == "花费最多的十分之一客户贡献了\u202f12%\u202f的销售额"
    assert [tick.get_text() for tick in again.get_xticklabels()] == ["每周", "每月"]
    assert charts.describe(again).alt.startswith("条形图。条形长度：")
    assert charts.to_svg(ax) == english
    assert [sentence.key for sentence in charts.sentences_of(ax)].count("behavior.even_day") == 2


def test_a_chart_with_typed_words_is_not_guessed_in_another_language():
    with pytest.raises(Untranslated, match="Sunday leads"):
        charts.in_language(bars(title="Sunday leads"), "zh")


def test_a_chart_on_a_figure_of_its_own_is_drawn_once():
    assert charts.in_language(bars(ax=Figure().subplots()), "zh") is None


def test_a_matrix_too_narrow_for_its_names_numbers_its_columns_and_says_what_they_are() -> None:
    names = ["mail sent", "mail opened", "web visit", "app visit", "service contact", "feedback", "survey", "order"]
    cells = pd.DataFrame([{"x": x, "y": y, "share": 0.1} for x in names for y in names[:3]])
    words = {"title": "What comes next", "subtitle": "Share of touches", "source": "Table steps"}
    ax = charts.heatmap(cells, x="x", y="y", value="share", unit="share", **words)
    drawn, _ = drawing._find(ax)
    page, phone = (texts(drawing._own_figure(drawn, sheet)[0]) for sheet in (PAGE, PHONE))
    assert set(names) <= {label.replace("\n", " ") for label in page}
    assert [str(at) for at in range(1, len(names) + 1)] == phone[-len(names) - 3 : -3]
    key = " ".join(phone)
    for at, name in enumerate(names, start=1):
        assert f"{at}\u00a0{name.replace(' ', chr(0xA0))}" in key
