"""The figures that a chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from customer_patterns.estimates import Count, NotEnoughData, estimate_from_row
from customer_patterns.wording.chosen import Chosen
from customer_patterns.wording.names import Name
from customer_patterns.wording.sentences import SENTENCES, Sentence, Value, places, say

if TYPE_CHECKING:
    import pandas as pd

#: How most intervals of this project are made; an estimate made otherwise says so.
BOOTSTRAP = "bootstrap over customers"


class Figures(dict[str, "Value"]):
    """Figures by name, and the sentences that can be said with them. What the data do not suffice for is absent.

    A room derives its own class and gives it :attr:`readers`.

    Parameters
    ----------
    first_day, last_day
        The period; in sentences ``{first}`` and ``{last}``.
    chosen
        Settings that sentences name, in their units.

    Examples
    --------
    >>> figures = Figures(date(2017, 1, 1), date(2017, 12, 31), weekly_gap=Chosen(7, "days"))
    >>> figures.source("hours")
    'Table hours, 1 Jan 2017 to 31 Dec 2017'
    >>> figures.say("behavior.rhythm_title")  # nothing read yet
    'How often customers come back'
    """

    #: What takes the figures out of a table, by the table's name.
    readers: ClassVar[Mapping[str, Callable[[Any, pd.DataFrame], None]]] = {}

    def __init__(self, first_day: date, last_day: date, **chosen: Chosen) -> None:
        """Begin with the period and the settings."""
        super().__init__(first=first_day, last=last_day, **chosen)

    def read(self, **tables: pd.DataFrame) -> None:
        """Take the figures out of tables of this stage, given by their names. A table without rows has none.

        Raises
        ------
        KeyError
            No sentence speaks of that table.
        """
        for name, table in tables.items():
            take = self.readers[name]
            if len(table):
                take(self, table)

    def suffice(self, key: str) -> bool:
        """Whether all figures that a sentence names are there."""
        return all(name in self for name in places(SENTENCES[key]))

    def fill(self, key: str) -> dict[str, Value]:
        """Return the figures that a sentence of the catalog names.

        Raises
        ------
        NotEnoughData
            One of them is absent.
        """
        names = places(SENTENCES[key])
        if absent := [name for name in names if name not in self]:
            raise NotEnoughData(f"{key} cannot be said: there is not enough data for {', '.join(absent)}")
        return {name: self[name] for name in names}

    def say(self, key: str) -> Sentence:
        """Say a sentence; where a figure is absent, its twin ``<key>_otherwise``, which needs none that may be."""
        key = key if self.suffice(key) else f"{key}_otherwise"
        return say(key, **self.fill(key))

    def source(self, table: str) -> Sentence:
        """Say from which table of this stage, and from which period, a figure is."""
        return say("show.from_table", table=Name(table, "table"), first=self["first"], last=self["last"])

    def marked(self, *names: str) -> Any:
        """What a chart highlights for these figures: hours and weekdays as their numbers, names and days as they are.

        Returns
        -------
        Any
            One value, or a tuple of several; ``None`` where one is absent.
        """
        values = [self.get(name) for name in names]
        if None in values:
            return None
        plain = [int(v.text) if isinstance(v, Name) and v.kind in ("hour", "weekday") else _plain(v) for v in values]
        return plain[0] if len(plain) == 1 else tuple(plain)

    def number(self, name: str) -> float | None:
        """The bare number of a figure, to draw a line at; ``None`` where it is absent."""
        return self[name].value if name in self else None

    def estimate(
        self,
        name: str,
        row: pd.Series,
        measure: str,
        unit: str,
        *,
        n: str = "n",
        of: str = "customers",
        method: str = BOOTSTRAP,
    ) -> None:
        """Add an estimate from a row (``measure``, ``measure_low``, ``measure_high``, ``n``), if it is there."""
        try:
            self[name] = estimate_from_row(row, measure, of=of, unit=unit, n=n, method=method)
        except NotEnoughData:
            self.pop(name, None)

    def count(self, name: str, number: Any, unit: str) -> None:
        """Add what was counted in full."""
        self[name] = Count(int(number), unit, n=int(number), of=unit)


def _plain(value: Any) -> Any:
    """A value as it stands in a table."""
    return value.value if isinstance(value, Chosen) else getattr(value, "text", value)
