"""``python -m customer_patterns vault …``: make a key, look one pseudonym up, change the key."""

from __future__ import annotations

import shutil
from pathlib import Path

from customer_patterns.privacy import KEY, Key, KeyProblem, Vault, key_file, make_key, need_key, read_key
from customer_patterns.privacy.blocklist import BlockList
from customer_patterns.sources.persons import vault_of
from customer_patterns.study import load_study, output_root, project_root, read_env


def _outside() -> tuple[Path, ...]:
    return (project_root(), output_root())


def new_key(path: Path | None = None) -> tuple[Key, Path]:
    """Make a key file outside of the repository; return the key and where it lies."""
    chosen = (path or key_file()).expanduser().absolute()
    return make_key(chosen, outside=_outside()), chosen


def look_up(study: str | None, pseudonym: str, *, why: str) -> dict[str, str]:
    """Return what stands behind one pseudonym of a study; the access is written down with its reason."""
    return vault_of(load_study(str(study or read_env().get("study")))).look_up(pseudonym, why=why)


def rotate(path: Path | None) -> tuple[Key, Path, list[str]]:
    """Lock every vault with a new key; called again after an interruption with the same file, it goes on.

    Tables that hold pseudonyms of the old key are removed, and made anew by the next build.

    Parameters
    ----------
    path
        Where the new key goes, or lies already.

    Returns
    -------
    tuple
        The new key, its file, and the studies whose vaults were changed.
    """
    if path is None:
        raise KeyProblem("say with --file where the new key goes; the old one stays until you destroy it")
    old = need_key(why="vaults are to be locked anew", outside=_outside())
    chosen = path.expanduser().absolute()
    new = read_key(chosen, outside=_outside()) if chosen.exists() else make_key(chosen, outside=_outside())
    if new == old:
        raise KeyProblem(f"{chosen.name} holds the key that is in force ({KEY} or its file); name another file")
    folder, changed = output_root() / "data" / "vault", []
    for file in sorted(folder.glob("*.vault")):
        vault = Vault(file, old)
        if vault.key_id() not in (old.id, new.id):  # of simulated customers, whose key is no secret
            continue
        vault.rotate(new)
        listed = BlockList(file.with_suffix(".blocked.json"), old)
        listed.rotate(new)
        runs = output_root() / "data" / "runs" / file.stem
        for stage in sorted(runs.glob("*/collect")) + sorted(runs.glob("*/clean")):
            shutil.rmtree(stage)
        changed.append(file.stem)
    return new, chosen, changed
