"""What a chart says, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from customer_patterns.charts.lettering import TITLE_LENGTH, columns_of
from customer_patterns.schemas.refusal import Refusal

_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")


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
