"""Charts of categories: bars and dots. A finished table in, axes out; nothing is filtered, aggregated or estimated."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from customer_patterns.charts import marks
from customer_patterns.charts.description import ChartError
from customer_patterns.charts.drawing import Drawing, chart, draw
from customer_patterns.charts.lettering import text_width
from customer_patterns.charts.numbers import category_text, number_format
from customer_patterns.charts.style import (
    ACCENT,
    CATEGORIES,
    CATEGORY_TEXT,
    CONTEXT,
    INK,
    MUTED,
    Sheet,
    font,
    points,
)
from customer_patterns.wording import translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# seaborn is imported where it draws: importing it takes a second, and a notebook without a chart should not wait.


@chart
def bars(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    subtitle: str,
    source: str,
    low: str | None = None,
    high: str | None = None,
    highlight: Any = None,
    unit: str = "",
    key_unit: str = "",
    currency: str | None = None,
    reference: float | None = None,
    reference_label: str = "",
    x_label: str | None = None,
    y_label: str | None = None,
    simulated: bool | None = None,
    anchor: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one bar per row, from zero, with its number and, where given, its interval.

    Numbers in ``x`` and text in ``y`` give horizontal bars. Otherwise ``x`` holds the categories and bars are vertical;
    those whose labels would collide are turned, on a phone sooner than on a page.

    Parameters
    ----------
    table
        One row per bar, in the order to draw.
    x, y
        The column of categories and the column of values.
    title
        The finding, a sentence of at most 90 characters.
    subtitle
        Measure, unit, population and n.
    source
        Source table and period.
    low, high
        Columns with the bounds of each value's interval.
    highlight
        The category or categories that the title speaks of; the others are drawn in gray.
    unit
        Of the values: ``"share"`` (0 to 1), ``"currency"`` (of ``currency``, or the study's own), anything else: plain
        numbers.
    key_unit
        Of the categories: ``"hour of day"`` (0 to 23), ``"weekday"`` (1 to 7), ``"month"`` (its first day), or nothing.
    reference, reference_label
        A value to compare with, and its name.
    x_label, y_label
        What the axes show, where column names and subtitle do not say it well.
    simulated
        Whether the data are simulated: the figure then carries a tag. If not given, whether the
        table named in ``source`` is.
    anchor
        What findings link to: small letters, digits and hyphens.
    alt
        Alternative text; composed from the above if not given.
    ax
        Where to draw; a figure of its own if not given.

    Raises
    ------
    ChartError
        For a value that is missing or infinite, two rows for one category, an interval without its value, a title that
        is too long.
    """
    data = marks.columns(table, x, y, low, high)
    across = marks.is_numeric(data[x]) and not marks.is_numeric(data[y])
    key, value = (y, x) if across else (x, y)
    marks.unique(data, key)
    rows = _Rows(data, key, value, low, high, highlight, unit, key_unit, currency)

    def turned(sheet: Sheet) -> bool:
        return across or not (rows.ordered or marks.labels_fit(rows.labels, _slot(sheet, rows), sheet))

    def paint(ax: Axes, sheet: Sheet) -> None:
        (_paint_rows if turned(sheet) else _paint_columns)(ax, sheet, rows, words=x_label if not across else None)
        if reference is not None:
            marks.reference_line(ax, reference, reference_label, sheet, vertical=turned(sheet))

    value_words, key_words = (x_label, y_label) if across else (y_label, x_label)
    words = marks.description(
        translated("Bar chart"),
        translated("Length of bar: {value}, for each {key}.").format(
            value=marks.measured(value, value_words, source, unit), key=marks.words(key, key_words, source)
        ),
        marks.described(rows.numbers.tolist(), rows.labels, rows.write),
        title=title,
        subtitle=subtitle,
        source=source,
        simulated=simulated,
        anchor=anchor,
        alt=alt,
        intervals=rows.interval is not None,
    )
    return draw(
        Drawing(words, paint, lambda sheet: max(2, len(rows.labels)) * sheet.row if turned(sheet) else sheet.height),
        ax,
    )


