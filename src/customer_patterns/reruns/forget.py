"""``python -m customer_patterns forget STUDY ID…``: take customers out of everything, for good.

Deliveries are read-only for everybody else; here alone they are rewritten, because a delivery that still holds somebody
would bring them back. What was computed of them is removed and made anew by the next build, without them. First of all
they are put on the list of who is never taken in again, so that an interruption leaves nobody half forgotten: the same
command finishes it.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from customer_patterns.privacy import domain_of, is_pseudonym
from customer_patterns.privacy.redaction import KNOWN, Redaction, Written
from customer_patterns.privacy.search import places
from customer_patterns.reruns.lock import LOCK
from customer_patterns.reruns.outcome import Waiting
from customer_patterns.schemas import Refusal
from customer_patterns.sources import DeliveryError
from customer_patterns.sources.blocked import PEOPLE, block_list
from customer_patterns.sources.files import find_files
from customer_patterns.sources.files.places import REMOTE
from customer_patterns.sources.persons import Naming, holds_persons, key_of, personal_columns, vault_of
from customer_patterns.sources.values.ids import read_id
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.study import Study, load_study, output_root
from customer_patterns.warehouse import sha256, to_json

#: What is written beside rewritten deliveries: which files, how many records went; never whose.
NOTE = "FORGOTTEN.json"
#: Columns that hold customers' numbers in files that no contract names: what was planted, who is who.
_ALSO = frozenset({*PEOPLE, "record_id", "profile_id", "person", "one", "other", "old", "new"})
#: An id of fewer signs is found everywhere, and says nothing.
_SHORTEST_SOUGHT = 5


class NotForgotten(Refusal):
    """Somebody could not be forgotten altogether; the message says where they still stand."""


@dataclass
class Forgotten:
    """What was done.

    Attributes
    ----------
    customers
        How many numbers are on the list now because of this call, those that belong to the same person included.
    records
        Records taken out, by file below the output root.
    vault
        Values taken out of the vault.
    runs
        Folders of runs that were removed.
    elsewhere
        Deliveries that cannot be rewritten from here; their records are kept out when they are read.
    """

    customers: int
    records: dict[str, int] = field(default_factory=dict)
    vault: int = 0
    runs: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def forget(name: str, ids: Iterable[str]) -> Forgotten:
    """Take customers out of deliveries, vault, tables and caches, and keep them out.

    Parameters
    ----------
    name
        The study.
    ids
        Customers' numbers, as in the tables; whoever identity resolution says to be the same person goes with them.

    Raises
    ------
    Refusal
        For an empty id, or where nobody has any of the numbers and nobody ever asked for them to be forgotten.
    NotForgotten
        Where a number, name or address still stands somewhere below ``data/`` or ``reports/``.
    Waiting
        Where a build of the study is at work.
    """
    study, root = load_study(name), output_root()
    wanted = {_canonical(one) for one in ids}
    with _no_build(study):
        wanted |= _same_person(study, wanted)
        listed = block_list(study)
        known = listed.among(wanted)
        done = Forgotten(len(wanted), elsewhere=[s.name for s in study.sources if s.reader in ("package", *REMOTE)])
        theirs, sought = _identifiers(study, wanted)
        columns = _columns(study)
        redaction = Redaction(columns, _theirs(study, wanted), frozenset(sought))
        listed.add(wanted)
        for path, written in _files(study):
            if gone := redaction.of_file(path, written):
                done.records[path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name] = gone
        if not done.records and not known and not any(theirs.values()) and not done.elsewhere:
            listed.remove(wanted)
            raise Refusal(
                f"nobody in study '{name}' has that number; write it as the tables do, leading zeros included"
            )
        _note(study, done)
        if holds_persons(study):
            done.vault = vault_of(study).remove(theirs, why="forgotten on request")
        done.runs = _remove_runs(study)
        _refuse_rest(root, {one for one in wanted if len(one) >= _SHORTEST_SOUGHT} | sought)
    return done


def _canonical(value: str, *, strict: bool = True) -> str:
    found = read_id(str(value))
    if isinstance(found, Fault) or found is None:
        if strict:
            raise Refusal("an empty or unreadable number identifies nobody; give customers' numbers as in the tables")
        return ""
    return str(found.value if isinstance(found, Repaired) else found)


def _theirs(study: Study, wanted: set[str]) -> Callable[[str], bool]:
    """Say of a delivered number whether it is one of theirs, as it stands or by the pseudonym that takes its place."""
    naming = Naming(key_of(study)) if holds_persons(study) and any(map(is_pseudonym, wanted)) else None

    def is_theirs(value: str) -> bool:
        number = _canonical(value, strict=False)
        return number in wanted or (naming is not None and number != "" and naming.of(number) in wanted)

    return is_theirs


@contextlib.contextmanager
def _no_build(study: Study) -> Iterator[None]:
    """Hold the locks of all runs of a study."""
    with contextlib.ExitStack() as held:
        for path in sorted((output_root() / "data" / "runs" / study.name).glob(f"*/{LOCK}")):
            file = held.enter_context(path.open("w"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Waiting(f"a build of {study.name} is at work; call again when it is done") from None
        yield


def _same_person(study: Study, wanted: set[str]) -> set[str]:
    """The other numbers of the same persons, by the register of who is who."""
    path = output_root() / "data" / "identity" / study.name / "register.csv"
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        profile = {row["record_id"]: row["profile_id"] for row in csv.DictReader(file)}
    profiles = {profile[one] for one in wanted if one in profile} | (wanted & set(profile.values()))
    return {record for record, of in profile.items() if of in profiles} | profiles


def _columns(study: Study) -> frozenset[str]:
    """What columns of customers' numbers are called, in deliveries and here."""
    delivered = {
        source.delivered_columns[name]
        for source in study.sources
        for name in PEOPLE
        if name in source.delivered_columns
    }
    return frozenset({*_ALSO, *delivered, *(name.rpartition(".")[2] for name in delivered)})


