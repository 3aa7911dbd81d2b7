"""Keys: a value that two records share and that is one person's own, and how a value is found not to be one."""

from __future__ import annotations

import duckdb
import pandas as pd

#: What may be one person's own, the strongest first.
KEYS = ("email", "card", "phone", "handle")

#: Whether the names of two records can be one person's: the same, a letter apart, or one with an initial; or one is
#: missing or is no full name.
NAMES_AGREE = (
    "(l.name = r.name OR list_has_any(l.name_near, r.name_near) OR list_has_any(l.name_short, r.name_initials)"
    " OR list_has_any(l.name_initials, r.name_short))"
)
NAMES_COMPATIBLE = f"(l.name IS NULL OR r.name IS NULL OR NOT (l.name_full AND r.name_full) OR {NAMES_AGREE})"
#: Whether the birthdays can be one person's: the same, a digit apart, day and month exchanged; or one is missing.
BIRTHDAYS_COMPATIBLE = (
    "(l.birthday IS NULL OR r.birthday IS NULL OR l.birthday = r.birthday"
    " OR list_has_any(l.birthday_near, r.birthday_near))"
)
#: Who has another e-mail address and another card is somebody else, whatever name and birthday say: a father and a son
#: of one name, two strangers born on one day.
KEYS_COMPATIBLE = (
    "(l.email IS NULL OR r.email IS NULL OR l.card IS NULL OR r.card IS NULL OR l.card = r.card"
    " OR list_has_any(l.email_near, r.email_near))"
)
COMPATIBLE = f"({NAMES_COMPATIBLE} AND {BIRTHDAYS_COMPATIBLE} AND {KEYS_COMPATIBLE})"

#: What a value is.
OWN, SHARED, NOBODYS = "one person's own", "shared by persons who contradict each other", "held by too many records"


def key_values(con: duckdb.DuckDBPyConnection, *, most_records: int = 12) -> pd.DataFrame:
    """Judge each value of a key field that several records hold.

    A value that more than ``most_records`` records hold belongs to a till, a hotline or a form that had to be filled
    in: it is taken out of the comparison altogether. A value whose records contradict each other (names that cannot be
    one person's, other birthdays) is a family's, or was given to somebody new: it no longer joins by itself, and what
    it weighs beside other fields is left to the model.

    Parameters
    ----------
    con
        Where ``records`` stands: one row per record as :func:`~customer_patterns.cleaning.identity.codes` makes it.
    most_records
        The most records of one person.

    Returns
    -------
    pandas.DataFrame
        One row per field and value held by two or more records: ``field``, ``value`` (its code), ``records``,
        ``contradictions`` (pairs of its records), ``kind`` (:data:`OWN`, :data:`SHARED` or :data:`NOBODYS`).
    """
    found = [_of_field(con, field, most_records) for field in KEYS]
    return pd.concat(found, ignore_index=True)


def _of_field(con: duckdb.DuckDBPyConnection, field: str, most: int) -> pd.DataFrame:
    held = f"""SELECT {field} AS value, count(*) AS records FROM records
        WHERE {field} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"""
    contradictions = f"""
        SELECT l.{field} AS value, count(*) FILTER (NOT {COMPATIBLE}) AS contradictions
        FROM records l JOIN records r ON l.{field} = r.{field} AND l.customer_id < r.customer_id
        WHERE l.{field} IN (SELECT value FROM ({held}) WHERE records <= {int(most)}) GROUP BY 1"""
    table = con.execute(f"""
        SELECT '{field}' AS field, value, records, coalesce(contradictions, 0) AS contradictions,
            CASE WHEN records > {int(most)} THEN '{NOBODYS.replace("'", "''")}'
                WHEN contradictions > 0 THEN '{SHARED.replace("'", "''")}' ELSE '{OWN.replace("'", "''")}' END AS kind
        FROM ({held}) LEFT JOIN ({contradictions}) USING (value) ORDER BY value""").df()
    return table


def without_nobodys(con: duckdb.DuckDBPyConnection, values: pd.DataFrame) -> None:
    """Take the values that are nobody's out of the table ``records``, so that nothing compares them."""
    nobodys = values.loc[values["kind"] == NOBODYS, ["field", "value"]]
    con.register("nobodys", nobodys)
    for field in sorted(set(nobodys["field"])):
        near = f", {field}_near = NULL" if field in ("email", "phone") else ""
        those = f"SELECT value FROM nobodys WHERE field = '{field}'"
        con.execute(f"UPDATE records SET {field} = NULL{near} WHERE {field} IN ({those})")
    con.unregister("nobodys")


def joined_by_key(con: duckdb.DuckDBPyConnection, values: pd.DataFrame) -> pd.DataFrame:
    """Join the records that share a key of their own and do not contradict each other.

    A single shared telephone number with no name on one side is no proof, since numbers are given to somebody new: by
    a telephone number only those join whose names agree.

    Returns
    -------
    pandas.DataFrame
        One row per pair, by ``one`` and ``other`` (``one < other``): ``key``, the strongest key that they share.
    """
    own = values.loc[values["kind"] == OWN, ["field", "value"]]
    con.register("own_values", own)
    parts = [
        f"""SELECT l.customer_id AS one, r.customer_id AS other, {rank} AS rank
        FROM records l JOIN records r ON l.{field} = r.{field} AND l.customer_id < r.customer_id
        WHERE l.{field} IN (SELECT value FROM own_values WHERE field = '{field}')
            AND {COMPATIBLE} {"AND " + NAMES_AGREE if field == "phone" else ""}"""
        for rank, field in enumerate(KEYS)
    ]
    pairs = con.execute(
        f"SELECT one, other, min(rank) AS rank FROM ({' UNION ALL '.join(parts)}) GROUP BY ALL ORDER BY one, other"
    ).df()
    con.unregister("own_values")
    pairs["key"] = [KEYS[rank] for rank in pairs.pop("rank")]
    return pairs
