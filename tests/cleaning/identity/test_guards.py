"""What BAD-INPUTS names: cards of families and tills, numbers passed on, namesakes, empty keys. Nothing is guessed."""

from customer_patterns.cleaning.identity.keys import NOBODYS, OWN, SHARED
from tests.cleaning.identity.persons import groups, who

ANN = {"name": "Ann Lee", "birthday": "1980-03-04"}
BOB = {"name": "Bob Lee", "birthday": "1975-11-30"}


def kinds(found):
    return set(found.held["kind"])


def test_one_address_joins_the_records_of_one_person():
    found = who({**ANN, "email": "ann@example.com"}, {"name": "A. Lee", "email": "ANN@example.com"})
    assert groups(found) == {frozenset("12")}
    assert found.links["way"].tolist() == ["same e-mail address"]


def test_a_family_card_joins_nobody_by_itself_and_is_reported():
    found = who({**ANN, "card": "4000-1"}, {**BOB, "card": "4000-1"}, {"name": "Ann Lee", "card": "4000-1"})
    assert kinds(found) == {SHARED}
    assert len(groups(found)) == 3


def test_a_family_card_without_names_is_told_by_birthdays():
    found = who({"birthday": "1980-03-04", "card": "4000-1"}, {"birthday": "1975-11-30", "card": "4000-1"})
    assert len(groups(found)) == 2


def test_a_tills_number_is_nobodys_even_where_no_name_contradicts():
    found = who(*[{"card": "9900"} for _ in range(13)])
    assert kinds(found) == {NOBODYS}
    assert len(groups(found)) == 13
    assert len(groups(who(*[{"card": "9900"} for _ in range(12)]))) == 1  # a dozen may be one person's


def test_a_number_passed_on_joins_nobody():
    found = who({**ANN, "phone": "+12015550123"}, {"name": "Tom Marl", "phone": "+12015550123"})
    assert len(groups(found)) == 2


def test_a_telephone_number_alone_does_not_join_a_record_without_a_name():
    assert len(groups(who({**ANN, "phone": "+12015550123"}, {"phone": "+12015550123"}))) == 2
    assert len(groups(who({**ANN, "phone": "+12015550123"}, {"name": "Lee Ann", "phone": "+12015550123"}))) == 1


def test_two_persons_with_one_name_and_birthday_stay_two():
    double = {"email": "other@example.com", "card": "4000-2"}
    found = who({**ANN, "email": "ann@example.com", "card": "4000-1"}, {**ANN, **double})
    assert len(groups(found)) == 2


def test_father_and_son_of_one_name_at_one_telephone_stay_two():
    home = {"name": "Ann Lee", "phone": "+12015550123", "address": "12 Acorn St"}
    found = who(
        {**home, "email": "elder@example.com", "card": "4000-1"},
        {**home, "email": "young@example.com", "card": "4000-2"},
    )
    assert len(groups(found)) == 2


def test_empty_keys_meet_nobody():
    nothing = {"name": "unknown", "email": "none", "phone": "000", "card": "0000", "birthday": "1900-01-01"}
    found = who(nothing, nothing, {})
    assert len(groups(found)) == 3
    assert found.held.empty


def test_a_chain_is_cut_where_two_of_it_contradict_each_other():
    # 2 has the e-mail address of 1 and the card of 3; 1 and 3 were born on other days.
    found = who(
        {"name": "Ann Lee", "birthday": "1980-03-04", "email": "ann@example.com"},
        {"name": "Ann Lee", "email": "ann@example.com", "card": "4000-1"},
        {"name": "Ann Lee", "birthday": "1955-07-21", "card": "4000-1"},
    )
    assert groups(found) == {frozenset("12"), frozenset("3")}
    assert found.split.to_dict("list") == {"records": [3], "persons": [2], "contradictions": [1]}
    unguarded = who(
        {"name": "Ann Lee", "birthday": "1980-03-04", "email": "ann@example.com"},
        {"name": "Ann Lee", "email": "ann@example.com", "card": "4000-1"},
        {"name": "Ann Lee", "birthday": "1955-07-21", "card": "4000-1"},
        guarded=False,
    )
    assert groups(unguarded) == {frozenset("123")}  # the broken twin: what hangs together is one


def test_a_key_of_ones_own_is_said_to_be_one():
    found = who({**ANN, "email": "ann@example.com"}, {**ANN, "email": "ann@example.com"})
    assert kinds(found) == {OWN}


def test_no_record_and_one_record_are_no_trouble():
    assert who().profiles.empty
    assert groups(who(ANN)) == {frozenset("1")}
