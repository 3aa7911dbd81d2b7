"""The registry: every sentence with a number that a run's chapters say, and what each of them rests on.

A sentence is stored as its key and its values, never as text. So the publisher can say it anew and compare it with
what a page shows, and can tell whether the tables it rests on are still those that lie on disk. Each check returns a
list of faults in words, empty where all is well; whoever publishes refuses if there is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from customer_patterns import warehouse
from customer_patterns.reporting.ledger import Ledger, Place
from customer_patterns.wording import WordingError, say
from customer_patterns.wording.messages import translated
from customer_patterns.wording.rules import overstated
from customer_patterns.wording.sentences import Sentence, template
from customer_patterns.wording.stored import value_from_json

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: The registry's file, beside the stages of its run.
REGISTRY_FILE = "registry.json"

#: The sentence beneath a chart that says from which table it is.
_SOURCE_LINE = "show.from_table"


@dataclass(frozen=True)
class Entry:
    """A sentence with a number, and what it rests on.

    Attributes
    ----------
    stage
        The stage whose chapter says it first.
    key
        The sentence's key in the catalog.
    kind
        ``"finding"``; or ``"shown"``: a title, a caption, a paragraph.
    template
        The English template when it was said.
    table, data
        The table it rests on, ``<stage>.<table>``, and that table's SHA-256 when it was said. Empty where a shown
        sentence names no table: it then rests on all tables of its stage.
    code
        Fingerprint of the stage's code.
    grade, figure
        Of a finding: grade of evidence, anchor of the chart that shows it.
    simulated
        Whether the table rests on simulated deliveries.
    values
        What stands in each place of the sentence: value, low, high, level, unit, n, of, method.
    """

    stage: str
    key: str
    kind: str
    template: str
    table: str
    data: str
    code: str
    simulated: bool
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    grade: str = ""
    figure: str | None = None

    @property
    def text(self) -> str:
        """The sentence, said anew in the current voice."""
        return str(self.sentence)

    @property
    def sentence(self) -> Sentence:
        """The same, with its names: in a title they may be cut."""
        return say(self.key, **{name: value_from_json(stored) for name, stored in self.values.items()})

    @property
    def said(self) -> str:
        """Key and values as one text, the same for the same sentence."""
        return f"{self.key} {json.dumps(self.values, sort_keys=True)}"

    @property
    def rests_on(self) -> str:
        """What it rests on, in words."""
        return f"table {self.table.partition('.')[2]}" if self.table else f"the tables of '{self.stage}'"


@dataclass(frozen=True)
class Registry:
    """All entries of a run, sorted by stage, kind, key and values, and the manifests they were read with."""

    ledger: Ledger
    entries: tuple[Entry, ...]
    deliveries: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return what is stored: the deliveries that all rests on, and the entries."""
        return {"deliveries": dict(self.deliveries), "entries": [asdict(entry) for entry in self.entries]}

    @property
    def findings(self) -> dict[str, Entry]:
        """The findings, by key."""
        return {entry.key: entry for entry in self.entries if entry.kind == "finding"}

    def find(self, key: str) -> list[Entry]:
        """Return the entries of a key, the finding first."""
        return sorted((entry for entry in self.entries if entry.key == key), key=lambda entry: entry.kind != "finding")


def read_registry(ledger: Ledger, chapters: Mapping[str, NotebookNode]) -> Registry:
    """Collect the sentences of a run from its stored findings and its executed notebooks.

    Parameters
    ----------
    ledger
        The run's manifests.
    chapters
        The executed notebooks, by stage.

    Raises
    ------
    WarehouseError
        For findings that cannot be read.
    """
    entries: dict[str, Entry] = {}
    for stage in ledger.manifests:
        for stored in stored_findings(ledger, stage):
            entry = _of_finding(ledger, stage, stored)
            entries[entry.said] = entry
    for stage, notebook in chapters.items():
        for entry in _shown_entries(ledger, stage, notebook):
            entries.setdefault(entry.said, entry)
    order = {stage: number for number, stage in enumerate(ledger.manifests)}
    listed = sorted(entries.values(), key=lambda e: (order.get(e.stage, len(order)), e.kind, e.said))
    deliveries: dict[str, str] = {}
    for stage in ledger.manifests:
        deliveries |= ledger.deliveries(stage)
    return Registry(ledger, tuple(listed), dict(sorted(deliveries.items())))


