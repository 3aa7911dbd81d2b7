"""What happens in the sessions, step by step: the canonical table ``events``."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of, keys_within
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.sessions import BUYS, CARTS, REACHES_CHECKOUT
from customer_patterns.sources.companion.surroundings import Surroundings

#: Seconds that a step takes: the median.
DWELL: dict[str, float] = {
    "page_view": 14.0,
    "login": 11.0,
    "search": 9.0,
    "product_view": 26.0,
    "add_to_cart": 4.0,
    "cart_view": 18.0,
    "checkout": 55.0,
    "purchase": 8.0,
}
_DWELL_SPREAD = 0.7
_CRAWLER_SECONDS = 1.2
#: Share of looks at a product that begin with a search; the others begin with a department.
SEARCHED = 0.4
SEARCH_TERMS: dict[str, float] = {
    "milk": 0.16, "eggs": 0.12, "bread": 0.11, "chicken": 0.10, "coffee": 0.09, "bananas": 0.09, "cheese": 0.08,
    "yogurt": 0.07, "pasta sauce": 0.06, "diapers": 0.05, "gluten free": 0.04, "oat milk": 0.03,
}  # fmt: skip
#: A round of looking has three steps; the steps before the rounds and after them stand at fixed places.
_LANDS, _LOGS_IN, _ROUNDS, _CART, _CHECKOUT, _PURCHASE = 0, 1, 2, 1000, 1001, 1002
#: Of these events the second copy is delivered too, as when a telephone sends again what was received.
SENT_TWICE = 0.0004


def draw_events(plan: Plan, around: Surroundings, sessions: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Draw the steps of all sessions.

    Parameters
    ----------
    plan, around
        The parameters, the orders and products.
    sessions
        As :func:`~customer_patterns.sources.companion.sessions.draw_sessions` returns them.

    Returns
    -------
    DataFrame
        The canonical table ``events``, by moment; a few events twice.
    int
        How many events are there twice.
    """
    lot = Lot(plan.seed, "visits")
    steps = _steps(sessions)
    steps["key"] = keys_within(sessions["key"].to_numpy(dtype="uint64")[steps["session"]], steps["rank"].to_numpy())
    steps = _timed(lot, steps, sessions)
    steps = _looked_at(lot, steps, sessions, around)
    session = sessions.take(steps["session"])
    logged_in = session["logs_in"].to_numpy() & (steps["rank"].to_numpy() >= _LOGS_IN)
    kind = steps["event_type"].to_numpy(dtype=object)
    searched = np.where(kind == "search", lot.choice(steps["key"].to_numpy(), "term", SEARCH_TERMS), None)
    table = pd.DataFrame(
        {
            "visitor_id": session["visitor_id"].to_numpy(dtype=object),
            "customer_id": np.where(logged_in, session["owner"].to_numpy(dtype=object), None),
            "session_id": session["session_id"].to_numpy(dtype=object),
            "occurred_at": steps["occurred_at"].to_numpy(),
            "event_type": kind,
            "page": steps["page"].to_numpy(dtype=object),
            "product_id": steps["product_id"].to_numpy(dtype=object),
            "search_term": searched,
            "device": session["device"].to_numpy(dtype=object),
            "user_agent": session["user_agent"].to_numpy(dtype=object),
            "channel": session["channel"].to_numpy(dtype=object),
            "referrer": np.where(steps["rank"] == _LANDS, session["referrer"].to_numpy(dtype=object), None),
            "dwell_seconds": steps["dwell_seconds"].to_numpy(),
            "order_id": np.where(kind == "purchase", session["order_id"].to_numpy(dtype=object), None),
            "rank": steps["rank"].to_numpy(),
            "twice": lot.happens(steps["key"].to_numpy(), "sent twice", SENT_TWICE),
        }
    ).sort_values(["occurred_at", "session_id", "rank"], ignore_index=True)
    table.insert(0, "event_id", [f"E{number:07d}" for number in range(1, len(table) + 1)])
    twice = table["twice"].to_numpy()
    table = table.drop(columns=["rank", "twice"])
    whole = table.loc[np.repeat(table.index.to_numpy(), 1 + twice)].reset_index(drop=True)
    return whole, int(twice.sum())