@chart
def dots(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    subtitle: str,
    source: str,
    low: str | None = None,
    high: str | None = None,
    hue: str | None = None,
    highlight: Any = None,
    unit: str = "",
    key_unit: str = "",
    currency: str | None = None,
    reference: float | None = None,
    reference_label: str = "",
    x_label: str | None = None,
    y_label: str | None = None,
    simulated: bool | None = None,
    anchor: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one dot per row with its interval, categories from top to bottom; for estimates that need not start at zero.

    Parameters
    ----------
    table
        One row per category, or per category and ``hue``, in the order to draw.
    x, y
        The column of values and the column of categories.
    hue
        A column of up to seven groups, drawn beside each other in colors; without it ``highlight`` names categories.
    reference, reference_label
        A value to compare with, drawn as a dashed line, and its name.

    The others, and the errors, as in :func:`bars`.
    """
    data = marks.columns(table, x, y, low, high, hue)
    marks.unique(data, *dict.fromkeys([y, hue or y]))
    rows = _Rows(data, y, x, low, high, None if hue else highlight, unit, key_unit, currency)
    groups = list(dict.fromkeys(data[hue])) if hue else []
    if len(groups) > marks.MOST_SERIES:
        raise ChartError(f"{hue} has {len(groups)} groups; only {marks.MOST_SERIES} can be told apart")
    categories = list(dict.fromkeys(data[y]))
    beside = hue is not None and bool(data[y].duplicated().any())  # a dot alone in its row stands at its label

    def paint(ax: Axes, sheet: Sheet) -> None:
        import seaborn as sns

        step = 0.22 if len(groups) < 4 else 0.6 / len(groups)
        row = np.array([categories.index(k) for k in data[y]], dtype=float)
        group = np.array([groups.index(g) for g in data[hue]]) if hue else np.zeros(len(data), dtype=int)
        place = row + (group - (len(groups) - 1) / 2) * step if beside else row
        colors = [CATEGORIES[g] for g in group] if hue else rows.colors
        if rows.interval:
            ax.hlines(place, *rows.interval, color=colors, linewidth=points(2.4), zorder=2)
        sns.scatterplot(
            x=rows.numbers,
            y=place,
            hue=range(len(place)),
            palette=colors,
            legend=False,
            s=points(9) ** 2,
            linewidth=0,
            zorder=3,
            ax=ax,
        )
        ax.set_ylim(len(categories) - 0.5, -0.5)
        ends = rows.interval[1] if rows.interval else rows.numbers
        if not hue:
            for at, end, text, strong in zip(place, ends, rows.texts, rows.strong, strict=True):
                look = {"bold": strong, "color": INK if strong else MUTED, "va": "center_baseline", "halo": True}
                marks.note(ax, text, (end, at), shift=(7, 0), **look)
        labels = [category_text(k, key_unit) for k in categories]
        if reference is not None:  # before the ticks, which reach as far as it does
            marks.reference_line(ax, reference, reference_label, sheet, vertical=True)
        marks.value_ticks(ax, sheet, vertical=False, unit=unit, currency=currency)
        marks.category_ticks(ax, labels, sheet, bold=[n for n, k in enumerate(categories) if k in rows.highlighted])
        ax.spines["left"].set_visible(False)
        marks.label_axis(ax, x=x_label)
        if hue:
            marks.color_key(ax, [category_text(g) for g in groups], CATEGORIES, CATEGORY_TEXT, sheet)

    axes = (
        translated("Horizontal axis: {x}. Rows: {y}, colored by {hue}.")
        if hue
        else translated("Horizontal axis: {x}. Rows: {y}.")
    )
    of_groups = map(category_text, data[hue]) if hue else ()
    places = [", ".join(pair) for pair in zip(rows.labels, of_groups, strict=True)] if hue else rows.labels
    words = marks.description(
        translated("Dot plot"),
        axes.format(
            x=marks.measured(x, x_label, source, unit),
            y=marks.words(y, y_label, source),
            hue=marks.words(hue, None, source) if hue else "",
        ),
        marks.described(rows.numbers.tolist(), places, rows.write),
        title=title,
        subtitle=subtitle,
        source=source,
        simulated=simulated,
        anchor=anchor,
        alt=alt,
        intervals=rows.interval is not None,
    )
    spread = max(1.0, 0.5 * len(groups)) if beside else 1
    return draw(Drawing(words, paint, lambda sheet: max(2, len(categories)) * sheet.row * spread), ax)


class _Rows:
    """A table read for bars or dots: labels, values, intervals, colors, in the table's order."""

    def __init__(
        self,
        data: pd.DataFrame,
        key: str,
        value: str,
        low: str | None,
        high: str | None,
        highlight: Any,
        unit: str,
        key_unit: str,
        currency: str | None,
    ) -> None:
        if data[key].isna().any():
            raise ChartError(f"{key} is missing in {data[key].isna().sum()} rows; give them a name, such as 'unknown'")
        self.keys: list[Hashable] = data[key].tolist()
        self.labels = [category_text(k, key_unit) for k in self.keys]
        self.ordered = marks.is_ordered(data[key]) and key_unit != "weekday"
        self.numbers = marks.finite(data, value, of=key)
        self.interval = marks.interval(data, value, low, high, of=key)
        self.highlighted = marks.chosen(highlight, self.keys, what=key)
        self.strong = [k in self.highlighted for k in self.keys]
        self.colors = [ACCENT if strong or not self.highlighted else CONTEXT for strong in self.strong]
        self.unit, self.currency = unit, currency
        self.write = number_format(self.numbers.tolist(), unit=unit, currency=currency, digits=2)
        self.texts = [self.write(v) for v in self.numbers]

    def extent(self) -> tuple[float, float]:
        """From zero to the farthest end of a bar or interval."""
        ends = np.concatenate([self.numbers, *(self.interval or ()), [0.0]])
        low, high = float(ends.min()), float(ends.max())
        return (low, high) if low < high else (0.0, 1.0)


def _slot(sheet: Sheet, rows: _Rows) -> float:
    """Width of one column of a vertical bar chart, in pixels."""
    return (sheet.width - 50) / len(rows.labels)


def _barplot(ax: Axes, rows: _Rows, *, vertical: bool) -> None:
    import seaborn as sns

    places = [str(n) for n in range(len(rows.numbers))]
    x, y = (places, rows.numbers) if vertical else (rows.numbers, places)
    sns.barplot(
        x=x,
        y=y,
        order=places,
        hue=rows.colors,
        palette={color: color for color in rows.colors},
        dodge=False,
        orient="v" if vertical else "h",
        errorbar=None,
        width=0.74,
        saturation=1,
        legend=False,
        ax=ax,
    )
    if rows.interval:
        (ax.vlines if vertical else ax.hlines)(
            range(len(places)), *rows.interval, color=INK, linewidth=points(1.4), zorder=4
        )


def _paint_rows(ax: Axes, sheet: Sheet, rows: _Rows, *, words: str | None) -> None:
    """Horizontal bars, each with its number at its end."""
    _barplot(ax, rows, vertical=False)
    ax.set_xlim(*rows.extent())
    ax.set_ylim(len(rows.labels) - 0.5, -0.5)
    for place, (value, text, strong) in enumerate(zip(rows.numbers, rows.texts, rows.strong, strict=True)):
        end = value if rows.interval is None else rows.interval[1][place] if value >= 0 else rows.interval[0][place]
        side = 1 if value >= 0 else -1
        marks.note(
            ax,
            text,
            (end, place),
            shift=(6 * side, 0),
            ha="left" if side > 0 else "right",
            va="center_baseline",
            bold=strong,
            color=INK,
        )
    marks.bare(ax, vertical=False)
    marks.category_ticks(ax, rows.labels, sheet, bold=[n for n, strong in enumerate(rows.strong) if strong])
    marks.baseline(ax, vertical=False)
    marks.label_axis(ax)


def _paint_columns(ax: Axes, sheet: Sheet, rows: _Rows, *, words: str | None) -> None:
    """Vertical bars. Each has its number where there is room; otherwise those of the title do, and there is an axis."""
    _barplot(ax, rows, vertical=True)
    ax.set_ylim(*rows.extent())
    ax.set_xlim(-0.6, len(rows.labels) - 0.4)
    slot = _slot(sheet, rows)
    widths = [text_width(text, sheet.text, bold=strong) for text, strong in zip(rows.texts, rows.strong, strict=True)]
    everyone = max(widths) <= slot - 4
    taken: list[tuple[float, float]] = []
    for place in np.argsort(-np.abs(rows.numbers), kind="stable"):
        if not everyone and not rows.strong[place] and (rows.highlighted or taken):
            continue
        left, right = place * slot - widths[place] / 2, place * slot + widths[place] / 2
        if any(left < other_right + 4 and other_left < right + 4 for other_left, other_right in taken):
            continue
        taken.append((left, right))
        up = rows.numbers[place] >= 0
        end = rows.numbers[place] if rows.interval is None else rows.interval[1 if up else 0][place]
        marks.note(
            ax,
            rows.texts[place],
            (place, end),
            shift=(0, 5 if up else -5),
            ha="center",
            va="bottom" if up else "top",
            bold=rows.strong[place],
        )
    if everyone:
        marks.bare(ax, vertical=True)
    else:
        marks.value_ticks(ax, sheet, vertical=True, unit=rows.unit, currency=rows.currency)
    ticks = marks.thinned(rows.labels, slot, sheet) if rows.ordered else list(enumerate(rows.labels))
    ax.set_xticks([at for at, _ in ticks], [label for _, label in ticks])
    for (at, _), tick in zip(ticks, ax.get_xticklabels(), strict=True):
        tick.set(color=INK if rows.strong[at] else MUTED, **font(bold=rows.strong[at]))
    marks.baseline(ax, vertical=True)
    marks.label_axis(ax, x=words)