def stored_findings(ledger: Ledger, stage: str) -> list[dict[str, Any]]:
    """Return the findings of a stage as stored; none where the stage has none."""
    path = ledger.folder / stage / warehouse.FINDINGS
    if not path.is_file():
        return []
    try:
        return list(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise warehouse.WarehouseError(
            f"the findings of stage '{stage}' are damaged; run 'make reports' to rebuild them"
        ) from None


# What is stale


def stale(registry: Registry, delivered: Mapping[str, str] | None = None) -> list[str]:
    """Say of each sentence that no longer follows from the tables on disk, by its key, what has changed.

    A sentence is stale if its table is not the one it was said of, if its stage read other tables or deliveries than
    lie there now, or if its findings were written by another hand.

    Parameters
    ----------
    registry
        The registry.
    delivered
        SHA-256 of the deliveries as they lie now, by table.
    """
    ledger = registry.ledger
    stages = ledger.changed_stages(delivered)
    places = {entry.table: Place(*entry.table.split(".", 1)) for entry in registry.entries if entry.table}
    replaced = {name for name, place in places.items() if ledger.changed_table(place)}
    rewritten = {stage for stage in ledger.manifests if ledger.changed_findings(stage)}
    faults = []
    for entry in registry.entries:
        opening = f"stale: {entry.key} rests on {entry.rests_on}, which"
        if entry.table and (entry.table in replaced or entry.data != ledger.digest(places[entry.table])):
            faults.append(f"{opening} has changed since")
        elif entry.stage in stages:
            faults.append(f"{opening} {stages[entry.stage]}")
        elif entry.kind == "finding" and entry.stage in rewritten:
            faults.append(f"stale: {entry.key} is stored otherwise than stage '{entry.stage}' wrote it")
    return list(dict.fromkeys(faults))


def misworded(registry: Registry) -> list[str]:
    """Say of each finding that its wording has changed since it was found, or claims more than its grade carries.

    The templates are those of the current voice's language.
    """
    faults = []
    for entry in registry.entries:
        try:
            now = template(entry.key)
            spoken = translated(now, context=entry.key)
        except WordingError as error:
            faults.append(f"{entry.key} can no longer be said: {error}")
            continue
        if now != entry.template:
            faults.append(f"stale: {entry.key} was found in other words than the catalog now has")
        elif entry.kind == "finding":
            try:
                words = overstated(entry.grade, spoken)
            except ValueError:
                faults.append(f"{entry.key} has the grade {entry.grade!r}, which is none")
                continue
            if words:
                faults.append(f"{entry.key} says {', '.join(words)}, more than its grade {entry.grade} carries")
    return faults


# Reading entries


def _of_finding(ledger: Ledger, stage: str, stored: Mapping[str, Any]) -> Entry:
    place = ledger.place(stage, str(stored.get("source", "")))
    return Entry(
        stage=stage,
        key=str(stored.get("key", "")),
        kind="finding",
        template=str(stored.get("template", "")),
        table=str(place) if place else "",
        data=str(stored.get("data", "")),
        code=str(ledger.manifests[stage].get("code", "")),
        simulated=bool(stored.get("simulated")),
        values=dict(stored.get("values", {})),
        grade=str(stored.get("grade", "")),
        figure=stored.get("figure"),
    )


def _shown_entries(ledger: Ledger, stage: str, notebook: NotebookNode) -> Iterator[Entry]:
    """The sentences that a chapter's cells show, with the digests of the tables that they were said of."""
    written, manifest = note_of(notebook).get("tables", {}), ledger.manifests.get(stage, {})
    for said in said_in(notebook):
        source = said.get("source")
        place = ledger.place(stage, source) if source and manifest else None
        now = ledger.digest(place) if place else ""
        yield Entry(
            stage=stage,
            key=said["key"],
            kind="shown",
            template=said.get("template") or template(said["key"]),
            table=str(place) if place else "",
            data=written.get(place.table, "") if place and place.stage == stage else now,
            code=str(manifest.get("code", "")),
            simulated=place is not None and place.table in manifest.get("simulated", ()),
            values=dict(said["values"]),
        )


def said_in(notebook: NotebookNode) -> Iterator[Mapping[str, Any]]:
    """Give the sentences that a notebook's cells show, from the metadata beside their HTML and SVG.

    Each has ``key`` and ``values``, and ``source`` where its table is known. One without values holds no number and is
    left out.
    """
    for output in outputs(notebook):
        for kind in ("text/html", "image/svg+xml"):
            noted = output.get("metadata", {}).get(kind, {}).get("sentences") or ()
            lines = [said["values"]["table"]["text"] for said in noted if said["key"] == _SOURCE_LINE]
            source = {"source": lines[0]} if lines else {}  # what a chart says beneath holds for its title too
            yield from ({**source, **said} for said in noted if said.get("values"))


def outputs(notebook: NotebookNode) -> Iterator[Mapping[str, Any]]:
    """Give the outputs of all cells, in order."""
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def note_of(notebook: NotebookNode) -> Mapping[str, Any]:
    """Return what the chapter says of the tables that it wrote: stage, SHA-256 of the manifest and of each table."""
    notes = [output.get("metadata", {}).get("customer_patterns") for output in outputs(notebook)]
    return next((note for note in reversed(notes) if note), {})
