"""Messages: every text that a reader sees, in English in the code and in other languages in ``locale/``.

A message is an English text and the context in which it stands: the key of a sentence, ``label`` (a column's or an
axis's), ``level`` (one of a column's closed list), ``notebook`` (a block of prose), ``setting`` (what a parameter
means), ``name`` (a text from data), or none (a word of the page around). Translations lie in
``locale/<language>/<domain>.po``, one file per stage; what several stages share lies in ``page.po``. The files are
read when the first message of their language is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from customer_patterns.wording.voice import current_voice

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

#: The language in which messages are written in the code.
ORIGINAL = "en"

#: The file of messages that several stages share, and of the words of the page.
PAGE = "page"

#: The file of texts that come from data: departments, categories, what a study file declares.
NAMES = "names"

_LOCALE = Path(__file__).parent / "locale"


class WordingError(ValueError):
    """A sentence is unknown, its values are not those that its template names, or a translation cannot be used."""


class Untranslated(WordingError):
    """A message has no translation that can be used; the message names it, and the file in which it belongs."""


def translated(text: str, *, context: str | None = None) -> str:
    """Return a text written in English (template, heading, label) in the language of the run.

    Parameters
    ----------
    text
        The message, as it stands in the code.
    context
        What it is: the key of a sentence, ``"label"``, ``"level"``, ``"notebook"``, ``"setting"``; ``None``: a word of
        the page.

    Raises
    ------
    Untranslated
        If there is no translation, or only one that nobody has looked at since the English changed.
    """
    language = current_voice().language
    if language == ORIGINAL:
        return text
    found = messages(language).get((context, text))
    if found is None:
        what = f"{context} " if context else ""
        raise Untranslated(
            f"there is no translation into {language!r} of {what}{text!r}: run `python -m customer_patterns messages` "
            f"and write it into locale/{language}/{_domain(context)}.po"
        )
    return found


def known(text: str, *, context: str) -> str | None:
    """Return the translation of a text that may be none of ours, such as a name from data; ``None`` if it has none."""
    language = current_voice().language
    return None if language == ORIGINAL else messages(language).get((context, text))


@cache
def messages(language: str) -> dict[tuple[str | None, str], str]:
    """Return all usable translations into a language, by context and English text."""
    return {
        (message.context, str(message.id)): str(message.string)
        for domain in domains(language)
        for message in read_catalog(domain, language)
        if message.id and message.string and not message.fuzzy
    }


def domains(language: str) -> list[str]:
    """Return the domains that have translations into a language, sorted."""
    return sorted(path.stem for path in (_LOCALE / language).glob("*.po"))


def catalog_path(domain: str, language: str) -> Path:
    """Return the file of a domain's translations."""
    return _LOCALE / language / f"{domain}.po"


def translation_files(domain: str) -> list[Path]:
    """Return the files of a domain's translations, of all languages."""
    return sorted(_LOCALE.glob(f"*/{domain}.po"))


def read_catalog(domain: str, language: str) -> Catalog:
    """Read a domain's translations, empty where there is no file yet.

    Raises
    ------
    WordingError
        If the file cannot be read; the message names it.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import PoFileError, read_po

    path = catalog_path(domain, language)
    if not path.is_file():
        return Catalog(locale=language, domain=domain)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, domain=domain, charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise WordingError(f"locale/{language}/{path.name} cannot be read: {error}") from None


def translations(language: str) -> Iterator[tuple[str, str | None, str, str]]:
    """Give every translation with its domain, context and English text, unusable ones too."""
    for domain in domains(language):
        for message in read_catalog(domain, language):
            if message.id:
                yield domain, message.context, str(message.id), str(message.string)


def _domain(context: str | None) -> str:
    """Where a message belongs, as far as its context tells: a sentence's key begins with its domain."""
    module, dot, _ = (context or "").partition(".")
    return module if dot and module != "show" else PAGE if context is None or dot else "<stage>"
