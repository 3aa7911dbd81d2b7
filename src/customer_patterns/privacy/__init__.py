"""Floor 1: pseudonyms and the key behind them, the vault, consent, forgetting, and what is found in people's words."""

from customer_patterns.privacy.keys import (
    KEY,
    KEY_FILE,
    Key,
    KeyProblem,
    find_key,
    key_file,
    make_key,
    need_key,
    read_key,
    simulated_key,
)
from customer_patterns.privacy.pseudonyms import DOMAINS, Pseudonyms, domain_of, is_pseudonym
from customer_patterns.privacy.sealing import Sealer
from customer_patterns.privacy.texts import mask_link, mask_text, name_mask
from customer_patterns.privacy.vault import Vault, VaultError

__all__ = [
    "DOMAINS",
    "KEY",
    "KEY_FILE",
    "Key",
    "KeyProblem",
    "Pseudonyms",
    "Sealer",
    "Vault",
    "VaultError",
    "domain_of",
    "find_key",
    "is_pseudonym",
    "key_file",
    "make_key",
    "mask_link",
    "mask_text",
    "name_mask",
    "need_key",
    "read_key",
    "simulated_key",
]
