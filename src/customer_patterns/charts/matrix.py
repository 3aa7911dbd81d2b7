"""Charts of a matrix: a heatmap. A finished table in, axes out; nothing is filtered, aggregated or estimated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from customer_patterns.charts import marks
from customer_patterns.charts.description import ChartError
from customer_patterns.charts.drawing import Drawing, chart, draw
from customer_patterns.charts.lettering import text_width, wrap
from customer_patterns.charts.numbers import category_text, number_format
from customer_patterns.charts.style import CELL_INK, CELL_PAPER, INK, MUTED, PAPER, Sheet, points
from customer_patterns.wording import translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@chart
def heatmap(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    value: str,
    title: str,
    subtitle: str,
    source: str,
    highlight: Any = None,
    unit: str = "",
    x_unit: str = "",
    y_unit: str = "",
    currency: str | None = None,
    x_label: str | None = None,
    y_label: str | None = None,
    simulated: bool | None = None,
    anchor: str | None = None,
    alt: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a matrix of cells, darker for more, each with its number where it fits; blank where nothing is known.

    Parameters
    ----------
    table
        One row per cell. A cell without a row, or with a missing value, stays blank: it is not zero.
    x, y
        The columns of the matrix's columns and rows; numbers and days are sorted, other labels keep the table's order.
    value
        The column of values.
    x_unit, y_unit
        Of the columns and rows: ``"hour of day"``, ``"weekday"``, ``"month"``, or nothing.
    highlight
        ``(x, y)`` of the cell that the title speaks of, or a list of them: they are outlined.

    The others, and the errors, as in :func:`customer_patterns.charts.bars`.
    """
    data = marks.columns(table, x, y, value)
    marks.unique(data, x, y)
    if data[[x, y]].isna().any(axis=None):
        raise ChartError(f"{x} or {y} is missing; a cell needs both")
    known = data[data[value].notna()]
    if known.empty:
        raise ChartError(f"{value} is missing in every row; say in a sentence that nothing is known")
    marks.finite(known, value, of=y)
    across, down = (_levels(data[name]) for name in (x, y))
    cells = np.full((len(down), len(across)), np.nan)
    row, column = known[y].map(down.index).to_numpy(), known[x].map(across.index).to_numpy()
    cells[row, column] = known[value].astype(float).to_numpy()
    everywhere = [(column, row) for row in down for column in across]
    outlined = marks.chosen(highlight, everywhere, what="the matrix")
    columns, rows = [category_text(v, x_unit) for v in across], [category_text(v, y_unit) for v in down]
    values = known[value].astype(float).tolist()
    write = number_format(values, unit=unit, currency=currency)

    def paint(ax: Axes, sheet: Sheet) -> None:
        import seaborn as sns

        low, high = min(values), max(values)
        sns.heatmap(
            cells,
            mask=np.isnan(cells),
            cmap=_palette(),
            vmin=low,
            vmax=high if high > low else low + 1,
            linewidths=points(1.5),
            linecolor=PAPER,
            cbar=False,
            xticklabels=False,
            yticklabels=False,
            ax=ax,
        )
        slot = (sheet.width - max(text_width(row, sheet.text) for row in rows) - 8) / len(columns)
        fits = _write_cells(ax, cells, write, slot, sheet, percent=unit == "share")
        for column, row in outlined:
            for frame in _outlines(across.index(column), down.index(row)):
                ax.add_patch(frame)
        ticks = marks.thinned(_folded(columns, slot, sheet), slot, sheet)
        numbered = len(ticks) < len(columns) and not (x_unit or marks.is_ordered(data[x]))
        if numbered:  # hours can be read between two labels, names cannot
            ticks = [(at, str(at + 1)) for at in range(len(columns))]
        ax.xaxis.tick_top()
        ax.set_xticks([at + 0.5 for at, _ in ticks], [label for _, label in ticks], rotation=0)
        ax.set_yticks(np.arange(len(rows)) + 0.5, rows, rotation=0)
        ax.tick_params(length=0, labelcolor=MUTED, labelsize=points(sheet.text))
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.set_xlabel(x_label or "", loc="left", labelpad=6)
        ax.xaxis.set_label_position("top")
        ax.set_ylabel("")
        if not fits:
            _ramp(ax, write(low), write(high), sheet)
        if numbered:
            _key(ax, columns, slot * len(columns), sheet, below=0 if fits else 1)

    pairs = zip(known[y], known[x], strict=True)
    places = [f"{category_text(below, y_unit)}, {category_text(over, x_unit)}" for below, over in pairs]
    span = [marks.described(values, places, write)]
    if blank := int(np.isnan(cells).sum()):
        span.append(translated("{count} cells are blank.").format(count=blank))
    words = marks.description(
        translated("Heatmap"),
        translated("Columns: {x}. Rows: {y}. Darker cells mean more: {value}.").format(
            x=marks.words(x, x_label, source),
            y=marks.words(y, y_label, source),
            value=marks.measured(value, None, source, unit),
        ),
        marks.joined(span),
        title=title,
        subtitle=subtitle,
        source=source,
        simulated=simulated,
        anchor=anchor,
        alt=alt,
    )
    return draw(Drawing(words, paint, lambda sheet: len(down) * (sheet.row - 4)), ax)


