"""All texts of a study read once: language, clauses, themes, praise and blame, topics. No text leaves this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from customer_patterns.satisfaction.reviews import writer_of
from customer_patterns.satisfaction.text.aspects import Aspects, declared_aspects
from customer_patterns.satisfaction.text.clauses import Clause, clauses
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH, LANGUAGES, MIXED, detect
from customer_patterns.satisfaction.text.mixed import learn_mixed
from customer_patterns.satisfaction.text.normalize import normalize_all
from customer_patterns.satisfaction.text.sentiment import USED, Sentiment, learn_sentiment
from customer_patterns.satisfaction.text.topics import FOUND_AGAIN, Topics, find_topics, theme_words
from customer_patterns.sources.cut import first_moment_after

#: Languages whose texts are read.
READ = (ENGLISH, CHINESE, MIXED)


@dataclass(frozen=True)
class Reading:
    """What was read in the texts of a study.

    Attributes
    ----------
    texts
        One row per text that was not written before in the same words by the same writer, by ``feedback_id``:
        ``customer_id``, ``writer``, ``rating``, ``language``, ``polarity`` (1 praise, -1 blame, 0 neither; missing
        where its language is not used), ``topic`` (number, -1 without), ``themes`` (how many).
    parts
        One row per clause, in the order of the texts: ``text`` (the row in ``texts``), ``words`` (normalized; never to
        be shown as they stand), ``polarity``.
    mentions
        One row per text and theme: ``text``, ``theme``, ``polarity`` (of the clauses about it).
    aspects
        The themes that were looked for.
    sentiment, topics
        By language.
    copies
        How many texts repeat what their writer wrote before, by language.
    """

    texts: pd.DataFrame
    parts: pd.DataFrame
    mentions: pd.DataFrame
    aspects: Aspects
    sentiment: dict[str, Sentiment]
    topics: dict[str, Topics]
    copies: dict[str, int]

    @property
    def read(self) -> pd.DataFrame:
        """The texts in a language that is read."""
        return self.texts[self.texts["language"].isin(READ)]


def read_texts(
    feedback: ir.Table, *, last_day: date, time_zone: str, aspects: Mapping[str, Sequence[str]] | None = None
) -> Reading:
    """Read all texts.

    Parameters
    ----------
    feedback
        One row per text: ``feedback_id``, ``customer_id``, ``author_key``, ``written_at`` (UTC), ``language`` (as
        delivered; decides only where the text does not), ``rating`` (1 to 5, may be missing), ``text``.
    last_day
        Last day of the study. Later texts change nothing.
    time_zone
        The study's; it decides when that day ends.
    aspects
        Themes of the study's own, with the words that name them.

    Returns
    -------
    Reading
        The same on every run and in whatever order the rows come.
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rows = feedback.filter(feedback.written_at < end)
    rows = rows.select("feedback_id", "customer_id", "language", "rating", "text", writer=writer_of(rows))
    table = rows.order_by("feedback_id").to_pandas()
    return read_frame(table, aspects=aspects)


