import ast
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

import customer_patterns.wording
from customer_patterns.estimates import Count, Estimate
from customer_patterns.wording import (
    SENTENCES,
    Chosen,
    Name,
    Sentence,
    Untranslated,
    Voice,
    WordingError,
    messages,
    places,
    say,
    sentences,
    speaking,
)
from customer_patterns.wording.catalog import merge
from customer_patterns.wording.rules import causal_words, faults

THIN = "\u202f"
SHARE = Estimate(0.713, 0.691, 0.733, n=2469, of="customers", unit="share")
LINES = Count(1_469_307, "order lines", n=1_469_307, of="order lines")

TEMPLATES = {
    "test.share": "{share} of {customers} shop weekly ({share:interval}, {share:n})",
    "test.ends": "between {share:low} and {share:high}, at {share:level}",
    "test.full": "{share:full}",
    "test.noun": "{customers} buy {name}; a {customer} buys {name:lower}",
    "test.lines": "{lines}, {lines:bare}, {lines:rounded}, {lines:n}",
    "test.dates": "on {day}, in {day:month}, in {day:year}",
    "test.window": "silent for {gap}. {customers:capital} return",
    "test.plain": "no survey was delivered",
    "test.reach": "{share.low}",
    "test.convert": "{share!r}",
    "test.open": "{share",
}


@pytest.fixture(autouse=True)
def _catalog(monkeypatch):
    for key, text in TEMPLATES.items():
        monkeypatch.setitem(sentences.SENTENCES, key, text)
    with speaking(Voice(currency="USD", customer="household", customers="households")):
        yield


def test_values_are_written_by_their_own_rules():
    assert say("test.share", share=SHARE) == f"71{THIN}% of households shop weekly (69–73{THIN}%, 2,469 households)"
    assert say("test.ends", share=SHARE) == f"between 69{THIN}% and 73{THIN}%, at 95{THIN}%"
    assert say("test.full", share=SHARE) == f"71{THIN}% (69–73{THIN}%)"
    assert say("test.lines", lines=LINES) == (
        "1,469,307 order lines, 1,469,307, 1.5 million order lines, 1,469,307 order lines"
    )
    assert say("test.dates", day=date(2017, 9, 30)) == "on 30 Sep 2017, in Sep 2017, in 2017"


def test_the_noun_comes_from_the_study_and_a_sentence_begins_with_a_capital():
    assert say("test.noun", name=Name("BREAD")) == "Households buy Bread; a household buys bread"
    assert say("test.window", gap=Chosen(28, "days")) == "silent for 28 days. Households return"


def test_another_voice_can_speak():
    assert "shoppers" in say("test.share", share=SHARE, voice=Voice(customers="shoppers"))


def test_a_sentence_without_values_can_be_said():
    assert say("test.plain") == "no survey was delivered"


@pytest.mark.parametrize("bare", [7, 0.71, "71 %", True, None, SHARE.value])
def test_a_bare_number_or_text_cannot_fill_a_sentence(bare):
    with pytest.raises(TypeError, match="only an Estimate, Count, Chosen, date or Name"):
        say("test.share", share=bare)


def test_a_moment_is_no_date():
    with pytest.raises(TypeError, match="moment"):
        say("test.dates", day=datetime(2017, 9, 30, 12))


def test_an_unknown_sentence_names_its_nearest():
    with pytest.raises(WordingError, match=r"no sentence is called 'test.shares'; did you mean 'test.share'\?"):
        say("test.shares", share=SHARE)


def test_missing_and_unused_values_are_named():
    with pytest.raises(WordingError, match="also needs share"):
        say("test.share")
    with pytest.raises(WordingError, match=r"no place for shares; did you mean 'share'\?"):
        say("test.share", share=SHARE, shares=SHARE)


def test_a_count_has_no_interval_to_print():
    with pytest.raises(WordingError, match=r"\{share:interval\}, which Count share does not have"):
        say("test.share", share=LINES)


@pytest.mark.parametrize("key", ["test.reach", "test.convert", "test.open"])
def test_a_template_cannot_reach_into_a_value(key):
    with pytest.raises(WordingError):
        say(key, share=SHARE)


