"""Which tables rest on which: a figure is as real as the least real table it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from customer_patterns.schemas.table import TableSchema

#: What a table reads that rests on planted truths, whatever the study: it is simulated in every study.
PLANTED = "planted truths"


def resting_on(tables: Iterable[str], schemas: Mapping[str, TableSchema]) -> frozenset[str]:
    """Return ``tables`` and all tables that were made from them, directly or through others.

    Parameters
    ----------
    tables
        Names of tables, e.g. those that were delivered by a simulator.
    schemas
        The tables that may rest on them; each names in ``reads`` what it is made from.

    Examples
    --------
    >>> answers = TableSchema("scores", "wave", (), (), reads=("survey_responses",))
    >>> sorted(resting_on(["survey_responses"], {"scores": answers}))
    ['scores', 'survey_responses']
    """
    found, before = set(tables), -1
    while len(found) > before:
        before = len(found)
        found |= {name for name, schema in schemas.items() if found.intersection(schema.reads)}
    return frozenset(found)
