"""Who a delivery's records are about: which columns say it, whether there are any, and the key that locks them away."""

from __future__ import annotations

from collections.abc import Iterable

from customer_patterns.privacy import Key, Pseudonyms, Vault, domain_of, need_key, simulated_key
from customer_patterns.privacy.categories import category_of, children
from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.study import Source, Study, output_root, vault_path
from customer_patterns.study.origins import ColumnFrom, Origin

#: Keys that people chose as a name for themselves: whoever knows the name would know whose texts these are.
HANDLES = frozenset({"author_key"})
#: Categories that may come as identifiers: they go into the vault.
_IN_VAULT = ("id numbers", "account numbers")


class ProtectedData(Refusal):
    """A delivery holds data that the law protects most, and the study file does not say why they may be used."""


def personal_columns(names: Iterable[str], table: str = "identities") -> list[str]:
    """Return which of these columns hold a direct identifier, those cleaning puts beside one included."""
    schema = CANONICAL[table]
    direct = {column.name for column in schema.columns if column.personal}
    return [name for name in names if name in direct or (table == "identities" and domain_of(name) in direct)]


def takes_pseudonym(name: str, origin: Origin) -> bool:
    """Whether a keyed hash takes the place of a column's values: as the contract says, and of handles by itself.

    Parameters
    ----------
    name
        The canonical column.
    origin
        Where a contract takes it from.
    """
    if isinstance(origin, ColumnFrom) and origin.pseudonym is not None:
        return origin.pseudonym
    return name in HANDLES and isinstance(origin, str | ColumnFrom)


def is_personal(source: Source) -> bool:
    """Whether a source's table delivers direct identifiers, as such or as a key that a pseudonym replaces."""
    keys = (takes_pseudonym(name, origin) for name, origin in source.columns.items())
    return any(keys) or bool(personal_columns(source.columns, source.table))


def holds_persons(study: Study) -> bool:
    """Whether a study's deliveries hold direct identifiers."""
    return any(map(is_personal, study.sources))


def key_of(study: Study) -> Key:
    """Return the key of a study that delivers direct identifiers.

    Raises
    ------
    KeyProblem
        Where there is none, or none that can be used, and its identifiers are not simulated.
    """
    if all(source.provenance == "simulated" for source in study.sources if is_personal(source)):
        return simulated_key(study.name)
    return need_key(why=f"study '{study.name}' delivers direct identifiers", outside=(output_root(),))


def vault_of(study: Study) -> Vault:
    """Return the vault of a study that delivers direct identifiers."""
    return Vault(vault_path(study.name), key_of(study))


def refuse_protected(study: Study) -> None:
    """Refuse a study that reads data of a category that the law protects most without saying why it may.

    Raises
    ------
    ProtectedData
        Naming source, column and category, and what to do.
    """
    for source in study.sources:
        for name, delivered in source.delivered_columns.items():
            category = category_of(delivered)
            in_vault = category in _IN_VAULT and CANONICAL[source.table][name].personal
            if category is not None and category not in study.protected and not in_vault:
                raise ProtectedData(_protected(f"{source.name}, column '{delivered}'", category))


def refuse_children(age_groups: Iterable[str | None], study: Study) -> None:
    """Refuse descriptions of children in a study that does not say why they may be used."""
    if "minors" not in study.protected and (found := children(age_groups)):
        raise ProtectedData(_protected(f"customers, age group '{found[0]}'", "minors"))


def _protected(where: str, category: str) -> str:
    return (
        f"{where}: data about {category} are refused, because the law protects them most; leave them out, or say in "
        f"the study file why they may be used: protected: {{ {category}: explicit consent of … }}"
    )


class Naming:
    """Puts pseudonyms into the place of personal keys, and remembers which it has put where.

    All keys share one domain: whose a visit and whose an order is must stay comparable.
    """

    def __init__(self, key: Key) -> None:
        self._pseudonyms = Pseudonyms(key)
        self.seen: dict[str, str] = {}

    def of(self, value: str) -> str:
        """Return the pseudonym of a key. Case is no part of a mail address; other keys may differ by it alone."""
        named = self._pseudonyms.one(value.casefold() if "@" in value else value, domain="customer")
        self.seen.setdefault(named, value)
        return named


def remember(namings: Iterable[Naming], study: Study) -> None:
    """Put what pseudonyms have replaced into the study's vault."""
    seen = {named: value for naming in namings for named, value in naming.seen.items()}
    if seen:
        vault_of(study).add({"customer": seen})
