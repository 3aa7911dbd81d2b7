"""From a chart to a figure: headline, layout, alternative text, and an SVG that describes itself."""

from __future__ import annotations

import json
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache, wraps
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from customer_patterns.charts.glyphs import drawable
from customer_patterns.charts.rendering import LAYOUT_DPI, fonts_remembered, garbage_left, measuring, to_svg_text
from customer_patterns.charts.style import (
    DARK,
    FAMILY,
    INK,
    MUTED,
    PAGE,
    PAPER,
    PHONE,
    Sheet,
    font,
    points,
    register_font,
    style,
)
from customer_patterns.schemas.refusal import Refusal
from customer_patterns.wording import (
    Name,
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

#: A title that is longer is no headline. A Chinese letter is as wide as two Latin ones.
TITLE_LENGTH = 90
#: A name in a title that has no room for it is cut to so many letters at the least.
_SHORTEST_NAME = 8
_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
_HEADLINE = "headline"


class ChartError(Refusal):
    """A chart cannot be drawn truthfully from what it was given; the message says what to change."""


@dataclass(frozen=True)
class Description:
    """What a chart says, in words.

    Attributes
    ----------
    kind
        The kind of chart: ``"Bar chart"`` …
    title
        The finding, at most 90 characters; 45 Chinese ones.
    subtitle
        Measure, unit, population and n.
    source
        Source table and period.
    alt
        Alternative text: kind of chart, what is on which axis, the finding, the range.
    simulated
        Whether the data are simulated; the figure then carries a tag.
    anchor
        What findings link to.
    """

    kind: str
    title: str
    subtitle: str
    source: str
    alt: str
    simulated: bool = False
    anchor: str | None = None

    def __post_init__(self) -> None:
        """Refuse a chart that does not say what it shows."""
        for part in ("title", "subtitle", "source"):
            if not str(getattr(self, part)).strip():
                raise ChartError(f"a chart needs a {part}")
        if (length := columns_of(self.title)) > TITLE_LENGTH:
            raise ChartError(f"the title has {length} characters, {TITLE_LENGTH} fit; shorten it: '{self.title}'")
        if self.anchor is not None and not _ANCHOR.fullmatch(self.anchor):
            raise ChartError(f"the anchor '{self.anchor}' must be small letters, digits and hyphens")


@dataclass(frozen=True)
class Drawing:
    """A chart that can be drawn on any sheet: what it says, how it is painted, how high its plot is in pixels."""

    description: Description
    paint: Callable[[Axes, Sheet], None]
    plot_height: Callable[[Sheet], float]
    #: Who speaks: a chart that is drawn again for a phone, in a later cell, says the same.
    voice: Voice = field(default_factory=current_voice)


@dataclass(frozen=True)
class Picture:
    """A chart read back from its SVG: the plots without headline and source line, and the words."""

    description: Description
    page: str
    phone: str


@dataclass(frozen=True)
class _Plot:
    """Where the plot lies in its figure, without headline and source line, in pixels from the top left."""

    x: float
    y: float
    width: float
    height: float


# What each axes shows, and where on the figure that we made for it; None on the caller's own figure.
# The entries live as long as their axes, and no axes gets an attribute of ours.
_drawn: WeakKeyDictionary[Axes, tuple[Drawing, _Plot | None]] = WeakKeyDictionary()


def draw(drawing: Drawing, ax: Axes | None) -> Axes:
    """Draw on a figure of its own, or on ``ax``, and remember what the axes show."""
    plot = None
    if ax is None:
        ax, plot = _own_figure(drawing, PAGE)
    else:
        with style(PAGE), _missing_glyphs_are_errors():
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
        return _svg(ax, _Plot(0, 0, *(inches * 96 for inches in ax.figure.get_size_inches())), drawing.description)
    phone = _svg(*_own_figure(drawing, PHONE), drawing.description, sheet=PHONE)
    return _svg(ax, plot, drawing.description, inside=f'<metadata class="phone">{phone}</metadata>\n')


def _find(ax: Axes) -> tuple[Drawing, _Plot | None]:
    try:
        return _drawn[ax]
    except KeyError:
        raise KeyError("these axes were not drawn by customer_patterns.charts") from None


def read_svg(svg: str) -> Picture | None:
    """Read a picture that :func:`to_svg` made; None for any other SVG."""
    found = re.search(r'<metadata class="chart">(.*?)</metadata>', svg)
    if not found:
        return None
    page, _, rest = svg.partition('<metadata class="phone">')
    phone = rest.rpartition("</metadata>")[0]
    page = page + "</svg>" if phone else page
    return Picture(Description(**json.loads(unescape(found.group(1)))), _crop(page), _crop(phone))


def _crop(svg: str) -> str:
    """Cut a picture down to its plot: a page sets headline and source as text that can be searched and selected."""
    box = re.search(r'data-plot="([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"', svg)
    if not box:
        return ""
    svg = re.sub(r'<metadata class="chart">.*?</metadata>\n', "", svg, count=1)
    # headline and source are drawn last, so that no glyph that the plot uses is defined in them
    start, end = svg.find(f'<g id="{_HEADLINE}'), max(svg.rfind("</g>\n<defs>"), svg.rfind("</g>\n</svg>"))
    svg = svg[:start] + svg[end:] if 0 < start < end else svg
    return re.sub(r"<svg [^>]*>", _root(_Plot(*(float(side) for side in box.groups()))), svg, count=1)


def _root(view: _Plot, plot: _Plot | None = None) -> str:
    """The opening tag of a picture that shows ``view``."""
    x, y, width, height = (f"{points(side):.6g}" for side in (view.x, view.y, view.width, view.height))
    data = f' data-plot="{plot.x:.6g} {plot.y:.6g} {plot.width:.6g} {plot.height:.6g}"' if plot else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}pt" height="{height}pt" viewBox="{x} {y} {width} {height}"{data}>'
    )


