"""Where a delivery lies: a file, a folder, a pattern, an archive, or a Python package."""

from __future__ import annotations

import contextlib
import glob
from datetime import date, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from customer_patterns.sources.files import integrity
from customer_patterns.sources.files.unpacking import members
from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.study import Source, Study, corrected_folder, output_root
from customer_patterns.study.origins import LoadedFile
from customer_patterns.warehouse import digest, sha256

#: Readers whose location is no place in a file system.
REMOTE = ("sql", "api")

#: Readers that open packed files member by member; a workbook is an archive too, and is read as one file.
_UNPACKED = ("csv", "json", "jsonl")


def find_files(source: Source) -> tuple[DeliveredFile, ...]:
    """Find the files of one source's table, in the order of their names, each with its SHA-256.

    Parameters
    ----------
    source
        Its ``location`` is a file, a folder (every file in it), a pattern (``orders_*.csv.gz``), an archive
        (``orders.zip``: every file in it) or a file in one (``orders.zip/january.csv``).

    Returns
    -------
    tuple
        At least one file; none for databases and services.

    Raises
    ------
    DeliveryError
        ``E_MISSING`` where nothing is there, ``E_CHECKSUM`` where a file is not the one that was sent, ``E_ZIP``, and
        ``E_SCHEMA`` where a file's name does not say when it was delivered although the contract says it does.
    """
    if source.reader in REMOTE:
        return ()
    found: list[DeliveredFile] = []
    for path, name, inner in parts_of_location(source):
        found += _files_at(source, path, name, inner)
    if not found:
        _not_there(source)
    return tuple(found)


def parts_of_location(source: Source) -> list[tuple[Path, str, str]]:
    """Return the files a location stands for: path, name for messages, and the member of an archive that is meant.

    Raises
    ------
    DeliveryError
        ``E_MISSING`` where nothing is there.
    """
    root, location = _root(source)
    if "*" in location or "?" in location:
        pattern = glob.escape(str(root)) + "/" + location
        paths = [Path(path) for path in glob.glob(pattern, recursive=True)]
        listed = [path for path in paths if path.is_file()]
    elif (root / location).is_dir():
        listed = [path for path in (root / location).iterdir() if path.is_file()]
    elif (root / location).is_file():
        return [(root / location, location, "")]
    else:
        archive = _archive(root, location)
        if archive is None:
            _not_there(source)
        path, member = archive
        return [(path, location.removesuffix(f"/{member}"), member)]
    listed = [path for path in listed if not path.name.startswith(".") and not integrity.is_checksum_file(path)]
    named = [(path, path.relative_to(root).as_posix(), "") for path in listed]
    if not named:
        _not_there(source)
    return sorted(named, key=lambda part: part[1])


def locate(source: Source) -> Path:
    """Return the first file of a source: inside an installed package, or below the project.

    Raises
    ------
    DeliveryError
        Where the package is not installed or nothing is there.
    """
    return parts_of_location(source)[0][0]


def delivered_files(study: Study) -> dict[str, str]:
    """Return the SHA-256 of each delivery of a study as it lies now, by table; one that is not there is left out.

    A delivery of one file has that file's; one of several has the SHA-256 of their names and theirs.
    """
    found = {}
    for source in study.sources:
        if source.reader not in REMOTE:
            with contextlib.suppress(DeliveryError):
                files = find_files(source)
                path = corrected_folder(study.name) / f"{source.name}.csv"
                if path.is_file():
                    files = (*files, DeliveredFile(path.name, path, sha256(path), path.stat().st_size))
                found[study.described_as(source)] = delivery_digest(files)
    return found


def delivery_digest(files: tuple[DeliveredFile, ...]) -> str:
    """Return one SHA-256 for all files of a delivery."""
    return files[0].sha256 if len(files) == 1 else digest([[file.name, file.sha256] for file in files])


def _root(source: Source) -> tuple[Path, str]:
    if source.reader != "package":
        return output_root(), source.location
    package, _, rest = source.location.partition("/")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DeliveryError(
            f"the Python package '{package}' is not installed",
            table=source.table,
            remedy="run 'make reports', which installs it",
        )
    return Path(next(iter(spec.submodule_search_locations))), rest


def _archive(root: Path, location: str) -> tuple[Path, str] | None:
    """The archive above a location, if one of the folders in its path is a zip file."""
    parts = PurePosixPath(location).parts
    for cut in range(1, len(parts)):
        path = root.joinpath(*parts[:cut])
        if path.is_file() and path.suffix.lower() == ".zip":
            return path, "/".join(parts[cut:])
    return None


def _files_at(source: Source, path: Path, name: str, inner: str) -> list[DeliveredFile]:
    """One file, or the files in an archive."""
    try:
        size, changed = path.stat().st_size, path.stat().st_mtime_ns
        found = _digest_of(path, size, changed)
    except OSError as error:
        raise DeliveryError(
            f"it cannot be read ({error.strerror})", table=source.table, file=name, code="E_MISSING"
        ) from None
    integrity.verify_digest(path, found, table=source.table, name=name)
    whole = DeliveredFile(name, path, found, size, _delivered_on(source, name))
    if path.suffix.lower() != ".zip" or source.reader not in _UNPACKED:
        return [whole]
    inside = members(whole, table=source.table)
    if inner and inner not in inside:
        raise DeliveryError(
            f"the archive has no file '{inner}' (it has: {', '.join(inside[:12])})",
            table=source.table,
            file=name,
            code="E_ZIP",
            remedy="correct 'location'",
        )
    return [
        DeliveredFile(
            f"{name}/{member}", path, digest([found, member]), size, _delivered_on(source, member, name), member
        )
        for member in ([inner] if inner else inside)
    ]


@lru_cache(maxsize=4096)
def _digest_of(path: Path, size: int, changed: int) -> str:
    """The SHA-256 of a file, computed once per process as long as neither its size nor its time of change differ."""
    return sha256(path)


def _delivered_on(source: Source, *names: str) -> date | None:
    """The day that a file's name tells, where the contract says that it does."""
    if not isinstance(source.loaded_at, LoadedFile):
        return None
    for name in names:
        stem = PurePosixPath(name).name
        for ending in (".gz", ".zip"):
            stem = stem.removesuffix(ending)
        stem = PurePosixPath(stem).stem if PurePosixPath(stem).suffix.isascii() else stem
        with contextlib.suppress(ValueError):
            return datetime.strptime(stem, source.loaded_at.file).date()
    raise DeliveryError(
        f"its name does not say when it was delivered, as '{source.loaded_at.file}' promises",
        table=source.table,
        file=names[0],
        code="E_SCHEMA",
        remedy="rename the file, or correct 'loaded_at'",
    )


def _not_there(source: Source) -> None:
    remedy = "put it there"
    if source.provenance == "simulated":  # an older delivery may lie there that did not have this file
        remedy = "make it with 'python -m customer_patterns simulate', the study's name and --replace,"
    remedy += " or correct 'location'"
    raise DeliveryError(f"{source.location} is not there", table=source.table, code="E_MISSING", remedy=remedy)
