"""Lists within a record of JSON: each value a record of its own, or all of them one text, as the contract says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from customer_patterns.sources.readers.json_records import Fault, Found


def opened(found: Found, path: Sequence[str]) -> Iterator[Found]:
    """Open the lists on a path: for each value of the innermost one, the record with that value in the list's place.

    A record that is faulty itself, whose list is empty, or that has no list there, stays one.
    """
    if found.fault is not None or not isinstance(found.content, dict):
        yield found
        return
    column, inner = ".".join(path), found.content.get(path[0])
    values = inner if isinstance(inner, list) else [inner]
    if inner is None or not values:
        yield replace(found, fault=Fault("S_EMPTY_LIST", column))
        return
    for value in values:
        if len(path) > 1:
            below = opened(replace(found, content=value, fault=None), path[1:])
            if not isinstance(value, dict):
                below = iter([replace(found, fault=Fault("E_NO_LIST", column, "one value where an object belongs"))])
            for part in below:
                content = {**found.content, path[0]: part.content}
                yield replace(found, text=json.dumps(content, ensure_ascii=False), content=content, fault=part.fault)
        elif not isinstance(inner, list):
            yield replace(found, fault=Fault("E_NO_LIST", column, "it is no list"))
        elif value is None:
            yield replace(found, fault=Fault("S_EMPTY_VALUE", column))
        else:
            content = {**found.content, path[0]: value}
            yield replace(found, text=json.dumps(content, ensure_ascii=False), content=content)


def as_text(values: list[Any], sign: str, column: str) -> str | None:
    """The values of a list as one text; none of them may hold the sign that joins them."""
    texts = [str(value).lower() if isinstance(value, bool) else value for value in values if value is not None]
    if not all(isinstance(text, str) for text in texts):
        raise Fault("E_LIST", column, "a list of objects or lists")
    if any(sign in text for text in texts):
        raise Fault("E_LIST", column, f"a value of the list holds '{sign}', which would join them")
    return sign.join(texts) if texts else None
