"""A list that is written as one text, ``A;B;C``, becomes one row per value.

Shops export a receipt per row with its products in one cell. What stands between the values is said by the contract and
never guessed; a file in which another sign does is refused, since every list in it would be taken for one value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from customer_patterns.sources.masking import mask
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, DeliveryError, Raw, repair_frame
from customer_patterns.study import Source

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

#: Signs that export tools write between the values of a list.
SIGNS = (";", "|", "、", "；", ",", "，", "\n", "\t", "/")

#: A file is refused in which so large a share of the lists holds another sign and none the declared one, if it has as
#: many lists as this at least: the names of single products may hold a comma.
_SHARE, _LISTS = 0.5, 4


def spread(backend: Backend, raw: Raw, source: Source) -> Raw:
    """Make one row per value out of one row per list.

    Parameters
    ----------
    raw
        One row per record, as delivered.
    source
        A contract with ``each`` and its ``separator``; any other leaves ``raw`` as it is.

    Returns
    -------
    Raw
        One row per value; ``_line`` is the record's, and its other columns stand beside each value. Spaces around a
        value are none of it. Empty values and records with an empty list are counted among the repairs
        (``S_EMPTY_VALUE``, ``S_EMPTY_LIST``).

    Raises
    ------
    DeliveryError
        ``E_LIST_SEPARATOR``: the values are separated by another sign.
    """
    if source.each is None or source.each.separator is None:
        return raw
    column = source.each.column
    text = raw.records[column].cast("string").strip().fill_null("")
    written = ibis.ifelse(text.isin(source.format.missing), "", text)
    _refuse_other_sign(raw.files, source, raw.records.select(FILE, LINE, _text=written))
    values = raw.records.mutate(_value=written.split(source.each.separator)).unnest("_value")
    values = values.mutate(_value=values["_value"].strip())
    given = values["_value"] != ""
    rows = values.filter(given).mutate(**{column: ibis._["_value"]}).select(*raw.records.columns)
    counted = values.group_by(FILE, LINE).aggregate(values=values.count(), given=given.sum())
    gaps = counted.filter(counted["given"] < counted["values"]).to_pandas()
    codes = gaps["given"].eq(0).map({True: "S_EMPTY_LIST", False: "S_EMPTY_VALUE"})
    repairs = [
        *raw.repairs.itertuples(index=False, name=None),
        *zip(gaps[FILE], gaps[LINE], codes, [column] * len(gaps), strict=True),
    ]
    return Raw(raw.files, raw.columns, rows, raw.set_aside, repair_frame(repairs))


def _refuse_other_sign(files: tuple[DeliveredFile, ...], source: Source, lists: ir.Table) -> None:
    """Object to a file in which no list has the declared sign, and half of them have the same other one."""
    given = lists.filter(lists["_text"] != "")
    counted = given.group_by(FILE).aggregate(
        lists=given.count(),
        declared=given["_text"].contains(source.each.separator).sum(),
        **{f"sign_{number}": given["_text"].contains(sign).sum() for number, sign in enumerate(SIGNS)},
    )
    for row in counted.order_by(FILE).to_pandas().to_dict("records"):
        most = max(range(len(SIGNS)), key=lambda number: (row[f"sign_{number}"], -number))
        if row["lists"] >= _LISTS and not row["declared"] and row[f"sign_{most}"] >= _SHARE * row["lists"]:
            first = (
                given.filter((given[FILE] == row[FILE]) & given["_text"].contains(SIGNS[most])).order_by(LINE).limit(1)
            )
            where = first.to_pandas().iloc[0]
            raise DeliveryError(
                f"no list has the sign {source.each.separator!r}, but {row[f'sign_{most}']:,} of {row['lists']:,} have "
                f"{SIGNS[most]!r}, first here ({mask(where['_text'])})",
                table=source.name, file=files[row[FILE]].name, line=int(where[LINE]), column=source.each.column,
                code="E_LIST_SEPARATOR", remedy=f"declare 'separator' as {SIGNS[most]!r} if it is what stands between",
            )  # fmt: skip
