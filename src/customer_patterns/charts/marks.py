"""What the shapes share: reading columns strictly, axes, ticks and labels that stand beside what they name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from customer_patterns.charts.description import ChartError, Description
from customer_patterns.charts.lettering import fitting, text_width, wrap
from customer_patterns.charts.numbers import category_text, number_format, tick_text, year_text
from customer_patterns.charts.style import INK, MUTED, PAPER, RULE, Sheet, font, points
from customer_patterns.wording import current_voice, headed, translated, word
from customer_patterns.wording.formats import spaced

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: More series than this cannot be told apart: draw small multiples.
MOST_SERIES = 7


def columns(table: pd.DataFrame, *names: str | None) -> pd.DataFrame:
    """Return the named columns of a table that has rows, or say which are missing."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(
            f"a chart draws a pandas table of finished figures, not {type(table).__name__}; aggregate first"
        )
    wanted = [name for name in names if name is not None]
    if missing := [name for name in wanted if name not in table.columns]:
        raise ChartError(f"the table has no column {', '.join(missing)}; it has {', '.join(map(str, table.columns))}")
    if table.empty:
        raise ChartError("the table is empty; say in a sentence that there is nothing to draw")
    return table[list(dict.fromkeys(wanted))].reset_index(drop=True)


def finite(table: pd.DataFrame, name: str, *, of: str) -> np.ndarray:
    """Return a column as numbers, or say in which rows it is none."""
    try:
        values = table[name].astype(float).to_numpy(copy=True)
    except (TypeError, ValueError):
        raise ChartError(f"{name} must hold numbers, it holds {table[name].dtype}") from None
    if (bad := ~np.isfinite(values)).any():
        where = ", ".join(category_text(key) for key in table.loc[bad, of].tolist()[:3])
        raise ChartError(
            f"{name} is missing or not finite in {bad.sum()} of {len(values)} rows ({of}: {where}); "
            "leave these rows out of the table and say so"
        )
    return values


def interval(
    table: pd.DataFrame, value: str, low: str | None, high: str | None, *, of: str
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the bounds of each row's interval, if there are any; they must hold its value."""
    if (low is None) != (high is None):
        raise ChartError("an interval has two ends: give both low= and high=")
    if low is None or high is None:
        return None
    values, lows, highs = (finite(table, name, of=of) for name in (value, low, high))
    if ((lows > values) | (values > highs)).any():
        raise ChartError(f"{low} to {high} must hold {value} in every row")
    return lows, highs


def unique(table: pd.DataFrame, *names: str) -> None:
    """Refuse a table that has two rows for one mark: a chart does not aggregate."""
    if table.duplicated(list(names)).any():
        first = table.loc[table.duplicated(list(names)), list(names)].iloc[0].tolist()
        raise ChartError(f"two rows for {', '.join(category_text(v) for v in first)}: aggregate before drawing")


def chosen(highlight: Any, keys: Sequence[Hashable], *, what: str) -> set[Hashable]:
    """Return the keys to highlight; each must be there."""
    if highlight is None:
        return set()
    wanted = (
        {highlight} if isinstance(highlight, str | tuple) or not isinstance(highlight, Iterable) else set(highlight)
    )
    if unknown := wanted - set(keys):
        raise ChartError(f"nothing to highlight: {what} has no {', '.join(map(str, sorted(unknown, key=str)))}")
    return wanted


def is_numeric(column: pd.Series) -> bool:
    """Whether the column holds numbers; money arrives as decimals, which pandas keeps as objects."""
    if pd.api.types.is_bool_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        return False
    return pd.api.types.is_numeric_dtype(column) or column.map(lambda v: isinstance(v, Decimal)).all()


def is_ordered(column: pd.Series) -> bool:
    """Whether the column holds numbers or days, whose labels may be thinned out without losing any."""
    return column.map(lambda v: isinstance(v, int | float | np.number | dt.date)).all()


def words(name: str, label: str | None, source: str = "") -> str:
    """What an axis shows: its label, or its column's head in the source's table, or the column's name in words.

    Raises
    ------
    Untranslated
        For a column that neither its table's schema nor the catalog's words name.
    """
    voice = current_voice()
    if label:
        return label
    for table in getattr(source, "names", ()):
        if heading := voice.headings.get((table, str(name))):
            return headed(heading)
    named = str(name).replace("_", " ")
    return named[:1].upper() + named[1:] if voice.language == "en" else word(named)


def measured(name: str, label: str | None, source: str, unit: str) -> str:
    """What values are of, as alternative texts say it: in words, and in percent where they are shares."""
    percent = "（%）" if current_voice().language == "zh" else " (%)"
    return words(name, label, source) + (percent if unit == "share" else "")


def label_axis(ax: Axes, *, x: str | None = None, y: str | None = None) -> None:
    """Say on the axes what they show, where the subtitle does not."""
    ax.set_xlabel(x or "", labelpad=7)
    ax.set_ylabel("")
    for axis, label in ((ax.xaxis, x), (ax.yaxis, "")):  # for what is not there no room need be looked for
        if not label:
            axis.set_label_coords(0, 0)
    if y:  # upright, above the axis
        note(ax, y, (0, 1), "axes fraction", (0, 9), color=MUTED, ha="left")


def value_ticks(ax: Axes, sheet: Sheet, *, vertical: bool, unit: str, currency: str | None) -> None:
    """Few round ticks with thin rules; numbers as people read them."""
    low, high = sorted(ax.get_ylim() if vertical else ax.get_xlim())
    ticks = round_ticks(low, high, 4 if sheet.narrow else 6, whole=unit == "" and high - low >= 4)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else None
    write = number_format(ticks, unit=unit, currency=currency, step=step)
    (ax.set_yticks if vertical else ax.set_xticks)(ticks, [write(tick) for tick in ticks])
    ax.grid(visible=True, axis="y" if vertical else "x", color=RULE)
    ax.spines["left" if vertical else "bottom"].set_visible(False)


def round_ticks(low: float, high: float, most: int, *, whole: bool = False, by_sixes: bool = False) -> list[float]:
    """At most ``most`` + 1 round numbers from ``low`` to ``high``; ``by_sixes`` for months and hours."""
    from matplotlib.ticker import MaxNLocator

    steps = [1, 2, 3, 4, 6, 10] if by_sixes else [1, 2, 2.5, 5, 10]
    slack = 1e-9 * (high - low)
    found = MaxNLocator(most, steps=steps, integer=whole).tick_values(low, high)
    return [float(tick) for tick in found if low - slack <= tick <= high + slack]


def bare(ax: Axes, *, vertical: bool) -> None:
    """Take the value axis away: every mark says its number itself."""
    if vertical:
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
    else:
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)


