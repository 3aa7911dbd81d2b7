"""Drawing a figure as SVG, and measuring its texts, without asking for the same font and the same width again.

A study draws each chart four times: for a page and for a phone, in two languages. matplotlib forgets with each figure
how wide its texts are, and looks for its fonts anew for each text, several times over. What is remembered here is what
matplotlib would answer; a figure comes out the same, byte by byte.
"""

from __future__ import annotations

import gc
import io
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure

#: Dots per inch in which a figure is laid out, and in which an SVG is drawn, where a point is a dot.
LAYOUT_DPI, SVG_DPI = 96, 72


#: Which files of fonts were found for which look.
_FOUND: dict[tuple[Any, ...], Any] = {}


@contextmanager
def fonts_remembered() -> Iterator[None]:
    """Let matplotlib look for each font once, and make each kind of marker once.

    Families are named, so matplotlib's settings have no say in what is found. Each tick of an axis has three markers,
    shown or not; lines never change theirs, but take another.
    """
    from matplotlib.font_manager import FontProperties, fontManager

    if "_find_fonts_by_props" in vars(fontManager):  # we are inside already
        yield
        return
    search = fontManager._find_fonts_by_props

    def remembered(prop: Any, *options: Any, **named: Any) -> Any:
        if options or named or not isinstance(prop, FontProperties):
            return search(prop, *options, **named)
        look = _look(prop)
        if look not in _FOUND:
            _FOUND[look] = search(prop)
        return _FOUND[look]

    fontManager._find_fonts_by_props = remembered
    lines, plain = _lines_and_markers()
    lines.MarkerStyle = _remembered_markers()
    try:
        yield
    finally:
        lines.MarkerStyle = plain
        del fontManager._find_fonts_by_props


@contextmanager
def garbage_left() -> Iterator[None]:
    """Let Python look less often for objects that hold each other alive: a sixth of the time that a figure takes.

    A figure is made of tens of thousands of small objects, and by default Python looks after every 700 of them.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@cache
def _lines_and_markers() -> tuple[Any, type]:
    """The module in which lines find what makes their markers, and what that is."""
    from matplotlib import lines

    return lines, lines.MarkerStyle


@cache
def _remembered_markers() -> type:
    """What makes markers, and gives the same one for the same marker and fill; a copy of one is that one."""
    _, plain = _lines_and_markers()
    made: dict[tuple[Any, Any], Any] = {}

    class Remembering(type(plain)):
        def __call__(cls, marker: Any, fillstyle: Any = None, **more: Any) -> Any:
            if isinstance(marker, plain) and (fillstyle is None or fillstyle == marker.get_fillstyle()) and not more:
                return marker
            if more or not isinstance(marker, str | int):
                return plain(marker, fillstyle, **more)
            if (marker, fillstyle) not in made:
                made[marker, fillstyle] = plain(marker, fillstyle)
            return made[marker, fillstyle]

        def __instancecheck__(cls, instance: Any) -> bool:
            return isinstance(instance, plain)

    return Remembering("MarkerStyle", (plain,), {})


def _look(prop: Any) -> tuple[Any, ...]:
    """All that decides which font is taken, and how large it is."""
    return (
        tuple(prop.get_family()),
        prop.get_style(),
        prop.get_variant(),
        prop.get_weight(),
        prop.get_stretch(),
        prop.get_size_in_points(),
        prop.get_file(),
    )


@cache
def measuring() -> RendererBase:
    """What measures texts while a figure is laid out; one for all figures, since what it knows is the same for all."""
    from matplotlib.backends.backend_agg import RendererAgg

    class Measuring(RendererAgg):
        def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float] | tuple[None, None, None]:
            return _heights(_look(prop), LAYOUT_DPI)

    return Measuring(1, 1, LAYOUT_DPI)


def to_svg_text(figure: Figure) -> str:
    """Draw a figure as matplotlib's own ``savefig`` would, without a date and a creator."""
    from matplotlib.backends.backend_mixed import MixedModeRenderer

    dpi, file = figure.dpi, io.StringIO()
    width, height = (SVG_DPI * inches for inches in figure.get_size_inches())
    figure.dpi = SVG_DPI
    try:
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        vector = _svg_renderer()(width, height, file, image_dpi=SVG_DPI, metadata=nothing)
        renderer = MixedModeRenderer(figure, width, height, SVG_DPI, vector)
        figure.draw(renderer)
        renderer.finalize()
    finally:
        figure.dpi = dpi
    return file.getvalue()


@cache
def _svg_renderer() -> type:
    """matplotlib's SVG renderer, which here remembers the measures and the glyphs of texts."""
    from matplotlib.backends.backend_svg import RendererSVG

    class Remembering(RendererSVG):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._text2path = _outlines()

        def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
            if ismath:
                return super().get_text_width_height_descent(s, prop, ismath)
            return _measured(s, _look(prop))

        def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float] | tuple[None, None, None]:
            return _heights(_look(prop), SVG_DPI)

    return Remembering


@cache
def _outlines() -> Any:
    """What makes outlines of texts, and remembers which glyphs a text has and where they stand."""
    from matplotlib.textpath import TextToPath

    class Outlines(TextToPath):
        def get_glyphs_with_font(
            self, font: Any, s: str, glyph_map: Any = None, return_new_glyphs_only: bool = False, **how: Any
        ) -> tuple[Any, Any, Any]:
            if glyph_map is None or not return_new_glyphs_only or any(value is not None for value in how.values()):
                return super().get_glyphs_with_font(font, s, glyph_map, return_new_glyphs_only, **how)
            places, glyphs = self._glyphs(font, s)
            return places, OrderedDict((name, path) for name, path in glyphs.items() if name not in glyph_map), []

        @lru_cache(maxsize=16384)  # noqa: B019  there is one of it, for as long as the process lives
        def _glyphs(self, font: Any, text: str) -> tuple[Any, Any]:
            places, glyphs, _ = super().get_glyphs_with_font(font, text, OrderedDict(), True)
            return places, glyphs

    return Outlines()


@lru_cache(maxsize=16384)
def _measured(text: str, look: tuple[Any, ...]) -> tuple[float, float, float]:
    """Width, height and descent of a text, in points."""
    return _outlines().get_text_width_height_descent(text, _properties(look), ismath=False)


@lru_cache(maxsize=256)
def _heights(look: tuple[Any, ...], dpi: float) -> tuple[float, float, float] | tuple[None, None, None]:
    """Ascent, descent and gap of a line in this font, as matplotlib reads them from the font's own tables."""
    from matplotlib.font_manager import fontManager, get_font

    prop = _properties(look)
    font = get_font(fontManager._find_fonts_by_props(prop))
    for table, names in (("OS/2", ("sTypoAscender", "sTypoDescender", "sTypoLineGap")), ("hhea", _HHEA)):
        if (noted := font.get_sfnt_table(table)) is not None:
            scale = 1 / font.get_sfnt_table("head")["unitsPerEm"] * prop.get_size_in_points() * dpi / 72
            ascent, descent, gap = (noted[name] for name in names)
            return ascent * scale, -descent * scale, gap * scale
    return None, None, None


_HHEA = ("ascent", "descent", "lineGap")


def _properties(look: tuple[Any, ...]) -> Any:
    from matplotlib.font_manager import FontProperties

    names = ("family", "style", "variant", "weight", "stretch", "size", "fname")
    return FontProperties(**dict(zip(names, look, strict=True)))
