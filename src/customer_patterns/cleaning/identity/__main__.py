"""``python -m customer_patterns.cleaning.identity STUDY LAST_DAY``: keep the numbers of a run's profiles for later."""

from __future__ import annotations

import sys
from datetime import date

import pandas as pd

from customer_patterns.cleaning.identity.corrections import write_register
from customer_patterns.schemas import Refusal
from customer_patterns.study import load_study, stage_folder


def main(arguments: list[str]) -> int:
    """Write the register of profiles' numbers; return the exit status."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        study, as_of = load_study(arguments[0]), date.fromisoformat(arguments[1])
    except (Refusal, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    path = stage_folder(study.name, as_of, "clean") / "profiles.parquet"
    if not path.is_file():
        print(f"{study.name} has no run on {as_of} with profiles; build it first", file=sys.stderr)
        return 1
    profiles = pd.read_parquet(path)
    if profiles.empty:
        print(f"{study.name} delivers no records of persons: there is nothing to keep", file=sys.stderr)
        return 1
    write_register(study, profiles)
    print(f"{len(profiles):,} numbers kept for {profiles['profile_id'].nunique():,} profiles")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
