"""Charts along a scale: lines. A finished table in, axes out; nothing is filtered, aggregated or estimated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from customer_patterns.charts import marks
from customer_patterns.charts.description import ChartError
from customer_patterns.charts.drawing import Drawing, chart, draw
from customer_patterns.charts.lettering import wrap
from customer_patterns.charts.numbers import category_text, number_format
from customer_patterns.charts.style import ACCENT, CATEGORIES, CATEGORY_TEXT, CONTEXT, MUTED, PAPER, Sheet, points
from customer_patterns.wording import translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@chart
def line(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    subtitle: str,
    source: str,
    series: str | None = None,
    low: str | None = None,
    high: str | None = None,
    highlight: Any = None,
    mark: Any = None,
    unit: str = "",
    x_unit: str = "",
    currency: str | None = None,
    from_zero: bool = True,
    reference: float | None = None,
    reference_label: str = "",
    x_label: str | None = None,
    y_label: str | None = None,
    simulated: bool | None = None,
    anchor: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a line per series over numbers or days, its interval as a band, its name at its end.

    Parameters
    ----------
    table
        One row per ``x``, or per ``x`` and ``series``.
    x, y
        A column of numbers or days, and the column of values.
    series
        The column that tells lines apart; at most seven.
    highlight
        The series that the title speaks of; the others are drawn in gray.
    x_unit
        Of the numbers along ``x``: ``"share"``, or nothing.
    mark
        The values of ``x`` at which the number is written: on the highlighted series, or on the only one.
    from_zero
        Whether the axis of values begins at zero. A line, unlike a bar, stays true without it.

    The others, and the errors, as in :func:`customer_patterns.charts.bars`.
    """
    data = marks.columns(table, x, y, low, high, series)
    if data[x].isna().any() or not marks.is_ordered(data[x]):
        raise ChartError(f"a line needs numbers or days in {x}; use bars for categories")
    names = list(dict.fromkeys(data[series])) if series else [None]
    if len(names) > marks.MOST_SERIES:
        raise ChartError(f"{series} has {len(names)} series; only {marks.MOST_SERIES} can be told apart")
    marks.unique(data, *dict.fromkeys([x, series or x]))
    marks.finite(data, y, of=x)
    marks.interval(data, y, low, high, of=x)
    chosen = marks.chosen(highlight, names, what=series or "the chart")
    data = data.sort_values(x, kind="stable")
    days = isinstance(data[x].iloc[0], dt.date)
    lines = [_Line(data if series is None else data[data[series] == name], name, x, y, low, high) for name in names]
    for number, one in enumerate(lines):
        one.color, one.text_color = CATEGORIES[number], CATEGORY_TEXT[number]
        one.strong = one.name in chosen
        if len(lines) == 1 or one.strong:
            one.color = one.text_color = ACCENT
        elif chosen:
            one.color, one.text_color = CONTEXT, MUTED
    several = isinstance(mark, Iterable) and not isinstance(mark, str)
    marked = list(mark) if several else [] if mark is None else [mark]
    values = data[y].astype(float).tolist()
    write = number_format(values, unit=unit, currency=currency)

    def paint(ax: Axes, sheet: Sheet) -> None:
        import seaborn as sns

        look = {"linewidth": points(2.6), "estimator": None, "errorbar": None, "legend": False}
        for one in sorted(lines, key=lambda item: item.strong):
            at = pd.to_datetime(pd.Series(one.x)).to_numpy() if days else np.array(one.x, dtype=float)
            if one.low is not None:
                ax.fill_between(at, one.low, one.high, color=one.color, alpha=0.17, linewidth=0, zorder=2)
            sns.lineplot(x=at, y=one.y, color=one.color, ax=ax, zorder=3 + one.strong, **look)
        low_end, high_end = ax.get_ylim()
        ax.set_ylim(min(0.0, low_end) if from_zero else low_end, max(0.0, high_end) if from_zero else high_end)
        ax.margins(x=0.01)
        marks.value_ticks(ax, sheet, vertical=True, unit=unit, currency=currency)
        if days:
            marks.date_ticks(ax, _day(data[x].iloc[0]), _day(data[x].iloc[-1]), sheet.width * 0.85)
        else:
            _number_ticks(ax, data[x].astype(float), sheet, x_unit)
        if from_zero:
            marks.baseline(ax, vertical=True)
        marks.label_axis(ax, x=x_label)
        if series:
            _name_ends(
                ax, lines, sheet, [write(one.y[-1]) if one.strong and one.x[-1] in marked else "" for one in lines]
            )
        for one in lines:
            if one.strong or len(lines) == 1:
                _write_marks(ax, one, marked, write, days)
        if reference is not None:
            marks.reference_line(ax, reference, reference_label, sheet, vertical=False)

    axes = translated("Horizontal axis: {x}. Vertical axis: {y}.")
    if series:
        axes = translated("Horizontal axis: {x}. Vertical axis: {y}, one line for each {series}: {names}.")
    write_x = number_format(data[x].tolist(), unit=x_unit) if x_unit else category_text
    at = [write_x(v) for v in data[x]]
    places = [f"{category_text(s)}, {a}" for s, a in zip(data[series], at, strict=True)] if series else at
    words = marks.description(
        translated("Line chart"),
        axes.format(
            x=marks.measured(x, x_label, source, x_unit),
            y=marks.measured(y, y_label, source, unit),
            series=marks.words(series, None, source) if series else "",
            names=marks.listed(map(category_text, names)) if series else "",
        ),
        marks.described(values, places, write),
        title=title,
        subtitle=subtitle,
        source=source,
        simulated=simulated,
        anchor=anchor,
        alt=alt,
        intervals=low is not None,
    )
    return draw(Drawing(words, paint, lambda sheet: sheet.height), ax)


