"""What customers allow: the decision that holds, and whose data a purpose has to leave out."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

ANALYSIS, MARKETING, TRACKING = "analysis", "marketing", "tracking"


def decisions(consents: ir.Table) -> ir.Table:
    """Return the decision of each customer about each purpose that holds: the latest.

    Parameters
    ----------
    consents
        One row per decision known by the study's last moment: ``customer_id``, ``purpose``, ``granted``,
        ``decided_at``.

    Returns
    -------
    Table
        One row per customer and purpose: ``customer_id``, ``purpose``, ``granted``. Of two decisions at one moment the
        refusal holds.
    """
    order = [consents.decided_at.desc(), consents.granted.asc()]
    nth = ibis.row_number().over(group_by=["customer_id", "purpose"], order_by=order)
    ranked = consents.select("customer_id", "purpose", "granted", _nth=nth)
    return ranked.filter(ranked._nth == 0).drop("_nth")


def refusing(consents: ir.Table, purpose: str) -> ir.Table:
    """Return who refuses a purpose now: one row per customer, ``customer_id``.

    Who has never decided refuses nothing: whether silence is enough is a matter of the legal basis, which the study
    file declares.
    """
    now = decisions(consents)
    return now.filter((now.purpose == purpose) & ~now.granted).select("customer_id").distinct()


def refusing_marketing(consents: ir.Table) -> frozenset[str]:
    """Return who refuses marketing now: they are on no list of whom to write to, to call, or to make an offer.

    Parameters
    ----------
    consents
        As for :func:`decisions`; without rows where none were delivered.
    """
    return frozenset(refusing(consents, MARKETING).to_pyarrow()["customer_id"].to_pylist())
