"""Sources beside each other, behavior in place of asking, agents and products: found where planted, and only there."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95
from customer_patterns.laboratory.trial import Aim, Tally, Trial

Floats = NDArray[np.float64]

_RESTS_ON = ("estimates", "satisfaction")
#: Customers with two sources of which each tells once or twice, as in the default study.
_BOTH = 400
#: What a correlation over so many customers must be to be found in four of five studies (Fisher's z).
_DETECTABLE = 2.8 / np.sqrt(_BOTH - 3)


# Two sources


def _two_sources(seed: int, correlation: float, size: int = _BOTH) -> pd.DataFrame:
    """One record each in two sources, stars from one to five; only their order is related, as planted."""
    chance = np.random.default_rng([seed, 3])
    first, second = chance.normal(size=(2, size))
    second = correlation * first + np.sqrt(1 - correlation**2) * second
    cuts = (-1.35, -0.85, -0.3, 0.35)
    parts = [
        pd.DataFrame({"customer_id": [f"c{i:05d}" for i in range(size)], "source": source, "mean": 25.0 * stars})
        for source, stars in (("survey", np.digitize(first, cuts)), ("stars", np.digitize(second, cuts)))
    ]
    return pd.concat(parts, ignore_index=True).assign(records=1, squares=0.0, bad=0)


def _alike(seed: int, correlation: float) -> Tally:
    from customer_patterns.satisfaction.together import source_agreement

    row = source_agreement(_two_sources(seed, correlation)).iloc[0]
    return Tally(int(row["order"] == "same customers content"), 1)


def _same_level(seed: int, correlation: float) -> Tally:
    """The twin: takes a common level for a common order."""
    wide = _two_sources(seed, correlation).pivot_table(index="customer_id", columns="source", values="mean")
    difference = (wide["survey"] - wide["stars"]).to_numpy()
    return Tally(int(abs(difference.mean()) < Z95 * difference.std(ddof=1) / np.sqrt(len(difference))), 1)


def _covered(seed: int, *, twin: bool = False) -> Tally:
    """Whether the interval of one agreement holds the correlation of the population."""
    from customer_patterns.satisfaction.together import spearman

    hits = 0
    # Spearman's correlation of two normals related by 0.4 (Pearson 1907).
    truth, size = 6 / np.pi * np.arcsin(0.2), 120
    for part in range(100):
        chance = np.random.default_rng([seed, part])
        x, y = chance.normal(size=(2, size))
        found, _ = spearman(x, 0.4 * x + np.sqrt(1 - 0.16) * y)
        low, high = float(found.low), float(found.high)
        if twin:  # as if each customer stood for four records
            middle, reach = np.arctanh(float(found.value)), Z95 / np.sqrt(4 * size - 3)
            low, high = np.tanh(middle - reach), np.tanh(middle + reach)
        hits += low <= truth <= high
    return Tally(hits, 100)


# One picture


def _picture(seed: int, *, twin: bool = False) -> Tally:
    """How many customers' intervals hold what they are like, by all sources together."""
    from customer_patterns.satisfaction.together import customer_picture, source_agreement

    chance = np.random.default_rng([seed, 5])
    size = 1500
    like, parts = chance.normal(0, 10, size), []
    for place, (source, share) in enumerate({"survey": 0.8, "contacts in writing": 0.4, "stars": 0.5}.items()):
        values = like + chance.normal(0, 7, size)
        own = values[:, None] + chance.normal(0, 20, (size, 2)) + 60 + 5 * place
        part = pd.DataFrame({"customer_id": [f"c{i:05d}" for i in range(size)], "source": source, "records": 2})
        part = part.assign(mean=own.mean(axis=1), squares=own.var(axis=1) * 2, bad=0)
        parts.append(part[chance.random(size) < share])
    voices = pd.concat(parts, ignore_index=True)
    truth = pd.Series(like, [f"c{i:05d}" for i in range(size)])
    if twin:  # the mean of what there is, as if nothing of it were a source's own
        each = voices.groupby("customer_id")
        middle = each["mean"].mean() - voices["mean"].mean()
        reach = Z95 * 20 / np.sqrt(each["records"].sum())
        off = (middle - truth.reindex(middle.index)).abs()
        return Tally(int((off <= reach).sum()), len(off))
    table = customer_picture(voices, source_agreement(voices)).set_index("customer_id")
    center = voices.loc[voices["source"] == "survey", "mean"].mean()
    known = truth.reindex(table.index) + center
    return Tally(int(((table["together_low"] <= known) & (known <= table["together_high"])).sum()), len(table))


# Behavior in place of asking


