"""The fields that records of persons are compared by, and how far two of them can agree."""

from __future__ import annotations

#: By field, the degrees of agreement from the strongest down: its name, when it holds, and the column of its frequency.
LEVELS: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "name": (
        ("same", '"name_l" = "name_r"', "name"),
        ("a letter or a word apart", "list_has_any(name_near_l, name_near_r)", None),
        (
            "one with an initial",
            "list_has_any(name_short_l, name_initials_r) OR list_has_any(name_initials_l, name_short_r)",
            None,
        ),
        ("one word the same", "list_has_any(name_words_l, name_words_r)", None),
    ),
    "email": (
        ("same", "email_l = email_r", "email"),
        ("a letter apart", "list_has_any(email_near_l, email_near_r)", None),
    ),
    "phone": (
        ("same", "phone_l = phone_r", "phone"),
        ("a digit apart", "list_has_any(phone_near_l, phone_near_r)", None),
    ),
    "birthday": (
        ("same", "birthday_l = birthday_r", "birthday"),
        ("a digit apart or exchanged", "list_has_any(birthday_near_l, birthday_near_r)", None),
    ),
    "address": (
        ("same", "address_l = address_r", "address"),
        ("same street", "street_l = street_r", None),
    ),
    "postcode": (("same", "postcode_l = postcode_r", "postcode"),),
    "card": (("same", "card_l = card_r", "card"),),
    "handle": (("same", "handle_l = handle_r", "handle"),),
}
DIFFERENT, MISSING = "different", "missing"
#: Fields that bring records together for comparison.
BLOCKS = ("email", "phone", "card", "handle", "name", "birthday", "address")
#: Fields whose agreement picks the pairs from which EM learns about all other fields.
LEARNED_WITHIN = ("email", "phone", "name", "card", "birthday", "address")
