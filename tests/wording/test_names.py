import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.wording import Name, label, speaking
from customer_patterns.wording.event_names import plain_event, plain_events
from customer_patterns.wording.names import LONGEST, data_text


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("GROCERY", "Grocery"),
        ("DRUG GM", "Drug GM"),
        ("COUPON/MISC ITEMS", "Coupon/Misc Items"),
        ("FRUIT OF THE DAY", "Fruit of the Day"),
        ("WOMEN'S WEAR", "Women's Wear"),
        ("Private", "Private"),
        ("Under 15K", "Under 15K"),
        ("50-74K", "50-74K"),
        ("RX", "RX"),
        ("面包", "面包"),
    ],
)
def test_departments_do_not_shout(data, shown):
    assert label(data) == shown


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("milk\u202egpj.exe", "milk\\u202egpj.exe"),
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("nul\x00", "nul\\x00"),
        ("two\nlines\t", "two\\nlines\\t".replace("\\n", "\\x0a").replace("\\t", "\\x09")),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("lone\ud800", "lone\\ud800"),
        ("👩\u200d🍳", "👩\u200d🍳"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_an_escape(data, shown):
    assert label(data) == shown


@given(st.text(st.characters()))
def test_no_label_holds_an_invisible_character(text):
    shown = label(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\u200c\u200d" for c in shown)
    shown.encode("utf-8")


def test_a_megabyte_does_not_fit_a_label():
    assert len(label("x" * 10**6)) == LONGEST
    assert label("x" * 10**6).endswith("…")


def test_hours_and_weekdays_have_names():
    assert Name.hour(17).display == "5 p.m."
    assert Name.weekday(6).display == "Saturday"
    with pytest.raises(ValueError, match="0 to 23"):
        Name.hour(24)


def test_a_name_is_a_text():
    with pytest.raises(TypeError, match="a name is a text"):
        Name(7)


@pytest.mark.parametrize(
    ("delivered", "english", "chinese"),
    [
        ("page_view", "page view", "浏览页面"),
        ("AddToCart", "added to the cart", "加入购物车"),
        ("Product Viewed", "product view", "查看商品"),
        ("product_view → purchase", "product view → purchase", "查看商品 → 购买"),
        ("search", "search", "搜索"),
        ("peel_banana", "peel_banana", "peel_banana"),
    ],
)
def test_standard_kinds_of_events_have_plain_names_and_others_stay(delivered: str, english: str, chinese: str) -> None:
    for language, wanted in (("en", english), ("zh", chinese)):
        with speaking(language=language):
            assert data_text(delivered) == wanted


def test_a_products_name_is_translated_beside_its_key() -> None:
    with speaking(language="zh"):
        assert data_text("SOFT DRINKS 844179") == f"{data_text('SOFT DRINKS')} 844179"
        assert data_text("SOFT DRINKS 844179") != "Soft Drinks 844179"
        assert data_text("Nobody's 844179") == "Nobody's 844179"


def test_every_plain_name_of_an_event_is_translated_and_no_single_word_is_renamed() -> None:
    with speaking(language="zh"):
        assert [name for name in plain_events() if data_text(name) == name] == []
    assert [word for word in ("search", "purchase", "email", "store", "click", "view") if plain_event(word)] == []


def test_one_name_may_mean_another_thing_in_one_column():
    with speaking(language="zh"):
        assert data_text("phone") == "电话"
        assert data_text("phone", column="device") == "手机"
        assert data_text("phone", column="channel") == "电话"
    assert data_text("phone", column="device") == "phone"
