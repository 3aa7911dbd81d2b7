"""What visitors do on the web site and in the app: visits with and without a purchase, strangers, and a few bots."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made, drawn_seconds
from customer_patterns.sources.planted_shop.visits import delivered_days, moments
from customer_patterns.sources.planted_shop.web_orders import WebCustomers, WebOrders

#: In a visit without a purchase: chance to look at products, then to put one into the cart, then to go to the till.
VIEWS, CARTS, CHECKOUTS = 0.80, 0.25, 0.30
#: Visits without a purchase per week of a web customer, and per stranger in all; strangers per web customer.
_BROWSES_PER_WEEK, _VISITS_PER_STRANGER, _STRANGERS = 0.35, 1.5, 0.4
#: Chance that a visit begins with a search; that a customer says who they are in a visit before the first order.
SEARCHES, LOGS_IN = 0.5, 0.4
SECOND_DEVICE = 0.25
#: Bots per hundred web customers, two at least; of two, one says what it is.
_BOTS_PER_HUNDRED, _EVENTS_PER_BOT = 1, 60
#: Events delivered twice, per thousand.
_TWICE_PER_THOUSAND = 4.0

_BROWSER, _APP, _BOT = "ExampleBrowser/7.0", "PlantedApp/2.3", "ExampleBot/1.0 (crawler)"
_REFERRERS = {"direct": 0.5, "search": 0.3, "mail": 0.12, "social": 0.08}
_LAST = 900


def draw_events(block: Block, people: WebCustomers, web: WebOrders, tracked: np.ndarray) -> Made:
    """Draw the events of a block's customers, and of strangers and bots.

    Parameters
    ----------
    block, people, web
        The customers, who of them orders on the web, and these orders: each belongs to a visit, from the day on from
        which events are recorded.
    tracked
        By row of the block: who allows it. Nobody else has events.

    Returns
    -------
    Made
        ``events`` by moment. Truths: ``visitors`` (whose each visitor is: a customer's, a stranger's or a bot's) and
        ``visits`` (what each was for). Counts: bots, events delivered twice.
    """
    rng, truth = block.rng("events"), block.truth
    begins, days = (truth.plan.tracked_from - truth.first_day).days, delivered_days(truth)
    row = people.row[tracked[people.row]]
    orders = web.orders[tracked[web.orders["row"].to_numpy()] & (web.orders["day"].to_numpy() >= begins)]
    buying = pd.DataFrame(
        {
            "row": orders["row"].to_numpy(),
            "at": orders["ordered_at"].to_numpy(),
            "order": orders.index.to_numpy(),
            "app": orders["app"].to_numpy(),
        }
    )
    from_day = np.maximum(block.start[row], begins)
    weeks = np.maximum(block.end[row] - from_day, 0) / 7
    browses = np.repeat(np.arange(len(row)), rng.poisson(_BROWSES_PER_WEEK * weeks))
    day = from_day[browses] + (rng.random(len(browses)) * (block.end[row] - from_day)[browses]).astype("int64")
    strangers = rng.poisson(_VISITS_PER_STRANGER, round(_STRANGERS * len(row)) + 1)
    stranger = np.repeat(-1 - np.arange(len(strangers)), strangers)
    day = np.concatenate([day, rng.integers(begins, days, len(stranger))])
    browsing = pd.DataFrame({"row": np.concatenate([row[browses], stranger]), "order": -1})
    browsing["at"] = moments(truth, day, drawn_seconds(rng, len(day)))
    browsing["app"] = rng.random(len(browsing)) < 0.3
    visits = pd.concat([buying, browsing], ignore_index=True)
    visits = visits.sort_values(["at", "row", "order"], ignore_index=True)
    visits, visitors = _with_visitors(rng, block, visits)
    events = _steps(rng, block, visits, web)
    bots, bot_visitors = _bots(rng, block, len(row), begins, days)
    events = pd.concat([events, bots], ignore_index=True)
    events = events.sort_values(["occurred_at", "visitor_id", "position"], kind="stable", ignore_index=True)
    events.insert(0, "event_id", [f"E{block.number:03d}{number:07d}" for number in range(1, len(events) + 1)])
    twice = np.sort(rng.permutation(len(events))[: max(2, round(len(events) * _TWICE_PER_THOUSAND / 1000))])
    events = pd.concat([events, events.iloc[twice]], ignore_index=True)
    events = events.sort_values(["occurred_at", "event_id"], kind="stable", ignore_index=True)
    known = visits[["session_id", "visitor_id", "kind", "reached"]]
    return Made(
        {"events": events.drop(columns="position")},
        {"visitors": pd.concat([visitors, bot_visitors], ignore_index=True), "visits": known},
        {"bots": len(bot_visitors), "events delivered twice": len(twice)},
    )


def events_truth() -> dict[str, object]:
    """Say with which chances visits without a purchase go on."""
    return {
        "without_a_purchase": {"views": VIEWS, "cart_once_viewed": CARTS, "checkout_once_in_cart": CHECKOUTS},
        "begins_with_a_search": SEARCHES,
        "second_device": SECOND_DEVICE,
        "estimand": "shares among visits without a purchase by persons (no bots); truth/visits.parquet has each visit",
    }


def _with_visitors(rng: np.random.Generator, block: Block, visits: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each visit its visitor (a browser or telephone), its session, and whether the visitor has said who it is."""
    person = visits["row"].to_numpy()
    second = np.zeros(len(visits), dtype=bool)
    has_two = {int(one): bool(rng.random() < SECOND_DEVICE) for one in np.unique(person[person >= 0])}
    with_two = np.array([has_two.get(int(one), False) for one in person], dtype=bool)
    second[with_two] = rng.random(int(with_two.sum())) < 0.4
    device = np.where(person >= 0, person * 2 + second, 2 * len(block) - person)
    key = np.array([f"V{block.number:03d}{int(one):06d}" for one in device], dtype=object)
    buys = visits["order"].to_numpy() >= 0
    says = (person >= 0) & (buys | (rng.random(len(visits)) < LOGS_IN))
    known = pd.Series(says).groupby(key).cummax().to_numpy() if len(visits) else says
    first = says & known & ~pd.Series(known).groupby(key).shift(fill_value=False).to_numpy(dtype=bool)
    reached = np.where(
        buys,
        4,
        (rng.random(len(visits)) < VIEWS)
        * (1 + (rng.random(len(visits)) < CARTS) * (1 + (rng.random(len(visits)) < CHECKOUTS))),
    )
    names = np.array(["home", "product", "cart", "checkout", "purchase"], dtype=object)
    kind = np.where(buys, "purchase", np.where(person >= 0, "visit of a customer", "visit of a stranger"))
    ids = np.where(person >= 0, block.ids[np.maximum(person, 0)], None)
    visits = visits.assign(
        visitor_id=key,
        session_id=[f"S{block.number:03d}{number:06d}" for number in range(1, len(visits) + 1)],
        customer_id=np.where(known, ids, None),
        logs_in=first,
        steps=reached,
        reached=names[reached.astype("int64")],
        kind=kind.astype(object),
    )
    visitors = pd.DataFrame({"visitor_id": key, "customer_id": ids})
    visitors["kind"] = np.where(person >= 0, "customer", "stranger").astype(object)
    return visits, visitors.drop_duplicates("visitor_id").sort_values("visitor_id", ignore_index=True)


def _steps(rng: np.random.Generator, block: Block, visits: pd.DataFrame, web: WebOrders) -> pd.DataFrame:
    """Draw the events of each visit, and the moments between them."""
    truth = block.truth
    count, steps = len(visits), visits["steps"].to_numpy()
    keys = truth.products["product_id"].to_numpy(dtype=object)
    chance = truth.products["popularity"].to_numpy()
    everyone = np.arange(count)
    searching = everyone[rng.random(count) < SEARCHES]
    logging = np.flatnonzero(visits["logs_in"].to_numpy())
    # What a buyer puts into the cart is what is ordered; others look at products by their popularity.
    order = visits["order"].to_numpy()
    starts = np.searchsorted(web.lines["order"].to_numpy(), order, side="left")
    stops = np.searchsorted(web.lines["order"].to_numpy(), order, side="right")
    bought = np.where(order >= 0, stops - starts, 0)
    buyer = np.repeat(everyone, bought)
    nth = np.arange(len(buyer)) - np.repeat(np.cumsum(bought) - bought, bought)
    taken = web.lines["product"].to_numpy()[starts[buyer] + nth]
    looks = np.where((order < 0) & (steps >= 1), 1 + rng.poisson(0.8, count), 0)
    viewer = np.repeat(everyone, looks)
    look = np.arange(len(viewer)) - np.repeat(np.cumsum(looks) - looks, looks)
    seen = rng.choice(len(keys), size=len(viewer), p=chance)
    last = (look == looks[viewer] - 1) & (steps[viewer] >= 2)
    none = np.full
    parts = [
        (everyone, none(count, 0), "page_view", "/", -1),
        (logging, none(len(logging), 1), "login", "/login", -1),
        (searching, none(len(searching), 2), "search", "/search", -1),
        (buyer, 10 + 2 * nth, "product_view", "/product", taken),
        (buyer, 11 + 2 * nth, "add_to_cart", "/product", taken),
        (viewer, 10 + 2 * look, "product_view", "/product", seen),
        (viewer[last], 11 + 2 * look[last], "add_to_cart", "/product", seen[last]),
        (np.flatnonzero(steps >= 3), none(int((steps >= 3).sum()), _LAST), "checkout", "/checkout", -1),
        (np.flatnonzero(steps >= 4), none(int((steps >= 4).sum()), _LAST + 1), "purchase", "/thanks", -1),
    ]
    table = pd.concat(
        [
            pd.DataFrame({"visit": visit, "position": position, "event_type": kind, "page": page, "product": product})
            for visit, position, kind, page, product in parts
        ],
        ignore_index=True,
    ).sort_values(["visit", "position"], kind="stable", ignore_index=True)
    table["dwell"] = np.exp(rng.normal(3.0, 0.9, len(table))).clip(1, 900).round(1)
    spent = table.groupby("visit")["dwell"].cumsum() - table["dwell"]
    at = table["visit"].to_numpy()
    whole = spent.groupby(table["visit"]).transform("max").to_numpy()
    # A purchase happens at the order's moment; everything else in its visit lies before.
    offset = np.where(order[at] >= 0, spent.to_numpy() - whole, spent.to_numpy())
    moment = visits["at"].to_numpy()[at] + np.rint(offset * 1_000).astype("int64") * np.timedelta64(1, "ms")
    product = table["product"].to_numpy(dtype="int64")
    kinds = truth.products["product_type"].to_numpy(dtype=object)
    search = (table["event_type"] == "search").to_numpy()
    wanted = rng.choice(len(keys), size=int(search.sum()), p=chance)
    term = np.full(len(table), None, dtype=object)
    term[search] = [kinds[one].lower() for one in wanted]
    purchase = (table["event_type"] == "purchase").to_numpy()
    number = np.full(len(table), None, dtype=object)
    number[purchase] = web.orders["order_id"].to_numpy(dtype=object)[order[at[purchase]]]
    app = visits["app"].to_numpy()[at]
    sources = np.array(list(_REFERRERS), dtype=object)
    came = sources[rng.choice(len(sources), size=count, p=list(_REFERRERS.values()))]
    home = (table["position"] == 0).to_numpy()
    return pd.DataFrame(
        {
            "visitor_id": visits["visitor_id"].to_numpy()[at],
            "customer_id": visits["customer_id"].to_numpy()[at],
            "session_id": visits["session_id"].to_numpy()[at],
            "occurred_at": moment,
            "event_type": table["event_type"].to_numpy(dtype=object),
            "page": table["page"].to_numpy(dtype=object),
            "product_id": np.where(product >= 0, keys[np.maximum(product, 0)], None),
            "search_term": term,
            "device": np.where(app, "telephone", "computer").astype(object),
            "user_agent": np.where(app, _APP, _BROWSER).astype(object),
            "channel": np.where(app, "app", "web").astype(object),
            "referrer": np.where(home, came[at], None),
            "dwell_seconds": table["dwell"].to_numpy(),
            "order_id": number,
            "position": table["position"].to_numpy(),
        }
    )


def _bots(
    rng: np.random.Generator, block: Block, customers: int, begins: int, days: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw bots: many pages at night, seconds apart; every other one passes itself off as a browser."""
    truth = block.truth
    number = max(2, round(customers * _BOTS_PER_HUNDRED / 100))
    who = np.repeat(np.arange(number), _EVENTS_PER_BOT)
    night = rng.integers(begins, days, number)
    pause = rng.integers(300, 1_500, len(who)).reshape(number, _EVENTS_PER_BOT).cumsum(axis=1).ravel()
    start = moments(truth, night, 2 * 3600 + rng.integers(0, 3_600, number))
    keys = truth.products["product_id"].to_numpy(dtype=object)
    goods = np.flatnonzero(truth.products["popularity"].to_numpy() > 0)
    ids = np.array([f"V{block.number:03d}9{one:05d}" for one in range(number)], dtype=object)
    table = pd.DataFrame(
        {
            "visitor_id": ids[who],
            "customer_id": None,
            "session_id": np.array([f"S{block.number:03d}9{one:05d}" for one in range(number)], dtype=object)[who],
            "occurred_at": start[who] + pause * np.timedelta64(1, "ms"),
            "event_type": "product_view",
            "page": "/product",
            "product_id": keys[rng.choice(goods, len(who))],
            "search_term": None,
            "device": "computer",
            "user_agent": np.where(who % 2 == 0, _BOT, _BROWSER).astype(object),
            "channel": "web",
            "referrer": None,
            "dwell_seconds": (pause % 1_000 / 1_000).round(1),
            "order_id": None,
            "position": np.tile(np.arange(_EVENTS_PER_BOT), number),
        }
    )
    return table, pd.DataFrame({"visitor_id": ids, "customer_id": None, "kind": "bot"})
