"""Findings: sentences with a number, each with its evidence, and how they are stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from customer_patterns.estimates import Count, Estimate
from customer_patterns.wording import Sentence, Value, WordingError, current_voice, say
from customer_patterns.wording.rules import GRADES, causal_words, overstated
from customer_patterns.wording.sentences import check_values, places, template
from customer_patterns.wording.stored import value_from_json, value_to_json

#: How strong the evidence is, weakest first; the same as in ``GRADES``.
Grade = Literal["description", "association", "time-ordered", "experimental"]

_TABLE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Finding:
    """A sentence about the customers and what it rests on. Make one with :func:`finding`.

    Attributes
    ----------
    key
        The sentence's key in the catalog, ``"<stage>.<name>"``.
    grade
        ``"description"``, ``"association"``, ``"time-ordered"`` or ``"experimental"``.
    source
        The table in which the values can be looked up.
    figure
        The anchor of the chart that shows it, in the chapter of its stage; ``None``: none does.
    values
        What fills the sentence, at least one Estimate or Count among them.
    simulated
        Whether it is about simulated data.
    data
        SHA-256 of the table, once that is written.
    """

    key: str
    grade: Grade
    source: str
    figure: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    simulated: bool = False
    data: str = ""

    def __post_init__(self) -> None:
        """Refuse what breaks a rule of findings."""
        if self.grade not in GRADES:
            raise ValueError(f"finding {self.key}: grade {self.grade!r} is none of {', '.join(GRADES)}")
        if not _TABLE.fullmatch(self.source):
            raise ValueError(f"finding {self.key}: source {self.source!r} is no name of a table")
        if self.figure is not None and not _ANCHOR.fullmatch(self.figure):
            raise ValueError(
                f"finding {self.key}: figure {self.figure!r} is no anchor (small letters, digits, hyphens)"
            )
        check_values(self.key, dict(self.values))
        if not self.figures:
            raise WordingError(f"finding {self.key} holds no Estimate or Count; a finding needs a number and its n")
        if words := overstated(self.grade, template(self.key)):
            needed = "an experiment" if causal_words(template(self.key)) else "stronger evidence"
            raise WordingError(
                f"finding {self.key} says {', '.join(map(repr, words))}; "
                f"that needs {needed}, and its grade is {self.grade}"
            )

    @property
    def sentence(self) -> Sentence:
        """The sentence in the language of the run."""
        return say(self.key, **self.values)

    @property
    def stage(self) -> str:
        """The stage that found it."""
        return self.key.partition(".")[0]

    @property
    def figures(self) -> list[Estimate | Count]:
        """The values that are numbers from data, in the order of the sentence."""
        values = [self.values[name] for name in places(template(self.key))]
        return [value for value in values if isinstance(value, Estimate | Count)]

    def stamped(self, digests: Mapping[str, str]) -> Finding:
        """Return the finding with the fingerprint of the table that it rests on.

        The fingerprint of the code stands beside it in the stage's manifest, and not in the finding: code that
        changed without changing a figure need not make later stages run again.

        Parameters
        ----------
        digests
            SHA-256 of each table that its stage wrote or read, by name.

        Raises
        ------
        ValueError
            If its table is none of them.
        """
        if self.source not in digests:
            raise ValueError(f"finding {self.key} rests on table {self.source}, which its stage neither wrote nor read")
        return replace(self, data=digests[self.source])

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain JSON: keys in fixed order, numbers in twelve significant digits.

        The sentence itself is not stored, so that a run in another language stores the same bytes; ``template`` tells
        people who open the file what is said, and is ignored when it is read back.
        """
        return {
            "key": self.key,
            "template": template(self.key),
            "grade": self.grade,
            "source": self.source,
            "figure": self.figure,
            "simulated": self.simulated,
            "data": self.data,
            "values": {name: value_to_json(self.values[name]) for name in sorted(self.values)},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Finding:
        """Return the finding that :meth:`to_json` wrote.

        Raises
        ------
        ValueError
            If something is missing, of a wrong kind, or breaks a rule of findings.
        """
        try:
            return cls(
                key=stored["key"],
                grade=stored["grade"],
                source=stored["source"],
                figure=stored["figure"],
                values={name: value_from_json(value) for name, value in stored["values"].items()},
                simulated=bool(stored["simulated"]),
                data=stored.get("data", ""),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no stored finding ({error!r}): {stored!r:.200}") from error


def finding(
    key: str, /, *, grade: Grade, source: str, figure: str | None = None, simulated: bool | None = None, **values: Value
) -> Finding:
    """State a finding.

    Parameters
    ----------
    key
        The sentence's key, e.g. ``"behavior.weekly_shoppers"``.
    grade
        The grade of the evidence. Words that claim a cause need ``"experimental"``.
    source
        The table of this stage that holds the values.
    figure
        The anchor of the chart that shows it.
    simulated
        Whether it is about simulated data; ``None``: whether its table rests on simulated deliveries.
    values
        One Estimate, Count, Chosen, date or Name for each place in the sentence.

    Raises
    ------
    WordingError
        If the key is unknown, values are missing or left over, none of them is a figure, or a cause is claimed.
    TypeError
        If a value is a bare number or text.

    Examples
    --------
    >>> from customer_patterns.estimates import Estimate
    >>> share = Estimate(0.71, 0.69, 0.73, n=2469, of="customers", unit="share")
    >>> finding("behavior.weekly_shoppers", grade="description", source="rhythm", share=share).sentence
    '71\u202f% of customers shop at least once a week'
    """
    if simulated is None:
        simulated = current_voice().calls_simulated(source)
    return Finding(key, grade, source, figure, values, simulated)


def read_findings(path: Path) -> list[Finding]:
    """Read the findings that a stage stored.

    Raises
    ------
    ValueError
        If the file is no list of findings; the message names it.
    """
    try:
        stored = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(stored, list):
            raise ValueError("it holds no list")
        return [Finding.from_json(item) for item in stored]
    except ValueError as error:
        raise ValueError(f"{path} cannot be read as findings: {error}") from error
