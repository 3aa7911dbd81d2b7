"""Data that the law protects most: known by what their columns are called, and refused unless a study says its basis.

PIPL, article 28, names biometrics, religion, specific identity, health, finances, whereabouts, and all of children
under 14; GDPR, article 9, adds ethnicity, politics, unions and sexual life, and article 8 protects children under 16.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAMES: dict[str, str] = {
    "health": r"health|diagnos|disease|illness|medical|medicat|disabil|pregnan|allerg|gesundheit|krank"
    r"|健康|疾病|病历|诊断|残疾|怀孕|过敏",
    "religion": r"religio|faith|church|confession|宗教|信仰|konfession",
    "ethnicity": r"ethnic|\brace\b|racial|skin_colou?r|民族|种族|ethnie",
    "politics": r"politic|\bparty_member|\bvoted?\b|union_member|政治|党派|工会|gewerkschaft|partei",
    "sexual orientation": r"sexual|gender_identity|性取向|性生活",
    "biometrics": r"biometr|fingerprint|face_?(?:id|print)|iris_|voice_?print|指纹|人脸|虹膜|声纹",
    "genetics": r"genetic|\bdna\b|基因|genom",
    "exact location": r"latitude|longitude|\blat\b|\blng\b|\blon\b|\bgps|geo_?point|coordinates|经度|纬度|坐标|定位",
    "id numbers": r"passport|\bssn\b|social_security|id_?card|identity_(?:card|number)|national_id|身份证|护照|ausweis",
    "account numbers": r"\biban\b|bank_account|card_number|credit_card|银行卡|账号|kontonummer",
}
#: What a category is called in a study file.
CATEGORIES = (*_NAMES, "minors")

_PATTERNS = {category: re.compile(pattern, re.IGNORECASE) for category, pattern in _NAMES.items()}
#: Below this age data are a child's under either law.
CHILD = 16
_UNDER = re.compile(r"(?:under|below|<|less than|unter|u)\s*(\d{1,2})|(\d{1,2})\s*岁?(?:以下|及以下)", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2})\s*(?:-|–|—|~|to|bis|至|到)\s*(\d{1,2})(?!\d)")
_AGE = re.compile(r"(\d{1,2})(?:\s*(?:years?|岁|jahre?))?", re.IGNORECASE)
_WORDS = re.compile(r"child(?:ren)?|minors?|kids?|未成年人?|儿童|kinder?", re.IGNORECASE)


def category_of(column: str) -> str | None:
    """Return which protected category a delivered column is of, by its name.

    >>> category_of("Religion"), category_of("patient_diagnosis"), category_of("区域"), category_of("last_gps_fix")
    ('religion', 'health', None, 'exact location')
    >>> category_of("bracelet"), category_of("party_size"), category_of("flat_rate")
    (None, None, None)
    """
    words = re.sub(r"([a-z])([A-Z])", r"\1_\2", column.strip())
    spaced = re.sub(r"[\s_.-]+", " ", words)
    for category, pattern in _PATTERNS.items():
        if pattern.search(words) or pattern.search(spaced):
            return category
    return None


def is_of_children(age_group: str) -> bool:
    """Whether an age group holds children only.

    >>> [is_of_children(group) for group in ("0-12", "under 14", "14岁以下", "12", "children")]
    [True, True, True, True, True]
    >>> [is_of_children(group) for group in ("13-24", "under 25", "19-24", "65+", "unknown", "Under 15K")]
    [False, False, False, False, False, False]
    """
    text = age_group.strip()
    if _WORDS.fullmatch(text):
        return True
    if found := _UNDER.fullmatch(text):
        return int(found.group(1) or found.group(2)) <= CHILD
    if found := _SPAN.fullmatch(text):
        return int(found.group(2)) < CHILD
    found = _AGE.fullmatch(text)
    return bool(found) and int(found.group(1)) < CHILD


def children(age_groups: Iterable[str | None]) -> list[str]:
    """Return the age groups that hold children only."""
    return sorted({group for group in age_groups if group and is_of_children(group)})
