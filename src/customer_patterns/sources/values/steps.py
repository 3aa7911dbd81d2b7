"""SQL that names what it computes, so that nothing is computed (or written out) twice."""

from __future__ import annotations

import re


class Steps:
    """Expressions by name, each in a ``SELECT`` around the ones it uses.

    >>> steps = Steps()
    >>> steps.named("a + 1"), steps.named('"~0" * 2'), steps.named("a + 1")
    ('"~0"', '"~1"', '"~0"')
    >>> steps.over("t")
    '(SELECT *, "~0" * 2 AS "~1" FROM (SELECT *, a + 1 AS "~0" FROM t))'
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._levels: list[list[str]] = []
        self._level_of: dict[str, int] = {}

    def named(self, expression: str) -> str:
        """Return the name of an expression."""
        if expression in self._names:
            return self._names[expression]
        name = f'"~{len(self._names)}"'
        level = max((self._level_of[used] + 1 for used in re.findall(r'"~\d+"', expression)), default=0)
        if level == len(self._levels):
            self._levels.append([])
        self._levels[level].append(f"{expression} AS {name}")
        self._names[expression], self._level_of[name] = name, level
        return name

    def over(self, relation: str) -> str:
        """Return the relation with all that was named, as one that can be selected from."""
        for level in self._levels:
            relation = f"(SELECT *, {', '.join(level)} FROM {relation})"
        return relation
