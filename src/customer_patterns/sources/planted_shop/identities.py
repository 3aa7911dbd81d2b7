"""One person in five systems: names, telephones, e-mail and postal addresses that disagree, as such records do.

All names, streets and numbers are invented: syllables put together, telephones of the block 555 that is kept for
fiction, e-mail addresses of domains that are reserved for examples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made


@dataclass(frozen=True)
class System:
    """A system that keeps records of persons.

    Attributes
    ----------
    name, prefix
        Its name, and what its keys begin with; the card's keys are the customers' own.
    share
        Share of the customers it knows.
    error_rate
        Chance of each kind of disagreement in a record.
    """

    name: str
    prefix: str
    share: float
    error_rate: float


SYSTEMS = (
    System("card", "", 1.00, 0.01),
    System("web", "WEB", 0.30, 0.03),
    System("e-mail", "EML", 0.45, 0.02),
    System("call center", "CAL", 0.25, 0.10),
    System("loyalty", "LOY", 0.50, 0.04),
)
#: What may disagree in a record, and its chance relative to the system's rate of errors.
DISAGREEMENTS: dict[str, float] = {
    "letters of the name swapped": 1.0,
    "family name first": 0.7,
    "other telephone": 0.6,
    "no telephone": 1.2,
    "old postal address": 1.0,
    "no e-mail address": 1.2,
    "e-mail address misspelled": 0.5,
    "traditional characters": 2.0,
}
#: Share of persons who live with the person listed before them, and of these, who bear the very same name.
_LIVES_WITH, _SAME_NAME = 0.08, 0.10
_CHINESE = 0.15

_FIRST = ("Ba", "Do", "Fe", "Ga", "Hi", "Jo", "Ka", "Le", "Mi", "No", "Pa", "Ri", "Su", "Ta", "Vi", "Zo")
_SECOND = ("bor", "dil", "fen", "gan", "lim", "mar", "nel", "pin", "ros", "sam", "tav", "vel", "wen", "xan", "yor")
_FAMILY = ("Abel", "Bren", "Corv", "Dask", "Elm", "Fost", "Grun", "Hask", "Ilm", "Jarv", "Kest", "Lund", "Marl", "Norr")
_ENDING = ("berry", "croft", "dale", "ford", "garth", "holm", "ley", "more", "stead", "ton", "wick", "worth")
#: Family names in simplified and traditional characters, and characters of given names.
_SIMPLIFIED, _TRADITIONAL = "张陈刘杨赵黄吴孙马罗", "張陳劉楊趙黃吳孫馬羅"
_GIVEN = "安伯川达恩方更和吉可乐明宁平清然书天文新"
_STREETS = ("Acorn Street", "Birch Lane", "Cedar Road", "Dogwood Way", "Elder Court", "Fern Street", "Garnet Avenue")


def draw_identities(block: Block) -> Made:
    """Draw the records that five systems keep of a block's customers.

    Returns
    -------
    Made
        ``identities``: one row per record by system, with ``system`` beside the canonical columns; the truth
        ``identities`` says whose each is and what disagrees.
    """
    plan, rng = block.truth.plan, block.rng("identities")
    size = len(block)
    given, family, chinese = _names(rng, size)
    serial = block.first + np.arange(size)
    phone = np.array([_phone(number) for number in serial], dtype=object)
    number, street = rng.integers(1, 400, size), rng.integers(0, len(_STREETS), size)
    with_other = (rng.random(size) < _LIVES_WITH) & (np.arange(size) > 0)
    for row in np.flatnonzero(with_other):
        family[row], chinese[row], phone[row] = family[row - 1], chinese[row - 1], phone[row - 1]
        number[row], street[row] = number[row - 1], street[row - 1]
    namesake = with_other & (rng.random(size) < _SAME_NAME)
    for row in np.flatnonzero(namesake):
        given[row] = given[row - 1]
    clashing = chinese & np.array([name[0] not in _GIVEN for name in given])
    for row in np.flatnonzero(clashing):
        given[row] = _GIVEN[row % len(_GIVEN)]
    for row in np.flatnonzero(~chinese & np.array([name[0] in _GIVEN for name in given])):
        given[row] = _FIRST[row % len(_FIRST)] + _SECOND[row % len(_SECOND)]

    frames, truths = [], []
    for system in SYSTEMS:
        known = np.flatnonzero(rng.random(size) < system.share)
        errors = {
            kind: rng.random(len(known)) < min(system.error_rate * weight * plan.identity_errors, 1.0)
            for kind, weight in DISAGREEMENTS.items()
        }
        errors["traditional characters"] &= chinese[known]
        other_house = rng.integers(1, 400, len(known))
        rows = []
        for at, row in enumerate(known):
            wrong = [kind for kind, has in errors.items() if has[at]]
            rows.append(
                _record(
                    given[row],
                    family[row],
                    phone[row],
                    serial=int(serial[row]),
                    chinese=bool(chinese[row]),
                    house=f"{number[row]} {_STREETS[street[row]]}",
                    old=f"{other_house[at]} {_STREETS[(street[row] + 1) % len(_STREETS)]}",
                    wrong=wrong,
                )
            )
        keys = (
            block.ids[known] if not system.prefix else np.array([f"{system.prefix}{one:07d}" for one in serial[known]])
        )
        frame = pd.DataFrame(rows, columns=["name", "phone", "email", "address", "social_handle"])
        frame.insert(0, "customer_id", keys.astype(object))
        frame["system"] = system.name
        frames.append(frame)
        listed = [";".join(kind for kind, has in errors.items() if has[at]) for at in range(len(known))]
        truths.append(
            pd.DataFrame(
                {
                    "record_id": keys.astype(object),
                    "person": block.ids[known],
                    "system": system.name,
                    "disagreements": listed,
                    "lives_with_previous": with_other[known],
                }
            )
        )
    return Made(
        {"identities": pd.concat(frames, ignore_index=True)},
        {"identities": pd.concat(truths, ignore_index=True)},
        {"persons sharing a household's telephone": int(with_other.sum()), "namesakes": int(namesake.sum())},
    )


def _names(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw given names, family names, and which are written in Chinese characters."""
    chinese = rng.random(size) < _CHINESE
    draws = rng.integers(0, 10_000, (size, 4))
    given, family = np.empty(size, dtype=object), np.empty(size, dtype=object)
    for row, (a, b, c, d) in enumerate(draws):
        if chinese[row]:
            given[row] = _GIVEN[a % len(_GIVEN)] + (_GIVEN[b % len(_GIVEN)] if b % 3 else "")
            family[row] = _SIMPLIFIED[c % len(_SIMPLIFIED)]
        else:
            given[row] = _FIRST[a % len(_FIRST)] + _SECOND[b % len(_SECOND)]
            family[row] = _FAMILY[c % len(_FAMILY)] + _ENDING[d % len(_ENDING)]
    return given, family, chinese


