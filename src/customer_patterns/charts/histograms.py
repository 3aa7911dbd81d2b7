"""Charts of a distribution: histograms. They draw finished bins; raw values they bin, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from customer_patterns.charts import marks
from customer_patterns.charts.description import ChartError
from customer_patterns.charts.drawing import Drawing, chart, draw
from customer_patterns.charts.numbers import number_format
from customer_patterns.charts.style import ACCENT, CONTEXT, PAPER, Sheet, points
from customer_patterns.wording import translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@chart
def histogram(
    table: pd.DataFrame,
    *,
    x: str,
    title: str,
    subtitle: str,
    source: str,
    count: str | None = None,
    bin_width: float | None = None,
    highlight: tuple[float, float] | None = None,
    unit: str = "",
    count_unit: str = "",
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
    """Draw how values are spread: a bar per bin, without gaps.

    Parameters
    ----------
    table
        One row per bin when ``count`` is given; otherwise one row per value, which are binned here.
    x
        The lower edge of each bin, or the values.
    count
        The height of each bin: a number of rows, or a share with ``count_unit="share"``.
    bin_width
        Width of a bin. For finished bins it defaults to the distance between them; for values to a round width that
        gives about 30 bins.
    highlight
        The range of values that the title speaks of, lower end included; the rest is drawn in gray.
    unit, count_unit
        Of the values and of the heights.
    reference, reference_label
        A value to point at, such as the median, and its name.

    The others, and the errors, as in :func:`customer_patterns.charts.bars`.
    """
    data = marks.columns(table, x, count)
    edges, heights = _binned(data, x, bin_width) if count is None else _finished(data, x, count, bin_width)
    if (heights < 0).any():
        raise ChartError(f"{count} must not be negative")
    width = edges[1] - edges[0]
    inside = np.ones(len(heights), dtype=bool)
    if highlight is not None:
        inside = (edges[:-1] >= highlight[0]) & (edges[:-1] < highlight[1])

    def paint(ax: Axes, sheet: Sheet) -> None:
        import seaborn as sns

        look = {"alpha": 1, "edgecolor": PAPER, "linewidth": points(1.0), "legend": False}
        for part, color in ((inside, ACCENT), (~inside, CONTEXT)):
            if part.any():
                middles, weights = edges[:-1][part] + width / 2, heights[part]
                sns.histplot(x=middles, weights=weights, bins=edges.tolist(), color=color, ax=ax, **look)
        ax.set_xlim(edges[0], edges[-1])
        ax.set_ylim(0, heights.max() or 1.0)
        marks.value_ticks(ax, sheet, vertical=True, unit=count_unit, currency=currency)
        _scale_ticks(ax, sheet, unit=unit, currency=currency)
        marks.baseline(ax, vertical=True)
        marks.label_axis(ax, x=x_label)
        if reference is not None:
            marks.reference_line(ax, reference, reference_label, sheet, vertical=True)

    write = number_format(edges.tolist(), unit=unit, currency=currency, step=width)
    tall = number_format(heights.tolist(), unit=count_unit, currency=currency)
    most = int(np.argmax(heights))
    words = marks.description(
        translated("Histogram"),
        translated("Horizontal axis: {x}. Height: {height}.").format(
            x=marks.words(x, x_label, source), height=marks.words(count or "rows", y_label, source)
        ),
        translated("Bins of {width} from {first} to {last}; the highest, from {most}, holds {height}.").format(
            width=write(width),
            first=write(edges[0]),
            last=write(edges[-1]),
            most=write(edges[most]),
            height=tall(heights[most]),
        ),
        title=title,
        subtitle=subtitle,
        source=source,
        simulated=simulated,
        anchor=anchor,
        alt=alt,
    )
    return draw(Drawing(words, paint, lambda sheet: sheet.height), ax)


def _binned(data: pd.DataFrame, x: str, bin_width: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Count the rows of each bin; bins begin at multiples of their width."""
    values = marks.finite(data, x, of=x)
    width = bin_width or _round_width(values)
    first, last = np.floor(values.min() / width), np.floor(values.max() / width)
    edges = (first + np.arange(last - first + 2)) * width
    return edges, np.histogram(values, bins=edges)[0].astype(float)


def _finished(data: pd.DataFrame, x: str, count: str, bin_width: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Place finished bins on an even grid; a bin that the table leaves out is empty."""
    marks.unique(data, x)
    lower, counted = marks.finite(data, x, of=x), marks.finite(data, count, of=x)
    width = bin_width or (float(np.diff(np.sort(lower)).min()) if len(lower) > 1 else 1.0)
    steps = (lower - lower.min()) / width
    if not np.allclose(steps, np.round(steps)):
        raise ChartError(f"the bins of {x} are not multiples of {width:g} apart; bins must be equally wide")
    places = np.round(steps).astype(int)
    heights = np.zeros(places.max() + 1)
    heights[places] = counted
    return lower.min() + np.arange(places.max() + 2) * width, heights


def _round_width(values: np.ndarray) -> float:
    """A bin width of 1, 2, 2.5 or 5 times a power of ten that gives about 30 bins."""
    spread = float(values.max() - values.min()) or 1.0
    power = 10.0 ** np.floor(np.log10(spread / 30))
    return float(next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= spread / 40))


def _scale_ticks(ax: Axes, sheet: Sheet, *, unit: str, currency: str | None) -> None:
    """Round numbers under the bins."""
    ticks = marks.round_ticks(*ax.get_xlim(), 5 if sheet.narrow else 10)
    write = number_format(ticks, unit=unit, currency=currency, step=ticks[1] - ticks[0] if len(ticks) > 1 else None)
    ax.set_xticks(ticks, [write(tick) for tick in ticks])
