"""Which rules are shown, and the sentences said of them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from customer_patterns.features.enough import empty
from customer_patterns.patterns import FINDINGS, TABLES, Figures, choose_rules, compare, count_later, of_level, tables
from customer_patterns.wording import SENTENCES, speaking
from customer_patterns.wording.rules import causal_words, faults

YEAR = (date(2017, 1, 1), date(2017, 12, 31))


def rule(antecedents: str, consequents: str, *, extra: float = 0.01, lift: float = 2.0, **changes) -> dict:
    """A rule that stands and was confirmed."""
    row = dict.fromkeys(tables.RULES.names, 0.5) | {
        "level": "category",
        "antecedents": antecedents,
        "consequents": consequents,
        "length": 2,
        "n": 40,
        "later_n": 30,
        "extra_baskets": extra,
        "verdict": tables.SAME_BASKET,
        "later": tables.CONFIRMED,
        "suppressed": "no",
    }
    for name, value in (("stratified", lift), ("habit", lift * 0.8), ("later", lift * 0.9)):
        row |= {f"{name}_lift": value, f"{name}_lift_low": value * 0.9, f"{name}_lift_high": value * 1.1}
    return row | changes


def rules(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=tables.RULES.names)


def shown(*rows: dict, most: int = 12, most_per_item: int = 2) -> list[str]:
    return choose_rules(rules(*rows), min_lift=1.2, most=most, most_per_item=most_per_item)["rule"].tolist()


def test_those_come_first_that_bring_most_baskets() -> None:
    assert shown(rule("a", "b", extra=0.01), rule("c", "d", extra=0.02)) == ["c → d", "a → b"]


def test_what_does_not_stand_or_was_not_confirmed_or_may_be_weak_is_not_shown() -> None:
    assert shown(
        rule("a", "b", verdict=tables.SAME_CUSTOMERS),
        rule("c", "d", later=tables.WEAKER),
        rule("e", "f", stratified_lift_low=1.19),
    ) == []  # fmt: skip


def test_no_item_fills_the_list_but_in_another_level() -> None:
    rows = [rule("milk", other, extra=0.02 - n / 1000) for n, other in enumerate("abcd")]
    assert shown(*rows) == ["milk → a", "milk → b"]
    assert shown(*rows, rule("milk", "z", level="product type")) == ["milk → a", "milk → b", "milk → z"]
    assert shown(*rows, most=1) == ["milk → a"]
    assert shown(rule("milk + x", "y", extra=0.03), *rows) == ["milk + x → y", "milk → a"]


def test_pairs_that_lose_most_to_habit_come_first() -> None:
    table = compare(rules(rule("a", "b"), rule("cat food", "cat litter", lift=9, habit_lift=2)), most=1)
    assert table["rule"].unique().tolist() == ["cat food → cat litter"]
    assert table["measure"].tolist() == [tables.BEYOND_SIZE, tables.BEYOND_HABIT, tables.LATER_ON]
    assert table["n"].tolist() == [40, 40, 30]


def test_later_verdicts_are_counted_among_what_stands() -> None:
    counts = count_later(
        rules(rule("a", "b"), rule("c", "d", later=tables.WEAKER), rule("e", "f", verdict=tables.CHANCE))
    )
    assert counts.set_index("later")["sets"].to_dict() == {
        tables.CONFIRMED: 1, tables.WEAKER: 1, tables.NOT_FOUND: 0, tables.NOT_ENOUGH: 0,
    }  # fmt: skip
    assert counts["stand"].tolist() == [2] * 4


def test_nothing_gives_nothing() -> None:
    none = empty(TABLES["tested_rules"])
    assert choose_rules(none, min_lift=1.2, most=12, most_per_item=2).columns.tolist() == tables.SHOWN_RULES.names
    assert compare(none, most=3).empty
    assert count_later(none).empty
    assert of_level(none, "category").empty


# What is said


def figures_of(*rows: dict) -> Figures:
    table = rules(*rows)
    figures = Figures(*YEAR, last_early=date(2017, 9, 30))
    figures.read(
        shown_rules=choose_rules(table, min_lift=1.2, most=12, most_per_item=2),
        comparisons=compare(table, most=12),
        later_counts=count_later(table),
    )
    return figures


def test_the_strongest_of_those_shown_is_named() -> None:
    figures = figures_of(rule("MILK", "BREAD", extra=0.02), rule("FROSTING", "CAKE MIX", lift=17))
    assert figures.say("patterns.category_title") == "Frosting and Cake Mix: together 17 times as often"
    assert figures.say("patterns.category") == (
        "Frosting and Cake Mix meet in one basket 17 times as often as basket size alone explains, "
        "and 15 times as often after 30 Sep 2017"
    )
    assert figures.marked("category_rule") == "FROSTING → CAKE MIX"


def test_long_names_leave_the_title_plain() -> None:
    figures = figures_of(rule("A" * 30, "B" * 30))
    assert figures.say("patterns.category_title") == SENTENCES["patterns.category_title_otherwise"]
    assert figures.suffice("patterns.category")


@pytest.mark.parametrize(("habit", "told"), [(2.0, True), (5.0, False)])
def test_the_same_customers_are_named_only_where_habit_explains_most(habit: float, told: bool) -> None:
    figures = figures_of(
        rule("CAT FOOD", "CAT LITTER", lift=9, habit_lift=habit, habit_lift_low=1.5, habit_lift_high=6)
    )
    assert figures.suffice("patterns.habit") is told


def account(**changes: object) -> pd.DataFrame:
    row = dict.fromkeys(tables.SEARCH_ACCOUNT.names, 7) | {"level": "category", "length": 2, "outcome": tables.SEARCHED}
    return pd.DataFrame([row | changes])


def test_where_none_stands_none_is_said_to() -> None:
    figures = Figures(*YEAR)
    figures.read(search_account=account(same_basket=0, confirmed=0))
    assert not figures.suffice("patterns.naive")
    assert "none stands" in figures.say("patterns.naive_none")
    figures = Figures(*YEAR)
    figures.read(search_account=account())
    assert figures.suffice("patterns.naive")
    assert not figures.suffice("patterns.naive_none")
    figures = Figures(*YEAR)
    figures.read(search_account=account(outcome=tables.TOO_FEW))
    assert not figures.suffice("patterns.naive_none")


def test_every_title_has_a_twin_that_can_always_be_said() -> None:
    with speaking(customers="households", customer="household"):
        nothing = Figures(*YEAR, last_early=date(2017, 9, 30))
        for key in SENTENCES:
            if key.startswith("patterns.") and key.endswith("_title"):
                assert 0 < len(nothing.say(key)) <= 90


def test_sentences_hold_no_digits_and_claim_no_cause() -> None:
    for key, text in SENTENCES.items():
        if key.startswith("patterns."):
            assert not faults(key, text)
            assert not causal_words(text)


def test_findings_name_sentences_and_tables_that_exist() -> None:
    for key, _, source, _ in FINDINGS:
        assert key in SENTENCES
        assert source in TABLES
    assert set(Figures.readers) <= set(TABLES)
    assert all(schema.reads == ("order_lines", "products") for schema in tables.TABLES.values())
