"""Who is taken for whom: birthdays, shared cards, passed-on numbers, twins and namesakes among the systems' records.

What five systems keep of the shop's customers (:mod:`~customer_patterns.sources.planted_shop.identities`) is made
harder in the ways in which such records mislead: a household has one card, a cashier swipes his own, a telephone number
is given to somebody new, twins share all but the first name, and two strangers bear one name and one birthday.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made
from customer_patterns.sources.planted_shop.identities import SYSTEMS, draw_identities
from customer_patterns.sources.planted_shop.settings import Plan

#: Of those who live with the person listed before them: who was born with that person, who uses that person's card and
#: that person's e-mail address.
TWINS, FAMILY_CARDS, FAMILY_ADDRESSES = 0.25, 0.50, 0.15
#: Of the records with a card: a cashier's own was swiped. Of all persons: whose number was another's before, and who
#: has a double (another person of the same name and birthday).
TILL_CARDS, RECYCLED, DOUBLES = 0.03, 0.03, 0.01
TILL_CARD = "9900-0001"
#: All of it, for the truth beside a delivery.
MISLEADING = {
    "twins, of those who live with the person before them": TWINS,
    "one card for a family, of those": FAMILY_CARDS,
    "one e-mail address for a family, of those": FAMILY_ADDRESSES,
    "a cashier's card, of records with a card": TILL_CARDS,
    "a telephone number that was another's, of all persons": RECYCLED,
    "a stranger of the same name and birthday, of all persons": DOUBLES,
}
#: Systems that know the card, and the share of records in which a birthday is missing.
_WITH_CARD = ("card", "loyalty", "web")
_NO_BIRTHDAY = {"card": 0.10, "web": 0.20, "e-mail": 0.50, "call center": 0.35, "loyalty": 0.05}
#: From when on other systems know a customer, and the card, which every customer gets first.
_SINCE = (date(2015, 1, 1), date(2013, 1, 1))
_FIRST_BORN, _YEARS = date(1940, 1, 1), 62


def draw_likenesses(block: Block) -> Made:
    """Draw the records that five systems keep of a block's customers, with all that misleads.

    Returns
    -------
    Made
        ``identities`` as :func:`draw_identities` draws them, with ``birthday``, ``postcode``, ``card`` and
        ``known_since``; the truth ``identities`` says whose each is, what disagrees and what misleads.
    """
    made = draw_identities(block)
    rng, errors = block.rng("likenesses"), block.truth.plan.identity_errors
    records, truth = made.tables["identities"], made.truths["identities"].copy()
    persons = _persons(block, truth, rng)
    row = pd.Series(range(len(block)), index=block.ids).reindex(truth["person"]).to_numpy()
    rates = truth["system"].map({one.name: one.error_rate for one in SYSTEMS}).to_numpy() * errors
    misleads = [[kind for kind in one.split(";") if kind] for one in truth["disagreements"]]

    born = [_written(day) for day in persons["born"].to_numpy(dtype=object)[row]]
    wrong = rng.random(len(row)) < np.minimum(rates, 1.0)
    for at in np.flatnonzero(wrong):
        born[at] = _mistyped(born[at], int(rng.integers(0, 8)))
        misleads[at].append("birthday mistyped")
    missing = rng.random(len(row)) < truth["system"].map(_NO_BIRTHDAY).to_numpy()
    card = persons["card"].to_numpy(dtype=object)[row]
    has_card = truth["system"].isin(_WITH_CARD).to_numpy() & (rng.random(len(row)) < 0.8)
    till = has_card & (rng.random(len(row)) < TILL_CARDS * min(errors, 1.0)) & (truth["system"] != "card").to_numpy()
    for at in np.flatnonzero(till):
        misleads[at].append("a cashier's card")

    phone, email = records["phone"].to_numpy(dtype=object).copy(), records["email"].to_numpy(dtype=object).copy()
    passed_on = persons["number_of"].to_numpy()[row]
    own = pd.Series(phone, index=truth["person"]).dropna().groupby(level=0).first()
    recycled = (passed_on >= 0) & truth["system"].isin(("e-mail", "call center")).to_numpy()
    for at in np.flatnonzero(recycled):
        before = block.ids[passed_on[at]]
        if phone[at] is not None and before in own.index:
            phone[at] = own[before]
            misleads[at].append("a number passed on")
    addresses = pd.Series(email, index=truth["person"]).dropna().groupby(level=0).first()
    for at in np.flatnonzero(persons["email_of"].to_numpy()[row] >= 0):
        other = block.ids[persons["email_of"].iloc[row[at]]]
        if email[at] is not None and other in addresses.index:
            email[at] = addresses[other].lower()
            misleads[at].append("a family's e-mail address")

    days = rng.integers(0, 700, len(row))
    since = [_SINCE[s == "card"] + timedelta(days=int(d)) for d, s in zip(days, truth["system"], strict=True)]
    streets = records["address"].str.replace(r"^\d+ ", "", regex=True)
    records = records.assign(
        phone=phone,
        email=email,
        birthday=[None if gone else day for day, gone in zip(born, missing, strict=True)],
        postcode=[f"{10_000 + 7 * sum(map(ord, street)):05d}" for street in streets],
        card=[
            TILL_CARD if at_till else (one if has else None)
            for one, has, at_till in zip(card, has_card, till, strict=True)
        ],
        known_since=since,
    )
    truth["disagreements"] = [";".join(kinds) for kinds in misleads]
    return _with_doubles(Made({"identities": records}, {"identities": truth}, made.counts), persons, block, rng)


def _persons(block: Block, truth: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """What is true of each person: day of birth, card, whose number and e-mail address are used, who has a double."""
    size = len(block)
    beside = np.zeros(size, dtype=bool)
    beside[truth.loc[truth["lives_with_previous"], "person"].map({one: at for at, one in enumerate(block.ids)})] = True
    born = rng.integers(0, _YEARS * 365, size)
    card = np.array(
        [f"{4000 + (block.first + at) // 9000}-{(block.first + at) % 9000 * 7 + 1000:05d}" for at in range(size)],
        dtype=object,
    )
    twins, same_card = beside & (rng.random(size) < TWINS), beside & (rng.random(size) < FAMILY_CARDS)
    same_mail = beside & (rng.random(size) < FAMILY_ADDRESSES)
    for at in np.flatnonzero(twins):
        born[at] = born[at - 1]
    for at in np.flatnonzero(same_card):
        card[at] = card[at - 1]
    number_of = np.where(rng.random(size) < RECYCLED, (np.arange(size) + size // 2) % size, -1)
    return pd.DataFrame(
        {
            "born": [_FIRST_BORN + timedelta(days=int(days)) for days in born],
            "card": card,
            "number_of": number_of,
            "email_of": np.where(same_mail, np.arange(size) - 1, -1),
            "double": rng.random(size) < DOUBLES,
        }
    )


def _with_doubles(made: Made, persons: pd.DataFrame, block: Block, rng: np.random.Generator) -> Made:
    """Add the records of strangers who bear a customer's name and were born on the same day."""
    records, truth = made.tables["identities"], made.truths["identities"]
    first = pd.Series(range(len(truth)), index=truth["person"]).groupby(level=0).first()
    rows, known = [], []
    for at in np.flatnonzero(persons["double"]):
        one = records.iloc[first[block.ids[at]]]
        for system in ("web", "loyalty"):
            key = f"{'WEB' if system == 'web' else 'LOY'}9{block.first + at:06d}"
            number = int(rng.integers(0, 10_000))
            rows.append(
                {
                    "customer_id": key,
                    "name": one["name"],
                    "phone": f"+1989555{number:04d}",
                    "email": f"double{block.first + at:07d}@example.edu",
                    "address": f"{500 + number % 400} Harbor Street",
                    "social_handle": None,
                    "system": system,
                    "birthday": _written(persons["born"].iloc[at]),
                    "postcode": "98765",
                    "card": None,
                    "known_since": date(2016, 6, 1),
                }
            )
            known.append(
                {
                    "record_id": key,
                    "person": f"double of {block.ids[at]}",
                    "system": system,
                    "disagreements": "",
                    "lives_with_previous": False,
                }
            )
    if not rows:
        return made
    return Made(
        {"identities": pd.concat([records, pd.DataFrame(rows)[records.columns]], ignore_index=True)},
        {"identities": pd.concat([truth, pd.DataFrame(known)], ignore_index=True)},
        made.counts,
    )


def _written(day: date) -> str:
    return day.isoformat()


def _mistyped(day: str, place: int) -> str:
    """Exchange day and month where that is a day too, else change the last digit of the year."""
    year, month, of_month = day.split("-")
    if place % 2 and int(of_month) <= 12:
        return f"{year}-{of_month}-{month}"
    return f"{year[:3]}{(int(year[3]) + 1 + place) % 10}-{month}-{min(int(of_month), 28):02d}"


@dataclass(frozen=True)
class People:
    """Persons without a shop around them: what the drawing of records asks of a block, for as many as are wanted.

    Attributes
    ----------
    size
        How many persons.
    plan
        The settings: ``seed`` and ``identity_errors``.
    """

    size: int
    plan: Plan = field(default_factory=Plan)
    first: int = 0

    def __len__(self) -> int:
        """Count the persons."""
        return self.size

    @property
    def truth(self) -> SimpleNamespace:
        """The plan, where a shop's truth has it."""
        return SimpleNamespace(plan=self.plan)

    @property
    def ids(self) -> np.ndarray:
        """Their keys."""
        return np.array([f"{at:07d}" for at in range(self.size)], dtype=object)

    def rng(self, part: str) -> np.random.Generator:
        """The chance of one part."""
        return self.plan.rng(part, self.first)
