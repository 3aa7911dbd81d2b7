import threading

import pytest

from customer_patterns.wording import Nouns, Voice, current_voice, set_voice, speaking


@pytest.fixture(autouse=True)
def _silent_before_and_after():
    before = set_voice(Voice())
    yield
    set_voice(before)


def test_a_voice_lasts_for_its_block():
    with speaking(currency="EUR", customers="guests") as voice:
        assert current_voice() == voice == Voice(currency="EUR", customers="guests")
        with speaking(customer="guest", simulated=True):
            assert current_voice() == Voice("en", "EUR", "guest", "guests", simulated=True)
    assert current_voice() == Voice()


def test_a_voice_in_another_language_has_that_languages_nouns():
    voice = Voice(customer="household", customers="households", nouns={"zh": Nouns("家庭", "家庭", "户家庭")})
    chinese = voice.in_language("zh")
    assert (chinese.customers, chinese.counted) == ("家庭", "户家庭")
    assert chinese.in_language("en") == voice
    assert Voice().in_language("zh").customers == "客户"  # the study does not say


def test_nouns_of_a_language_return_with_it():
    with speaking(Voice(customer="guest", customers="guests")), speaking(language="zh"):
        assert current_voice().customers == "客户"
        with speaking(language="en"):
            assert current_voice() == Voice(customer="guest", customers="guests")


def test_a_block_ends_with_an_error_too():
    with pytest.raises(RuntimeError), speaking(language="zh"):
        raise RuntimeError
    assert current_voice().language == "en"


def test_a_voice_set_for_the_process_holds_in_other_contexts():
    """As from one notebook cell to the next: ipykernel runs each in a context of its own."""
    set_voice(Voice(currency="GBP"))
    heard = []
    thread = threading.Thread(target=lambda: heard.append(current_voice().currency))
    thread.start()
    thread.join()
    assert heard == ["GBP"]


def test_set_voice_returns_the_voice_before():
    assert set_voice(Voice(currency="GBP")) == Voice()
    assert set_voice(Voice()) == Voice(currency="GBP")


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"currency": "$"}, {"currency": "usd"}])
def test_an_unknown_language_or_currency_is_refused(wrong):
    with pytest.raises(ValueError, match="is n"):
        Voice(**wrong)
