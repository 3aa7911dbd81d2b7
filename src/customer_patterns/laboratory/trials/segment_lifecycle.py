"""Are customers found in the stage of life that was planted, and do tags stand out only where they were planted?"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from customer_patterns.laboratory.trial import Aim, Tally, Trial

if TYPE_CHECKING:
    import pandas as pd

    from customer_patterns.segments.lifecycle.rules import LifecycleRules

_CUSTOMERS = 400
#: Who has fewer shopping days in all is silent by nature: nobody could say when they left.
_ENOUGH_DAYS = 12
_LIVES = ("estimates", "features", "segments/lifecycle", "sources/planted_shop")
_TAGS = ("estimates", "features", "segments/tags")
_SHOPS, _CROWDS = range(931_400, 931_412), range(931_500, 931_530)
#: What the twins do: one threshold for all, never, and any change at all.
_SAME_FOR_ALL = {"lost_gaps": 1.0001, "lost_days": 28}
_NEVER = {"lost_days": 300}
_ANY_CHANGE = {"chance": 0.4999}


@cache
def _shop(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The customers of a planted shop with the days on which they leave or begin to shop less, and their orders."""
    import pandas as pd

    from customer_patterns.sources.planted_shop import Plan, plan_shop
    from customer_patterns.sources.planted_shop.visits import draw_visits

    truth = plan_shop(plan=Plan(customers=_CUSTOMERS, seed=seed, partial_defectors=0.3))
    random = np.random.default_rng([seed, 1])
    visits = draw_visits(random, truth, truth.customers)
    people = truth.customers.reset_index(drop=True)
    first = np.datetime64(truth.first_day, "D")
    orders = pd.DataFrame({"row": visits.customer, "ordered_on": first + visits.day.astype("timedelta64[D]")})
    turned = people["partial_on"].to_numpy(dtype="datetime64[D]")[orders["row"]]
    after = ~np.isnat(turned) & (orders["ordered_on"].to_numpy().astype("datetime64[D]") >= turned)
    orders = orders[~after | (random.random(len(orders)) < truth.plan.partial_kept)]
    orders = orders[orders["ordered_on"] <= pd.Timestamp(truth.last_day)]
    people["days"] = orders.drop_duplicates().groupby("row").size().reindex(range(len(people)), fill_value=0)
    orders = orders.assign(customer_id=people["customer_id"].to_numpy()[orders["row"]], kind="goods")
    return people, orders[["customer_id", "ordered_on", "kind"]]


def _stages(seed: int, rules: LifecycleRules) -> pd.DataFrame:
    """The customers with what was planted and the stage that they are said to be in at the end of the year."""
    import ibis

    from customer_patterns.segments.lifecycle.stages import lifecycle_stages
    from customer_patterns.sources.planted_shop.plan import FIRST_DAY, LAST_DAY

    people, orders = _shop(seed)
    table = ibis.memtable(orders)
    table = table.mutate(ordered_on=table.ordered_on.cast("date"))
    found = lifecycle_stages(table, first_day=FIRST_DAY, cut=LAST_DAY, rules=rules)
    both = people.merge(found, on="customer_id")
    return both[both["days"] >= _ENOUGH_DAYS]


def _rules(**changed: float) -> LifecycleRules:
    from customer_patterns.segments.lifecycle.rules import LifecycleRules

    return LifecycleRules(**changed)


def _leavers(seed: int, **changed: float) -> Tally:
    """Of those who left a quarter of a year ago or more, how many are lost from sight."""
    from customer_patterns.sources.planted_shop.plan import LAST_DAY

    people = _stages(seed, _rules(**changed))
    left = people["leaves_on"].map(lambda day: day is not None and day <= LAST_DAY - timedelta(days=91))
    return Tally(int((people.loc[left, "stage"] == "lost from sight").sum()), int(left.sum()))


def _stayers(seed: int, **changed: float) -> Tally:
    """Of those who neither left nor began to shop less, how many are said to be lost from sight."""
    people = _stages(seed, _rules(**changed))
    stay = people["leaves_on"].isna() & people["partial_on"].isna()
    return Tally(int((people.loc[stay, "stage"] == "lost from sight").sum()), int(stay.sum()))


def _steady(seed: int, **changed: float) -> Tally:
    """Of those whose rate never changed, how many are said to grow or decline."""
    people = _stages(seed, _rules(**changed))
    steady = people["leaves_on"].isna() & people["partial_on"].isna() & ~people["starts_inside"]
    return Tally(int(people.loc[steady, "stage"].isin(["growing", "declining"]).sum()), int(steady.sum()))


def _less(seed: int, **changed: float) -> Tally:
    """Of frequent shoppers who began to shop less as the last window began, how many are said to decline or be lost."""
    from customer_patterns.sources.planted_shop.plan import LAST_DAY

    people = _stages(seed, _rules(**changed))
    begin = LAST_DAY - timedelta(days=84)
    near = people["partial_on"].map(lambda day: day is not None and -21 <= (day - begin).days <= 7)
    chosen = near & (people["before_days"] >= 12)
    return Tally(int(people.loc[chosen, "stage"].isin(["declining", "lost from sight"]).sum()), int(chosen.sum()))