def category_ticks(ax: Axes, labels: Sequence[str], sheet: Sheet, *, bold: Iterable[int] = ()) -> None:
    """Label the rows of a horizontal chart, long labels on two lines."""
    width = sheet.width * (0.34 if sheet.narrow else 0.3)
    lines = ["\n".join(wrap(label, width, sheet.text)) for label in labels]
    ax.set_yticks(range(len(labels)), lines, linespacing=1.05)
    strong = set(bold)
    for row, tick in enumerate(ax.get_yticklabels()):
        tick.set(color=INK, **font(bold=row in strong))


def labels_fit(labels: Sequence[str], slot: float, sheet: Sheet) -> bool:
    """Whether labels can stand side by side, unturned."""
    return max(text_width(label, sheet.text) for label in labels) <= slot - 6


def widest(labels: Sequence[str], sheet: Sheet) -> float:
    """Width of the widest line of all labels."""
    return max(text_width(line, sheet.text) for label in labels for line in label.splitlines() or [""])


def thinned(labels: Sequence[str], slot: float, sheet: Sheet) -> list[tuple[int, str]]:
    """Return as many of the ordered labels as fit side by side, in even steps."""
    needed = widest(labels, sheet) + 8
    step = next((s for s in (1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 52) if s * slot >= needed), len(labels))
    return [(at, labels[at]) for at in range(0, len(labels), step)]


