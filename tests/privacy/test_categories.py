"""Data that the law protects most are refused unless the study file says why they may be used."""

from __future__ import annotations

import typing

import pytest

from customer_patterns.privacy.categories import CATEGORIES, category_of, children
from customer_patterns.sources.persons import ProtectedData, refuse_children, refuse_protected
from customer_patterns.study import load_study, study_names
from customer_patterns.study.whole import Protected
from tests.sources.values.deliveries import STUDY, contract

COLUMNS = {
    "health": "Diagnose", "religion": "宗教信仰", "ethnicity": "Ethnic_Group", "politics": "PoliticalParty",
    "sexual orientation": "sexual_orientation", "biometrics": "fingerprint_hash", "genetics": "dna_match",
    "exact location": "last_latitude", "id numbers": "身份证号", "account numbers": "IBAN",
}  # fmt: skip


def study_with(column, **more):
    source = contract("customers", {"customer_id": "no", "lifestyle": column})
    return STUDY.model_copy(update={"sources": (source,), **more})


def test_both_lists_of_categories_are_the_same():
    assert typing.get_args(Protected) == CATEGORIES
    assert {*COLUMNS, "minors"} == set(CATEGORIES)


@pytest.mark.parametrize("category", COLUMNS)
def test_a_protected_column_is_refused_unless_its_basis_is_said(category):
    with pytest.raises(ProtectedData, match=f"data about {category} are refused.*protected: "):
        refuse_protected(study_with(COLUMNS[category]))
    refuse_protected(study_with(COLUMNS[category], protected={category: "explicit consent"}))


def test_identity_numbers_may_come_as_identifiers_and_go_into_the_vault():
    source = contract("identities", {"customer_id": "no", "social_handle": "passport_no"})
    refuse_protected(STUDY.model_copy(update={"sources": (source,)}))


def test_children_are_refused_unless_the_basis_is_said():
    with pytest.raises(ProtectedData, match=r"age group '0-13'.*minors"):
        refuse_children(["65+", "0-13", None], STUDY)
    refuse_children(["0-13"], STUDY.model_copy(update={"protected": {"minors": "consent of the parents"}}))
    refuse_children(["19-24", "Under 25", "unknown"], STUDY)
    assert children(["10", "15岁以下", "16-17", "17"]) == ["10", "15岁以下"]


@pytest.mark.parametrize("name", study_names())
def test_our_own_studies_need_no_basis(name):
    refuse_protected(load_study(name))


def test_ordinary_columns_are_not_taken_for_protected_ones():
    ordinary = ["flat_rate", "party_size", "platform", "correlation", "long_name", "region", "trace_id", "card_no",
                "bracket", "Karte", "客户号", "gender", "occupation", "longest_gap"]  # fmt: skip
    assert [name for name in ordinary if category_of(name)] == []
