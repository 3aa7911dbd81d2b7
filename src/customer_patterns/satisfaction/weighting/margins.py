"""What is known of all who were asked, as margins: categories with answers enough to stand for the others in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.satisfaction.nonresponse import CHARACTERISTICS

Codes = NDArray[np.int64]

#: Numbers are cut into so many parts of as many invitations each.
_PARTS = 5
_NOT_GIVEN = "not given"


def known_margins(
    invited: pd.DataFrame,
    customers: pd.DataFrame | None = None,
    *,
    known_of_all: Sequence[str] = (),
    fewest: int = SMALLEST_CELL,
) -> Mapping[str, Codes]:
    """Put all who were asked into categories, margin by margin.

    Parameters
    ----------
    invited
        What :func:`~customer_patterns.satisfaction.nonresponse.invitations` returns.
    customers
        One row per customer: ``customer_id`` and what is known of each; customers without a row are "not given".
    known_of_all
        The columns of ``customers`` to be used; those that it lacks, or of which nobody has a value, are left out.
    fewest
        So many answers a category has at least; smaller ones are joined with the next smallest.

    Returns
    -------
    Mapping
        By margin the category of each invitation, from 0: the wave, what was bought before it in fifths, and what is
        known of the customers. A margin with one category only is left out.
    """
    answered = invited["answered"].to_numpy(dtype=bool)
    labels = {"wave": pd.factorize(invited["wave"], sort=True)[0].astype(np.int64)}
    for name, column in CHARACTERISTICS.items():
        values = invited[column].to_numpy(dtype=float)
        edges = np.unique(np.quantile(values, np.arange(1, _PARTS) / _PARTS)) if len(values) else np.empty(0)
        labels[name] = np.searchsorted(edges, values, side="right").astype(np.int64)
    margins = {name: _joined(codes, answered, fewest, ordered=True) for name, codes in labels.items()}
    for column in known_of_all:
        if customers is not None and column in customers and customers[column].notna().any():
            of = customers[["customer_id", column]].drop_duplicates("customer_id")
            given = invited[["customer_id"]].merge(of, "left", "customer_id")[column]
            codes = pd.factorize(given.astype("object").where(given.notna(), _NOT_GIVEN).astype(str), sort=True)[0]
            margins[column] = _joined(codes.astype(np.int64), answered, fewest, ordered=False)
    return {name: codes for name, codes in margins.items() if len(codes) and codes.max() > 0}


def _joined(codes: Codes, answered: NDArray[np.bool_], fewest: int, *, ordered: bool) -> Codes:
    """Join categories of few answers: neighbors of ordered ones, else the smallest with the next smallest."""
    if not len(codes):
        return codes
    groups = [[code] for code in range(int(codes.max()) + 1)]
    counts = np.bincount(codes, answered, len(groups)).tolist()
    while len(groups) > 1 and min(counts) < fewest:
        least = int(np.argmin(counts))
        if ordered:
            beside = [place for place in (least - 1, least + 1) if 0 <= place < len(groups)]
        else:
            beside = [place for place in range(len(groups)) if place != least]
        other = min(beside, key=lambda place: (counts[place], place))
        low, high = sorted((least, other))
        groups[low] += groups.pop(high)
        counts[low] += counts.pop(high)
    new = np.empty(sum(map(len, groups)), dtype=np.int64)
    for number, members in enumerate(groups):
        new[members] = number
    return new[codes]
