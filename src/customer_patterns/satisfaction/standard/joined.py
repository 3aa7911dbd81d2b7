"""One standard over waves: an item that was replaced on another scale is carried over a bridge, or left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.satisfaction.standard.bridges import FEWEST_BOTH, Link, link_scales

Floats = NDArray[np.float64]


class Declared(Protocol):
    """A bridge as the study file declares it: see :class:`~customer_patterns.study.survey.Bridge`."""

    old: str
    new: str
    by: str
    answers: Mapping[int, float]


class Replaced(NamedTuple):
    """An item that was replaced by one on another scale.

    Attributes
    ----------
    old, new
        The two items. Without a bridge ``new`` is the first of those that came instead.
    about
        What both are about: the dimension, else the role.
    old_waves
        The waves in which the old one alone was answered.
    low, high
        The new item's scale.
    answers
        The old answers in these waves, 0 (worst) to 100 (best) of the old scale.
    customers, waves
        Whose they are, and of which wave.
    link
        What joins the two; ``None``: nothing does, and the old answers are left out.
    """

    old: str
    new: str
    about: str
    old_waves: tuple[str, ...]
    answers: Floats
    customers: NDArray
    waves: NDArray
    link: Link | None


def join_scales(
    answers: Floats,
    asked: pd.DataFrame,
    sheets: pd.DataFrame,
    bridges: Sequence[Declared] = (),
    *,
    fewest: int = FEWEST_BOTH,
) -> tuple[Floats, pd.DataFrame, tuple[Replaced, ...]]:
    """Carry answers on an old scale over to the one that has replaced it, or leave them out.

    Parameters
    ----------
    answers
        One row per sheet, one column per item; NaN where not answered.
    asked
        One row per item, in the order of the columns: ``item_id``, ``role``, ``dimension``, ``scale_low``,
        ``scale_high``, ``direction``.
    sheets
        One row per sheet: ``wave``, ``customer_id``, ``answered_on``.
    bridges
        What the study declares.
    fewest
        With fewer sheets in which both were answered nothing is estimated.

    Returns
    -------
    tuple
        Answers and items without those that were replaced, and what was replaced. An item counts as replaced where the
        last wave no longer has it and another one of the same dimension or role, on another scale, has come since.
        Where every item is asked on one scale throughout, everything is returned as it is.

    Raises
    ------
    ValueError
        A bridge names an item that the survey does not have, or joins items of two dimensions.
    """
    place = {name: number for number, name in enumerate(asked["item_id"])}
    known = np.isfinite(answers)
    found: list[Replaced] = []
    gone: list[int] = []
    carried = answers.copy() if bridges else answers
    for old, new, bridge in _changes(asked, known, sheets, bridges, place):
        alone = known[:, old] & ~known[:, new] if bridge else known[:, old]
        points = _oriented(answers[:, old], asked.iloc[old])
        low, high = asked.iloc[old][["scale_low", "scale_high"]]
        link = None
        if bridge is not None:
            link = link_scales(answers[:, [old, new]], asked.iloc[[old, new]], sheets, bridge, fewest=fewest)
            if link.holds:
                carried[alone, new] = link.carry(points[alone])
        names = sheets["wave"].astype(str)
        found.append(
            Replaced(
                str(asked["item_id"].iloc[old]),
                str(asked["item_id"].iloc[new]),
                _about(asked.iloc[old]),
                tuple(sorted(names[alone].unique())),
                100 * (points[alone] - low) / (high - low),
                sheets["customer_id"].to_numpy()[alone],
                names.to_numpy()[alone],
                link,
            )
        )
        gone.append(old)
    if not gone:
        return answers, asked, ()
    keep = [number for number in range(len(asked)) if number not in gone]
    return carried[:, keep], asked.iloc[keep].reset_index(drop=True), tuple(found)


def _changes(
    asked: pd.DataFrame,
    known: NDArray[np.bool_],
    sheets: pd.DataFrame,
    bridges: Sequence[Declared],
    place: Mapping[str, int],
) -> Iterator[tuple[int, int, Declared | None]]:
    """The old and the new item of each change, with the bridge where one is declared."""
    declared = {}
    for bridge in bridges:
        if missing := [name for name in (bridge.old, bridge.new) if name not in place]:
            raise ValueError(f"a bridge names '{missing[0]}', which the survey does not ask")
        old, new = place[bridge.old], place[bridge.new]
        if _about(asked.iloc[old]) != _about(asked.iloc[new]):
            raise ValueError(f"'{bridge.old}' and '{bridge.new}' are not about the same; no bridge joins them")
        declared[old] = (new, bridge)
    ends = sheets["answered_on"].groupby(sheets["wave"].astype(str)).max()
    waves = sorted(ends.index, key=lambda wave: (ends[wave], wave))
    number = pd.Categorical(sheets["wave"].astype(str), categories=waves).codes
    given = np.array([[known[number == wave, item].any() for wave in range(len(waves))] for item in range(len(asked))])
    given = given.reshape(len(asked), len(waves))
    for old in range(len(asked)):
        if old in declared:
            yield old, *declared[old]
            continue
        same = [
            new
            for new in range(len(asked))
            if new != old and _about(asked.iloc[new]) == _about(asked.iloc[old]) and given[new].any()
        ]
        if not given[old].any() or not same:
            continue
        last = int(np.flatnonzero(given[old])[-1])
        scale = tuple(asked.iloc[old][["scale_low", "scale_high"]])
        came = [
            new
            for new in same
            if tuple(asked.iloc[new][["scale_low", "scale_high"]]) != scale
            and np.flatnonzero(given[new])[-1] > last
            and np.flatnonzero(given[new])[0] > np.flatnonzero(given[old])[0]
        ]
        if came:
            yield old, came[0], None


def _oriented(answers: Floats, row: pd.Series) -> Floats:
    """Answers with the best one highest, on their own scale."""
    return row["scale_low"] + row["scale_high"] - answers if row["direction"] == "reversed" else answers


def _about(row: pd.Series) -> str:
    return str(row["dimension"]) if row["role"] == "dimension" and pd.notna(row["dimension"]) else str(row["role"])
