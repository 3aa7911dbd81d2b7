"""What may enter a forecast of purchases: nothing that is less real than the purchases themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ibis.expr.types as ir

#: What is foretold comes from here.
OUTCOME = "order_lines"


def as_real_as_orders(
    tables: Mapping[str, ir.Table], simulated: Collection[str], names: Sequence[str]
) -> dict[str, ir.Table]:
    """Give tables for a forecast of purchases; those that are simulated where purchases are real, without rows.

    Parameters
    ----------
    tables
        The tables of the study, by name.
    simulated
        Names of those that rest on simulated deliveries.
    names
        Which are wanted.

    Returns
    -------
    dict
        The tables by name. A simulated answer must not foretell a real purchase, nor seem to.
    """
    real = OUTCOME not in simulated
    return {name: tables[name].limit(0) if real and name in simulated else tables[name] for name in names}