class _Line:
    """One series: where it runs, its band, its colors."""

    color = text_color = ACCENT
    strong = False

    def __init__(self, part: pd.DataFrame, name: Hashable, x: str, y: str, low: str | None, high: str | None) -> None:
        self.name = name
        self.x: list[Any] = part[x].tolist()
        self.y, self.low, self.high = (part[c].astype(float).to_numpy() if c else None for c in (y, low, high))


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _number_ticks(ax: Axes, at: pd.Series, sheet: Sheet, unit: str) -> None:
    """Label whole numbers where the table has only such: months, weeks, hours."""
    whole = bool((at % 1 == 0).all())
    ticks = marks.round_ticks(at.min(), at.max(), 6 if sheet.narrow else 12, whole=whole, by_sixes=not unit)
    write = number_format(ticks, unit=unit, step=ticks[1] - ticks[0] if len(ticks) > 1 else None)
    ax.set_xticks(ticks, [write(tick) for tick in ticks])


def _name_ends(ax: Axes, lines: Sequence[_Line], sheet: Sheet, numbers: Sequence[str]) -> None:
    """Name each line at its end, with its last number if that is marked; names moved apart where lines end together."""
    low, high = ax.get_ylim()
    scale = sheet.height / (high - low)
    room = 105 if sheet.narrow else 230
    texts = [f"{category_text(one.name)} {number}".rstrip() for one, number in zip(lines, numbers, strict=True)]
    names = ["\n".join(wrap(text, room, sheet.text, bold=True)) for text in texts]
    ends = [float(one.y[-1]) for one in lines]
    heights = [1.2 * sheet.text * (name.count("\n") + 1) for name in names]
    places = marks.spread_out([(end - low) * scale for end in ends], heights)
    for one, name, end, place in zip(lines, names, ends, places, strict=True):
        at = pd.Timestamp(one.x[-1]) if isinstance(one.x[-1], dt.date) else one.x[-1]
        shift = (9, place - (end - low) * scale)
        marks.note(ax, name, (at, end), shift=shift, va="center", color=one.text_color, bold=one.text_color != MUTED)


def _write_marks(ax: Axes, one: _Line, marked: Sequence[Any], write: Callable[[float], str], days: bool) -> None:
    """Write the numbers of the points that the title names."""
    for value in marked:
        if value not in one.x:
            raise ChartError(f"nothing to mark: the line has no point at {category_text(value)}")
        place = one.x.index(value)
        at, end = pd.Timestamp(value) if days else value, one.y[place] if one.high is None else one.high[place]
        look = {"marker": "o", "markersize": points(9), "markeredgecolor": PAPER, "zorder": 6}
        ax.plot([at], [one.y[place]], color=one.color, **look)
        last = place == len(one.x) - 1
        if last and one.name is None:
            marks.note(ax, write(one.y[place]), (at, one.y[place]), shift=(9, 0), va="center_baseline", bold=True)
        elif not last:  # the last number of a named line stands with its name
            side = "right" if place > 0.9 * len(one.x) else "center"
            marks.note(ax, write(one.y[place]), (at, end), shift=(0, 10), ha=side, bold=True, halo=one.name is not None)