def _steps(sessions: pd.DataFrame) -> pd.DataFrame:
    """List the steps of each session in order: landing, login, rounds of looking, cart, checkout, purchase."""
    every = np.arange(len(sessions))
    rounds, reach = sessions["rounds"].to_numpy(), sessions["reach"].to_numpy()
    crawls = (sessions["kind"] == "crawls").to_numpy()
    looks = np.repeat(every, rounds)
    turn = np.arange(len(looks)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
    # Of what is looked at, the last always gets into the cart of who fills one, the rest every other time.
    carted = (reach[looks] >= CARTS) & ((turn == rounds[looks] - 1) | (turn % 2 == 0))
    led = ~crawls[looks]
    parts = [
        (every, _LANDS, "page_view"),
        (every[sessions["logs_in"].to_numpy()], _LOGS_IN, "login"),
        (looks[led], _ROUNDS + 3 * turn[led], "look for"),
        (looks, _ROUNDS + 3 * turn + 1, "product_view"),
        (looks[carted], _ROUNDS + 3 * turn[carted] + 2, "add_to_cart"),
        (every[reach >= CARTS], _CART, "cart_view"),
        (every[reach >= REACHES_CHECKOUT], _CHECKOUT, "checkout"),
        (every[reach >= BUYS], _PURCHASE, "purchase"),
    ]
    table = pd.concat(
        [pd.DataFrame({"session": at, "rank": rank, "event_type": kind}) for at, rank, kind in parts],
        ignore_index=True,
    )
    return table.sort_values(["session", "rank"], ignore_index=True)


def _timed(lot: Lot, steps: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Give each step its moment and how long it took; of a session's last step nobody knows that."""
    keys, session = steps["key"].to_numpy(), steps["session"].to_numpy()
    kind = steps["event_type"].to_numpy(dtype=object)
    looking = kind == "look for"
    kind[looking] = np.where(lot.happens(keys[looking], "searches", SEARCHED), "search", "page_view")
    median = pd.Series(kind).map(DWELL).to_numpy(dtype="float64")
    median = np.where((sessions["kind"] == "crawls").to_numpy()[session], _CRAWLER_SECONDS, median)
    dwell = np.round(np.clip(lot.lognormal(keys, "dwell", median=median, spread=_DWELL_SPREAD), 0.4, 900.0), 1)
    last = np.append(session[1:] != session[:-1], True)
    dwell[last] = 0.0
    total = np.bincount(session, weights=dwell, minlength=len(sessions)).round(1)
    ran = np.cumsum(np.round(dwell * 10).astype("int64"))
    first = np.append(True, last[:-1])
    before = ran - np.round(dwell * 10).astype("int64")
    since = (before - np.repeat(before[first], np.diff(np.append(np.flatnonzero(first), len(dwell))))) * 100
    second, ends = sessions["second"].to_numpy(), sessions["ends"].to_numpy(dtype=bool)
    # What leads to an order shortly after midnight is squeezed into the minutes since.
    room = np.where(ends, np.minimum(1.0, second / np.maximum(total, 1.0)), 1.0)
    squeezed = np.floor(since * room[session]).astype("int64")
    ahead = np.where(ends, np.floor(total * room * 1000).astype("int64"), 0)
    offset = squeezed - ahead[session]
    moment = sessions["moment"].to_numpy().astype("datetime64[us]")[session]
    return steps.assign(
        event_type=kind,
        occurred_at=moment + offset * np.timedelta64(1000, "us"),
        dwell_seconds=np.where(last, np.nan, np.round(dwell * room[session], 1)),
    )


def _looked_at(lot: Lot, steps: pd.DataFrame, sessions: pd.DataFrame, around: Surroundings) -> pd.DataFrame:
    """Say which product each step is about, and on which page it takes place."""
    session, kind = steps["session"].to_numpy(), steps["event_type"].to_numpy()
    inside = (steps["rank"].to_numpy() >= _ROUNDS) & (steps["rank"].to_numpy() < _CART)
    turn = np.where(inside, (steps["rank"].to_numpy() - _ROUNDS) // 3, 0)
    look = keys_within(sessions["key"].to_numpy(dtype="uint64")[session], 5000 + turn)
    basis = _basis(sessions, around)
    size, start, listed = _contents(lot, basis, around)
    many = np.maximum(size[session], 1)
    chosen = start[session] + turn % many
    anything = around.products["product_id"].to_numpy(dtype=object)
    any_product = anything[lot.below(look, "any product", len(anything))]
    product = np.where(size[session] > 0, listed[np.minimum(chosen, max(len(listed) - 1, 0))], any_product)
    department = pd.Series(product).map(_pages(around.products)).fillna("other").to_numpy(dtype=object)
    about = np.isin(kind, ["product_view", "add_to_cart"])
    page = (
        pd.Series(kind)
        .map(
            {
                "page_view": "/",
                "login": "/login",
                "search": "/search",
                "cart_view": "/cart",
                "checkout": "/checkout",
                "purchase": "/thank-you",
            }
        )
        .to_numpy(dtype=object)
    )
    page = np.where(about, "/product/" + product, page)
    page = np.where((kind == "page_view") & inside, "/department/" + department, page)
    clicked = (sessions["kind"] == "follows an e-mail").to_numpy()[session] & (steps["rank"].to_numpy() == _LANDS)
    return steps.assign(product_id=np.where(about, product, None), page=np.where(clicked, "/coupons", page))


def _basis(sessions: pd.DataFrame, around: Surroundings) -> np.ndarray:
    """The order whose products a session is about: its own, else the household's last one before that day."""
    own = sessions["order_id"].to_numpy(dtype=object)
    orders = (
        around.orders[["customer_id", "day", "order_id"]]
        .rename(columns={"customer_id": "owner"})
        .astype({"owner": "str"})
    )
    asked = sessions[["owner", "day"]].assign(row=np.arange(len(sessions)))
    asked = asked[asked["owner"].notna() & sessions["order_id"].isna()].astype({"owner": "str"})
    earlier = pd.merge_asof(
        asked.sort_values("day", kind="stable"),
        orders.sort_values("day", kind="stable"),
        on="day",
        by="owner",
        allow_exact_matches=False,
    )
    basis = np.where(pd.isna(own), None, own)
    basis[earlier["row"].to_numpy()] = earlier["order_id"].to_numpy(dtype=object)
    return basis


def _contents(lot: Lot, basis: np.ndarray, around: Surroundings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The products of the orders that sessions are about: how many each has, where they begin, and the list of all."""
    wanted = pd.Index(pd.unique(pd.Series(basis).dropna()))
    lines = around.lines[around.lines["order_id"].isin(wanted)]
    keys = keys_of(lines["order_id"] + "|" + lines["product_id"])
    lines = lines.assign(lot=lot.uniform(keys, "order of products")).sort_values(["order_id", "lot", "product_id"])
    counts = lines.groupby("order_id", sort=True).size()
    begins = counts.cumsum() - counts
    named = pd.Series(basis)
    size = named.map(counts).fillna(0).to_numpy(dtype="int64")
    start = named.map(begins).fillna(0).to_numpy(dtype="int64")
    return size, start, lines["product_id"].to_numpy(dtype=object) if len(lines) else np.array([None], dtype=object)


def _pages(products: pd.DataFrame) -> dict[str, str]:
    """How each product's department is written in an address."""
    pages = {name: re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") for name in products["department"].unique()}
    return dict(zip(products["product_id"], products["department"].map(pages), strict=True))
