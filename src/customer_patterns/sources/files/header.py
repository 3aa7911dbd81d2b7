"""The header of a delivery held against its contract: each column that is needed is there, once, under its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from customer_patterns.sources.masking import mask
from customer_patterns.sources.raw import DeliveryError

if TYPE_CHECKING:
    from customer_patterns.study import Source

#: More columns than any honest delivery has.
MOST_COLUMNS = 2_000

#: So many names are listed in a message.
_LISTED = 20


def plain_name(name: str) -> str:
    """Return a column's name as it is compared: full-width letters narrow, no spaces around it, small letters.

    >>> plain_name(" Order＿ID\\u200b ")
    'order_id'
    """
    shown = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(shown.split()).casefold()


def match_columns(
    source: Source, names: Sequence[str], *, file: str, line: int | None = None, tolerant: bool = True
) -> dict[str, int]:
    """Say at which place of a header each column stands that the contract needs.

    Parameters
    ----------
    source
        The contract.
    names
        The header as delivered. Columns without a name are nobody's.
    file, line
        For messages.
    tolerant
        Whether names may differ in capitals, width and surrounding spaces.

    Returns
    -------
    dict
        Place (from 0) by the name that the contract uses, in the order of the contract.

    Raises
    ------
    DeliveryError
        ``E_TOO_MANY_COLUMNS``, ``E_DUP_HEADER``, ``E_SCHEMA`` (with the name most like the missing one), ``E_STRICT``.
    """
    where = {"table": source.table, "file": file, "line": line}
    if len(names) > MOST_COLUMNS:
        what = f"it has {len(names):,} columns, and more than {MOST_COLUMNS:,} are not read"
        raise DeliveryError(what, **where, code="E_TOO_MANY_COLUMNS")
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        plain = plain_name(name) if tolerant else name
        if not plain:
            continue
        if plain in places:
            twice = f"columns {places[plain] + 1} and {place + 1} have the same name"
            raise DeliveryError(twice, **where, column=name.strip(), code="E_DUP_HEADER")
        places[plain] = place
    found: dict[str, int] = {}
    missing: list[str] = []
    for wanted in source.required_columns:
        place = places.get(plain_name(wanted) if tolerant else wanted)
        if place is None:
            missing.append(wanted)
        else:
            found[wanted] = place
    if missing:
        raise _lacks(source, missing, names, found=len(found), where=where)
    if source.format.strict and (extra := [n for i, n in enumerate(names) if i not in found.values() and n.strip()]):
        what = f"the contract does not name {_listed(extra)}, and is strict"
        raise DeliveryError(what, **where, code="E_STRICT")
    return found


def left_out(names: Sequence[str], used: Sequence[int]) -> tuple[str, ...]:
    """Return the delivered columns that the contract does not name, in the order of delivery."""
    return tuple(name.strip() for place, name in enumerate(names) if place not in set(used) and name.strip())


def _lacks(
    source: Source, missing: list[str], names: Sequence[str], *, found: int, where: dict[str, object]
) -> DeliveryError:
    """The refusal of a header without a column; a header in which nothing fits may be a record, and is shown masked."""
    wanted = missing[0]
    meant = next((name for name, origin in source.delivered_columns.items() if origin == wanted), "")
    close = get_close_matches(plain_name(wanted), [plain_name(name) for name in names], n=1, cutoff=0.7)
    if found:
        has, hint = _listed(names), "correct the name in the study file, or ask for the column"
        close = [name.strip() for name in names if plain_name(name) in close][:1]
    else:
        has = _listed([mask(name) for name in names])
        hint = "does the file begin with a header? Declare 'skip_rows' where other lines stand before it"
    like = f"; did you mean '{close[0]}'?" if close else ""
    others = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
    needs = f"no column '{wanted}'{f' for {meant}' if meant else ''}{others}{like} (it has: {has})"
    return DeliveryError(needs, **where, code="E_SCHEMA", remedy=hint)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name.strip()[:40] for name in names[:_LISTED])
    return f"{shown} and {len(names) - _LISTED:,} more" if len(names) > _LISTED else shown
