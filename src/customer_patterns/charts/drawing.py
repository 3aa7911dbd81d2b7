"""From a chart to a figure: headline and layout; and a chart drawn again, for a phone or in another language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from customer_patterns.charts.description import Description
from customer_patterns.charts.glyphs import drawable
from customer_patterns.charts.lettering import wrap
from customer_patterns.charts.pictures import HEADLINE, Plot, missing_glyphs_are_errors, svg_of
from customer_patterns.charts.rendering import LAYOUT_DPI, fonts_remembered, garbage_left, measuring
from customer_patterns.charts.style import INK, MUTED, PAGE, PAPER, PHONE, Sheet, font, points, style
from customer_patterns.wording import (
    Sentence,
    Voice,
    again,
    current_voice,
    say,
    sentences_in,
    speaking,
    translated,
)
from customer_patterns.wording.formats import spaced

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Drawing:
    """A chart that can be drawn on any sheet: what it says, how it is painted, how high its plot is in pixels."""

    description: Description
    paint: Callable[[Axes, Sheet], None]
    plot_height: Callable[[Sheet], float]
    #: Who speaks: a chart that is drawn again for a phone, in a later cell, says the same.
    voice: Voice = field(default_factory=current_voice)


# What each axes shows, and where on the figure that we made for it; None on the caller's own figure.
# The entries live as long as their axes, and no axes gets an attribute of ours.
_drawn: WeakKeyDictionary[Axes, tuple[Drawing, Plot | None]] = WeakKeyDictionary()


def draw(drawing: Drawing, ax: Axes | None) -> Axes:
    """Draw on a figure of its own, or on ``ax``, and remember what the axes show."""
    plot = None
    if ax is None:
        ax, plot = _own_figure(drawing, PAGE)
    else:
        with style(PAGE), missing_glyphs_are_errors():
            drawing.paint(ax, PAGE)
            ax.set_title(
                drawable(drawing.description.title), loc="left", fontsize=points(PAGE.subtitle), **font(bold=True)
            )
    _drawn[ax] = (drawing, plot)
    return ax


@dataclass(frozen=True)
class _Call:
    """How a chart was asked for: enough to draw it again in another language."""

    function: Callable[..., Axes]
    table: Any
    options: dict[str, Any]


_calls: WeakKeyDictionary[Axes, _Call] = WeakKeyDictionary()

#: Options that are read by people: sentences, or labels in English that have a translation.
_READ = frozenset({"title", "subtitle", "source", "reference_label", "x_label", "y_label", "alt"})


def chart(function: Callable[..., Axes]) -> Callable[..., Axes]:
    """Let a chart's function remember its call, so that :func:`in_language` can draw the chart again."""

    @wraps(function)
    def drawn(table: Any, **options: Any) -> Axes:
        ax = function(table, **options)
        if options.get("ax") is None:
            kept = table.copy(deep=False) if hasattr(table, "copy") else table  # pandas copies what is written to
            _calls[ax] = _Call(function, kept, options)
        return ax

    return drawn


def in_language(ax: Axes, language: str) -> Axes | None:
    """Draw a chart again in another language, its sentences said again; None for axes on a caller's own figure.

    Raises
    ------
    Untranslated
        For a text without translation.
    KeyError
        For axes that this package has not drawn.
    """
    drawing, _ = _find(ax)
    call = _calls.get(ax)
    if call is None:
        return None
    with speaking(drawing.voice.in_language(language)):
        return call.function(call.table, **{name: _again(name, value) for name, value in call.options.items()})


def sentences_of(ax: Axes) -> list[Sentence]:
    """Return the sentences that a chart was given: title, subtitle, source, names of axes and references."""
    call = _calls.get(ax)
    return sentences_in(list(call.options.values())) if call else []


def _again(name: str, value: Any) -> Any:
    if name in _READ and isinstance(value, str) and value and not isinstance(value, Sentence):
        return translated(value, context="label")
    return again(value)


def describe(ax: Axes) -> Description:
    """Return what a chart of this package says.

    Raises
    ------
    KeyError
        For axes that this package has not drawn.
    """
    return _find(ax)[0].description


def to_svg(ax: Axes) -> str:
    """Return a chart as SVG, the same bytes each time, following the reader's choice of light or dark.

    The picture carries its own description and, unseen, a second drawing for phones; :func:`read_svg` finds both.
    The phone's is drawn anew from the table: what was changed on the axes by hand is not in it. Axes on a figure of the
    caller's give that whole figure, and none for phones.

    Raises
    ------
    KeyError
        For axes that this package has not drawn.
    """
    drawing, plot = _find(ax)
    if plot is None:
        return svg_of(ax, Plot(0, 0, *(inches * 96 for inches in ax.figure.get_size_inches())), drawing.description)
    phone = svg_of(*_own_figure(drawing, PHONE), drawing.description, sheet=PHONE)
    return svg_of(ax, plot, drawing.description, inside=f'<metadata class="phone">{phone}</metadata>\n')


