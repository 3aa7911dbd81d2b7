"""Are the records of one person put together, and those of several kept apart, where it is planted whose they are?"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pyarrow as pa

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

#: Persons in a replicate; about two records and a half each.
_PERSONS = 200
#: Of all trials: who is who is found once for several questions.
_SEEDS = range(970_100, 970_105)
#: How often values are wrong, in the words of the trials, and how many times as often as usual that is.
RATES = {
    "usual errors": 1.0,
    "twice the usual errors": 2.0,
    "four times the usual errors": 4.0,
    "eight times the usual errors": 8.0,
}
#: What the trials at those rates are called before the rate, and what each leaves when it is taken from all.
WRONG, MISSED = "wrong joins at ", "pairs missed at "
#: The most true pairs that may be missed at a rate.
_MOST_MISSED = {1.0: 0.03, 2.0: 0.06, 4.0: 0.12, 8.0: 0.40}
_RESTS_ON = ("cleaning/identity", "sources/planted_shop/likenesses.py", "sources/planted_shop/identities.py")
_FEEDS = ("clean.who",)


@cache
def _records(seed: int, errors: float) -> tuple[pa.Table, pd.DataFrame]:
    from customer_patterns.cleaning.identity import matching_codes
    from customer_patterns.sources.planted_shop.likenesses import People, draw_likenesses
    from customer_patterns.sources.planted_shop.settings import Plan

    made = draw_likenesses(People(_PERSONS, Plan(seed=seed, identity_errors=errors)))
    records = pa.Table.from_pandas(made.tables["identities"], preserve_index=False)
    return matching_codes(records), made.truths["identities"]


@cache
def _profiles(seed: int, errors: float, *, guarded: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    from customer_patterns.cleaning.identity import resolve

    codes, truth = _records(seed, errors)
    return resolve(codes, guarded=guarded).profiles, truth


def _wrong(profiles: pd.DataFrame, truth: pd.DataFrame) -> Error:
    from customer_patterns.cleaning.identity import accuracy

    return Error(1.0 - float(accuracy(profiles, truth).precision.value))


def _missed(profiles: pd.DataFrame, truth: pd.DataFrame) -> Error:
    from customer_patterns.cleaning.identity import accuracy

    return Error(1.0 - float(accuracy(profiles, truth).recall.value))


def _keys_alone(seed: int, errors: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The twin: joins what has one e-mail address, and nothing else."""
    codes, truth = _records(seed, errors)
    frame = codes.select(["customer_id", "email"]).to_pandas()
    first = frame.groupby("email")["customer_id"].transform("min")
    return frame.assign(profile_id=first.fillna(frame["customer_id"])), truth


def _torn(seed: int, *, guarded: bool) -> Tally:
    """Of the persons who share a card, a number or a birthday with somebody they live with: who is taken for another.

    A true person is refused where records of two persons stand in one profile.
    """
    profiles, truth = _profiles(seed, 1.0, guarded=guarded)
    both = profiles.merge(truth, left_on="customer_id", right_on="record_id")
    near = both.loc[both["lives_with_previous"], "person"].unique()
    mixed = both.groupby("profile_id")["person"].transform("nunique") > 1
    taken = set(both.loc[mixed, "person"])
    return Tally(sum(person in taken for person in near), len(near))


TRIALS = (
    *(
        Trial(
            name=WRONG + words,
            room="cleaning",
            measure="share of joined pairs of records that are two persons'",
            setting=f"five systems, cards of families and tills, numbers passed on, twins, namesakes; {words}",
            twin="joins whatever hangs together, contradictions or not",
            aim=Aim(0.0, 0.01),
            seeds=_SEEDS,
            run=lambda seed, errors=errors: _wrong(*_profiles(seed, errors)),
            broken=lambda seed, errors=errors: _wrong(*_profiles(seed, errors, guarded=False)),
            rests_on=_RESTS_ON,
            feeds=_FEEDS,
        )
        for words, errors in RATES.items()
    ),
    *(
        Trial(
            name=MISSED + words,
            room="cleaning",
            measure="share of pairs of one person's records that are not joined",
            setting=f"five systems, misspelled, missing, exchanged and outdated values; {words}",
            twin="joins by the e-mail address alone",
            aim=Aim(0.0, _MOST_MISSED[errors]),
            seeds=_SEEDS,
            run=lambda seed, errors=errors: _missed(*_profiles(seed, errors)),
            broken=lambda seed, errors=errors: _missed(*_keys_alone(seed, errors)),
            rests_on=_RESTS_ON,
            feeds=_FEEDS,
        )
        for words, errors in RATES.items()
    ),
    Trial(
        name="persons of one household taken for one",
        room="cleaning",
        measure="persons with a shared number, card or birthday whose profile holds another person too",
        setting="persons who live with another customer; of these a quarter twins, half with one card",
        twin="joins whatever hangs together, contradictions or not",
        aim=Aim(0.0, 0.05),
        seeds=_SEEDS,
        run=lambda seed: _torn(seed, guarded=True),
        broken=lambda seed: _torn(seed, guarded=False),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
    ),
)