def read_frame(table: pd.DataFrame, *, aspects: Mapping[str, Sequence[str]] | None = None) -> Reading:
    """Read texts in memory: ``feedback_id``, ``customer_id``, ``writer``, ``language``, ``rating``, ``text``."""
    looked_for = declared_aspects(aspects)
    plain = normalize_all(["" if pd.isna(text) else str(text) for text in table["text"]])
    declared = [None if pd.isna(name) else str(name) for name in table["language"]]
    spoken = np.array([detect(text, declared=name) for text, name in zip(plain, declared, strict=True)], dtype=object)
    again = pd.DataFrame({"writer": table["writer"].to_numpy(), "text": plain}).duplicated().to_numpy()
    copies = {name: int((again & (spoken == name)).sum()) for name in LANGUAGES}
    kept = np.flatnonzero(~again)
    texts = table.iloc[kept][["feedback_id", "customer_id", "writer"]].reset_index(drop=True)
    stars = pd.to_numeric(table["rating"].iloc[kept]).to_numpy(dtype=float, na_value=np.nan)
    texts = texts.assign(rating=stars, language=spoken[kept], polarity=np.nan, topic=-1)
    cut = [clauses(plain[row]) if spoken[row] in READ else [] for row in kept]
    owner = np.repeat(np.arange(len(cut)), [len(parts) for parts in cut])
    parts = pd.DataFrame({"text": owner, "words": [part.text for one in cut for part in one], "polarity": np.nan})
    sentiment, topics = {}, {}
    with threadpool_limits(1):  # sums then have the same last digit everywhere
        for name in (ENGLISH, CHINESE):
            rows = np.flatnonzero(texts["language"] == name)
            if len(rows):
                sentiment[name], topics[name] = _of_language(texts, parts, cut, rows, name)
        rows = np.flatnonzero(texts["language"] == MIXED)
        if len(rows):
            sentiment[MIXED] = _of_both(texts, parts, cut, rows, sentiment)
    mentions = _mentions(parts, looked_for)
    found = np.bincount(mentions["text"], minlength=len(texts)) if len(mentions) else np.zeros(len(texts), dtype=int)
    return Reading(texts.assign(themes=found), parts, mentions, looked_for, sentiment, topics, copies)


def _of_language(
    texts: pd.DataFrame, parts: pd.DataFrame, cut: list[list[Clause]], rows: np.ndarray, name: str
) -> tuple[Sentiment, Topics]:
    """Read the texts of one language: write down what each says, and its topic."""
    own, writers = [cut[row] for row in rows], list(texts["writer"].to_numpy()[rows])
    sentiment = learn_sentiment(own, texts["rating"].to_numpy()[rows], writers, language=name)
    if sentiment.verdict == USED:
        _tell(texts, parts, cut, rows, sentiment)
    topics = find_topics(theme_words(own, name), writers, language=name)
    firm = np.append(topics.again >= FOUND_AGAIN, False)  # -1, without a topic, is the last
    texts.loc[rows, "topic"] = np.where(firm[topics.topic], topics.topic, -1)
    return sentiment, topics


def _of_both(
    texts: pd.DataFrame, parts: pd.DataFrame, cut: list[list[Clause]], rows: np.ndarray, known: dict[str, Sentiment]
) -> Sentiment:
    """Read the texts in two languages by what was learned from those of each; they have no topics of their own."""
    single = {name: (known[name], list(texts.loc[texts["language"] == name, "writer"])) for name in known}
    stars, writers = texts["rating"].to_numpy()[rows], list(texts["writer"].to_numpy()[rows])
    sentiment = learn_mixed([cut[row] for row in rows], stars, writers, single=single)
    if sentiment.verdict == USED:
        _tell(texts, parts, cut, rows, sentiment)
    return sentiment


def _tell(
    texts: pd.DataFrame, parts: pd.DataFrame, cut: list[list[Clause]], rows: np.ndarray, sentiment: Sentiment
) -> None:
    """Write down what the texts of one language, and their clauses, say."""
    place = np.full(len(texts), -1)
    place[rows] = np.arange(len(rows))
    texts.loc[rows, "polarity"] = sentiment.polarity([cut[row] for row in rows], of=place[rows])
    mine = np.flatnonzero(place[parts["text"].to_numpy()] >= 0)
    single = [[Clause(words, 1.0)] for words in parts["words"].to_numpy()[mine]]
    of = place[parts["text"].to_numpy()[mine]]
    parts.loc[mine, "polarity"] = sentiment.polarity(single, of=of)


def _mentions(parts: pd.DataFrame, aspects: Aspects) -> pd.DataFrame:
    """One row per text and theme, with what its clauses say of it."""
    text, theme, polarity = [], [], []
    for owner, words, says in zip(parts["text"], parts["words"], parts["polarity"], strict=True):
        for name in aspects.of(words):
            text.append(owner)
            theme.append(name)
            polarity.append(says)
    rows = pd.DataFrame({"text": np.array(text, dtype=np.int64), "theme": theme, "polarity": np.array(polarity, float)})
    if rows.empty:
        return rows
    found = rows.groupby(["text", "theme"], sort=True)["polarity"].mean().reset_index()
    return found.assign(polarity=np.sign(found["polarity"]))