def date_ticks(ax: Axes, first: dt.date, last: dt.date, width: float) -> None:
    """Months or days in even steps; the year under the first label and each January."""
    room, days = max(2, int(width / 62)), (last - first).days
    monthly = days > 70
    if monthly:
        step = next((s for s in (1, 2, 3, 6, 12, 24, 60) if days / 30.4 / s <= room), 120)
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        starts = [dt.date(m // 12, m % 12 + 1, 1) for m in months if m % step == 0]
        # a first week that begins on 2 January still belongs over "Jan"
        at = [max(day, first) for day in starts if first - dt.timedelta(days=10) <= day <= last]
    else:
        step = next(s for s in (1, 2, 7, 14, 28, 70) if days / s <= room)
        at = [first + dt.timedelta(days=n) for n in range(0, days + 1, step)]
    labels = [
        tick_text(day, month=monthly) + (f"\n{year_text(day)}" if not n or day.year != at[n - 1].year else "")
        for n, day in enumerate(at)
    ]
    ax.set_xticks([pd.Timestamp(day) for day in at], labels)


def note(
    ax: Axes,
    text: str,
    at: tuple[Any, Any],
    coordinates: str | tuple[str, str] = "data",
    shift: tuple[float, float] = (0, 0),
    *,
    color: str = INK,
    bold: bool = False,
    ha: str = "left",
    va: str = "baseline",
    size: float | None = None,
    halo: bool = False,
) -> None:
    """Write beside a mark, ``shift`` in pixels away; on paper where lines would pass behind."""
    ax.annotate(
        text,
        at,
        xycoords=coordinates,
        xytext=(points(shift[0]), points(shift[1])),
        textcoords="offset points",
        color=color,
        ha=ha,
        va=va,
        fontsize=points(size) if size else None,
        annotation_clip=False,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": points(1.5)} if halo else None,
        **font(bold=bold),
    )


def reference_line(ax: Axes, value: float, label: str, sheet: Sheet, *, vertical: bool) -> None:
    """Draw a value that the marks are compared with, and name it at its end."""
    line = {"color": INK, "linewidth": points(1.2), "dashes": (3, 2.5), "zorder": 1.5}
    if vertical:
        ax.axvline(value, **line)
        low, high = ax.get_xlim()
        late = (value - low) / (high - low) > 0.6
        note(
            ax,
            label,
            (value, 1),
            ("data", "axes fraction"),
            (-1 if late else 1, 6),
            ha="right" if late else "left",
            size=sheet.text,
        )
    else:
        ax.axhline(value, **line)
        note(ax, label, (1, value), ("axes fraction", "data"), (0, 5), ha="right", size=sheet.text)


def color_key(ax: Axes, names: Sequence[str], colors: Sequence[str], text_colors: Sequence[str], sheet: Sheet) -> None:
    """Name the colors in a line above the plot, each name in its color."""
    lines: list[list[int]] = [[]]
    used = 0.0
    for number, name in enumerate(names):
        width = text_width(f"■ {name}", sheet.text, bold=True) + 20
        if lines[-1] and used + width > sheet.width * 0.7:
            lines.append([])
            used = 0.0
        lines[-1].append(number)
        used += width
    for row, members in enumerate(lines):
        x, y = 0.0, 12 + 1.3 * sheet.text * (len(lines) - 1 - row)
        for number in members:
            note(ax, "■", (0, 1), "axes fraction", (x, y), color=colors[number])
            x += text_width("■ ", sheet.text) + 2
            note(ax, names[number], (0, 1), "axes fraction", (x, y), color=text_colors[number], bold=True)
            x += text_width(names[number], sheet.text, bold=True) + 20


def spread_out(places: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Move labels of these sizes apart until none covers another, as little as that takes.

    Labels that touch are joined into a group, which stays centered on where its members belong.
    """
    groups: list[tuple[float, list[int]]] = []  # where the group begins, its members from below

    def begin(members: list[int]) -> float:
        offsets, above = [], 0.0
        for number in members:
            offsets.append(places[number] - above - sizes[number] / 2)
            above += sizes[number]
        return sum(offsets) / len(offsets)

    for number in sorted(range(len(places)), key=lambda n: (places[n], n)):
        groups.append((begin([number]), [number]))
        while len(groups) > 1 and groups[-2][0] + sum(sizes[n] for n in groups[-2][1]) > groups[-1][0]:
            members = groups[-2][1] + groups[-1][1]
            groups[-2:] = [(begin(members), members)]
    moved = [0.0] * len(places)
    for edge, members in groups:
        for number in members:
            moved[number] = edge + sizes[number] / 2
            edge += sizes[number]
    return moved


def baseline(ax: Axes, *, vertical: bool, at: float = 0.0) -> None:
    """Draw the line that bars stand on."""
    (ax.axhline if vertical else ax.axvline)(at, color=INK, linewidth=points(1.1), zorder=3)
    ax.spines["bottom" if vertical else "left"].set_visible(False)


def described(values: Sequence[float], labels: Sequence[str], write: Callable[[float], str]) -> str:
    """Say the range: the smallest and the largest value and where they are."""
    low, high = int(np.argmin(values)), int(np.argmax(values))
    if len(values) == 1:
        return translated("One value: {value} ({label}).").format(value=write(values[0]), label=labels[0])
    return translated("From {low} ({low_label}) to {high} ({high_label}).").format(
        low=write(values[low]), low_label=labels[low], high=write(values[high]), high_label=labels[high]
    )


def joined(parts: Iterable[str]) -> str:
    """Put sentences side by side, as the language of the run does."""
    return spaced(("" if current_voice().language == "zh" else " ").join(parts))


def listed(names: Iterable[str]) -> str:
    """List names, as the language of the run does."""
    return ("、" if current_voice().language == "zh" else ", ").join(names)


def description(
    kind: str,
    axes: str,
    span: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    simulated: bool | None,
    anchor: str | None,
    alt: str | None,
    intervals: bool = False,
) -> Description:
    """Put a chart's words together; the alternative text says kind, axes, finding and range where none was given."""
    stop = "。" if current_voice().language == "zh" else "."
    ended = str(title).endswith((".", "?", "!", "。", "？", "！"))
    parts = [f"{kind}{stop}", axes, str(title) if ended else f"{title}{stop}", span]
    if intervals:
        parts.append(translated("Lines or bands show the intervals."))
    tag = current_voice().calls_simulated(*getattr(source, "names", ())) if simulated is None else simulated
    return Description(kind, fitting(title), str(subtitle), str(source), alt or joined(parts), tag, anchor)