def test_a_sentence_remembers_its_key():
    said = say("test.full", share=SHARE)
    assert isinstance(said, Sentence)
    assert said.key == "test.full"


def chinese(monkeypatch, key, text):
    """Let a sentence have a translation."""
    monkeypatch.setattr(messages, "messages", lambda language: {(key, TEMPLATES[key]): text})


def test_a_sentence_without_translation_is_refused_by_name():
    with speaking(language="zh"), pytest.raises(Untranslated, match=r"no translation into 'zh' of test\.plain"):
        say("test.plain")


def test_a_translation_is_filled_like_the_template_it_stands_for(monkeypatch):
    chinese(monkeypatch, "test.full", "占{share:interval}")
    with speaking(language="zh"):
        assert say("test.full", share=SHARE) == "占\u202f69–73%"


@pytest.mark.parametrize("broken", ["占多数", "占{share}，共{lines}", "占{share:month}"])
def test_a_translation_that_drops_adds_or_misuses_a_value_is_refused(monkeypatch, broken):
    chinese(monkeypatch, "test.full", broken)
    with speaking(language="zh"), pytest.raises(WordingError, match=r"translation of 'test\.full'"):
        say("test.full", share=SHARE)


# The catalog


OWN = {key: text for key, text in SENTENCES.items() if not key.startswith("test.")}


@pytest.mark.parametrize("key", sorted(OWN))
def test_no_template_breaks_a_rule(key):
    assert faults(key, OWN[key]) == []
    assert causal_words(OWN[key]) == [], f"{key} claims a cause, which needs an experiment"


@pytest.mark.parametrize("key", sorted(OWN))
def test_every_template_asks_only_for_what_a_value_can_give(key):
    known = {spec for specs in sentences._SPECS.values() for spec in specs}
    assert {spec for specs in places(OWN[key]).values() for spec in specs} <= known


@pytest.mark.parametrize(
    "text",
    [
        "{share} shop every 7 days",
        "{share} shop every ７ days",
        "half of {customers} shop weekly",
        "{share} spend twice as much",
        "{share} percent",
        "{share.value} shop",
        "{grade} of evidence",
        " {share} shop",
        "",
    ],
)
def test_a_bad_template_is_caught(text):
    assert faults("test.bad", text)


@pytest.mark.parametrize(
    "text",
    [
        "Loyalty drives revenue",
        "{share} buy more because of the coupon",
        "Coupons increase spend",
        "Shopping weekly leads to {value}",
        "Revenue fell due to fewer visits",
        "Mail caused {share} of visits",
        "优惠券导致消费增加",
    ],
)
def test_a_claim_of_cause_is_caught(text):
    assert causal_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "{customers} that shop weekly bring {share} of revenue; we cannot say that shopping weekly causes it",
        "Drivers of satisfaction",
        "Lift of {pair}",
        "{drives} of {causes}",
    ],
)
def test_a_denied_cause_and_words_of_the_field_are_not_claims(text):
    assert causal_words(text) == []


def test_a_denial_does_not_cover_the_next_clause():
    assert causal_words("we cannot say that mail causes it; mail drives revenue") == ["drives"]


def test_a_key_belongs_to_its_module():
    assert merge([("clean", {"clean.kept": "a"}), ("behavior", {"behavior.b": "b"})]) == {
        "behavior.b": "b",
        "clean.kept": "a",
    }
    with pytest.raises(ValueError, match="must be called"):
        merge([("clean", {"behavior.kept": "a"})])


CATALOG = Path(customer_patterns.wording.__file__).parent / "catalog"


@pytest.mark.parametrize("path", sorted(CATALOG.glob("[a-z]*.py")), ids=lambda p: p.stem)
def test_no_key_is_written_twice_in_a_module(path):
    """A dict literal would silently keep the last."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            assert len(set(keys)) == len(keys)


def test_wording_needs_nothing_heavy():
    """Kernels start with it; what reads translations is imported when the first of them is asked for."""
    light = ("customer_patterns.wording", "customer_patterns.estimates", "babel")
    for path in Path(customer_patterns.wording.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                node.body = []
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names or name.startswith(light), f"{path.name} imports {name}"