@cache
def _contrasts(seed: int, effect: float) -> pd.DataFrame:
    """Eight groups and forty tags that depend on each other; ten are met more often in one group, by
    ``effect`` times what a single test could detect."""
    import pandas as pd

    from customer_patterns.segments.tags.contrasts import tag_contrasts
    from customer_patterns.sources.planted_shop.settings import DETECTABLE

    random = np.random.default_rng([seed, 2])
    people = pd.Index([f"{n:05d}" for n in range(1500)], name="customer_id")
    groups = 8
    group = pd.Series(random.choice(list("abcdefgh"), len(people)), index=people)
    activity = np.clip(random.gamma(4.0, 0.25, len(people)), 0.2, 2.0)  # who does much carries many tags
    columns = {}
    for n in range(40):
        base = 0.05 + 0.4 * random.random()
        spread = np.sqrt(base * (1 - base) * groups / len(people))  # of a group's share
        chance = base * activity + np.where((group == "a") & (n < 10), effect * DETECTABLE * spread, 0.0)
        columns[f"t{n:02d}"] = (random.random(len(people)) < np.minimum(chance, 0.95)).astype(np.int8)
    held = pd.DataFrame(columns, index=people)
    return tag_contrasts(held, {"segment": group}, {"segment": list("abcdefgh")}, list(columns))


def _planted(table: pd.DataFrame) -> pd.Series:
    return (table["group"] == "a") & (table["tag"] < "t10")


def _false_alarm(seed: int, p: str) -> Tally:
    """Whether any of all groups and tags is said to stand out where none was planted."""
    return Tally(int((_contrasts(seed, 0.0)[p] <= 0.05).any()), 1)


def _found_tags(seed: int, p: str | None) -> Tally:
    table = _contrasts(seed, 2.0)
    planted = table[_planted(table)]
    return Tally(0 if p is None else int((planted[p] <= 0.05).sum()), len(planted))


TRIALS = (
    Trial(
        name="customers who left are lost from sight",
        room="segments",
        measure="customers gone for a quarter of a year who are called so",
        setting="planted shops in which one customer in eight leaves for good",
        twin="calls nobody lost before most of a year has passed",
        aim=Aim(0.9, 1.0),
        seeds=_SHOPS,
        run=_leavers,
        broken=lambda seed: _leavers(seed, **_NEVER),
        rests_on=_LIVES,
        feeds=("segments.came_back",),
        revised="the method's rule, and the seeds",
    ),
    Trial(
        name="customers who stay are lost from sight",
        room="segments",
        measure="customers who neither left nor shop less, but are called lost",
        setting="planted shops with frequent and with rare shoppers",
        twin="calls everybody lost who has been silent for four weeks",
        aim=Aim(0.0, 0.05),
        seeds=_SHOPS,
        run=_stayers,
        broken=lambda seed: _stayers(seed, **_SAME_FOR_ALL),
        rests_on=_LIVES,
        feeds=("segments.came_back",),
        revised="the method's rule, and the seeds",
    ),
    Trial(
        name="steady customers grow or decline",
        room="segments",
        measure="customers of unchanged rate who are said to grow or decline",
        setting="planted shops; chance is allowed one in ten for either",
        twin="takes any change of a quarter for one",
        aim=Aim(0.0, 0.2),
        seeds=_SHOPS,
        run=_steady,
        broken=lambda seed: _steady(seed, **_ANY_CHANGE),
        rests_on=_LIVES,
        revised="the method's rule, and the seeds",
    ),
    Trial(
        name="customers who shop less decline",
        room="segments",
        measure="customers who began to make three orders in ten, said to decline or be lost",
        setting="planted shops; customers who came every week in the window before",
        twin="asks for a fall to nearly nothing",
        aim=Aim(0.7, 1.0),
        seeds=_SHOPS,
        run=_less,
        broken=lambda seed: _less(seed, change=0.95),
        rests_on=_LIVES,
        revised="the method's rule, and the seeds",
    ),
    Trial(
        name="tags stand out where none was planted",
        room="segments",
        measure="crowds in which any tag is said to stand out in any group",
        setting="eight groups, forty tags that depend on each other, none tied to a group",
        twin="takes each p-value as if it were the only one",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=_CROWDS,
        run=lambda seed: _false_alarm(seed, "p_yekutieli"),
        broken=lambda seed: _false_alarm(seed, "p"),
        rests_on=_TAGS,
    ),
    Trial(
        name="planted tags stand out",
        room="segments",
        measure="planted pairs of tag and group that are found",
        setting="ten tags met more often in one group of eight, by twice what a single test detects",
        twin="never names any",
        aim=Aim(0.8, 1.0),
        seeds=_CROWDS,
        run=lambda seed: _found_tags(seed, "p_yekutieli"),
        broken=lambda seed: _found_tags(seed, None),
        rests_on=_TAGS,
    ),
)
