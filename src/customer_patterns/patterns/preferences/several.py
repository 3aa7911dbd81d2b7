"""The same of several attributes, one after the other, in one table: notebooks hold no loops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.features.enough import empty
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.change import count_changes, preference_changes
from customer_patterns.patterns.preferences.choices import Choices, read_choices, read_visits
from customer_patterns.patterns.preferences.tastes import preference_forecasts, preference_strength, preference_table
from customer_patterns.schemas import TableSchema


def read_each(
    basket_products: ir.Table,
    products: ir.Table,
    *,
    attributes: Iterable[str],
    last_day: date,
    most_values: int = 400,
) -> dict[str, Choices]:
    """Read the choices of several attributes, by name; as :func:`.read_choices`."""
    visits = read_visits(basket_products, last_day=last_day)
    return {
        name: read_choices(
            basket_products, products, attribute=name, last_day=last_day, most_values=most_values, visits=visits
        )
        for name in attributes
    }


def each_preference(choices: Mapping[str, Choices], *, most: int = 10) -> pd.DataFrame:
    """Say what each customer prefers of each attribute; as :func:`.preference_table`, by customer, attribute, value."""
    return _together([preference_table(one, most=most) for one in choices.values()], tables.PREFERENCES)


def each_strength(choices: Mapping[str, Choices]) -> pd.DataFrame:
    """Say of each attribute how much customers differ in it; as :func:`.preference_strength`."""
    return _together([preference_strength(one) for one in choices.values()], tables.PREFERENCE_STRENGTH)


def each_forecast(choices: Mapping[str, Choices], *, last_early: date) -> pd.DataFrame:
    """Hold purchases after a day against what those up to it foretell; as :func:`.preference_forecasts`."""
    parts = []
    for one in choices.values():
        late = one.between(first=last_early + timedelta(days=1))
        parts.append(preference_forecasts(one.between(last=last_early), late))
    return _together(parts, tables.PREFERENCE_FORECASTS, in_order=False)


def each_change(
    choices: Mapping[str, Choices],
    *,
    attributes: Iterable[str],
    first_day_after: date,
    least_visits: int = 5,
    false_discovery: float = 0.05,
    draws: int = 499,
    seed: int = 20170101,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Test who chooses otherwise than before, attribute by attribute, and count them.

    Parameters
    ----------
    choices
        By attribute.
    attributes
        Those that are asked about; what the products do not state is passed over.
    first_day_after, least_visits, false_discovery, draws, seed
        As for :func:`.preference_changes`.

    Returns
    -------
    tuple
        As :func:`.preference_changes` and as :func:`.count_changes`.
    """
    found = {
        name: preference_changes(
            one,
            first_day_after=first_day_after,
            least_visits=least_visits,
            false_discovery=false_discovery,
            draws=draws,
            seed=seed,
        )
        for name, one in choices.items()
        if name in set(attributes)
    }
    counted = [count_changes(changes, choices[name]) for name, changes in found.items()]
    changes = _together(list(found.values()), tables.PREFERENCE_CHANGES)
    return changes, _together(counted, tables.CHANGE_COUNTS)


def _together(parts: list[pd.DataFrame], schema: TableSchema, *, in_order: bool = True) -> pd.DataFrame:
    """One table of several, by its key or as they come."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return empty(schema)
    table = pd.concat(filled, ignore_index=True)
    return table.sort_values(list(schema.key), ignore_index=True) if in_order else table
