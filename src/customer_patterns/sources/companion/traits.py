"""Where households live and what they do: regions with their kind of area, occupation and education.

Simulated traits of real customers stand in a table of their own, never among what the panel says about them. They
explain nothing that was bought: neither purchases nor answers had a part in drawing them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.companion.plan import Plan

#: Region: name, kind of area, inhabitants, median yearly household income. No such places exist.
REGIONS: dict[str, tuple[str, str, int, float]] = {
    "R01": ("Harbor Quarter", "urban", 182_000, 58_400.0),
    "R02": ("Old Mill District", "urban", 143_000, 51_900.0),
    "R03": ("Station Square", "urban", 121_000, 47_300.0),
    "R04": ("University Hill", "urban", 98_000, 43_800.0),
    "R05": ("Foundry Park", "urban", 87_000, 40_100.0),
    "R06": ("Cathedral Row", "urban", 64_000, 72_500.0),
    "R07": ("Maple Heights", "suburban", 112_000, 81_200.0),
    "R08": ("Orchard Grove", "suburban", 96_000, 76_800.0),
    "R09": ("Lakeview", "suburban", 91_000, 88_600.0),
    "R10": ("Stonebridge", "suburban", 78_000, 69_400.0),
    "R11": ("Fairfield Green", "suburban", 73_000, 92_100.0),
    "R12": ("Cedar Crossing", "suburban", 66_000, 64_700.0),
    "R13": ("Willow Bend", "suburban", 59_000, 71_300.0),
    "R14": ("Summit Ridge", "suburban", 41_000, 103_500.0),
    "R15": ("Clover County", "rural", 38_000, 49_600.0),
    "R16": ("Blue River Valley", "rural", 33_000, 46_200.0),
    "R17": ("Prairie View", "rural", 29_000, 52_700.0),
    "R18": ("Timberline", "rural", 24_000, 44_500.0),
    "R19": ("Windmill Plains", "rural", 19_000, 47_900.0),
    "R20": ("Far Hollow", "rural", 9_000, 39_800.0),
}
#: Share of each education by kind of area.
EDUCATION: dict[str, dict[str, float]] = {
    "urban": {"secondary": 0.28, "some college": 0.24, "bachelor": 0.31, "postgraduate": 0.17},
    "suburban": {"secondary": 0.26, "some college": 0.29, "bachelor": 0.31, "postgraduate": 0.14},
    "rural": {"secondary": 0.44, "some college": 0.31, "bachelor": 0.18, "postgraduate": 0.07},
}
#: Share of each occupation by education.
OCCUPATION: dict[str, dict[str, float]] = {
    "secondary": {
        "professional": 0.03, "office and sales": 0.20, "trades and production": 0.30, "service": 0.20,
        "retired": 0.18, "at home": 0.09,
    },
    "some college": {
        "professional": 0.12, "office and sales": 0.30, "trades and production": 0.18, "service": 0.16,
        "retired": 0.17, "at home": 0.07,
    },
    "bachelor": {
        "professional": 0.42, "office and sales": 0.24, "trades and production": 0.05, "service": 0.08,
        "retired": 0.15, "at home": 0.06,
    },
    "postgraduate": {
        "professional": 0.66, "office and sales": 0.10, "trades and production": 0.02, "service": 0.04,
        "retired": 0.14, "at home": 0.04,
    },
}  # fmt: skip
#: Share of households of whom the trait is not known.
SILENT_ON_EDUCATION, SILENT_ON_OCCUPATION = 0.04, 0.06


def regions() -> pd.DataFrame:
    """Return the canonical table ``regions``: one row per region, by its key."""
    names = ["region_name", "area_type", "population", "median_income"]
    table = pd.DataFrame.from_dict(REGIONS, orient="index", columns=names).rename_axis("region_id").reset_index()
    return table.assign(country="US")


def draw_traits(plan: Plan, customer_ids: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Assign households to regions and draw their education and occupation.

    Parameters
    ----------
    plan
        The parameters.
    customer_ids
        The households.

    Returns
    -------
    delivered
        The canonical table ``customer_traits``, by ``customer_id``.
    truth
        The same without gaps, with ``area_type``.
    """
    lot, ids = Lot(plan.seed, "traits"), np.sort(np.asarray(customer_ids, dtype=object))
    keys = keys_of(ids)
    people = sum(region[2] for region in REGIONS.values())
    region = lot.choice(keys, "region", {name: region[2] / people for name, region in REGIONS.items()})
    area = pd.Series(region, dtype=object).map({name: values[1] for name, values in REGIONS.items()}).to_numpy()
    education = _by_group(lot, keys, "education", area, EDUCATION)
    occupation = _by_group(lot, keys, "occupation", education, OCCUPATION)
    truth = pd.DataFrame(
        {
            "customer_id": ids,
            "region_id": region,
            "area_type": area,
            "occupation": occupation,
            "education": education,
        }
    )
    silent = {
        "occupation": lot.happens(keys, "silent on occupation", SILENT_ON_OCCUPATION),
        "education": lot.happens(keys, "silent on education", SILENT_ON_EDUCATION),
    }
    delivered = truth.drop(columns="area_type").assign(
        **{name: truth[name].mask(missing, None) for name, missing in silent.items()}
    )
    return delivered, truth


def traits_truth() -> dict[str, object]:
    """Say what is planted about traits."""
    return {
        "education_by_area": EDUCATION,
        "occupation_by_education": OCCUPATION,
        "not_known": {"education": SILENT_ON_EDUCATION, "occupation": SILENT_ON_OCCUPATION},
        "without_effect_on": ["purchases", "answers", "contacts", "feedback"],
    }


def _by_group(
    lot: Lot, keys: np.ndarray, what: str, group: np.ndarray, shares: dict[str, dict[str, float]]
) -> np.ndarray:
    """Draw names with the shares of each one's group."""
    drawn = np.full(len(keys), None, dtype=object)
    for name, of_group in shares.items():
        inside = group == name
        drawn[inside] = lot.choice(keys[inside], what, of_group)
    return drawn
