"""Which sessions there are on the shop's web pages and in its app: whose, when, how far they go.

A session that leads to an order lies on the order's own local day, so what is known at the end of a day rests on no
later purchase.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, codes, keys_of, keys_within
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.surroundings import Surroundings, utc_of

#: Sessions per household and day that lead to no order online, by kind of area.
BROWSING_BY_AREA: dict[str, float] = {"urban": 0.020, "suburban": 0.016, "rural": 0.010}
#: How far households differ in that (of the logarithm).
BROWSING_BY_HABIT = 0.6
#: Share of orders in the store that were looked up in a session of the same day.
LOOKED_UP = 0.03
#: Sessions a day of visitors that never say who they are.
STRANGERS_PER_DAY = 9
#: Share of sessions without an order in which something is laid into the cart.
CARTED = 0.35
#: Share of these that go on to the checkout and stop there, by device: the form is hard to fill in on a phone.
STOPPED_AT_CHECKOUT: dict[str, float] = {"desktop": 0.40, "tablet": 0.30, "phone": 0.15}
#: Chance to log in, before a visitor's device is known and afterwards.
LOGS_IN, LOGS_IN_AGAIN = 0.45, 0.85
#: After so many days a device forgets who it is and becomes another visitor.
FORGETS_AFTER = 150
DEVICES: dict[str, float] = {"phone": 0.58, "desktop": 0.30, "tablet": 0.12}
REFERRERS: dict[str, float] = {"direct": 0.46, "search engine": 0.34, "social media": 0.12, "other site": 0.08}
#: Share of households who use a terminal in a library, which they share with others.
SHARES_A_TERMINAL, TERMINALS = 0.01, 8
#: Crawlers: name and product pages per night. The last calls itself a browser.
BOTS: tuple[tuple[str, int], ...] = (
    ("ExampleBot/2.1 (+crawler)", 14),
    ("PriceSpider/0.9 (bot)", 26),
    ("Mozilla/5.0 (X11; Linux x86_64) Firefox/52.0", 45),
)
#: Every so many nights a crawler comes.
BOT_EVERY = 6
AGENTS: dict[str, str] = {
    "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 10_3 like Mac OS X) Mobile",
    "desktop": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/52.0",
    "tablet": "Mozilla/5.0 (iPad; CPU OS 10_3 like Mac OS X) Mobile",
}
#: How far a session goes.
BROWSES, CARTS, REACHES_CHECKOUT, BUYS = range(4)


@dataclass(frozen=True)
class _Kind:
    """A kind of session: how many rounds of looking at products it has at most, and what its moment means."""

    name: str
    rounds: int
    ends: bool = False


BUYING, LOOKING_UP = _Kind("buys", 4, ends=True), _Kind("looks up", 3, ends=True)
BROWSING, CLICKING = _Kind("browses", 3), _Kind("follows an e-mail", 2)
STRANGE, CRAWLING = _Kind("stranger", 3), _Kind("crawls", 60)


def draw_sessions(
    plan: Plan, around: Surroundings, channels: pd.DataFrame, traits: pd.DataFrame, clicks: pd.DataFrame
) -> pd.DataFrame:
    """Draw the sessions.

    Parameters
    ----------
    plan, around
        The parameters, the orders and products.
    channels
        One row per order, as in ``around``: ``channel``.
    traits
        One row per customer: ``customer_id``, ``area_type``.
    clicks
        One row per click in an e-mail: ``customer_id``, ``clicked_at``.

    Returns
    -------
    DataFrame
        One row per session, by moment and key: ``key`` (of 64 bits), ``session_id``, ``kind``, ``owner`` (who it is in
        truth; missing for strangers and crawlers), ``visitor_id``, ``day``, ``second`` (on the local clock, when it
        begins or, where ``ends``, when it ends), ``moment`` (the same in UTC), ``order_id``, ``rounds`` (of looking at
        a product), ``reach`` (how far it goes), ``logs_in``, ``device``, ``channel`` (web or app), ``referrer``,
        ``user_agent``.
    """
    lot = Lot(plan.seed, "sessions")
    online = (channels["channel"] == "online").to_numpy()
    order_keys = keys_of(around.orders["order_id"])
    looked_up = ~online & lot.happens(order_keys, "looked up", LOOKED_UP)
    parts = [
        _of_orders(lot, around.orders[online], BUYING),
        _of_orders(lot, around.orders[looked_up], LOOKING_UP),
        _browsing(plan, lot, around, traits),
        _clicking(plan, lot, clicks),
        _strange(plan, lot),
        _crawling(plan, lot),
    ]
    sessions = pd.concat([part for part in parts if len(part)], ignore_index=True)
    on_the_clock = utc_of(plan, sessions["day"].to_numpy(), sessions["second"].to_numpy())
    sessions["moment"] = sessions["moment"].fillna(pd.Series(on_the_clock))
    sessions = sessions.sort_values(["moment", "key"], ignore_index=True)
    return _who_is_known(lot, _how_far(lot, _equip(plan, lot, sessions)))


def _of_orders(lot: Lot, orders: pd.DataFrame, kind: _Kind) -> pd.DataFrame:
    """Sessions that end with an order, or some time before one in the store."""
    keys = keys_within(keys_of(orders["order_id"]), 0)
    before = 0 if kind is BUYING else (lot.lognormal(keys, "lead", median=5400, spread=0.9)).astype("int64")
    # Not on the day before: a session of that day would give tomorrow's order away.
    earlier = np.minimum(before, orders["second"].to_numpy() // 2)
    return pd.DataFrame(
        {
            "key": keys,
            "kind": kind.name,
            "owner": orders["customer_id"].to_numpy(dtype=object),
            "day": orders["day"].to_numpy(),
            "second": orders["second"].to_numpy() - earlier,
            "moment": orders["ordered_at"].to_numpy().astype("datetime64[us]") - earlier * np.timedelta64(1, "s"),
            "order_id": orders["order_id"].to_numpy(dtype=object),
            "rounds": 1 + lot.below(keys, "rounds", kind.rounds),
            "ends": kind.ends,
        }
    )


def _browsing(plan: Plan, lot: Lot, around: Surroundings, traits: pd.DataFrame) -> pd.DataFrame:
    """Sessions of households from their first order on, day by day."""
    customers = around.customers
    keys = keys_of(customers["customer_id"])
    area = customers["customer_id"].map(traits.set_index("customer_id")["area_type"])
    rate = area.map(BROWSING_BY_AREA).to_numpy(dtype="float64")
    rate = np.round(rate * np.exp(BROWSING_BY_HABIT * lot.normal(keys, "browsing habit")), 6)
    days = np.arange((plan.until - plan.first_day).days)
    grid = keys_within(keys[:, None], days[None, :])
    drawn = lot.happens(grid, "browses", rate[:, None]) & (days[None, :] >= customers["first_day"].to_numpy()[:, None])
    who, day = np.nonzero(drawn)
    found = keys_within(grid[who, day], 1)
    return pd.DataFrame(
        {
            "key": found,
            "kind": BROWSING.name,
            "owner": customers["customer_id"].to_numpy(dtype=object)[who],
            "day": day,
            "second": _evening(lot, found),
            "order_id": None,
            "rounds": 1 + lot.below(found, "rounds", BROWSING.rounds),
            "ends": False,
        }
    )


def _clicking(plan: Plan, lot: Lot, clicks: pd.DataFrame) -> pd.DataFrame:
    """Sessions that begin with a click in an e-mail."""
    local = clicks["clicked_at"].dt.tz_localize("UTC").dt.tz_convert(plan.time_zone).dt.tz_localize(None)
    since = (local.to_numpy().astype("datetime64[s]") - np.datetime64(plan.first_day, "s")).astype("int64")
    keys = keys_within(keys_of(clicks["message_key"]), 2)
    return pd.DataFrame(
        {
            "key": keys,
            "kind": CLICKING.name,
            "owner": clicks["customer_id"].to_numpy(dtype=object),
            "day": since // 86_400,
            "second": since % 86_400,
            "moment": clicks["clicked_at"].to_numpy().astype("datetime64[us]"),
            "order_id": None,
            "rounds": 1 + lot.below(keys, "rounds", CLICKING.rounds),
            "ends": False,
        }
    )


def _strange(plan: Plan, lot: Lot) -> pd.DataFrame:
    """Sessions of visitors of whom nobody ever knows who they are: as many each day, whoever buys."""
    days = (plan.until - plan.first_day).days
    keys = keys_within(keys_of(["stranger"]), np.arange(days * STRANGERS_PER_DAY))
    return pd.DataFrame(
        {
            "key": keys,
            "kind": STRANGE.name,
            "owner": None,
            "day": np.repeat(np.arange(days), STRANGERS_PER_DAY),
            "second": _evening(lot, keys),
            "order_id": None,
            "rounds": 1 + lot.below(keys, "rounds", STRANGE.rounds),
            "ends": False,
        }
    )


def _crawling(plan: Plan, lot: Lot) -> pd.DataFrame:
    """Crawlers at night, each in its own rhythm."""
    parts = []
    for number, (agent, pages) in enumerate(BOTS):
        days = np.arange(number, (plan.until - plan.first_day).days, BOT_EVERY)
        keys = keys_within(keys_of([f"crawler {number}"]), days)
        parts.append(
            pd.DataFrame(
                {
                    "key": keys,
                    "kind": CRAWLING.name,
                    "owner": None,
                    "day": days,
                    "second": 2 * 3600 + lot.below(keys, "second", 7200),
                    "order_id": None,
                    "rounds": pages,
                    "ends": False,
                    "user_agent": agent,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _evening(lot: Lot, keys: np.ndarray) -> np.ndarray:
    """The second of the local day at which people sit down to look: mostly in the evening."""
    hump = np.where(lot.happens(keys, "in the evening", 0.65), 20.0, 12.5)
    return (np.clip(hump + 2.2 * lot.normal(keys, "hour"), 5.5, 23.4) * 3600).astype("int64")


def _equip(plan: Plan, lot: Lot, sessions: pd.DataFrame) -> pd.DataFrame:
    """Say on which device each session takes place, and as which visitor that device is known."""
    keys = sessions["key"].to_numpy(dtype="uint64")
    owned = sessions["owner"].notna().to_numpy()
    # A household has one of each device, and its favorite for three sessions in four.
    owner = keys_of(sessions["owner"].fillna("").to_numpy(dtype=object))
    favorite, other = lot.choice(owner, "favorite device", DEVICES), lot.choice(keys, "device", DEVICES)
    device = np.where(owned & lot.happens(keys, "at the favorite", 0.75), favorite, other)
    crawls = (sessions["kind"] == CRAWLING.name).to_numpy()
    device[crawls] = "desktop"
    app = owned & (device != "desktop") & lot.happens(owner, "has the app", 0.5)
    phase = lot.below(owner, "phase", FORGETS_AFTER)
    age = (sessions["day"].to_numpy() + phase) // FORGETS_AFTER
    number = np.array([list(DEVICES).index(name) for name in device])
    visitor = keys_within(owner, age * len(DEVICES) + number)
    terminal = owned & (device == "desktop") & lot.happens(owner, "shares a terminal", SHARES_A_TERMINAL)
    visitor = np.where(terminal, keys_within(keys_of(["terminal"]), lot.below(owner, "terminal", TERMINALS)), visitor)
    # A stranger comes back now and then, within a quarter; a crawler is one visitor.
    quarter = sessions["day"].to_numpy() // 90
    again = keys_within(keys_within(keys_of(["returning stranger"]), quarter), lot.below(keys, "stranger", 60))
    alone = np.where(lot.happens(keys, "comes back", 0.3), again, keys)
    visitor = np.where(owned, visitor, alone)
    agent = sessions["user_agent"].fillna(pd.Series(device).map(AGENTS)).to_numpy(dtype=object)
    robot = keys_of(agent)
    visitor = np.where(crawls, robot, visitor)
    referrer = lot.choice(keys, "referrer", REFERRERS)
    referrer = np.where((sessions["kind"] == CLICKING.name).to_numpy(), "e-mail", np.where(app, None, referrer))
    return sessions.assign(
        session_id=codes("S", keys),
        visitor_id=codes("V", Lot(plan.seed, "visitors").scramble(visitor)),
        device=device,
        channel=np.where(app, "app", "web").astype(object),
        referrer=np.where(crawls, None, referrer),
        user_agent=agent,
        terminal=terminal,
    )


def _how_far(lot: Lot, sessions: pd.DataFrame) -> pd.DataFrame:
    """Say how far each session goes: who fills a cart and does not buy stops there or at the checkout."""
    keys = sessions["key"].to_numpy(dtype="uint64")
    free = sessions["kind"].isin([BROWSING.name, CLICKING.name, STRANGE.name]).to_numpy()
    carts = free & lot.happens(keys, "carts", CARTED)
    stops = sessions["device"].map(STOPPED_AT_CHECKOUT).to_numpy(dtype="float64")
    further = carts & lot.happens(keys, "checkout", stops)
    reach = np.where(further, REACHES_CHECKOUT, np.where(carts, CARTS, BROWSES))
    return sessions.assign(reach=np.where(sessions["kind"] == BUYING.name, BUYS, reach))


def _who_is_known(lot: Lot, sessions: pd.DataFrame) -> pd.DataFrame:
    """Say who logs in: everyone who buys; others more often on a device that knows them.

    Only what came before in time counts, so the sessions must be in order.
    """
    keys = sessions["key"].to_numpy(dtype="uint64")
    owned = sessions["owner"].notna().to_numpy()
    buys = (sessions["reach"] == BUYS).to_numpy()
    chance = lot.uniform(keys, "login")
    first = owned & (buys | (chance < LOGS_IN))
    device = sessions["visitor_id"].to_numpy(dtype=object) + "|" + sessions["owner"].fillna("").to_numpy(dtype=object)
    before = pd.Series(first).groupby(device).cumsum().to_numpy() - first > 0
    return sessions.assign(logs_in=first | (owned & before & (chance < LOGS_IN_AGAIN)))


def sessions_truth(sessions: pd.DataFrame) -> dict[str, object]:
    """Say what is planted about sessions, and what came of it."""
    return {
        "sessions_per_household_and_day_by_area": BROWSING_BY_AREA,
        "browsing_by_habit": BROWSING_BY_HABIT,
        "looked_up_before_an_order_in_the_store": LOOKED_UP,
        "carted": CARTED,
        "stopped_at_checkout_by_device": STOPPED_AT_CHECKOUT,
        "logs_in": {"on an unknown device": LOGS_IN, "afterwards": LOGS_IN_AGAIN},
        "a_device_forgets_after_days": FORGETS_AFTER,
        "crawlers": [agent for agent, _ in BOTS],
        "crawler_that_calls_itself_a_browser": BOTS[-1][0],
        "visitors_shared_by_households": int(
            sessions[sessions["terminal"]].groupby("visitor_id")["owner"].nunique().gt(1).sum()
        ),
        "sessions": sessions["kind"].value_counts().sort_index().to_dict(),
        "without_effect": ["education", "occupation"],
    }
