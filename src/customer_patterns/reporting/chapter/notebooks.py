"""Executed notebooks, as files: read them in, and their titles."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from customer_patterns.reporting.chapter.edition import ChapterError
from customer_patterns.wording import translated
from customer_patterns.wording.prose import NOTEBOOK

if TYPE_CHECKING:
    from nbformat import NotebookNode


@contextmanager
def no_grammars() -> Iterator[None]:
    """Let nbformat be imported without the grammars of international addresses, which take three seconds to compile.

    Its import of jsonschema compiles them where they happen to be installed (JupyterLab brings them), for a check of
    formats that no notebook asks for.
    """
    grammars = "rfc3987_syntax"
    if grammars in sys.modules:
        yield
        return
    sys.modules[grammars] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        yield
    finally:
        del sys.modules[grammars]


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook's file."""
    with no_grammars():
        import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise ChapterError(f"notebook {path.name} cannot be read ({error}); build it again") from None


def chapter_title(notebook: NotebookNode) -> str:
    """Return a notebook's title, its first heading, in the current voice's language."""
    for cell in notebook.cells:
        found = re.match(r"#\s+(.+)", cell.source) if cell.cell_type == "markdown" else None
        if found:
            return translated(found.group(1).strip(), context=NOTEBOOK)
    raise ChapterError("the notebook has no title: its first cell must begin with '# '")
