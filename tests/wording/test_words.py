"""Our own words in tables, and names from data."""

import pytest

from customer_patterns.wording import Name, Untranslated, data_text, messages, speaking, word, words


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch):
    known = {
        ("level", "weekly"): "每周",
        ("shop.word_large", "large baskets"): "大购物篮",
        ("shop.word_weekend", "weekend"): "周末",
        ("name", "DRUG GM"): "药妆与日用百货",
    }
    keys = {text: key for key, text in known if key.startswith("shop.")}
    monkeypatch.setattr(messages, "messages", lambda language: known)
    monkeypatch.setattr(words, "_keys", lambda: keys)


def test_a_level_and_a_word_of_the_catalog_are_said_in_the_language_of_the_run():
    assert word("weekly") == "weekly"
    with speaking(language="zh"):
        assert (word("weekly"), word("Weekend")) == ("每周", "周末")


def test_a_name_put_together_of_words_is_said_part_by_part():
    with speaking(language="zh"):
        assert word("Large baskets, weekend") == "大购物篮、周末"
        assert word("weekly and weekend") == "每周和周末"


def test_a_word_that_is_not_ours_is_refused_by_name():
    with speaking(language="zh"), pytest.raises(Untranslated, match="'purple'"):
        word("weekly, purple")


def test_a_name_from_data_without_translation_is_shown_as_delivered():
    assert data_text("DRUG GM") == "Drug GM"
    with speaking(language="zh"):
        assert data_text("DRUG GM") == "药妆与日用百货"
        assert data_text("FRUIT OF THE DAY") == "Fruit of the Day"


def test_names_of_tables_are_the_same_in_every_language():
    with speaking(language="zh"):
        assert Name("weekly", "table").display == "weekly"
        assert Name("weekly", "word").display == Name("weekly").display == "每周"
