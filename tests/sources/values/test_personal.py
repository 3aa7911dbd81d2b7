"""Data about persons in columns that are not for it. All numbers are documentation numbers or made for tests."""

from __future__ import annotations

import pytest

from customer_patterns.privacy import KEY, KEY_FILE, KeyProblem, VaultError, find_key
from customer_patterns.sources.persons import vault_of
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.values.personal import looks_like
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.values.deliveries import STUDY, bring_in, contract, rows

MAILS = [f"someone{number}@example.org" for number in range(40)]
PHONES = [f"+86 138{number:08}" for number in range(40)]
MOBILES = [f"138{number * 7919:08}" for number in range(40)]
CARDS = ["4111111111111111", "5555555555554444", "4012888888881881", "4222222222222220"]
RESIDENTS = ["11010519491231002X", "440524188001010014"]
KEYS = [f"{number:05}" for number in range(40)]


def sold(customers, brands=None):
    source = contract("customers", {"customer_id": "who", "age_group": "band"})
    return bring_in(source, {"who": customers, "band": brands or ["30-39"] * len(customers)})


@pytest.mark.parametrize("values", [MAILS, PHONES, MOBILES, CARDS, RESIDENTS])
def test_a_personal_key_is_refused_with_what_to_do(values):
    with pytest.raises(DeliveryError, match=r"column 'who'.*E_PERSONAL.*pseudonym: true") as refused:
        sold(values)
    assert not any(value in str(refused.value) for value in values)  # it says what, not who


@pytest.mark.parametrize("values", [MAILS, PHONES, RESIDENTS * 20])
def test_a_personal_text_is_refused(values):
    with pytest.raises(DeliveryError, match=r"column 'band'.*leave it out"):
        sold(KEYS, values)


def test_a_few_of_many_are_enough():
    with pytest.raises(DeliveryError, match=r"mail addresses"):
        sold([*KEYS, *MAILS[:4]])


@pytest.mark.parametrize(
    "values",
    [
        KEYS,
        [str(31198570044 + number) for number in range(40)],  # receipts of eleven digits
        [str(10000089061 + number * 17) for number in range(40)],  # coupons
        [str(4006381333900 + number) for number in range(40)],  # articles of thirteen digits
        [f"A{number}@home" for number in range(40)],
        [f"2026-01-{number % 28 + 1:02}" for number in range(40)],
    ],
)
def test_keys_of_things_pass(values):
    assert len(rows(sold(values), "customer_id")) == len(values)


def test_free_texts_and_columns_for_personal_data_pass():
    feedback = contract("feedback", {"feedback_id": "n", "written_at": "t", "text": "said"})
    said = {"n": KEYS, "t": ["2026-01-05"] * 40, "said": [f"write to {mail}" for mail in MAILS]}
    assert len(rows(bring_in(feedback, said), "text")) == 40
    identities = contract("identities", {"customer_id": "n", "email": "m", "phone": "p"})
    assert len(rows(bring_in(identities, {"n": KEYS, "m": MAILS, "p": PHONES}), "email")) == 40


def test_a_pseudonym_takes_the_place_of_a_personal_key(monkeypatch, tmp_path):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    source = contract("customers", {"customer_id": {"column": "who", "pseudonym": True}})
    source = source.model_copy(update={"provenance": "real"})
    study = STUDY.model_copy(update={"sources": (source,)})
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "none"))
    with pytest.raises(KeyProblem, match="make-key"):
        bring_in(source, {"who": MAILS}, study=study)
    monkeypatch.setenv(KEY, "a long secret text, kept somewhere")
    delivered = {"who": ["a@example.org", " A@example.org", "b@example.org"]}
    keys = [key for (key,) in rows(bring_in(source, delivered, study=study), "customer_id")]
    assert keys[0] == keys[1] != keys[2]
    assert not any("@" in key for key in keys)
    assert vault_of(study).look_up(keys[2], why="a test") == {"customer": "b@example.org"}
    monkeypatch.setenv(KEY, "another secret text, kept somewhere")
    assert not keys[0].startswith(find_key().id)
    with pytest.raises(VaultError, match="vault rotate"):
        bring_in(source, {"who": ["a@example.org"]}, study=study)


def test_a_broken_twin_that_looks_for_digits_only_is_found_out():
    def twin(text):
        return ("phone numbers", True) if text.isdigit() and len(text) > 9 else None

    right = {MAILS[0]: True, PHONES[0]: True, "31198570044": False, RESIDENTS[0]: True}
    assert {text: bool(looks_like(text, region="CN")) for text in right} == right
    assert {text: bool(twin(text)) for text in right} != right