def _files(study: Study) -> Iterator[tuple[Path, Written | None]]:
    """All files that hold delivered records: by contract, beside them, corrected, fetched; and who is who."""
    seen: set[Path] = set()
    for source in study.sources:
        if source.reader in ("package", *REMOTE):
            continue
        form = source.format
        written = Written(form.encoding, form.delimiter, form.quote or '"') if source.reader == "csv" else None
        try:
            paths = {file.path.resolve() for file in find_files(source)}
        except DeliveryError:
            continue
        for path in sorted(paths - seen):
            yield path, written
        seen |= paths
    data = output_root() / "data"
    folders = {path.parent for path in seen} | {data / "raw" / study.name, data / "identity" / study.name}
    folders.add(data / "runs" / study.name / "intake" / "fetched")
    raw = (data / "raw").resolve()
    for folder in sorted(folder for folder in folders if folder.is_dir() and folder.resolve() != raw):
        for path in sorted(folder.rglob("*")):
            bare = path.name.removesuffix(".gz")
            if path.is_file() and path.resolve() not in seen and Path(bare).suffix.lower() in (*KNOWN, ".zip"):
                seen.add(path.resolve())
                yield path, None


def _note(study: Study, done: Forgotten) -> None:
    """Write down beside the deliveries what was rewritten, and bring the sender's own list of files up to date."""
    root = output_root()
    by_folder: dict[Path, dict[str, int]] = {}
    for name, gone in done.records.items():
        path = root / name
        top = next((p for p in path.parents if (p / "DELIVERY.json").is_file()), path.parent)
        by_folder.setdefault(top, {})[path.relative_to(top).as_posix()] = gone
    for folder, files in by_folder.items():
        note = folder / NOTE
        before = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else []
        entry = [{"file": f, "records": n, "sha256": sha256(folder / f)} for f, n in sorted(files.items())]
        note.write_text(to_json([*before, {"rewritten": entry}]), encoding="utf-8")
        manifest = folder / "DELIVERY.json"
        if manifest.is_file():
            said = json.loads(manifest.read_text(encoding="utf-8"))
            listed = said.get("files", {})
            listed.update({f: sha256(folder / f) for f in files if f in listed})
            manifest.write_text(to_json(said), encoding="utf-8")


def _identifiers(study: Study, wanted: set[str]) -> tuple[dict[str, set[str]], set[str]]:
    """The pseudonyms under which these customers alone lie in the vault, and what stands behind them."""
    if not holds_persons(study):
        return {}, set()
    theirs: dict[str, set[str]] = {"customer": {one for one in wanted if is_pseudonym(one)}}
    others: dict[str, set[str]] = {}
    for path in sorted((output_root() / "data" / "runs" / study.name).glob("*/*/identities.parquet")):
        table = pq.read_table(path)
        mine = [one in wanted for one in table["customer_id"].to_pylist()]
        for name in personal_columns(table.column_names):
            for is_mine, value in zip(mine, table[name].to_pylist(), strict=True):
                if value is not None:
                    (theirs if is_mine else others).setdefault(domain_of(name), set()).add(value)
    alone = {domain: names - others.get(domain, set()) for domain, names in theirs.items()}
    vault = vault_of(study)
    if not vault.path.exists():
        return alone, set()
    held = vault.open(why="forgetting on request")
    behind = {held[domain][name] for domain, names in alone.items() for name in names & held.get(domain, {}).keys()}
    shared = {value.casefold() for d, names in others.items() for n in names if (value := held.get(d, {}).get(n))}
    return alone, {value for value in behind if value.casefold() not in shared and len(value) >= _SHORTEST_SOUGHT}


def _remove_runs(study: Study) -> list[str]:
    """Remove all that was computed: tables and chapters of all days, pieces of files, and what is quoted from them."""
    folder = output_root() / "data" / "runs" / study.name
    removed = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name == "intake":
            for piece in sorted(path.iterdir()):
                if piece.name != "fetched":
                    shutil.rmtree(piece) if piece.is_dir() else piece.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
            removed.append(path.name)
    return removed


def _refuse_rest(root: Path, sought: set[str]) -> None:
    found = [
        f"{top}/{place}" for top in ("data", "reports") if (root / top).is_dir() for place in places(root / top, sought)
    ]
    if found:
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise NotForgotten(
            f"taken out of deliveries, vault and tables, but still found in {', '.join(found[:5])}{more}; take it out "
            "there by hand, and call again"
        )