def _phone(serial: int) -> str:
    """A telephone number of its own for each person, of the exchange that is kept for fiction."""
    return f"+1{201 + serial // 10_000 % 789}555{serial % 10_000:04d}"


def _record(
    given: str,
    family: str,
    phone: str,
    *,
    serial: int,
    chinese: bool,
    house: str,
    old: str,
    wrong: list[str],
) -> tuple[str, str | None, str | None, str, str | None]:
    """Write one record as a system has it."""
    if "letters of the name swapped" in wrong and len(given) > 1:
        given = given[:-2] + given[-1] + given[-2]
    if "traditional characters" in wrong:
        family = _TRADITIONAL[_SIMPLIFIED.index(family)]
    if chinese:
        name = f"{given}{family}" if "family name first" in wrong else f"{family}{given}"
    else:
        name = f"{family} {given}" if "family name first" in wrong else f"{given} {family}"
    email: str | None = f"person{serial:07d}@example.{('com', 'org', 'net')[serial % 3]}"
    if "e-mail address misspelled" in wrong:
        email = email.replace("person", "preson")
    written: str | None = _phone(serial + 5_000_000) if "other telephone" in wrong else phone
    written = f"{written[:2]} ({written[2:5]}) {written[5:8]}-{written[8:]}" if serial % 4 == 1 else written
    handle = f"@planted{serial}" if serial % 5 == 0 else None
    return (
        name,
        None if "no telephone" in wrong else written,
        None if "no e-mail address" in wrong else (email.upper() if serial % 11 == 0 else email),
        old if "old postal address" in wrong else house,
        handle,
    )