def _answers(seed: int, explained: float) -> tuple[object, pd.DataFrame]:
    """Two waves of answers, of which behavior explains a share; a habit of each customer is in both."""
    from customer_patterns.satisfaction import Sheets
    from customer_patterns.satisfaction.proxy import SIGNALS

    chance = np.random.default_rng([seed, 7])
    size = 600
    person = np.tile(np.arange(size), 2)
    signals = chance.normal(size=(size, len(SIGNALS)))[person] + 0.5 * chance.normal(size=(2 * size, len(SIGNALS)))
    signals /= signals.std(axis=0)
    rest = 0.8 * chance.normal(size=size)[person] + 0.6 * chance.normal(size=2 * size)
    points = 60 + 10 * (np.sqrt(explained) * signals[:, 1] + np.sqrt(1 - explained) * rest)
    waves = np.repeat(["2017-1", "2017-2"], size)
    rows = pd.DataFrame(
        {
            "wave": waves,
            "customer_id": [f"c{one:05d}" for one in person],
            "answered_on": [date(2017, 4 if wave == "2017-1" else 8, 1) for wave in waves],
            "overall": np.nan,
            "content": np.nan,
            "recommendation": np.nan,
            "straight_lined": False,
        }
    )
    items = pd.DataFrame({"item_id": [], "dimension": [], "direction": []})
    sheets = Sheets(rows, items, np.empty((len(rows), 0)), pd.DataFrame({"price": points}))
    before = pd.DataFrame(signals, columns=list(SIGNALS)).assign(sheet=range(len(rows)))
    return sheets, before.assign(wave=waves, customer_id=rows["customer_id"])


def _carries(seed: int, explained: float) -> Tally:
    from customer_patterns.satisfaction.proxy import behavior_proxy

    table = behavior_proxy(*_answers(seed, explained)).set_index("tested_on")
    return Tally(int(table.loc["other customers", "explained_low"] > 0), 1)


def _learned_by_heart(seed: int, explained: float) -> Tally:
    """The twin: tests on the answers that it learned from."""
    from customer_patterns.satisfaction.proxy import SIGNALS
    from customer_patterns.satisfaction.proxy.learned import ridge

    sheets, before = _answers(seed, explained)
    signals, answers = before[list(SIGNALS)].to_numpy(), sheets.scores["price"].to_numpy()
    off, base = answers - ridge(signals, answers)(signals), answers - answers.mean()
    gain = base**2 - off**2
    return Tally(int(gain.mean() > Z95 * gain.std(ddof=1) / np.sqrt(len(gain))), 1)


def _by_contacts_alone(seed: int, explained: float) -> Tally:
    """The twin: looks at contacts alone, which tell nothing here."""
    sheets, before = _answers(seed, explained)
    related = np.corrcoef(before["contacts"], sheets.scores["price"])[0, 1]
    return Tally(int(abs(np.arctanh(related)) > Z95 / np.sqrt(len(before) - 3)), 1)


TRIALS = (
    Trial(
        name="two sources that have nothing in common",
        room="satisfaction",
        measure="studies in which they are said to find the same customers content",
        setting="four hundred customers with both, each of them on the same level",
        twin="takes a common level for a common order",
        aim=Aim(0.0, 0.05),
        seeds=range(951_000, 951_200),
        run=lambda seed: _alike(seed, 0.0),
        broken=lambda seed: _same_level(seed, 0.0),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.sources_agree", "satisfaction.sources_level"),
    ),
    *(
        Trial(
            name=f"two sources that agree by {words} of what can be detected",
            room="satisfaction",
            measure="studies in which that is found",
            setting="four hundred customers with both, stars from one to five",
            twin="looks for a difference of levels",
            aim=Aim(floor, 1.0),
            seeds=range(951_200, 951_300),
            run=lambda seed, by=by: _alike(seed, by * _DETECTABLE),
            broken=lambda seed, by=by: Tally(1 - _same_level(seed, by * _DETECTABLE).hits, 1),
            rests_on=_RESTS_ON,
            feeds=("satisfaction.sources_agree", "satisfaction.sources_level"),
        )
        # Stars in five steps, and two verdicts on each pair, cost some of what Fisher's formula promises.
        for words, by, floor in (("one and a half", 1.5, 0.85), ("twice", 2.0, 0.95))
    ),
    Trial(
        name="coverage of an agreement",
        room="satisfaction",
        measure="intervals that hold the population's rank correlation",
        setting="one hundred and twenty customers with both sources",
        twin="counts records as if each were a customer",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(951_300, 951_320),
        run=_covered,
        broken=lambda seed: _covered(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.sources_agree", "satisfaction.sources_level"),
    ),
    Trial(
        name="one picture from three sources",
        room="satisfaction",
        measure="customers whose interval holds what they are like",
        setting="three sources of some customers each, with something of their own and two noisy records",
        twin="averages what there is, as if no source had anything of its own",
        aim=Aim(0.93, 0.97),
        seeds=range(951_400, 951_410),
        run=_picture,
        broken=lambda seed: _picture(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.sources_agree", "satisfaction.sources_level"),
    ),
    Trial(
        name="behavior that tells nothing of answers",
        room="satisfaction",
        measure="studies in which it is said to carry something",
        setting="six hundred customers who answer twice, each with a habit of their own",
        twin="tests on the answers that it learned from",
        aim=Aim(0.0, 0.05),
        seeds=range(951_500, 951_600),
        run=lambda seed: _carries(seed, 0.0),
        broken=lambda seed: _learned_by_heart(seed, 0.0),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.proxy_carries", "satisfaction.proxy_little"),
    ),
    Trial(
        name="behavior that explains a twelfth of answers",
        room="satisfaction",
        measure="studies in which it is said to carry something",
        setting="six hundred customers who answer twice, each with a habit of their own",
        twin="looks at contacts alone",
        aim=Aim(0.8, 1.0),
        seeds=range(951_600, 951_650),
        run=lambda seed: _carries(seed, 1 / 12),
        broken=lambda seed: _by_contacts_alone(seed, 1 / 12),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.proxy_none",),
    ),
)
