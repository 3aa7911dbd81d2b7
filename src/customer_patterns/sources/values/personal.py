"""Data about persons in columns that are not for it: seen, refused, and never shown.

A contract can map a mail address to ``customer_id`` or a phone number to ``region_name`` by mistake; every table of the
run would hold it from then on. What people wrote in their own words is not looked at here: it is never shown as it
stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric

from customer_patterns.privacy.keys import MAKE
from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.sources.values.reading import FREE_TEXTS, Reading
from customer_patterns.study import Source, Study

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A column is refused when a larger share of its distinct values is certainly about persons: marks such as ``@``, ``+``
#: and checksums are no chance.
CERTAIN_SHARE = 0.05
#: A run of digits can be a valid phone or card number by chance; a column of them cannot.
LIKELY_SHARE = 0.8
#: About so many records are looked at, spread over the delivery.
SAMPLED = 4_000
_DISTINCT = 1_000

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_DIGITS = re.compile(r"[0-9]{10,19}")
#: What has fewer signs, and no ``@``, is no number of anybody.
_SHORTEST = 8
_PHONE = re.compile(r"(?:\+|00)?[0-9(][0-9 ()./-]{6,20}[0-9]")
#: A year and a number within it, as papers are numbered: 2025-000236 is a receipt and nobody's telephone.
_PAPER = re.compile(r"(?:19|20)[0-9]{2}[-/.][0-9]{3,8}")
#: A resident id has so many signs, and a checksum.
_RESIDENT = 18
_CHINESE_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
#: Where a number without a country is called from, by the study's currency.
_REGIONS = {
    **{"CNY": "CN", "USD": "US", "GBP": "GB", "JPY": "JP", "CHF": "CH", "CAD": "CA", "AUD": "AU", "INR": "IN"},
    **{"EUR": "DE", "BRL": "BR", "MXN": "MX", "KRW": "KR", "HKD": "HK", "TWD": "TW", "SGD": "SG", "SEK": "SE"},
}

_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)

#: What a value may look like, in words.
MAIL, PHONE, RESIDENT, CARD = "mail addresses", "phone numbers", "resident ids", "payment cards"


def looks_like(text: str, *, region: str | None = None) -> tuple[str, bool] | None:
    """Say what about a person a value looks like, and whether that is certain or could be chance.

    >>> looks_like("anna@example.org"), looks_like("+49 30 901820")
    (('mail addresses', True), ('phone numbers', True))
    >>> looks_like("11010519491231002X"), looks_like("110105194912310021")
    (('resident ids', True), None)
    >>> looks_like("4111111111111111"), looks_like("00123")
    (('payment cards', False), None)
    >>> looks_like("2025-000236", region="DE"), looks_like("0221-000236", region="DE")
    (None, ('phone numbers', False))
    """
    text = text.strip()
    if "@" not in text and (len(text) < _SHORTEST or not (text[-1].isdigit() or text[-1] in "Xx-")):
        return None  # most values are words or short: this is seen at once
    if _MAIL.fullmatch(text):
        return MAIL, True
    if _PAPER.fullmatch(text):
        return None
    if len(text) == _RESIDENT and ric.is_valid(text):
        return RESIDENT, True
    if _DIGITS.fullmatch(text):
        if len(text) in (15, 16, 19) and text[0] in "23456" and luhn.is_valid(text):
            return CARD, False
        return (PHONE, False) if _CHINESE_MOBILE.fullmatch(text) or _is_phone(text, region, mobile=True) else None
    if not _PHONE.fullmatch(text):
        compact = re.sub(r"[ -]", "", text)
        is_card = len(compact) == 16 and compact.isdigit() and compact[0] in "23456" and luhn.is_valid(compact)
        return (CARD, True) if is_card else None
    compact = re.sub(r"[ -]", "", text)
    if compact.isdigit() and len(compact) in (15, 16, 19) and luhn.is_valid(compact):
        return CARD, False
    return (PHONE, text.startswith("+")) if _is_phone(text, region) else None


def _is_phone(text: str, region: str | None, *, mobile: bool = False) -> bool:
    """Whether it is a valid number; digits alone must be a mobile's, because too many are some exchange's."""
    if not text.startswith("+") and (region is None or (mobile and region == "CN")):
        return False
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_possible_number(number):  # its length says so, at a tenth of the cost
        return False
    return phonenumbers.is_valid_number(number) and (not mobile or phonenumbers.number_type(number) in _MOBILE)


def looked_at(readings: Mapping[str, Reading]) -> list[str]:
    """Return the canonical columns in which data about persons are looked for."""
    return [
        name
        for name, reading in readings.items()
        if reading.column.kind == "text"
        and not (reading.column.personal or reading.pseudonym or reading.column.levels or name in FREE_TEXTS)
    ]


def refuse_personal(
    sample: Mapping[str, Sequence[str | None]],
    readings: Mapping[str, Reading],
    *,
    files: tuple[DeliveredFile, ...],
    source: Source,
    study: Study,
) -> None:
    """Refuse a delivery with data about persons in a column that is not for it.

    Parameters
    ----------
    sample
        Some values of the columns that :func:`looked_at` names, about ``SAMPLED`` spread over the delivery.
    readings
        How its columns were read.
    files, source, study
        What is named in the refusal; the study's currency says where a phone number without a country is from.

    Raises
    ------
    DeliveryError
        ``E_PERSONAL``, naming the column and what to do.
    """
    region = _REGIONS.get(study.currency)
    for name, given in sample.items():
        values = list(dict.fromkeys(value for value in given if value))[:_DISTINCT]
        found = _seen(values, region)
        certain = [what for what, is_certain in found if is_certain]
        if values and (len(certain) > CERTAIN_SHARE * len(values) or len(found) > LIKELY_SHARE * len(values)):
            named = [what for what, _ in found] if len(certain) <= CERTAIN_SHARE * len(values) else certain
            what = max(sorted(set(named)), key=named.count)
            raise DeliveryError(
                f"{len(named):,} of {len(values):,} different values looked at for {name} are {what}",
                table=source.table,
                file=files[0].name if len(files) == 1 else "",
                column=readings[name].delivered,
                code="E_PERSONAL",
                remedy=_remedy(name, readings[name]),
            )


def _seen(values: list[str], region: str | None) -> list[tuple[str, bool]]:
    """What the values look like that look like something.

    A run of digits can at most be likely. As soon as too few values are left for a column of them, no more is looked
    at: to find out whether digits are somebody's number costs more than all other questions together.
    """
    runs = [value for value in values if _DIGITS.fullmatch(value.strip()) and len(value.strip()) != _RESIDENT]
    others = [value for value in values if value not in set(runs)] if len(runs) < len(values) else []
    found = [seen for value in others if (seen := looks_like(value, region=region))]
    misses = len(others) - len(found)
    for value in runs:
        if misses >= (1 - LIKELY_SHARE) * len(values):
            break
        seen = looks_like(value, region=region)
        if seen is None:
            misses += 1
        else:
            found.append(seen)
    return found


def _remedy(name: str, reading: Reading) -> str:
    if reading.sort != "id":
        return "map the column to a table for personal data (identities), or leave it out"
    return (
        f"map a key that is about no one, or write '{name}: {{column: {reading.delivered}, pseudonym: true}}' wherever "
        f"this key stands, with a key from '{MAKE}': a keyed hash takes its place"
    )
