"""Charts of two measures: a scatter plot. A finished table in, axes out; nothing is filtered or estimated."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from customer_patterns.charts import marks
from customer_patterns.charts.drawing import Drawing, chart, draw
from customer_patterns.charts.lettering import text_width
from customer_patterns.charts.numbers import category_text, number_format
from customer_patterns.charts.style import ACCENT, CONTEXT, INK, MUTED, Sheet, points
from customer_patterns.wording import translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@chart
def scatter(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    label: str,
    title: str,
    subtitle: str,
    source: str,
    x_low: str | None = None,
    x_high: str | None = None,
    y_low: str | None = None,
    y_high: str | None = None,
    highlight: Any = None,
    x_unit: str = "",
    y_unit: str = "",
    currency: str | None = None,
    x_reference: float | None = None,
    y_reference: float | None = None,
    curve: tuple[str, str] | None = None,
    curve_label: str = "",
    x_label: str | None = None,
    y_label: str | None = None,
    simulated: bool | None = None,
    anchor: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one dot per row at its two measures, its name beside it, its intervals as a cross.

    Parameters
    ----------
    table
        One row per dot.
    x, y
        The columns of the two measures.
    label
        The column of names; each stands once.
    x_low, x_high, y_low, y_high
        Columns with the bounds of the measures' intervals.
    highlight
        The name or names that the title speaks of; the others are drawn in gray.
    x_unit, y_unit
        Of the measures, as in :func:`customer_patterns.charts.bars`.
    x_reference, y_reference
        Values at which lines divide the plot into quadrants.
    curve, curve_label
        The columns with where each row would stand, and what the line through these places shows.

    The others, and the errors, as in :func:`customer_patterns.charts.bars`.
    """
    data = marks.columns(table, x, y, label, x_low, x_high, y_low, y_high, *(curve or ()))
    marks.unique(data, label)
    across, up = marks.finite(data, x, of=label), marks.finite(data, y, of=label)
    x_span = marks.interval(data, x, x_low, x_high, of=label)
    y_span = marks.interval(data, y, y_low, y_high, of=label)
    along = sorted(zip(*(marks.finite(data, name, of=label).tolist() for name in curve), strict=True)) if curve else []
    names = data[label].tolist()
    chosen = marks.chosen(highlight, names, what=label)
    strong = [name in chosen for name in names]
    colors = [ACCENT if one or not chosen else CONTEXT for one in strong]

    def paint(ax: Axes, sheet: Sheet) -> None:
        import seaborn as sns

        thin = {"linewidth": points(1.4), "alpha": 0.6, "zorder": 2, "color": colors}
        if x_span:
            ax.hlines(up, *x_span, **thin)
        if y_span:
            ax.vlines(across, *y_span, **thin)
        look = {"legend": False, "s": points(11) ** 2, "linewidth": 0, "zorder": 4}
        sns.scatterplot(x=across, y=up, hue=range(len(names)), palette=colors, ax=ax, **look)
        if along:
            ax.plot(*zip(*along, strict=True), color=MUTED, linewidth=points(1.6), zorder=3)
        ax.margins(0.08)
        line = {"color": MUTED, "linewidth": points(1.0), "dashes": (3, 2.5), "zorder": 1.5}
        if x_reference is not None:
            ax.axvline(x_reference, **line)
        if y_reference is not None:
            ax.axhline(y_reference, **line)
        marks.value_ticks(ax, sheet, vertical=False, unit=x_unit, currency=currency)
        marks.value_ticks(ax, sheet, vertical=True, unit=y_unit, currency=currency)
        marks.label_axis(ax, x=x_label, y=y_label)
        _name_dots(ax, sheet, across, up, [category_text(name) for name in names], strong)
        if along:
            marks.note(ax, curve_label, _widest_gap(along), shift=(6, -20), color=MUTED, halo=True)

    write_x = number_format(across.tolist(), unit=x_unit, currency=currency, digits=2)
    write_y = number_format(up.tolist(), unit=y_unit, currency=currency, digits=2)
    words = marks.description(
        translated("Scatter plot"),
        marks.joined(
            [
                translated("Horizontal axis: {x}. Vertical axis: {y}. One dot for each {label}.").format(
                    x=marks.words(x, x_label, source),
                    y=marks.words(y, y_label, source),
                    label=marks.words(label, None, source),
                ),
                *([curve_label] if curve_label else []),
            ]
        ),
        marks.joined(
            marks.described(values.tolist(), [category_text(name) for name in names], write)
            for values, write in ((across, write_x), (up, write_y))
        ),
        title=title,
        subtitle=subtitle,
        source=source,
        simulated=simulated,
        anchor=anchor,
        alt=alt,
        intervals=bool(x_span or y_span),
    )
    return draw(Drawing(words, paint, lambda sheet: sheet.height), ax)


def _widest_gap(along: list[tuple[float, ...]]) -> tuple[float, float]:
    """The middle of the longest stretch of a line without a dot: where its name disturbs none."""
    pairs = list(pairwise(along)) or [(along[0], along[0])]
    one, other = max(pairs, key=lambda pair: pair[1][0] - pair[0][0])
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _name_dots(
    ax: Axes, sheet: Sheet, across: np.ndarray, up: np.ndarray, names: list[str], strong: list[bool]
) -> None:
    """Write each dot's name beside it: on the side with more room, moved up or down where names would collide."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    wide = sheet.width * 0.85
    places, heights = (up - low) / (high - low) * sheet.height, 1.3 * sheet.text
    at = (across - left) / (right - left) * wide
    widths = np.array([text_width(name, sheet.text, bold=one) for name, one in zip(names, strong, strict=True)])
    on_right = at + widths + 10 < wide
    for side in (True, False):
        of = np.flatnonzero(on_right == side)
        # A cross runs through its dot: names stand a little above its arm.
        moved = marks.spread_out([float(places[n]) + 0.75 * sheet.text for n in of], [heights] * len(of))
        for n, place in zip(of, moved, strict=True):
            marks.note(
                ax,
                names[n],
                (across[n], up[n]),
                shift=(8 if side else -8, place - float(places[n])),
                ha="left" if side else "right",
                va="center",
                bold=strong[n],
                color=INK if strong[n] else MUTED,
                halo=True,
            )
