"""Codes of what identifies a person: records can be compared by them, and nobody can be read from them.

Each normalized value, and each form that it takes when one letter of it is wrong, becomes 64 bits of a keyed hash of
its field (BLAKE2b, RFC 7693). Equal values have equal codes and near values share one, so that all comparing is done
on codes: neither the model nor its results hold a name, a number or an address. The idea is that of linkage that
preserves privacy (Christen, Ranbaduge & Schnell 2020, *Linking sensitive data*).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations

import pyarrow as pa

from customer_patterns.cleaning.identity import normalized
from customer_patterns.cleaning.standards import email_address, one_form, phone_number

#: Longest list of words of which all pairs are coded.
_MOST_WORDS = 6

#: So many records are coded at a time: a list of codes takes many times more memory than the column it becomes.
_AT_ONCE = 10_000

_ONE, _SEVERAL = pa.int64(), pa.list_(pa.int64())
CODES = pa.schema(
    [
        ("customer_id", pa.string()),
        ("system", pa.string()),
        ("known_since", pa.date32()),
        ("name", _ONE),
        ("name_full", pa.bool_()),
        ("name_near", _SEVERAL),
        ("name_short", _SEVERAL),
        ("name_initials", _SEVERAL),
        ("name_words", _SEVERAL),
        ("email", _ONE),
        ("email_near", _SEVERAL),
        ("phone", _ONE),
        ("phone_near", _SEVERAL),
        ("birthday", _ONE),
        ("birthday_near", _SEVERAL),
        ("address", _ONE),
        ("street", _ONE),
        ("postcode", _ONE),
        ("card", _ONE),
        ("handle", _ONE),
    ]
)


Code = Callable[[str, str], int]


def matching_codes(identities: pa.Table, *, key: bytes = b"", phone_region: str = "") -> pa.Table:
    """Code what identifies the persons behind some records.

    Parameters
    ----------
    identities
        One row per customer number of any system, columns as in the canonical table; any but the number may be
        missing.
    key
        The secret of the codes, at most 64 bytes. Empty: codes of their own for use within one run, not to be kept.
    phone_region
        The country, as in ISO 3166-1, of telephone numbers written without one.

    Returns
    -------
    pyarrow.Table
        One row per record, by ``customer_id``: ``system`` and ``known_since`` as given; all other columns are codes
        (64 bits, or several of them), missing where nothing usable was given. ``name_near`` holds the forms with one
        letter less and pairs of words, ``name_short`` a word with the initial of another as written,
        ``name_initials`` the same as it could be written; ``name_full`` says whether a name has two words or
        characters and no bare initial.
    """
    rows, code = identities.sort_by("customer_id"), _coder(key)
    parts = [_coded(rows.slice(first, _AT_ONCE), code, phone_region) for first in range(0, rows.num_rows, _AT_ONCE)]
    return pa.concat_tables(parts) if parts else CODES.empty_table()


def _coded(rows: pa.Table, code: Code, phone_region: str) -> pa.Table:
    """Code some records."""
    size = rows.num_rows

    def given(column: str) -> list:
        return rows[column].to_pylist() if column in rows.column_names else [None] * size

    names = [_name_codes(text, code) for text in given("name")]
    phones = [_phone_codes(text, code, phone_region) for text in given("phone")]
    mails = [_email_codes(text, code) for text in given("email")]
    born = [_birthday_codes(text, code) for text in given("birthday")]
    lived = [_address_codes(text, code) for text in given("address")]
    columns = {
        "customer_id": given("customer_id"),
        "system": given("system"),
        "known_since": [_day(moment) for moment in given("known_since")],
        **dict(
            zip(
                ("name", "name_full", "name_near", "name_short", "name_initials", "name_words"),
                _turn(names, 6),
                strict=True,
            )
        ),
        **dict(zip(("email", "email_near"), _turn(mails, 2), strict=True)),
        **dict(zip(("phone", "phone_near"), _turn(phones, 2), strict=True)),
        **dict(zip(("birthday", "birthday_near"), _turn(born, 2), strict=True)),
        **dict(zip(("address", "street"), _turn(lived, 2), strict=True)),
        "postcode": [_one(text, "postcode", code) for text in given("postcode")],
        "card": [_one(text, "card", code) for text in given("card")],
        "handle": [_one(text, "handle", code) for text in given("social_handle")],
    }
    return pa.table([pa.array(columns[part.name], part.type) for part in CODES], schema=CODES)


def _turn(rows: list[tuple], width: int) -> Iterable[tuple]:
    return zip(*rows, strict=True) if rows else [()] * width


def _coder(key: bytes) -> Code:
    """Return what codes a value of a field, remembering what it coded lately: names and streets come again."""

    @lru_cache(maxsize=200_000)
    def code(field: str, value: str) -> int:
        made = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8, key=key, person=field.encode())
        return int.from_bytes(made.digest(), "little", signed=True)

    return code


def _codes(field: str, values: Iterable[str], code: Code) -> list[int]:
    return sorted({code(field, value) for value in values})


def _name_codes(text: str | None, code: Code) -> tuple:
    words = normalized.name_words(text) if text else ()
    if not words:
        return (None,) * 6
    chinese = normalized.in_chinese(words)
    joined = " ".join(sorted(words))
    pairs = ["+".join(sorted(pair)) for pair in combinations(words[:_MOST_WORDS], 2)] if not chinese else []
    # a wrong first letter changes the order of the alphabet: both orders of two words are taken
    orders = {joined, " ".join(words), " ".join(reversed(words))} if not chinese else set()
    near = [
        form for order in orders if len(order) >= normalized.SHORTEST_NEAR for form in normalized.without_one(order)
    ]
    written = [f"{word} {other}" for word in words for other in words if word != other and len(other) == 1]
    possible = [f"{word} {other[0]}" for word in words for other in words if word != other]
    full = len(words) > 1 and (chinese or all(len(word) > 1 for word in words))
    return (
        code("name", joined),
        full,
        _codes("name", [joined, *near], code) + _codes("name pair", pairs if full else (), code),
        _codes("name", written if not chinese else (), code),
        _codes("name", possible if not chinese else (), code),
        _codes("word", words if not chinese else words[:1], code),
    )


def _email_codes(text: str | None, code: Code) -> tuple:
    plain = email_address(text) if text else None
    if plain is None:
        return (None, None)
    return code("email", plain), _codes("email", normalized.without_one(plain), code)


def _phone_codes(text: str | None, code: Code, region: str) -> tuple:
    plain = phone_number(text, region) if text else None
    if plain is None and text and len(set(only := normalized.digits(text))) > 2 and len(only) >= 7:
        plain = only  # (a number whose country is not known is still the same number)
    if plain is None:
        return (None, None)
    return code("phone", plain), _codes("phone", normalized.without_one(plain), code)


def _birthday_codes(text: str | None, code: Code) -> tuple:
    day = normalized.birthday(text) if text else None
    if day is None:
        return (None, None)
    return code("birthday", day.isoformat()), _codes("birthday", normalized.birthday_forms(day), code)


def _address_codes(text: str | None, code: Code) -> tuple:
    words = normalized.address_words(text) if text else ()
    street = [word for word in words if not any(sign.isdigit() for sign in word)]
    if not words:
        return (None, None)
    return code("address", " ".join(sorted(words))), (code("street", " ".join(sorted(street))) if street else None)


def _one(text: str | None, field: str, code: Code) -> int | None:
    plain = (normalized.card_number(text) if field != "handle" else one_form(text).lstrip("@")) if text else None
    return code(field, plain) if plain else None


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
