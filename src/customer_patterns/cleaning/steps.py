"""All cleaning rules, in their order: duplicates first, then what a record can be, then what others say of it."""

from __future__ import annotations

from customer_patterns.cleaning import answer_rules, rules


def steps(*, fuel_types: str = "", gift_card_types: str = "") -> list[rules.Rule]:
    """Return all rules, in the order in which they are applied.

    Parameters
    ----------
    fuel_types, gift_card_types
        SQL ``LIKE`` patterns of the product types that are fuel and gift cards; empty where there are none.
    """
    return [
        rules.exact_duplicates("order_lines"),
        rules.same_product_twice(),
        rules.nothing_sold(),
        rules.free_items(),
        rules.unknown_levels("products"),
        rules.undescribed_products(),
        rules.lines_without_description(),
        rules.own_department("fuel", "FUEL", fuel_types),
        rules.own_department("gift_card", "GIFT CARDS", gift_card_types),
        rules.unknown_levels("customers"),
        rules.undescribed_customers(),
        rules.exact_duplicates("coupons"),
        rules.exact_duplicates("coupon_redemptions"),
        rules.orphan_redemptions(),
        rules.exact_duplicates("survey_items"),
        rules.exact_duplicates("survey_invitations"),
        answer_rules.invited_twice(),
        rules.exact_duplicates("survey_responses"),
        answer_rules.unknown_items(),
        answer_rules.answers_off_the_scale(),
        answer_rules.answered_twice(),
        answer_rules.answered_uninvited(),
        rules.exact_duplicates("contacts"),
        answer_rules.latest_version("contacts", key="contact_id", latest="rated_at"),
        answer_rules.answered_before_opened(),
        answer_rules.stars_off_the_scale("contacts", "csat"),
        answer_rules.levels_filled("contacts", ("channel", "topic")),
        rules.exact_duplicates("feedback"),
        answer_rules.latest_version("feedback", key="feedback_id", latest="written_at"),
        answer_rules.empty_texts(),
        answer_rules.stars_off_the_scale("feedback", "rating"),
        answer_rules.levels_filled("feedback", ("channel", "language")),
    ]
