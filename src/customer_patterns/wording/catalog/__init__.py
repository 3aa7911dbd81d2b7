"""The catalog of sentences: one module per stage, each with its ``SENTENCES``.

A key is ``<module>.<name>``. In a template, ``{share}`` is a value's place and ``{customers}`` the study's noun. The
English template is also the message that translations refer to. A new module here is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping


def merge(catalogs: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Join the catalogs of several modules into one, sorted by module.

    Raises
    ------
    ValueError
        If a key does not begin with its module's name. Two modules can so never share a key.
    """
    merged: dict[str, str] = {}
    for module, sentences in sorted(catalogs):
        for key, text in sentences.items():
            if not key.startswith(f"{module}.") or key in merged:
                raise ValueError(f"sentence {key!r} in the catalog of {module} must be called '{module}.<name>'")
            merged[key] = text
    return merged


#: All templates by key.
SENTENCES: dict[str, str] = merge(
    (module.name, importlib.import_module(f"{__name__}.{module.name}").SENTENCES)
    for module in pkgutil.iter_modules(__path__)
)

__all__ = ["SENTENCES", "merge"]
