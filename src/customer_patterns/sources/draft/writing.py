"""Write a drafted study file: plain YAML with a word beside every guess and every question."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

#: What stands where only a person can answer; a run refuses it.
UNANSWERED = "?"

_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff_][\w\u4e00-\u9fff .%/*-]*")
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"}


def scalar(value: Any) -> str:
    """Return a value as YAML writes it on one line.

    >>> scalar("net amount"), scalar("no"), scalar("%d.%m.%Y"), scalar(["¥", "元"])
    ('net amount', '"no"', '"%d.%m.%Y"', '["¥", 元]')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(scalar, value))}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{scalar(name)}: {scalar(inner)}" for name, inner in value.items()) + " }"
    if not isinstance(value, str):
        return str(value)
    safe = _PLAIN.fullmatch(value) and value == value.strip() and value.lower() not in _NOT_TEXT
    return value if safe else json.dumps(value, ensure_ascii=False)


class Page:
    """Lines of a study file, put together from the top."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lines: list[str] = []

    def say(self, text: str, depth: int = 0) -> None:
        """Add a comment on a line of its own."""
        self._lines.append(f"{'  ' * depth}# {text}")

    def put(self, name: str, value: Any = None, depth: int = 0, note: str = "", *, anchor: str = "") -> None:
        """Add a name with a value, or as the head of what follows; ``note`` stands beside it.

        With an ``anchor``, a value can be taken over elsewhere; without a value, it is the one that has this anchor.
        """
        mark = f" {'*' if value is None else '&'}{anchor}" if anchor else ""
        said = f"{'  ' * depth}{scalar(name)}:{mark}" + ("" if value is None else f" {scalar(value)}")
        self._lines.append(f"{said} # {note}" if note else said)

    def ask(self, questions: Iterable[str], depth: int) -> None:
        """Add questions, each on a line of its own."""
        for question in questions:
            self.say(f"answer: {question}", depth)

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self._lines) + "\n"
