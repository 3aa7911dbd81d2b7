"""How often texts speak of each theme, how they sound, and for whom: counted by writer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import (
    Z95,
    Interval,
    bootstrap_mean,
    bootstrap_share,
    bounded,
    in_row,
    wilson,
    with_interval,
)
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL, shown, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.few import never_without_interval
from customer_patterns.satisfaction.resampling import in_groups
from customer_patterns.satisfaction.text.language import LANGUAGES
from customer_patterns.satisfaction.text.reading import READ, Reading
from customer_patterns.satisfaction.text.tables import (
    ALIKE,
    BETTER,
    NOT_READ,
    TEXT_LANGUAGES,
    TEXT_READINGS,
    TEXT_THEMES,
    TEXT_THEMES_BY_SEGMENT,
    TEXT_TOPICS,
    TOPIC_VERDICTS,
    WORSE,
)
from customer_patterns.satisfaction.text.topics import FOUND_AGAIN

Floats = NDArray[np.float64]

#: Up to which adjusted p-value a theme sounds worse, or better, than the others.
LEVEL = 0.05
#: Of more writers than these, groups are drawn again.
_MOST_DRAWN = 4_000


def text_languages(reading: Reading) -> pd.DataFrame:
    """Say in which languages texts are written, and how well praise and blame are told apart.

    Parameters
    ----------
    reading
        From :func:`~customer_patterns.satisfaction.text.reading.read_texts`.

    Returns
    -------
    DataFrame
        One row per language that occurs, in the order of ``LANGUAGES``; columns as in ``TEXT_LANGUAGES``.
    """
    rows = []
    for name in LANGUAGES:
        mine = reading.texts[reading.texts["language"] == name]
        if mine.empty:
            continue
        told = reading.sentiment.get(name)
        row = {"language": name, "texts": len(mine), "copies": reading.copies[name], "n": mine["writer"].nunique()}
        row |= {"method": None, "tested": None, "test": None, "verdict": "not used" if name in READ else NOT_READ}
        if told is not None:
            row |= {"method": told.method, "tested": told.tested, "test": told.test, "verdict": told.verdict}
        for column, found in (("right", told and told.right), ("lists_right", told and told.lists)):
            values = (np.nan,) * 3 if found is None else (float(np.ravel(part)[0]) for part in found)
            row |= in_row(column, values)
        rows.append(row)
    if not rows:
        return empty(TEXT_LANGUAGES)
    table = pd.DataFrame(rows)
    for name in ("texts", "copies", "n", "tested"):
        table[name] = whole_numbers(table[name])
    return suppress(table, ["texts", "copies", "tested"])[TEXT_LANGUAGES.names]


def text_themes(reading: Reading) -> pd.DataFrame:
    """Estimate how often texts speak of each theme, how often they praise or blame it, and what that goes with.

    Parameters
    ----------
    reading
        From :func:`~customer_patterns.satisfaction.text.reading.read_texts`.

    Returns
    -------
    DataFrame
        One row per theme that occurs, the most frequent first; columns as in ``TEXT_THEMES``. Intervals resample
        writers. ``adjusted_p`` and ``verdict``: the share of its texts that blame it against that of all other themes,
        by its standard error over writers (Liang and Zeger 1986, Biometrika 73, 13–22), false discovery as Benjamini
        and Yekutieli (2001), at :data:`LEVEL`. Praise and blame are missing where no language is used, a theme's where
        fewer than ten writers say either.
    """
    mentions, texts = reading.mentions, reading.read
    if mentions.empty or texts["writer"].nunique() < 2:
        return empty(TEXT_THEMES)
    names = [name for name in reading.aspects.names if name in set(mentions["theme"])]
    who = pd.Series(pd.factorize(texts["writer"], sort=True)[0], index=texts.index)
    people, column = int(who.max()) + 1, pd.Index(names).get_indexer(mentions["theme"])
    row = who.loc[mentions["text"]].to_numpy()

    def by_writer(values: Floats) -> Floats:
        table = np.zeros((people, len(names)))
        np.add.at(table, (row, column), values)
        return table

    polarity = mentions["polarity"].to_numpy()
    spoken, told = by_writer(np.ones(len(row))), by_writer((~np.isnan(polarity)).astype(float))
    blamed, praised = by_writer((polarity < 0).astype(float)), by_writer((polarity > 0).astype(float))
    written = np.bincount(who, minlength=people).astype(float)
    table = pd.DataFrame(
        {"theme": names, "texts": whole_numbers(spoken.sum(axis=0)), "n": whole_numbers((spoken > 0).sum(axis=0))}
    )
    table["everybody"] = whole_numbers(np.full(len(names), people))
    few = (told > 0).sum(axis=0) < SMALLEST_CELL
    all_texts, speaking, telling, praising, blaming = _drawn(written[:, None], spoken, told, praised, blamed)
    table = with_interval(table, "share_of_texts", bootstrap_share(speaking, all_texts))
    for name, part in (("praised", praising), ("blamed", blaming)):
        share = never_without_interval(bootstrap_share(part, telling), (told > 0).sum(axis=0))
        table = with_interval(table, name, _without(share, few))
    table = with_interval(table, "stars_less", _stars_less(reading, names))
    difference, p = _beside_others(blamed, told)
    known = ~few & np.isfinite(p)
    adjusted = np.full(len(names), np.nan)
    if known.any():
        adjusted[known] = benjamini_yekutieli(p[known])
    sounds = np.where(adjusted > LEVEL, ALIKE, np.where(difference > 0, WORSE, BETTER)).astype(object)
    table = table.assign(adjusted_p=adjusted, verdict=np.where(known, sounds, None))
    estimates = ("share_of_texts", "praised", "blamed", "stars_less")
    blanks = [
        "texts",
        "adjusted_p",
        "verdict",
        *bounded(*estimates),
    ]
    table = suppress(table, blanks)
    order = np.lexsort((table["theme"], -spoken.sum(axis=0)))
    return table.iloc[order].reset_index(drop=True)[TEXT_THEMES.names]


def told_themes(themes: pd.DataFrame) -> pd.DataFrame:
    """Return the themes of which it is known how they sound, the most blamed first.

    Parameters
    ----------
    themes
        From :func:`text_themes`.
    """
    known = shown(themes, "blamed")
    return known.sort_values(["blamed", "theme"], ascending=[False, True], kind="stable", ignore_index=True)


def themes_by_segment(reading: Reading, customer_segments: pd.DataFrame) -> pd.DataFrame:
    """Set beside each other of what high, potential and ordinary customers write, and what they blame.

    Parameters
    ----------
    reading
        From :func:`~customer_patterns.satisfaction.text.reading.read_texts`.
    customer_segments
        One row per customer: ``customer_id``, ``value_level``.

    Returns
    -------
    DataFrame
        One row per value level (from high on) and theme; columns as in ``TEXT_THEMES_BY_SEGMENT``. A customer counts
        once per theme; shares with Wilson's intervals. Blank where fewer than ten customers of a level wrote.
    """
    texts = reading.read.dropna(subset=["customer_id"])
    levels = customer_segments[["customer_id", "value_level"]].drop_duplicates("customer_id")
    known = texts.reset_index(names="text").merge(levels, on="customer_id")
    if known.empty or reading.mentions.empty:
        return empty(TEXT_THEMES_BY_SEGMENT)
    order = [level for level in ("high", "potential", "ordinary") if level in set(known["value_level"])]
    wrote = known.groupby("value_level")["customer_id"].nunique()
    rows = reading.mentions.merge(known[["text", "customer_id", "value_level"]], on="text")
    names = [name for name in reading.aspects.names if name in set(rows["theme"])]
    grid = pd.MultiIndex.from_product([order, names], names=["value_level", "theme"])
    table = pd.DataFrame(index=grid).reset_index()
    table["n"] = table["value_level"].map(wrote).astype("int64")
    told = rows["polarity"].notna().any()
    for column, part in (("speak", rows), ("blame", rows[rows["polarity"] < 0])):
        people = part.groupby(["value_level", "theme"])["customer_id"].nunique().reindex(grid, fill_value=0)
        share = wilson(people.to_numpy(), table["n"].to_numpy())
        table = with_interval(table, column, share if column == "speak" or told else Interval.missing(len(table)))
    blanks = bounded("speak", "blame")
    table = table.assign(n=whole_numbers(table["n"]))
    return suppress(table, blanks)[TEXT_THEMES_BY_SEGMENT.names]


def text_topics(reading: Reading) -> pd.DataFrame:
    """List the topics that were found without a list of words.

    Returns
    -------
    DataFrame
        One row per language and topic, the most frequent first; columns as in ``TEXT_TOPICS``. The texts of a topic
        that samples do not find again are not counted.
    """
    rows, shares = [], []
    for name, topics in reading.topics.items():
        texts = reading.texts[reading.texts["language"] == name]
        who, people = pd.factorize(texts["writer"], sort=True)
        sums = np.zeros((len(people), len(topics.names) + 1))
        np.add.at(sums, (who, texts["topic"].to_numpy()), 1.0)  # texts without a topic, -1, count in the last column
        firm = topics.again >= FOUND_AGAIN
        mine = sums[:, :-1]
        enough = bool(firm.any()) and len(people) > 1
        found = bootstrap_share(*_drawn(mine, sums.sum(axis=1)[:, None])) if enough else Interval.missing(len(firm))
        shares.append(np.where(firm, np.array(found), np.nan))
        for number, words in enumerate(topics.names):
            rows.append(
                {
                    "language": name,
                    "topic": number + 1,
                    "words": words,
                    "texts": int(mine[:, number].sum()) if firm[number] else pd.NA,
                    "n": int((mine[:, number] > 0).sum()) if firm[number] else 0,
                    "again": float(topics.again[number]),
                    "verdict": TOPIC_VERDICTS[int(not firm[number])],
                }
            )
    if not rows:
        return empty(TEXT_TOPICS)
    table = with_interval(pd.DataFrame(rows), "share_of_texts", Interval(*np.concatenate(shares, axis=1)))
    table = table.assign(texts=whole_numbers(table["texts"]), n=whole_numbers(table["n"]))
    few = table["n"] < SMALLEST_CELL
    blanks = ["texts", "n", *bounded("share_of_texts")]
    table = table.assign(**{name: table[name].mask(few) for name in blanks})
    return table.assign(suppressed=np.where(few, "too few", "no"))[TEXT_TOPICS.names]


def text_readings(reading: Reading) -> pd.DataFrame:
    """List what was read in each text: one row per text, by ``feedback_id``; columns as in ``TEXT_READINGS``."""
    texts = reading.texts
    named = (
        reading.mentions.groupby("text")["theme"].agg(";".join) if len(reading.mentions) else pd.Series(dtype=object)
    )
    table = pd.DataFrame(
        {
            "feedback_id": texts["feedback_id"],
            "language": texts["language"],
            "polarity": texts["polarity"].astype("Int64"),
            "themes": named.reindex(texts.index).fillna("").astype(str),
            "topic": whole_numbers(texts["topic"] + 1).where(texts["topic"].to_numpy() >= 0),
        }
    )
    return table[TEXT_READINGS.names]


def _stars_less(reading: Reading, names: list[str]) -> Interval:
    """Mean stars of each theme's texts that blame it, less the mean of all texts with stars."""
    rated = reading.read.dropna(subset=["rating"])
    blaming = reading.mentions[reading.mentions["polarity"] < 0]
    found = np.full((3, len(names)), np.nan)
    if rated["writer"].nunique() < SMALLEST_CELL:
        return Interval(*found)
    mean = float(rated["rating"].mean())
    for number, name in enumerate(names):
        mine = rated.loc[rated.index.intersection(blaming.loc[blaming["theme"] == name, "text"])]
        own = mine.groupby("writer", sort=True)["rating"].mean().to_numpy(dtype=float)
        if len(own) >= _MOST_DRAWN:
            half = Z95 * own.std(ddof=1) / np.sqrt(len(own))
            found[:, number] = own.mean() - mean + np.array([0.0, -half, half])
        elif len(own) >= SMALLEST_CELL:
            found[:, number] = [float(np.ravel(part)[0]) - mean for part in bootstrap_mean(own)]
    return Interval(*found)


