"""What the manifests of a run say of each other: which table was made from which, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from customer_patterns import warehouse
from customer_patterns.warehouse import content_digest

#: What the study file is called among a stage's inputs.
STUDY_FILE = "study file"


class Place(NamedTuple):
    """A table of a stage; as text ``<stage>.<table>``. A delivered table has the stage ``""``."""

    stage: str
    table: str

    def __str__(self) -> str:
        """Return the place as people write it."""
        return f"{self.stage}.{self.table}" if self.stage else f"the delivery of {self.table}"


#: Inputs of a stage that nobody delivered: the study file, and the scores that come with the code.
_OURS = (STUDY_FILE, "scores")


@dataclass(frozen=True)
class Ledger:
    """The manifests of a run's stages, in order of the stages.

    Attributes
    ----------
    folder
        The run's folder, ``data/runs/<study>/<as_of>``.
    manifests
        By stage.
    """

    folder: Path
    manifests: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, folder: Path) -> Ledger:
        """Read the manifests of all stages of a run, each after those it reads.

        Raises
        ------
        WarehouseError
            For a manifest that cannot be read.
        """
        stages = sorted(path.parent.name for path in folder.glob(f"*/{warehouse.MANIFEST}") if path.name[0] != ".")
        read = {name: warehouse.read_manifest(folder / name) for name in stages if not name.startswith(".")}
        ordered: dict[str, Mapping[str, Any]] = {}
        while len(ordered) < len(read):
            ready = [
                name
                for name, manifest in read.items()
                if name not in ordered and not (set(manifest.get("inputs", ())) & set(read)) - set(ordered)
            ]
            if not ready:
                raise warehouse.WarehouseError(f"the stages of {folder.name} read each other; run 'make reports'")
            ordered |= {name: read[name] for name in ready}
        return cls(folder, ordered)

    def upstream(self, stage: str) -> list[str]:
        """Return the stages that a stage read, in order."""
        inputs = self.manifests[stage].get("inputs", {})
        return [name for name in self.manifests if name in inputs]

    def delivered_to(self, stage: str) -> dict[str, str]:
        """Return the SHA-256 of each delivery that a stage read itself, by table."""
        inputs = self.manifests[stage].get("inputs", {})
        return {name: digest for name, digest in inputs.items() if name not in self.manifests and name not in _OURS}

    def place(self, stage: str, table: str) -> Place | None:
        """Find the table that a stage means by a name: its own, else that of the latest stage that it reads.

        ``<stage>.<table>`` names one directly.
        """
        named, dot, rest = table.partition(".")
        if dot:
            return Place(named, rest) if rest in self._tables(named) else None
        for candidate in (stage, *reversed(self.upstream(stage))):
            if table in self._tables(candidate):
                return Place(candidate, table)
        return None

    def digest(self, place: Place) -> str:
        """Return the SHA-256 that the manifest names for a table."""
        return self._tables(place.stage)[place.table]["sha256"]

    def made_from(self, place: Place) -> list[Place]:
        """Return what a table was made from: the tables its schema names, else what was called like it before.

        Empty where neither is known; then all that its stage reads may be in it.
        """
        reads = self._tables(place.stage)[place.table].get("reads") or [place.table]
        found = []
        for name in reads:
            stages = [place.stage, *reversed(self.upstream(place.stage))]
            found += [Place(s, name) for s in stages if name in self._tables(s) and Place(s, name) != place][:1] or (
                [Place("", name)] if name in self.delivered_to(place.stage) else []
            )
        return found

    def path(self, place: Place) -> Iterator[tuple[Place, list[Place]]]:
        """Give a table and all it was made from, down to the deliveries, each with what it was made from itself."""
        seen, coming = set(), [place]
        while coming:
            here = coming.pop(0)
            if here in seen:
                continue
            seen.add(here)
            before = self.made_from(here) if here.stage else []
            yield here, before
            coming += before

    def deliveries(self, stage: str) -> dict[str, str]:
        """Return the SHA-256 of each delivery that a stage rests on, through all stages before it."""
        found = dict(self.delivered_to(stage))
        for name in self.upstream(stage):
            found |= self.deliveries(name)
        return dict(sorted(found.items()))

    def changed_stages(self, delivered: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the stages whose tables no longer follow from what lies before them, each with the reason in words.

        Parameters
        ----------
        delivered
            SHA-256 of the deliveries as they lie now, by table; one that is not named is not compared.
        """
        found: dict[str, str] = {}
        for stage in self.manifests:
            inputs, now = self.manifests[stage].get("inputs", {}), delivered or {}
            others = [d for d, digest in self.delivered_to(stage).items() if now.get(d, digest) != digest]
            before = self.upstream(stage)
            moved = [name for name in before if inputs[name] != content_digest(self.manifests[name])]
            if others:
                found[stage] = f"was made from another delivery of '{others[0]}'"
            elif moved:
                found[stage] = f"was made from other tables of '{moved[0]}'"
            elif inherited := [name for name in before if name in found]:
                found[stage] = found[inherited[0]]
        return found

    def changed_table(self, place: Place) -> bool:
        """Whether a table on disk is not the one that its manifest names."""
        path = self.folder / place.stage / f"{place.table}.parquet"
        return not path.is_file() or warehouse.sha256(path) != self.digest(place)

    def changed_findings(self, stage: str) -> bool:
        """Whether the findings on disk are not those that the stage's manifest names."""
        path, named = self.folder / stage / warehouse.FINDINGS, self.manifests[stage].get("findings")
        return named is not None and (not path.is_file() or warehouse.sha256(path) != named)

    def _tables(self, stage: str) -> Mapping[str, Any]:
        return self.manifests[stage]["tables"] if stage in self.manifests else {}
