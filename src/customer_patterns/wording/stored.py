"""What fills a sentence, as JSON: numbers in twelve significant digits, so that any machine stores the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from customer_patterns.estimates import Count, Estimate
from customer_patterns.wording.chosen import Chosen
from customer_patterns.wording.names import Name
from customer_patterns.wording.sentences import Sentence, Value

_KINDS: dict[str, type] = {"estimate": Estimate, "count": Count, "chosen": Chosen}


def value_to_json(value: Value) -> dict[str, Any]:
    """Return a value as plain JSON; ``kind`` says what it is."""
    if isinstance(value, date):
        return {"kind": "date", "value": value.isoformat()}
    if isinstance(value, Name):
        return {"kind": "name", "text": value.text, "of": value.kind}
    if isinstance(value, Chosen):
        return {"kind": "chosen", "value": plain(value.value), "unit": value.unit}
    if isinstance(value, Count):
        return {"kind": "count", "value": plain(value.value), "unit": value.unit, "n": int(value.n), "of": value.of}
    return {
        "kind": "estimate",
        "value": plain(value.value),
        "low": plain(value.low),
        "high": plain(value.high),
        "unit": value.unit,
        "n": int(value.n),
        "of": value.of,
        "level": plain(value.level),
        "method": value.method,
    }


def value_from_json(stored: Mapping[str, Any]) -> Value:
    """Return the value that :func:`value_to_json` wrote.

    Raises
    ------
    ValueError, TypeError, KeyError
        If it is of no known kind, or a part is missing or wrong.
    """
    parts = dict(stored)
    kind = parts.pop("kind")
    if kind == "date":
        return date.fromisoformat(parts["value"])
    if kind == "name":
        return Name(parts["text"], parts["of"])
    if kind not in _KINDS:
        raise ValueError(f"{kind!r} is no kind of value")
    return _KINDS[kind](**parts)


def sentence_to_json(sentence: Sentence) -> dict[str, Any]:
    """Return a sentence's key and values as plain JSON, without its text, which differs by language."""
    return {"key": sentence.key, "values": {n: value_to_json(sentence.values[n]) for n in sorted(sentence.values)}}


def plain(number: Any) -> int | float:
    """Return a number as JSON holds it: whole if it is, else in twelve significant digits."""
    if isinstance(number, int):
        return int(number)
    rounded = float(f"{float(number):.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded
