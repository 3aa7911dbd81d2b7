"""A search for sequences: look on half of the customers, test on the others, look again later, count everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import ENDS, bounded, renamed
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.patterns.baskets import AND, Baskets
from customer_patterns.patterns.later import later_verdicts
from customer_patterns.patterns.sequences import tables
from customer_patterns.patterns.sequences.counting import PairCounts, count_pairs
from customer_patterns.patterns.sequences.order import VisitOrder
from customer_patterns.patterns.sequences.testing import Steps, against_order, against_parts, parts_of, whole_sequences
from customer_patterns.patterns.strength import detectable_lift, ten_digits
from customer_patterns.patterns.tables import CONFIRMED, NO_ITEMS, NOT_ASKED, NOT_ENOUGH, NOTHING_FREQUENT, SEARCHED
from customer_patterns.patterns.tables import TOO_FEW as TOO_FEW_CUSTOMERS

#: Stands between the visits of a sequence in texts.
THEN = " → "

#: The largest p-value among explorers, against chance and against the other order, with which a pair is tested, and
#: with which longer sequences are grown from it: what they show no sign of would only make the family larger.
_LIKELY, _CLEAR = 0.10, 0.05


@dataclass(frozen=True)
class SequenceSearch:
    """What a search for sequences found.

    Attributes
    ----------
    account
        One row per length, as in ``SEQUENCE_ACCOUNT``.
    sequences
        One row per tested sequence, as in ``SEQUENCES``.
    comparisons
        The strongest pairs held against each thing alone, as in ``SEQUENCE_COMPARISONS``.
    """

    account: pd.DataFrame
    sequences: pd.DataFrame
    comparisons: pd.DataFrame


def search_sequences(
    baskets: Baskets,
    *,
    exploring: NDArray[np.bool_],
    until: date,
    min_support: float,
    min_gap_days: int,
    max_gap_days: int,
    min_lift: float,
    max_length: int,
    false_discovery: float,
    compared: int = 8,
) -> SequenceSearch:
    """Search the visits of customers for items that are bought in an order.

    Up to a day the visits of those who explore are counted, and what came at least ``min_lift`` times as often as their
    visits in another order would bring, season apart, and shows signs of an order, is tested on all others: see
    :mod:`~customer_patterns.patterns.sequences.testing`. What stands is looked for once more in everybody's visits
    after that day. An item after itself is rhythm, not sequence, and is not asked about.

    Parameters
    ----------
    baskets
        The baskets of one level; those of one customer and day are one visit.
    exploring
        Whether each customer (of ``baskets.customers``) explores; the others test.
    until
        The last day that is searched and tested.
    min_support
        A sequence is frequent if at least this share of the customers who explore show it (and at least ten do).
    min_gap_days, max_gap_days
        Days from one visit of a sequence to the next, at least and at most.
    min_lift
        What came less often than so many times as by chance is not tested; above 0.
    max_length
        Items in the longest sequence, 2 or 3.
    false_discovery
        The share of false ones allowed among the sequences that are said to stand, at each length.
    compared
        How many pairs ``comparisons`` holds.

    Returns
    -------
    SequenceSearch
        Where customers or items do not suffice, the account says so, and the others are empty.
    """
    if max_length not in (2, 3):
        raise ValueError(f"sequences of 2 or 3 items are searched, not of {max_length}")
    lengths = range(2, max_length + 1)
    early = baskets.until(until)
    reach = {"min_gap_days": min_gap_days, "max_gap_days": max_gap_days}
    if not len(baskets.items):
        return _nothing(baskets, NO_ITEMS, lengths)
    halves = early.of(exploring), early.of(~exploring)
    if min(half.customers_seen for half in halves) < SMALLEST_CELL:
        return _nothing(baskets, TOO_FEW_CUSTOMERS, lengths)
    explore, test = (VisitOrder.of(half, **reach) for half in halves)
    fewest = max(SMALLEST_CELL, int(np.ceil(min_support * explore.visits.customers - 1e-9)))
    counts = count_pairs(explore, fewest_customers=fewest)
    frequent = (counts.customers >= fewest) & ~np.eye(len(counts.items), dtype=bool)
    if not frequent.any():
        return _nothing(baskets, NOTHING_FREQUENT, lengths, items=len(counts.items))
    chosen = _choose_pairs(explore, counts, frequent, min_lift)
    grown = _grow(explore, chosen, min_lift, fewest) if max_length == 3 else []
    found = pd.concat([chosen[["steps", "explored_lift"]], _listed(grown)], ignore_index=True)
    found = _test(found, test, false_discovery)
    late = baskets.after(until)
    span = int((late.day.max() - late.day.min()).astype(int)) + 1 if len(late) else None
    found = _look_again(found, VisitOrder.of(halves[1], span_days=span, **reach), VisitOrder.of(late, **reach))
    number = {2: int(frequent.sum()), 3: len(grown)}
    account = pd.DataFrame(
        [
            _count(baskets, len(test) + len(explore), len(counts.items), number[length], found, length, false_discovery)
            for length in lengths
        ]
    )[tables.SEQUENCE_ACCOUNT.names]
    comparisons = _compare(found, halves[1], reach, compared, baskets)
    return SequenceSearch(account, _named(baskets, found), comparisons)


def name_of(items: NDArray[np.object_], steps: Steps) -> str:
    """Write a sequence as text: its visits in order, the items of each by name, ascending."""
    return THEN.join(AND.join(sorted(str(items[item]) for item in step)) for step in steps)


def _choose_pairs(
    explore: VisitOrder, counts: PairCounts, frequent: NDArray[np.bool_], min_lift: float
) -> pd.DataFrame:
    """Choose by the plain shuffle first, which is had for all pairs at once, then with the season taken out."""
    likely = frequent & (counts.lift >= min_lift) & (counts.seen >= counts.seen.T)
    pairs = [((int(counts.items[a]),), (int(counts.items[b]),)) for a, b in zip(*np.nonzero(likely), strict=True)]
    found = against_order(explore, pairs)
    found["steps"] = pd.Series(pairs, dtype="object")
    kept = (found["lift"] >= min_lift) & (found[["p", "p_order"]].max(axis=1) <= _LIKELY)
    return found[kept].rename(columns={"lift": "explored_lift"}).reset_index(drop=True)


def _grow(explore: VisitOrder, chosen: pd.DataFrame, min_lift: float, fewest: int) -> list[tuple[Steps, float]]:
    """Join pairs that explorers show clearly: one after the other, or with two items in one visit."""
    clear = (chosen["p"] <= _CLEAR) & (chosen["p_order"] <= _CLEAR)
    pairs = [(steps[0][0], steps[1][0]) for steps in chosen.loc[clear, "steps"]]
    candidates = {((a,), (b,), (c,)) for a, b in pairs for b_, c in pairs if b == b_ and a != c}
    candidates |= {((min(a, b), max(a, b)), (c,)) for a, c in pairs for b, c_ in pairs if c == c_ and a != b}
    candidates |= {((a,), (min(b, c), max(b, c))) for a, b in pairs for a_, c in pairs if a == a_ and b != c}
    grown = sorted(candidates)
    asked = [(place, question) for place, steps in enumerate(grown) for question in parts_of(steps)]
    found = against_parts(explore, [question for _, question in asked])
    weakest = found.assign(place=[place for place, _ in asked]).groupby("place")[["lift", "n"]].min()
    return [
        (grown[place], float(row["lift"]))
        for place, row in weakest.iterrows()
        if row["lift"] >= min_lift and row["n"] >= fewest
    ]


def _listed(grown: Sequence[tuple[Steps, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "steps": pd.Series([steps for steps, _ in grown], dtype="object"),
            "explored_lift": np.array([lift for _, lift in grown], dtype=float),
        }
    )


def _test(found: pd.DataFrame, test: VisitOrder, false_discovery: float) -> pd.DataFrame:
    """Test what was chosen on those who did not choose it; each length is a family."""
    tested = whole_sequences(test, found["steps"].tolist())
    found = pd.concat([found, tested], axis=1)
    found["length"] = [sum(map(len, steps)) for steps in found["steps"]]
    few = (found["n"] < SMALLEST_CELL).to_numpy()
    p, p_order = (np.where(few, 1.0, found[name].fillna(1.0)) for name in ("p", "p_order"))
    close, both = np.ones(len(found)), np.ones(len(found))
    for length in found["length"].unique():
        family = (found["length"] == length).to_numpy()
        close[family] = benjamini_yekutieli(p[family])
        both[family] = benjamini_yekutieli(np.fmax(p, p_order)[family])
    verdict = np.where(close <= false_discovery, tables.ANY_ORDER, tables.CHANCE)
    verdict = np.where(both <= false_discovery, tables.IN_ORDER, verdict)
    return found.assign(
        p=p, p_order=p_order, p_yekutieli=close, p_both=both, verdict=verdict, suppressed=np.where(few, "too few", "no")
    )


def _look_again(found: pd.DataFrame, before: VisitOrder, later: VisitOrder) -> pd.DataFrame:
    """Ask what stands once more, of later visits, and compare it with what was seen before in spans of that length."""
    stands = (found["verdict"] != tables.CHANCE).to_numpy()
    found = found.assign(later=NOT_ASKED, later_n=pd.array([pd.NA] * len(found), dtype="Int64"))
    for end in ENDS:
        found[f"later_lift{end}"] = np.nan
    if not stands.any():
        return found
    asked = found.loc[stands, "steps"].tolist()
    again, then = whole_sequences(later, asked), whole_sequences(before, asked)
    verdicts = later_verdicts(then["lift"].to_numpy(), then["log_lift_error"].to_numpy(), again)
    few = (again["n"] < SMALLEST_CELL).to_numpy()
    found.loc[stands, "later"] = np.where(few, NOT_ENOUGH, verdicts)
    found.loc[stands, "later_n"] = whole_numbers(again["n"].where(~few)).to_numpy()
    for end in ENDS:
        found.loc[stands, f"later_lift{end}"] = again[f"lift{end}"].where(~few).to_numpy()
    return found


def _compare(found: pd.DataFrame, testing: Baskets, reach: dict[str, int], most: int, baskets: Baskets) -> pd.DataFrame:
    """Hold the strongest pairs against shuffled visits alone, against season as well, and against the other order."""
    pairs = found[(found["length"] == 2) & (found["suppressed"] == "no")]
    rank = {tables.IN_ORDER: 0, tables.ANY_ORDER: 1, tables.CHANCE: 2}
    pairs = pairs.assign(rank=pairs["verdict"].map(rank)).sort_values(["rank", "p_both", "p", "steps"]).head(most)
    steps = pairs["steps"].tolist()
    back = [(second, first) for first, second in steps]
    rows = []
    for measure, asked, by_week in (
        (tables.SHUFFLED, steps, False),
        (tables.SEASON, steps, True),
        (tables.OTHER_WAY, back, True),
    ):
        answers = against_order(VisitOrder.of(testing, by_week=by_week, **reach), asked)
        for there, (_, row) in zip(steps, answers.iterrows(), strict=True):
            lift = [ten_digits(row[name]) for name in bounded("lift")]
            if np.isfinite(lift).all() and row["n"] >= SMALLEST_CELL:
                rows.append((baskets.level_in_words, name_of(baskets.items, there), measure, *lift, int(row["n"])))
    kinds = dict.fromkeys(("level", "sequence", "measure"), "str") | {"n": "int64"}
    return pd.DataFrame(rows, columns=tables.SEQUENCE_COMPARISONS.names).astype(kinds)


def _count(
    baskets: Baskets, visits: int, items: int, frequent: int, found: pd.DataFrame, length: int, false_discovery: float
) -> dict[str, Any]:
    of_length = found[found["length"] == length]
    in_order = of_length["verdict"] == tables.IN_ORDER
    lift = detectable_lift(of_length["log_lift_error"].to_numpy(dtype=float), false_discovery=false_discovery)
    return _account(baskets, length, SEARCHED, visits, items) | {
        "frequent": frequent,
        "tested": len(of_length),
        "close": int((of_length["verdict"] != tables.CHANCE).sum()),
        "in_order": int(in_order.sum()),
        "confirmed": int((in_order & (of_length["later"] == CONFIRMED)).sum()),
        "detectable_lift": lift,
    }


def _account(baskets: Baskets, length: int, outcome: str, visits: int = 0, items: int = 0) -> dict[str, Any]:
    return {
        "level": baskets.level_in_words,
        "length": length,
        "outcome": outcome,
        "visits": visits,
        "customers": baskets.customers_seen,
        "items": items,
        **dict.fromkeys(("frequent", "tested", "close", "in_order", "confirmed"), 0),
        "detectable_lift": np.nan,
    }


def _nothing(baskets: Baskets, outcome: str, lengths: range, *, items: int = 0) -> SequenceSearch:
    account = pd.DataFrame([_account(baskets, length, outcome, items=items) for length in lengths])
    return SequenceSearch(
        account[tables.SEQUENCE_ACCOUNT.names], empty(tables.SEQUENCES), empty(tables.SEQUENCE_COMPARISONS)
    )


def _named(baskets: Baskets, found: pd.DataFrame) -> pd.DataFrame:
    """Sequences by name, blank where they rest on too few customers; numbers rounded to ten digits."""
    named = found.assign(
        level=baskets.level_in_words,
        sequence=pd.Series([name_of(baskets.items, steps) for steps in found["steps"]], dtype="str"),
        n=whole_numbers(found["n"]),
    ).rename(columns=renamed("lift", "order_lift"))
    few = named["suppressed"] != "no"
    blank = [name for name in named if name.startswith(("order_lift", "back_lift", "order_ratio"))]
    named.loc[few, blank] = np.nan
    named.loc[few, "n"] = pd.NA
    named = named.sort_values(["length", "sequence"], ignore_index=True)[tables.SEQUENCES.names]
    return named.assign(**{name: named[name].map(ten_digits) for name in named.select_dtypes("float").columns})