def _drawn(*parts: Floats) -> tuple[Floats, ...]:
    """Sums per writer, of very many by groups put together by lot: what is drawn again for an interval."""
    together = np.hstack(parts)
    if len(together) > _MOST_DRAWN:
        together = in_groups(together[np.lexsort(together.T)], groups=_MOST_DRAWN)
    return tuple(np.split(together, np.cumsum([part.shape[1] for part in parts])[:-1], axis=1))


def _beside_others(blamed: Floats, told: Floats) -> tuple[Floats, Floats]:
    """By how much each theme's share of blame is above that of all others, and its p-value over writers."""
    others_blamed, others_told = blamed.sum(axis=1)[:, None] - blamed, told.sum(axis=1)[:, None] - told
    with np.errstate(invalid="ignore", divide="ignore"):
        own, other = blamed.sum(axis=0) / told.sum(axis=0), others_blamed.sum(axis=0) / others_told.sum(axis=0)
        pull = (blamed - own * told) / told.sum(axis=0) - (others_blamed - other * others_told) / others_told.sum(
            axis=0
        )
        error = np.sqrt((pull**2).sum(axis=0))
        p = 2 * ndtr(-np.abs(own - other) / np.where(error > 0, error, np.nan))
    return own - other, p


def _without(found: Interval, few: NDArray[np.bool_]) -> Interval:
    return Interval(*(np.where(few, np.nan, part) for part in found))