def _levels(column: pd.Series) -> list[Any]:
    """The labels of one side of the matrix, in order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [level for level in column.cat.categories if (column == level).any()]
    levels = column.drop_duplicates().tolist()
    return sorted(levels) if marks.is_ordered(column) else levels


def _folded(labels: list[str], slot: float, sheet: Sheet) -> list[str]:
    """Labels of several words on a line each, where one line is too narrow and that helps."""
    lines = [label.replace(" ", "\n") for label in labels]
    narrow = max(text_width(label, sheet.text) for label in labels) + 8 > slot
    return lines if narrow and marks.widest(lines, sheet) + 8 <= slot else labels


def _key(ax: Axes, columns: list[str], width: float, sheet: Sheet, *, below: int) -> None:
    """Say under the matrix what its numbered columns are, below so many other lines."""
    words = "   ".join(f"{at}\u00a0{label.replace(' ', chr(0xA0))}" for at, label in enumerate(columns, start=1))
    for line, text in enumerate(wrap(words, width, sheet.text), start=below):
        marks.note(ax, text, (0, 0), "axes fraction", (0, -20 - line * 1.45 * sheet.text), color=MUTED)


def _write_cells(
    ax: Axes, cells: np.ndarray, write: Callable[[float], str], slot: float, sheet: Sheet, *, percent: bool
) -> bool:
    """Write each cell's number, if there is room for all; say whether there was."""
    texts = {at: write(v) for at, v in np.ndenumerate(cells) if np.isfinite(v)}
    if percent:  # the subtitle names the unit; a percent sign in each cell would drown the numbers
        texts = {at: text.rstrip("%\u202f ") for at, text in texts.items()}
    size = sheet.text - 1
    if max(text_width(text, size) for text in texts.values()) > slot - 3:
        return False
    low, high = np.nanmin(cells), np.nanmax(cells)
    for (row, column), text in texts.items():
        color = CELL_PAPER if (cells[row, column] - low) / ((high - low) or 1.0) > 0.45 else CELL_INK
        place = {"ha": "center", "va": "center_baseline", "fontsize": points(size)}
        ax.text(column + 0.5, row + 0.5, text, color=color, **place)
    return True


def _palette() -> Any:
    """Seaborn's perceptually even rocket, from light to dark, without its ends: white paper and black ink."""
    import seaborn as sns
    from matplotlib.colors import ListedColormap

    return ListedColormap(sns.color_palette("rocket_r", as_cmap=True)(np.linspace(0.06, 0.8, 256)))


def _outlines(column: int, row: int) -> list[Any]:
    """A frame of ink with a line of paper inside, to be seen around light and dark cells."""
    from matplotlib.patches import Rectangle

    look = {"fill": False, "zorder": 5, "clip_on": False, "joinstyle": "miter"}
    ink = Rectangle((column, row), 1, 1, edgecolor=INK, linewidth=points(3.2), **look)
    return [ink, Rectangle((column + 0.03, row + 0.06), 0.94, 0.88, edgecolor=PAPER, linewidth=points(1.6), **look)]


def _ramp(ax: Axes, low: str, high: str, sheet: Sheet) -> None:
    """Say what light and dark mean, where the cells have no room for numbers."""
    x, colors = 0.0, _palette()(np.linspace(0, 1, 7))
    marks.note(ax, low, (0, 0), "axes fraction", (0, -20), color=MUTED)
    x = text_width(low, sheet.text) + 6
    for color in colors:
        marks.note(ax, "■", (0, 0), "axes fraction", (x, -20), color=tuple(color))
        x += text_width("■", sheet.text) + 1
    marks.note(ax, high, (0, 0), "axes fraction", (x + 6, -20), color=MUTED)
