"""A figure as an SVG that describes itself, and what a page reads back from it."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from html import escape, unescape
from typing import TYPE_CHECKING

from customer_patterns.charts.description import ChartError, Description
from customer_patterns.charts.rendering import LAYOUT_DPI, fonts_remembered, garbage_left, to_svg_text
from customer_patterns.charts.style import DARK, FAMILY, PAGE, Sheet, points, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What the groups of the headline and of the source line are called in a picture.
HEADLINE = "headline"


@dataclass(frozen=True)
class Picture:
    """A chart read back from its SVG: the plots without headline and source line, and the words."""

    description: Description
    page: str
    phone: str


@dataclass(frozen=True)
class Plot:
    """Where the plot lies in its figure, without headline and source line, in pixels from the top left."""

    x: float
    y: float
    width: float
    height: float


def read_svg(svg: str) -> Picture | None:
    """Read a picture that :func:`~.drawing.to_svg` made; None for any other SVG."""
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
    start, end = svg.find(f'<g id="{HEADLINE}'), max(svg.rfind("</g>\n<defs>"), svg.rfind("</g>\n</svg>"))
    svg = svg[:start] + svg[end:] if 0 < start < end else svg
    return re.sub(r"<svg [^>]*>", _root(Plot(*(float(side) for side in box.groups()))), svg, count=1)


def _root(view: Plot, plot: Plot | None = None) -> str:
    """The opening tag of a picture that shows ``view``."""
    x, y, width, height = (f"{points(side):.6g}" for side in (view.x, view.y, view.width, view.height))
    data = f' data-plot="{plot.x:.6g} {plot.y:.6g} {plot.width:.6g} {plot.height:.6g}"' if plot else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}pt" height="{height}pt" viewBox="{x} {y} {width} {height}"{data}>'
    )


def svg_of(ax: Axes, plot: Plot, description: Description, *, inside: str = "", sheet: Sheet = PAGE) -> str:
    """Return the figure of some axes as SVG, with its description and ``inside`` in it; see :func:`read_svg`."""
    figure = ax.figure
    with style(sheet), garbage_left(), fonts_remembered(), missing_glyphs_are_errors():
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
        f"{_root(Plot(0, 0, width, height), plot)}\n<title>{escape(description.title, quote=False)}</title>\n"
        f'<metadata class="chart">{words}</metadata>\n'
        f"<style>@media screen and (prefers-color-scheme:dark){{{dark}}}</style>\n{drawn}{inside}</svg>\n"
    )


def _shorten(svg: str) -> str:
    """Drop indents, comments and digits that no screen shows: a third of the bytes."""
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    return re.sub(r"\b([1-9]\d*\.\d{2})\d+", r"\1", svg)


@contextmanager
def missing_glyphs_are_errors() -> Iterator[None]:
    """Refuse to draw empty boxes where the font lacks a sign."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=r"Glyph .* missing from font")
        try:
            yield
        except UserWarning as warning:
            raise ChartError(f"the font {FAMILY} lacks a sign in this chart: {warning}") from None