def _find(ax: Axes) -> tuple[Drawing, Plot | None]:
    try:
        return _drawn[ax]
    except KeyError:
        raise KeyError("these axes were not drawn by customer_patterns.charts") from None


def _own_figure(drawing: Drawing, sheet: Sheet) -> tuple[Axes, Plot]:
    """Lay a chart out on a sheet: headline above, source below, and as much room between as its labels need."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    words = drawing.description
    with style(sheet), garbage_left(), fonts_remembered(), missing_glyphs_are_errors(), speaking(drawing.voice):
        title = wrap(words.title, sheet.width, sheet.title, bold=True)
        subtitle = wrap(words.subtitle, sheet.width, sheet.subtitle)
        source = wrap(spaced(translated("Source: {source}").format(source=words.source)), sheet.width, sheet.small)
        head = sheet.margin + 1.2 * sheet.title * len(title) + 4 + 1.35 * sheet.subtitle * len(subtitle) + 14
        foot = 12 + 1.35 * sheet.small * len(source) + sheet.margin
        tag = 1.9 * sheet.small if words.simulated else 0.0
        full, plot_height = sheet.width + 2 * sheet.margin, drawing.plot_height(sheet)

        figure = Figure(dpi=LAYOUT_DPI)
        FigureCanvasAgg(figure)  # for whoever wants to look at it elsewhere
        left, right, above, below = 56.0, 16.0, 10.0, 30.0
        ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        _set_size(ax, full, sheet.margin, (left, right, head + tag + above, below + foot), plot_height)
        ax.set(xlabel=" ", ylabel=" ")  # seaborn would look at all ticks before it named the axes, which we do
        drawing.paint(ax, sheet)
        for _ in range(3):  # labels beside marks move with the margins, so twice and once more
            box, tight = ax.get_window_extent(), ax.get_tightbbox(measuring())
            before = (left, right, above, below)
            left, right = max(0.0, box.x0 - tight.x0), max(0.0, tight.x1 - box.x1)
            above, below = max(0.0, tight.y1 - box.y1), max(0.0, box.y0 - tight.y0)
            if max(abs(new - old) for new, old in zip((left, right, above, below), before, strict=True)) < 0.01:
                break
            _set_size(ax, full, sheet.margin, (left, right, head + tag + above, below + foot), plot_height)
        height = head + tag + above + plot_height + below + foot
        if words.simulated:
            _tag(figure, full - sheet.margin, head, height, sheet)
        y = sheet.margin
        y = _lines(figure, title, sheet.margin, y, sheet.title, 1.2, height, color=INK, bold=True) + 4
        _lines(figure, subtitle, sheet.margin, y, sheet.subtitle, 1.35, height, color=MUTED)
        _lines(figure, source, sheet.margin, height - foot + 12, sheet.small, 1.35, height, color=MUTED)
    # a pixel more on each side than the plot itself: strokes have a width
    return ax, Plot(sheet.margin - 1, head - 2, sheet.width + 2, tag + above + plot_height + below + 6)


def _set_size(ax: Axes, full: float, margin: float, sides: tuple[float, float, float, float], height: float) -> None:
    left, right, above, below = sides
    total = above + height + below
    ax.figure.set_size_inches(full / 96, total / 96)
    width = full - 2 * margin - left - right
    ax.set_position(((margin + left) / full, below / total, width / full, height / total))


def _lines(
    figure: Figure,
    lines: list[str],
    x: float,
    y: float,
    size: float,
    leading: float,
    height: float,
    *,
    color: str,
    bold: bool = False,
) -> float:
    """Set lines from ``y`` pixels below the top; return where they end."""
    width = figure.get_size_inches()[0] * 96
    for line in lines:
        y += leading * size
        look = {"fontsize": points(size), "color": color, "gid": HEADLINE, **font(bold=bold)}
        figure.text(x / width, 1 - (y - 0.27 * size) / height, line, **look)
    return y


def _tag(figure: Figure, x: float, y: float, height: float, sheet: Sheet) -> None:
    """Set the tag of simulated data, right-aligned at ``x``, where cutting the headline off leaves it standing."""
    figure.text(
        (x - 0.25 * sheet.small) / (figure.get_size_inches()[0] * 96),
        1 - (y + 0.95 * sheet.small) / height,
        str(say("show.simulated")).upper(),
        ha="right",
        va="center",
        fontsize=points(0.88 * sheet.small),
        color=PAPER,
        bbox={"boxstyle": "square,pad=0.28", "facecolor": MUTED, "edgecolor": "none"},
        **font(bold=True),
    )
