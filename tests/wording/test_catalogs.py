"""The catalogs of messages: whole, well formed, in the words of the field."""

import re
import subprocess
import sys

import pytest
import yaml

from customer_patterns.reruns.messages import TRANSLATED, extract, standing
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.stage import schemas_of, stage_names
from customer_patterns.wording import Untranslated, Voice, WordingError, messages, speaking, translated
from customer_patterns.wording.formats import unit_sign
from customer_patterns.wording.messages import NAMES, catalog_path, domains, read_catalog, translations
from customer_patterns.wording.rules import translation_faults
from customer_patterns.wording.words import own_word

GLOSSARY = yaml.safe_load((catalog_path("page", "zh").parent / "glossary.yaml").read_text(encoding="utf-8"))


def in_files(domain: str, language: str) -> set[tuple[str | None, str]]:
    return {(m.context, str(m.id)) for m in read_catalog(domain, language) if m.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_files_hold_every_message_and_no_other(language: str):
    """After an English text changed: `python -m customer_patterns messages`."""
    wanted = {name: {message.id for message in listed} for name, listed in extract().items()}
    found = {name: in_files(name, language) for name in domains(language) if name != NAMES}
    assert {name: sorted(map(str, found.get(name, set()) ^ ids)) for name, ids in wanted.items()} == {
        name: [] for name in wanted
    }


@pytest.mark.parametrize("domain", [*extract(), NAMES])
def test_no_message_is_untranslated_and_no_translation_breaks_a_rule(domain: str):
    lacking = [str(m.id) for m in read_catalog(domain, "zh") if m.id and (not m.string or m.fuzzy)]
    assert lacking == []
    assert standing(domain, "zh").faults == ()


def test_translations_use_the_terms_of_the_glossary():
    terms = sorted(GLOSSARY, key=len, reverse=True)
    missed = []
    for domain, _, english, chinese in translations("zh"):
        if domain == NAMES or chinese in ("", english):
            continue
        rest = re.sub(r"`[^`]*`|\{[^}]*\}", " ", english)
        for term in terms:
            pattern = rf"(?<![\w-]){re.escape(term)}s?(?![\w-])"
            if re.search(pattern, rest, re.IGNORECASE):
                rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
                if not any(word in chinese for word in GLOSSARY[term].split("|")):
                    missed.append(f"{domain}: {term} is {GLOSSARY[term]}, not in {chinese!r} ({english!r})")
    assert missed == []


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("{share} of {customers} shop weekly", "{customers}每周购物", "drops {share}"),
        ("they shop weekly", "{share}每周购物", "adds {share}"),
        ("they shop weekly", "他们每 7 天购物", "holds a digit"),
        ("who shops weekly spends more", "每周购物导致花费更多", "says 导致"),
        ("they shop, weekly", "他们购物,每周", "full width"),
        ("they shop weekly", "他们 每周购物", "full width"),
        ("they shop weekly", "他们每周购物 ", "stray spaces"),
    ],
)
def test_a_translation_that_breaks_a_rule_is_named(english: str, chinese: str, fault: str):
    (found,) = translation_faults(english, chinese)
    assert fault in found


def test_what_a_clause_denies_and_code_in_backticks_break_no_rule():
    assert translation_faults("this does not show that one causes the other", "这不能说明一件事导致另一件事") == []
    assert translation_faults("run `f(x, y)` first", "先运行 `f(x, y)`") == []


def test_a_message_without_translation_is_named():
    with (
        speaking(language="zh"),
        pytest.raises(Untranslated, match=r"label 'No such head'.*python -m customer_patterns"),
    ):
        translated("No such head", context="label")
    assert translated("No such head", context="label") == "No such head"


def test_a_fuzzy_translation_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / "zh").mkdir()
    fuzzy = '#, fuzzy\nmsgctxt "label"\nmsgid "Orders"\nmsgstr "订单"\n\nmsgctxt "label"\nmsgid "Days"\nmsgstr "天数"\n'
    (tmp_path / "zh" / "page.po").write_text(fuzzy, encoding="utf-8")
    monkeypatch.setattr(messages, "_LOCALE", tmp_path)
    monkeypatch.setattr(messages, "messages", messages.messages.__wrapped__)
    with speaking(Voice("zh")):
        assert translated("Days", context="label") == "天数"
        with pytest.raises(Untranslated, match="'Orders'"):
            translated("Orders", context="label")


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "page.po").write_bytes(b'msgid "a"\nmsgstr "\xff"\n')
    monkeypatch.setattr(messages, "_LOCALE", tmp_path)
    with pytest.raises(WordingError, match=r"locale/zh/page\.po cannot be read"):
        read_catalog("page", "zh")


def test_reading_all_translations_takes_less_than_a_quarter_of_a_second():
    """Each kernel does it once; measured in processor time, after what is imported anyway."""
    code = (
        "import time\n"
        "from customer_patterns.wording.messages import messages\n"
        "began = time.process_time()\n"
        "messages('zh')\n"
        "print(time.process_time() - began)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert float(run.stdout) < 0.5, "a quarter of a second, and as much again for a busy machine"


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
def test_every_unit_of_a_column_can_be_said(language: str):
    """A study with other data than the default one shows other columns: all of its pages failed for one word once."""
    units = {
        column.unit for stage in stage_names() for schema in schemas_of(stage).values() for column in schema.columns
    }
    lacking = []
    with speaking(language=language, currency="CNY"):
        for unit in sorted(units):
            try:
                unit_sign(unit)
            except Untranslated:
                lacking.append(unit)
    assert lacking == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_column_that_may_have_gaps_has_a_name_in_every_language(language: str):
    """The chart of gaps names columns with their tables; a name without translation would stand there in English."""
    names = [
        f"{schema.name}: {column.name}".replace("_", " ")
        for schema in CANONICAL.values()
        for column in schema.columns
        if column.nullable
    ]
    assert len(names) > 100
    with speaking(language=language):
        assert [name for name in names if own_word(name) is None] == []
