"""What customers miss: themes that are blamed more than others, goods that they ask for, searches without a product."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.estimates import wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.text.chinese import is_theme
from customer_patterns.satisfaction.text.chinese import words_of as chinese_words
from customer_patterns.satisfaction.text.english import STOP_WORDS, lemma, words_of
from customer_patterns.satisfaction.text.language import CHINESE, ENGLISH, detect
from customer_patterns.satisfaction.text.normalize import normalize
from customer_patterns.satisfaction.text.reading import Reading
from customer_patterns.satisfaction.text.tables import (
    ASKED_FOR,
    NOT_KNOWN,
    NOT_SOLD,
    SEARCHED,
    SOLD,
    THEME,
    UNMET_NEEDS,
    WORSE,
)
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.sources.cut import first_moment_after

#: Clauses in which somebody asks for something that was not to be had.
_ASKING = {
    ENGLISH: re.compile(
        r"\b(?:wish|please (?:carry|stock|sell|bring|offer|add)|bring back|stopped (?:selling|carrying|stocking)|"
        r"no longer (?:sell|carry|have|stock)|sold out|out of stock|(?:could|can)(?:n't|not| not) find|"
        r"would (?:like|love) (?:to (?:see|buy|have|get)|more|some|a)|(?:don't|do not|didn't|did not) "
        r"(?:sell|carry|have|stock)|more choice of|there is no|"
        r"there are no|discontinued|missing|was gone|were gone)\b"
    ),
    CHINESE: re.compile(
        "希望(?:有|能有|能买到|增加|上架|进货|多进|多一些)|想要|想买|要是有|断货|缺货|不卖了|没有卖|买不到|没买到|卖完|卖光|卖没|下架|没货|没有了|能不能进|多进点|不进货"
    ),
}
#: Words of asking that name nothing that could be asked for.
_NO_GOODS_TEXT = """
sold stock selling carry wish choice store shop aisle shelf website gone bring offer week weekday monday tuesday
wednesday thursday friday saturday sunday night morning evening lot time advertised hour stopped stop selling
sells stocked stocking carrying carried found finding year ago closing noon cannot thing kind please sell 希望
断货 缺货 没货 卖完 卖光 下架 买不到 广告 早就 周一 周二 周三 周四 周五 周六 周日 晚上 早上 总是 老是 常买 结果
居然 本来 上架 货架
"""
_NO_GOODS = frozenset(_NO_GOODS_TEXT.split())


def unmet_needs(
    reading: Reading,
    themes: pd.DataFrame,
    events: ir.Table,
    products: ir.Table,
    *,
    last_day: date,
    time_zone: str,
    customers: int = SMALLEST_CELL,
) -> pd.DataFrame:
    """List what customers miss.

    Parameters
    ----------
    reading
        From :func:`~customer_patterns.satisfaction.text.reading.read_texts`.
    themes
        From :func:`~customer_patterns.satisfaction.text.themes.text_themes`.
    events
        One row per event: ``occurred_at`` (UTC), ``visitor_id``, ``customer_id``, ``search_term``.
    products
        One row per product: ``department``, ``category``, ``product_type``, ``brand``.
    last_day, time_zone
        The study's last day and its zone. Later events change nothing.
    customers
        A word fewer writers ask for, or fewer visitors search for, is not shown.

    Returns
    -------
    DataFrame
        One row per need, by kind and number of people; columns as in ``UNMET_NEEDS``. Themes: blamed more than the
        others, by texts with fewer stars than all. Goods asked for: words of clauses such as "stopped selling …" or
        "希望有 …" that stand there more often than in others beyond chance. Searches: words in no product's
        name; listed only where products have names. Shares with Wilson's intervals, of all writers, of writers of that
        language, or of visitors who searched.
    """
    names = _product_words(products)
    rows = [*_themes(reading, themes), *_asked(reading, names, customers)]
    rows += _searched(events, names, customers, last_day=last_day, time_zone=time_zone)
    if not rows:
        return empty(UNMET_NEEDS)
    table = pd.DataFrame(rows)
    table = with_interval(table, "share", wilson(table["n"].to_numpy(), table["everybody"].to_numpy()))
    kinds = {THEME: 0, ASKED_FOR: 1, SEARCHED: 2}
    order = np.lexsort((table["language"], table["need"], -table["n"], table["kind"].map(kinds)))
    counts = {name: whole_numbers(table[name]) for name in ("mentions", "n", "everybody")}
    table = table.assign(**counts, suppressed="no")
    return table.iloc[order].reset_index(drop=True)[UNMET_NEEDS.names]


def _themes(reading: Reading, themes: pd.DataFrame) -> list[dict[str, object]]:
    found = themes[(themes["verdict"] == WORSE) & ~(themes["stars_less_high"] >= 0)]
    everybody, writer = int(reading.read["writer"].nunique()), reading.texts["writer"].to_numpy()
    rows = []
    for name in found["theme"]:
        blaming = reading.mentions[(reading.mentions["theme"] == name) & (reading.mentions["polarity"] < 0)]
        people = len(set(writer[blaming["text"].to_numpy()]))
        if people >= SMALLEST_CELL:
            rows.append(
                {
                    "kind": THEME,
                    "need": name,
                    "language": "all",
                    "mentions": len(blaming),
                    "n": people,
                    "everybody": everybody,
                    "assortment": NOT_KNOWN,
                }
            )
    return rows


def _asked(reading: Reading, names: frozenset[str], least: int) -> list[dict[str, object]]:
    """Words of clauses that ask for something, more frequent there than in other clauses."""
    texts, parts = reading.texts, reading.parts
    rows = []
    for language, asking in _ASKING.items():
        mine = np.flatnonzero((texts["language"] == language).to_numpy()[parts["text"].to_numpy()])
        asked: dict[str, set[object]] = defaultdict(set)
        other: dict[str, set[object]] = defaultdict(set)
        askers, others, times = set(), set(), defaultdict(int)
        writer, owner, said = texts["writer"].to_numpy(), parts["text"].to_numpy(), parts["words"].to_numpy()
        for number in mine:
            words, who = said[number], writer[owner[number]]
            wishes = asking.search(words) is not None
            (askers if wishes else others).add(who)
            for word in set(_goods(words, language)):
                (asked if wishes else other)[word].add(who)
                times[word] += wishes
        for word, people in sorted(asked.items()):
            share, elsewhere = wilson(len(people), len(askers)), wilson(len(other[word]), max(len(others), 1))
            if len(people) >= least and float(share.low) > float(elsewhere.high):
                rows.append(
                    {
                        "kind": ASKED_FOR,
                        "need": word,
                        "language": language,
                        "mentions": times[word],
                        "n": len(people),
                        "everybody": _people(texts, language),
                        "assortment": _known(word, names),
                    }
                )
    return rows


def _searched(
    events: ir.Table, names: frozenset[str], least: int, *, last_day: date, time_zone: str
) -> list[dict[str, object]]:
    if not names:
        return []
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rows = events.filter((events.occurred_at < end) & events.search_term.notnull())
    rows = rows.mutate(who=ibis.coalesce(rows.customer_id, rows.visitor_id))
    counted = rows.group_by("search_term").aggregate(times=rows.count(), n=rows.who.nunique()).order_by("search_term")
    found = counted.filter(counted.n >= least).to_pandas()
    everybody = int(rows.who.nunique().to_pyarrow().as_py() or 0)
    listed = []
    for term, times, people in found.itertuples(index=False, name=None):
        plain = normalize(str(term))
        language = detect(plain)
        if language in (ENGLISH, CHINESE) and plain and not re.search(r"[0@]", plain) and _known(plain, names) != SOLD:
            listed.append(
                {
                    "kind": SEARCHED,
                    "need": plain,
                    "language": language,
                    "mentions": int(times),
                    "n": int(people),
                    "everybody": everybody,
                    "assortment": NOT_SOLD,
                }
            )
    return listed


def _people(texts: pd.DataFrame, language: str) -> int:
    return int(texts.loc[texts["language"] == language, "writer"].nunique())


def _goods(words: str, language: str) -> list[str]:
    if language == CHINESE:
        return [word for word in chinese_words(words) if is_theme(word) and word not in _NO_GOODS]
    plain = (lemma(word) for word in words_of(words))
    return [word for word in plain if len(word) > 2 and word not in STOP_WORDS and word not in _NO_GOODS]


def _product_words(products: ir.Table) -> frozenset[str]:
    """All words in the names of what is sold, plain."""
    found: set[str] = set()
    for column in ("department", "category", "product_type", "brand"):
        if column in products.columns:
            for (text,) in products.select(column).distinct().to_pandas().itertuples(index=False, name=None):
                if text is not None and not pd.isna(text):
                    plain = normalize(str(text))
                    found |= {lemma(word) for word in words_of(plain)} | set(chinese_words(plain))
    return frozenset(found - {UNKNOWN})


def _known(text: str, names: frozenset[str]) -> str:
    """Whether each word of a text, or another form of it, stands in the name of a product."""
    if not names:
        return NOT_KNOWN
    words = [lemma(word) for word in words_of(text)] + chinese_words(text)
    if not words or any(not _spoken_alike(word, names) for word in words):
        return (
            NOT_KNOWN if words and not _spoken_alike(words[0], names) and _other_script(words[0], names) else NOT_SOLD
        )
    return SOLD


def _spoken_alike(word: str, names: frozenset[str]) -> bool:
    return word in names or any(word == name or (len(word) > 3 and word in name) for name in names)


def _other_script(word: str, names: frozenset[str]) -> bool:
    """Whether products are named in other letters only, so that nothing can be said."""
    return all(name.isascii() for name in names) != word.isascii()