def _svg(ax: Axes, plot: _Plot, description: Description, *, inside: str = "", sheet: Sheet = PAGE) -> str:
    figure = ax.figure
    with style(sheet), garbage_left(), fonts_remembered(), _missing_glyphs_are_errors():
        text = to_svg_text(figure)
    width, height = (inches * LAYOUT_DPI for inches in figure.get_size_inches())
    drawn = _shorten(re.sub(r"^.*?<svg [^>]*>\n", "", text, count=1, flags=re.DOTALL))
    drawn = drawn.rstrip().removesuffix("</svg>")
    dark = "".join(
        f'[style*="fill: {light}"]{{fill:{dark}!important}}[style*="stroke: {light}"]{{stroke:{dark}!important}}'
        for light, dark in DARK.items()
        if light in drawn
    )
    words = escape(json.dumps(asdict(description), ensure_ascii=False, sort_keys=True), quote=False)
    return (
        f"{_root(_Plot(0, 0, width, height), plot)}\n<title>{escape(description.title, quote=False)}</title>\n"
        f'<metadata class="chart">{words}</metadata>\n'
        f"<style>@media screen and (prefers-color-scheme:dark){{{dark}}}</style>\n{drawn}{inside}</svg>\n"
    )


def _shorten(svg: str) -> str:
    """Drop indents, comments and digits that no screen shows: a third of the bytes."""
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    return re.sub(r"\b([1-9]\d*\.\d{2})\d+", r"\1", svg)


def _own_figure(drawing: Drawing, sheet: Sheet) -> tuple[Axes, _Plot]:
    """Lay a chart out on a sheet: headline above, source below, and as much room between as its labels need."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    words = drawing.description
    with style(sheet), garbage_left(), fonts_remembered(), _missing_glyphs_are_errors(), speaking(drawing.voice):
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
    return ax, _Plot(sheet.margin - 1, head - 2, sheet.width + 2, tag + above + plot_height + below + 6)


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
        look = {"fontsize": points(size), "color": color, "gid": _HEADLINE, **font(bold=bold)}
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


@contextmanager
def _missing_glyphs_are_errors() -> Iterator[None]:
    """Refuse to draw empty boxes where the font lacks a sign."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=r"Glyph .* missing from font")
        try:
            yield
        except UserWarning as warning:
            raise ChartError(f"the font {FAMILY} lacks a sign in this chart: {warning}") from None


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most ``width`` pixels: at spaces, and between Chinese letters.

    Chinese signs keep to their side: no line begins with a comma, none ends with an opening bracket.
    """
    lines: list[str] = []
    used = 0.0
    for piece in _pieces(drawable(text)):
        wide = text_width(piece.rstrip(" "), size, bold=bold)
        if lines and used + wide <= width:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip(" "))
            used = 0.0
        used += text_width(piece, size, bold=bold)
    return [line.rstrip(" ") for line in lines]


def columns_of(text: str) -> int:
    """Return how many Latin letters would be as wide as a text."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fitting(title: str) -> str:
    """Return a title with names from data cut where they leave no room for it; our own words stay, and are counted.

    A delivered name can be as long as a line: that is no reason to show nothing. The longest is cut first, to eight
    letters at the least; the text for screen readers has them whole.
    """
    values = title.values.values() if isinstance(title, Sentence) else ()
    names = {value.display for value in values if isinstance(value, Name) and value.kind == "label"}
    text = str(title)
    for name in sorted(names, key=lambda name: (-columns_of(name), name)):
        before, kept = text, name
        while columns_of(text) > TITLE_LENGTH and len(kept) > _SHORTEST_NAME:
            kept = kept[:-1]
            text = before
            for case in (str, str.lower, _capital):
                text = text.replace(case(name), f"{case(kept).rstrip()}…")
    return text


def _capital(name: str) -> str:
    """A name at a sentence's beginning."""
    return name[:1].upper() + name[1:]


#: Signs that no line begins with, and signs that none ends with.
_CLOSING = "，。；：？！、）》」』】”’％…·—％"
_OPENING = "（《「『【“‘"
_CHINESE = "\u2e80-\u9fff\uff00-\uffef"
#: A stretch of Latin (a number with its measure word) or one Chinese letter, with the signs and spaces that keep to it.
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[^ \n{_CHINESE}{_OPENING}{_CLOSING}]+(?:(?<=\u202f)[{_CHINESE}])?|[^ \n])[{_CLOSING}]*[ \n]*"
)


def _pieces(text: str) -> list[str]:
    """Part a text where a line may end."""
    return _PIECE.findall(text)


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a text in pixels."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    register_font()
    family = font(bold=bold)["fontfamily"]
    return text_to_path.get_text_width_height_descent(text, FontProperties(family=family, size=size), ismath=False)[0]
