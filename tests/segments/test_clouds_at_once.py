"""Clouds that are looked at side by side get the very chances that they would get one after the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from customer_patterns.segments import stability
from customer_patterns.segments.clusters.halves import chances_taken, stability_by_k


@pytest.mark.parametrize(("n", "halves"), [(60, 4), (61, 3)])
def test_so_many_chances_are_drawn_as_is_said(n, halves):
    points, ks = np.random.default_rng(1).standard_normal((n, 3)), (2, 4)
    drawn, passed_over = np.random.default_rng(7), np.random.default_rng(7)
    stability_by_k(points, ks=ks, halves=halves, rng=drawn)
    passed_over.bit_generator.advance(chances_taken(n, ks=ks, halves=halves))
    assert drawn.random() == passed_over.random()


def test_the_order_of_work_changes_nothing(monkeypatch):
    points = np.random.default_rng(2).standard_normal((90, 3))
    tables = []
    for at_once in (1, 2, 5):
        monkeypatch.setattr(stability, "_AT_ONCE", at_once)
        tables.append(stability.cluster_stability(points, ks=range(2, 4), halves=4, null_clouds=5, sample=60, seed=3))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0], check_exact=True)


def test_a_cloud_with_another_ones_chances_is_another(monkeypatch):
    """The broken twin: one number too many is passed over."""
    points = np.random.default_rng(2).standard_normal((90, 3))
    asked = {"ks": range(2, 4), "halves": 4, "null_clouds": 5, "sample": 60, "seed": 3}
    right = stability.cluster_stability(points, **asked)
    monkeypatch.setattr(stability, "chances_taken", lambda n, **how: chances_taken(n, **how) + 1)
    assert not right.equals(stability.cluster_stability(points, **asked))
