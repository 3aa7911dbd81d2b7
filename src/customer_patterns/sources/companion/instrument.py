"""The survey's items: three per dimension on a scale of five, contentment overall, and recommendation from 0 to 10."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

#: Items per dimension.
PER_DIMENSION = 3


@dataclass(frozen=True)
class Item:
    """One question."""

    item_id: str
    role: str
    dimension: str | None
    wording_en: str
    wording_zh: str
    low: int = 1
    high: int = 5
    direction: str = "positive"


def _agree(dimension: str, number: int, english: str, chinese: str, *, reversed_: bool = False) -> Item:
    direction = "reversed" if reversed_ else "positive"
    return Item(f"{dimension}_{number}", "dimension", dimension, english, chinese, direction=direction)


ITEMS: tuple[Item, ...] = (
    _agree("quality", 1, "The fresh food I buy here is of good quality.", "我在这里买到的生鲜品质很好。"),
    _agree("quality", 2, "I can rely on what I bring home from here.", "从这里买回家的东西让人放心。"),
    _agree("quality", 3, "I often have to throw away food I bought here.", "买回的食品常常只好扔掉。", reversed_=True),
    _agree("price", 1, "What I pay here is fair.", "这里的价格公道。"),
    _agree("price", 2, "I get good value for my money.", "在这里花的钱物有所值。"),
    _agree("price", 3, "The offers are worth coming for.", "这里的优惠活动值得专程来一趟。"),
    _agree("service_attitude", 1, "The staff are friendly.", "店员态度友好。"),
    _agree("service_attitude", 2, "When I ask for help, someone cares.", "我需要帮助时，有人愿意认真帮忙。"),
    _agree("service_attitude", 3, "I feel that I am in the way here.", "在这里我觉得自己碍事。", reversed_=True),
    _agree("response_speed", 1, "I am served without a long wait.", "我不用久等就能得到服务。"),
    _agree("response_speed", 2, "When I have a question, I get an answer soon.", "我提出问题后很快就有回复。"),
    _agree("response_speed", 3, "The lines at the checkout are too long.", "结账排队的时间太长。", reversed_=True),
    _agree("store_experience", 1, "The store is clean and tidy.", "店内干净整洁。"),
    _agree("store_experience", 2, "I find what I am looking for.", "我要的东西很容易找到。"),
    _agree("store_experience", 3, "I like spending time in this store.", "我喜欢逛这家店。"),
    Item(
        "overall", "overall", None,
        "All in all, how satisfied are you with us?", "总的来说，您对我们有多满意？",
    ),
    Item(
        "recommendation", "recommendation", None,
        "How likely are you to recommend us to friends or family?", "您有多大可能向亲友推荐我们？", low=0, high=10,
    ),
)  # fmt: skip


def survey_items() -> pd.DataFrame:
    """Return the items as the canonical table ``survey_items``: one row per item, in the order they are asked."""
    columns = ["item_id", "role", "dimension", "wording_en", "wording_zh", "scale_low", "scale_high", "direction"]
    rows = [(i.item_id, i.role, i.dimension, i.wording_en, i.wording_zh, i.low, i.high, i.direction) for i in ITEMS]
    return pd.DataFrame(rows, columns=columns)
