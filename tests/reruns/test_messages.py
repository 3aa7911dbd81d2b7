"""Collecting messages: translations are kept, what changed is marked, the same texts give the same bytes."""

import re
import shutil
from pathlib import Path

import pytest

from customer_patterns.reruns.messages import extract, standing, update_messages
from customer_patterns.wording import messages, sentences
from customer_patterns.wording.messages import read_catalog


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the translations."""
    folder = shutil.copytree(messages._LOCALE, tmp_path / "locale")
    monkeypatch.setattr(messages, "_LOCALE", folder)
    return folder


def translation(domain: str, context: str):
    return next(m for m in read_catalog(domain, "zh") if m.context == context)


def test_collecting_twice_changes_no_byte(locale: Path):
    update_messages()
    before = {path.name: path.read_bytes() for path in locale.rglob("*.po")}
    update_messages()
    assert {path.name: path.read_bytes() for path in locale.rglob("*.po")} == before
    for name, content in before.items():
        assert not re.search(rb"POT-Creation|PO-Revision|^#:", content, re.MULTILINE), name


def test_a_changed_sentence_keeps_its_translation_marked_until_somebody_has_looked(
    locale: Path, monkeypatch: pytest.MonkeyPatch
):
    old = translation("behavior", "behavior.concentration")
    monkeypatch.setitem(sentences.SENTENCES, old.context, "Those who spend most bring {top_tenth_share} of revenue")
    (behavior,) = update_messages(["behavior"])
    now = translation("behavior", "behavior.concentration")
    assert (now.string, now.fuzzy, now.auto_comments) == (old.string, True, [f"before: {old.id}"])
    assert behavior.untranslated == 1
    update_messages(["behavior"])
    again = translation("behavior", "behavior.concentration")
    assert (again.fuzzy, again.auto_comments) == (True, now.auto_comments)


def test_a_new_sentence_is_listed_and_one_that_is_gone_is_not(locale: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sentences.SENTENCES, "behavior.new", "{customers} come twice")
    monkeypatch.delitem(sentences.SENTENCES, "behavior.clock")
    (behavior,) = update_messages(["behavior"])
    assert str(behavior).splitlines()[0].endswith(" 1 untranslated")
    contexts = {m.context for m in read_catalog("behavior", "zh")}
    assert "behavior.new" in contexts
    assert "behavior.clock" not in contexts


def test_a_message_that_several_stages_use_moves_to_the_page_with_its_translation(
    locale: Path, monkeypatch: pytest.MonkeyPatch
):
    from customer_patterns.reruns import messages as collecting

    real = collecting._of_stage
    shared = collecting.Message("label", "Gaps still open")
    assert ("label", "Gaps still open") in {(m.context, m.id) for m in read_catalog("behavior", "zh")}
    monkeypatch.setattr(collecting, "_of_stage", lambda stage: [*real(stage), *([shared] if stage == "clean" else [])])
    update_messages(["page"])
    assert next(m.string for m in read_catalog("page", "zh") if m.id == "Gaps still open") == "尚未结束的间隔"


def test_a_translation_without_its_placeholder_is_named(locale: Path):
    path = locale / "zh" / "behavior.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(msgid "Median \{basket_median\}"\nmsgstr) ".*"', r'\1 "中位数"', text), encoding="utf-8")
    (fault,) = standing("behavior", "zh").faults
    assert "behavior.baskets_median" in fault
    assert "{basket_median}" in fault


def test_everything_a_reader_sees_is_collected():
    found = {name: {message.id for message in listed} for name, listed in extract().items()}
    assert ("notebook", "Who brings the revenue?") in found["behavior"]
    assert ("behavior.concentration", sentences.SENTENCES["behavior.concentration"]) in found["behavior"]
    assert ("label", "They shop") in found["behavior"]
    assert ("level", "every two weeks") in found["behavior"]
    assert ("setting", "who has not ordered on more than so many of the last days is silent") in found["behavior"]
    assert {(None, "Skip to the text"), (None, "Bar chart"), ("notebook", "Limits")} <= found["page"]
    everywhere = [id_ for ids in found.values() for id_ in ids]
    assert len(everywhere) == len(set(everywhere))
