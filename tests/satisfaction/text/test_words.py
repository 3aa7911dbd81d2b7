"""One form of a text, its language, its clauses, and what its words say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.satisfaction.text import labeled, lexicon
from customer_patterns.satisfaction.text.aspects import declared_aspects
from customer_patterns.satisfaction.text.clauses import clauses
from customer_patterns.satisfaction.text.language import detect
from customer_patterns.satisfaction.text.lexicon import clause_score, text_score, verdict
from customer_patterns.satisfaction.text.normalize import MOST_SIGNS, normalize, normalize_all

#: Language by hand: short, mixed, other scripts, other languages in Latin letters, nothing at all.
SPOKEN = {
    "en": ("Great!", "ok", "top", "The bread is stale", "so good", "Will be back.", "iPhone 15 broke", "thx!!"),
    "zh": ("好", "很好！", "質量還行，價格貴", "不錯", "iPhone坏了，退货", "APP老是闪退，没人管", "物流很快"),
    "mixed": ("服务very good 速度 so slow", "the food is good 但是服务太差"),
    "other": ("sehr gut, aber teuer", "le service est très mauvais", "la comida es muy buena", "ありがとうございます",
              "とても美味しい", "매우 좋아요", "очень плохо", "não gostei"),
    "none": ("", "!!!", "👍👍", "12345", "...", "$9.90", "<script>alert(1)</script>"),
}  # fmt: skip


def told(text: str) -> int:
    return verdict(text_score(clauses(normalize(text))).value)


@pytest.mark.parametrize("language", SPOKEN)
def test_the_language_of_short_texts(language):
    assert {text: detect(normalize(text)) for text in SPOKEN[language]} == dict.fromkeys(SPOKEN[language], language)


def test_all_labeled_sentences_are_in_their_language():
    for language in ("en", "zh"):
        sentences = labeled.labeled_sentences(language)
        right = sum(detect(normalize(row.text)) == language for row in sentences)
        assert right >= 0.99 * len(sentences)


def test_what_was_declared_decides_only_where_the_text_does_not():
    assert detect("zapzap blub", declared="de") == "other"
    assert detect("zapzap blub") == "en"
    assert detect("the bread is good", declared="zh") == "en"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ｇｏｏｄ　ｓｈｏｐ", "good shop"),
        ("soooooo goooood!!!!!", "soo good!!"),
        ("太太太太好了", "太太好了"),
        ("臺北的服務", "台北的服务"),
        ("call me at 555-0100 or a.b@example.org", "call me at 0 or"),
        ("see https://example.org/x?y=1 please", "see please"),
        ("<b>bad</b><script>steal()</script>", "bad"),
        ('=HYPERLINK("x")', '=hyperlink("x")'),
        ("go\u200bod\u202e", "good"),
        ("it’s fine", "it's fine"),
    ],
)
def test_texts_are_brought_into_one_form(written, read):
    assert normalize(written) == read


def test_a_very_long_text_is_cut_and_costs_no_more():
    assert len(normalize("bad " * 25_000)) <= MOST_SIGNS
    assert told("bad " * 25_000) == -1


@given(st.lists(st.text(max_size=60), max_size=8))
def test_many_texts_are_read_as_each_alone_and_a_second_time_changes_nothing(texts):
    found = normalize_all(texts)
    assert found == [normalize(text) for text in texts]
    for text in found:
        detect(text)
        score = text_score(clauses(text))
        assert -1 <= score.value <= 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The food was good", 1), ("The food was not good", -1), ("hardly worth it", -1), ("I have no complaints", 1),
        ("never disappointed", 1), ("I don't think it is good", -1), ("not only fast but also friendly", 1),
        ("cheap, but the bread is stale", -1), ("Although it was crowded, the service was quick", 1),
        ("味道好", 1), ("味道不好", -1), ("并不好吃", -1), ("不是不好吃", 1), ("从来没有让我失望", 1), ("别买", -1),
        ("虽然贵，但是好吃", 1), ("好吃，但是服务太差了", -1), ("质量还行", 0), ("非常差", -1), ("好贵", -1),
        ("不但便宜，而且好吃", 1),
        ("好像是周一买的", 0), ("It does the job", 0), ("無可挑剔", 1), ("没有人不喜欢", 1),
    ],
)  # fmt: skip
def test_denials_turns_and_degrees(text, says):
    assert told(text) == says


def test_what_follows_but_weighs_more():
    parts = clauses("the food is good but the service is bad")
    assert [part.weight for part in parts] == [0.5, 1.5]
    assert clause_score("very good").value > clause_score("good").value > clause_score("slightly good").value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_labeled_sentences_are_told_rightly_and_irony_is_kept_apart(language):
    right, of = labeled.word_list_right(language)
    assert of >= 150
    assert right / of >= 0.88
    kinds = {row.kind for row in labeled.labeled_sentences(language)}
    assert {"negation", "contrast", "degree", "lukewarm", "double negation", "sarcasm"} <= kinds
    missed, ironic = labeled.word_list_right(language, kind="sarcasm")
    assert missed < ironic / 2  # word lists do not understand it, and say so by leaving it out


def test_word_lists_that_do_not_read_denials_fail_on_them(monkeypatch):
    def right(kind):
        rows = [row for name in ("en", "zh") for row in labeled.labeled_sentences(name) if row.kind == kind]
        lexicon._scored.cache_clear()
        return sum(told(row.text) == row.polarity for row in rows) / len(rows)

    assert right("negation") >= 0.85
    monkeypatch.setattr(lexicon, "_turned", lambda value, turns: value)  # the broken twin
    monkeypatch.setattr(lexicon, "_DENIED", 0.0)
    assert right("negation") < 0.7
    monkeypatch.undo()
    lexicon._scored.cache_clear()


def test_themes_are_named_in_both_languages_and_by_the_study():
    ours = declared_aspects()
    assert ours.of("the cashier was rude") == ours.of("收银员态度很差") == ("service attitude",)
    assert ours.of("everything got more expensive") == ours.of("什么都涨价了") == ("price",)
    assert ours.of("i have nothing to say") == ()
    assert ours.of("room for improvement") == ()
    more = declared_aspects({"pets": ["dog", "狗粮"]})
    assert more.of("a bowl of water for my dogs") == ("pets",)
    assert more.of("狗粮的价格") == ("pets",)
    for wrong in ({"pets": []}, {"pets": ["x"]}, {"pets": "dog"}):
        with pytest.raises(ValueError, match="pets"):
            declared_aspects(wrong)
