"""The same search on baskets in which nothing goes together: what it finds there is false."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns.features.enough import empty
from customer_patterns.patterns import tables
from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.search import search
from customer_patterns.schemas import Column, TableSchema

#: So many exchanges are tried for each item in a basket; beyond, hardly anything changes any more.
EXCHANGES = 6


def permute_within_customers(baskets: Baskets, *, seed: int, exchanges: int = EXCHANGES) -> Baskets:
    """Exchange items among the baskets of each customer, as often as it takes to forget what lay with what.

    Each basket keeps its number of items and its day, each customer the number of baskets with each item; so sizes and
    tastes are as they were, and whatever meets more often than these let expect meets by chance. That is the
    permutation of the claim that two things are put into one basket.

    Parameters
    ----------
    baskets
        The baskets; left as they are.
    seed
        Another seed, other exchanges.
    exchanges
        Exchanges tried for each item in a basket.

    Returns
    -------
    Baskets
        As many, of the same customers, days and sizes.

    Notes
    -----
    Two entries (basket, item) of a customer exchange their items unless one of the baskets would then hold an item
    twice: swap randomization (Gionis, Mannila, Mielikäinen and Tsaparas 2007, ACM TKDD 1, article 14), customer by
    customer.
    """
    from customer_patterns.patterns.exchanging import exchange

    whose = baskets.customer[baskets.basket]
    order = np.argsort(whose, kind="stable")
    basket, item = baskets.basket[order].copy(), baskets.item[order].copy()
    edges = np.searchsorted(whose[order], np.arange(len(baskets.customers) + 1))
    random = np.random.default_rng(seed)
    draws = random.random((2, exchanges * len(item)), dtype=np.float32)
    exchange(basket, item, edges, draws, exchanges, len(baskets.items), len(baskets))
    order = np.lexsort((item, basket))
    return replace(baskets, basket=basket[order], item=item[order])


PERMUTED = TableSchema(
    name="permuted_account",
    grain="permuted copy of the baskets of a level",
    key=("level", "copy"),
    meaning="The same search where items were exchanged among each customer's baskets: what stands there is false.",
    reads=tables.READS,
    columns=(
        tables.LEVEL,
        Column("copy", "integer", "number of the copy", "Copy", minimum=1),
        Column("frequent", "integer", "pairs that are frequent among those who explore", "Frequent", "sets", minimum=0),
        Column("tested", "integer", "pairs that were tested", "Tested", "sets", minimum=0),
        Column("yekutieli", "integer", "that stand against basket size alone", "Beyond size", "sets", minimum=0),
        Column("same_basket", "integer", "that stand beyond habit as well", "Beyond habit", "sets", minimum=0),
    ),
)


def search_permuted(baskets: Baskets, *, copies: int, seed: int, **settings: Any) -> pd.DataFrame:
    """Search permuted copies of the baskets for pairs.

    Parameters
    ----------
    baskets
        The baskets of a level.
    copies
        How many.
    seed
        The first copy's; the next ones follow.
    settings
        Of :func:`~customer_patterns.patterns.search.search`, but for the longest set: pairs only.

    Returns
    -------
    DataFrame
        One row per copy that could be searched, as in ``PERMUTED``.
    """
    rows = []
    for copy in range(copies):
        account = search(
            permute_within_customers(baskets, seed=seed + copy), **(settings | {"max_length": 2})
        ).account.iloc[0]
        if account["outcome"] == tables.SEARCHED:
            counts = [int(account[name]) for name in ("frequent", "tested", "yekutieli", "same_basket")]
            rows.append((baskets.level_in_words, copy + 1, *counts))
    return pd.DataFrame(rows, columns=PERMUTED.names).astype({"level": "str"}) if rows else empty(PERMUTED)
