"""Letters by e-mail: sent, delivered, opened, clicked, answered at known rates; they change no purchase."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made
from customer_patterns.sources.planted_shop.visits import delivered_days, moments

#: Chance to be opened once delivered, by subject line: the difference between the two is planted.
OPENED = {"A": 0.30, "B": 0.38}
#: Chance of a click once opened: the same for both subject lines, a difference of exactly zero.
CLICKED = {"A": 0.22, "B": 0.22}
BOUNCED, REPLIED, UNSUBSCRIBED = 0.02, 0.02, 0.006
#: Letters that went out although the customer had withdrawn: what an audit of consents has to find.
SENT_AGAINST_WITHDRAWAL = 2
#: A newsletter goes out on this day of each month, at this local hour.
_DAY, _HOUR = 15, 9


def draw_messages(block: Block, consents: pd.DataFrame) -> Made:
    """Draw the monthly newsletter to those who allow marketing at that moment, its subject line by lot.

    Returns
    -------
    Made
        ``messages`` by message; ``consents``: the withdrawals that come with an unsubscription; a count of the letters
        sent against a withdrawal.
    """
    rng, truth = block.rng("messages"), block.truth
    decided = consents[consents["purpose"] == "marketing"]
    place = {key: row for row, key in enumerate(block.ids)}
    rows = decided["customer_id"].map(place).to_numpy()
    gone = np.zeros(len(block), dtype=bool)
    withdrawn_at = np.full(len(block), np.datetime64("NaT", "us"))
    frames, violations = [], 0
    days = delivered_days(truth)
    for month in range(1, 13):
        day = (date(2017, month, _DAY) - truth.first_day).days
        sent_at = moments(truth, np.array([day]), np.array([_HOUR * 3600]))[0]
        allowed = np.zeros(len(block), dtype=bool)
        before = decided["decided_at"].to_numpy() < sent_at
        # The last decision before the letter counts; decisions are in order of time within a customer.
        allowed[rows[before]] = decided["granted"].to_numpy()[before]
        there = (block.start <= day) & (block.end > day) & ~gone
        to = np.flatnonzero(allowed & there)
        if block.first == 0 and month in (9, 11):
            against = np.flatnonzero(~allowed & there & ~np.isin(np.arange(len(block)), to))
            wrong = against[: SENT_AGAINST_WITHDRAWAL // 2]
            to = np.sort(np.concatenate([to, wrong]))
            violations += len(wrong)
        frame, left = _issue(rng, to, month, sent_at)
        frame["customer_id"] = block.ids[to]
        frames.append(frame)
        gone[left["row"]] = True
        withdrawn_at[left["row"]] = left["at"]
    table = pd.concat(frames, ignore_index=True)
    table.insert(0, "message_id", [f"M{block.number:03d}{number:06d}" for number in range(1, len(table) + 1)])
    end = moments(truth, np.array([days - 1]), np.array([86_399]))[0]
    left = np.flatnonzero(~np.isnat(withdrawn_at) & (withdrawn_at < end))
    withdrawals = pd.DataFrame(
        {
            "customer_id": block.ids[left],
            "purpose": np.full(len(left), "marketing", dtype=object),
            "granted": np.zeros(len(left), dtype=bool),
            "decided_at": withdrawn_at[left],
        }
    )
    columns = ["message_id", "customer_id", "campaign_id", "channel", "sent_at", "delivered_at", "bounced_at"]
    columns += ["opened_at", "clicked_at", "replied_at", "unsubscribed_at"]
    return Made({"messages": table[columns], "consents": withdrawals}, {}, {"sent against a withdrawal": violations})


def messages_truth() -> dict[str, object]:
    """Say at which rates letters are opened, and so on."""
    return {
        "opened_once_delivered": OPENED,
        "clicked_once_opened": CLICKED,
        "bounced": BOUNCED,
        "replied_once_opened": REPLIED,
        "unsubscribed_once_opened": UNSUBSCRIBED,
        "effect_on_purchases": 0,
        "estimand": "difference of shares opened among delivered between campaigns ending in B and A (by lot)",
    }


def _issue(
    rng: np.random.Generator, to: np.ndarray, month: int, sent_at: np.datetime64
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Send one issue; return its messages and who unsubscribed when."""
    size = len(to)
    subject = np.where(rng.random(size) < 0.5, "A", "B").astype(object)
    sent = sent_at + rng.integers(0, 1800, size) * np.timedelta64(1, "s")
    bounced = rng.random(size) < BOUNCED
    opened = ~bounced & (rng.random(size) < np.where(subject == "A", OPENED["A"], OPENED["B"]))
    clicked = opened & (rng.random(size) < np.where(subject == "A", CLICKED["A"], CLICKED["B"]))
    replied = opened & (rng.random(size) < REPLIED)
    left = opened & (rng.random(size) < UNSUBSCRIBED)

    def later(base: np.ndarray, median_minutes: float) -> np.ndarray:
        wait = np.exp(rng.normal(np.log(median_minutes * 60), 1.2, size)).clip(1, 20 * 86_400)
        return base + wait.astype("int64") * np.timedelta64(1, "s")

    delivered_at = later(sent, 0.5)
    opened_at = later(delivered_at, 240)
    clicked_at, replied_at, left_at = later(opened_at, 1), later(opened_at, 30), later(opened_at, 2)
    frame = pd.DataFrame(
        {
            "campaign_id": [f"N{month:02d}{one}" for one in subject],
            "channel": np.full(size, "e-mail", dtype=object),
            "sent_at": sent,
            "delivered_at": pd.Series(delivered_at).where(~bounced),
            "bounced_at": pd.Series(delivered_at).where(bounced),
            "opened_at": pd.Series(opened_at).where(opened),
            "clicked_at": pd.Series(clicked_at).where(clicked),
            "replied_at": pd.Series(replied_at).where(replied),
            "unsubscribed_at": pd.Series(left_at).where(left),
        }
    )
    return frame, {"row": to[left], "at": left_at[left].astype("datetime64[us]")}
