"""One visual style: ink on warm paper, gray for context, one accent for the point being made."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PAPER = "#fbf8f1"
INK = "#221e19"
MUTED = "#635c52"
CONTEXT = "#b9b1a4"
RULE = "#e2dbcc"
ACCENT = "#a83c1c"
#: Ink on a heatmap's cells: the cells keep their color in the dark, so their figures must keep theirs.
CELL_INK, CELL_PAPER = "#221e1a", "#fbf8f2"

#: Okabe and Ito's palette without yellow, which fades on paper; at most seven series are told apart.
CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", INK)
#: The same hues, dark enough for text on paper (4.5:1).
CATEGORY_TEXT = ("#00629a", "#8a5d00", "#00704f", "#9c4274", "#20719f", "#b04b00", INK)

#: What each color becomes where the reader has asked for dark pages.
DARK = {
    PAPER: "#191714",
    INK: "#ece6da",
    MUTED: "#aaa294",
    CONTEXT: "#6a6459",
    RULE: "#35312b",
    ACCENT: "#ee8461",
    "#0072b2": "#4ba3dc",
    "#009e73": "#2fbd93",
    "#d55e00": "#ee8136",
    "#00629a": "#6db8e8",
    "#8a5d00": "#ecb03c",
    "#00704f": "#4fcca5",
    "#9c4274": "#dd9abd",
    "#20719f": "#7cc4ec",
    "#b04b00": "#f19a5c",
}

FAMILY = "Source Sans Pro"
#: Where the first has no glyph. It has one weight; the page sets headlines in the reader's own faces.
CHINESE_FAMILY = "Noto Sans SC"
#: Comes with matplotlib: further alphabets, arrows, and the commonest faces that people write.
OTHER_FAMILY = "DejaVu Sans"
_FILES = {
    "font_source_sans_pro": ("files/SourceSansPro-Regular.ttf", "files/SourceSansPro-Semibold.ttf"),
    "pylopdf_fonts_zh_cn": ("NotoSansSC-Regular.otf",),
}


@dataclass(frozen=True)
class Sheet:
    """The paper a chart is drawn on. All measures are CSS pixels.

    A chart is drawn twice, for a page and for a phone: type that is scaled down with its picture cannot be read.
    """

    width: int
    margin: int
    title: float
    subtitle: float
    text: float
    small: float
    row: int
    height: int

    @property
    def narrow(self) -> bool:
        """Whether this is a phone's sheet."""
        return self.width < 600


PAGE = Sheet(width=960, margin=16, title=23, subtitle=16, text=15, small=13.5, row=34, height=330)
PHONE = Sheet(width=360, margin=10, title=19, subtitle=14.5, text=13, small=12, row=34, height=260)


@cache
def register_font() -> None:
    """Make the fonts known to matplotlib. They come from packages, so that every machine draws the same figure."""
    from matplotlib.font_manager import fontManager

    for package, files in _FILES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            name = package.replace("_", "-")
            raise ModuleNotFoundError(f"charts need the package {name}: pip install {name}", name=name)
        for file in files:
            fontManager.addfont(Path(spec.origin).parent / file)


@contextmanager
def style(sheet: Sheet) -> Iterator[None]:
    """Draw in the house's style, and leave the caller's matplotlib settings as they were."""
    import matplotlib as mpl

    register_font()
    with mpl.rc_context(_settings(sheet)):
        yield


def font(*, bold: bool = False) -> dict[str, Any]:
    """Return the text properties of the font, regular or semibold; glyphs that it lacks come from the Chinese one."""
    return {"fontfamily": [f"{FAMILY} Semibold" if bold else FAMILY, CHINESE_FAMILY, OTHER_FAMILY]}


def points(pixels: float) -> float:
    """Convert CSS pixels to points."""
    return pixels * 0.75


def _settings(sheet: Sheet) -> dict[str, Any]:
    return {
        "font.family": [FAMILY, CHINESE_FAMILY, OTHER_FAMILY],
        "font.size": points(sheet.text),
        "text.color": INK,
        # measure as the SVG will set it
        "text.hinting": "no_hinting",
        # "$9.90 to $19.90" is money, not mathematics
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "figure.facecolor": PAPER,
        "figure.dpi": 96,
        "axes.facecolor": "none",
        "axes.edgecolor": CONTEXT,
        "axes.labelcolor": MUTED,
        "axes.labelsize": points(sheet.text),
        "axes.linewidth": 0.9,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": False,
        "grid.color": RULE,
        "grid.linewidth": 0.8,
        "xtick.color": CONTEXT,
        "ytick.color": CONTEXT,
        "xtick.labelcolor": MUTED,
        "ytick.labelcolor": MUTED,
        "xtick.labelsize": points(sheet.text),
        "ytick.labelsize": points(sheet.text),
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.major.pad": 5,
        "ytick.major.pad": 6,
        "patch.linewidth": 0,
        # byte-identical pictures: glyphs as outlines, ids from a fixed salt
        "svg.fonttype": "path",
        "svg.hashsalt": "customer-patterns",
    }
