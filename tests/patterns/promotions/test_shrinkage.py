"""Many small estimates drawn toward their mean: by hand, and nearer to the truth than they were."""

from __future__ import annotations

import numpy as np
import pytest

from customer_patterns.patterns.promotions.shrinkage import shrink


def test_estimates_that_differ_by_chance_only_all_become_their_mean() -> None:
    drawn = shrink([0.9, 1.0, 1.1], [1.0, 1.0, 1.0])
    assert drawn.spread == 0
    assert drawn.value == pytest.approx([1.0, 1.0, 1.0])
    assert drawn.mean_error == pytest.approx(1 / np.sqrt(3))


def test_what_is_known_exactly_is_left_where_it_is() -> None:
    assert shrink([0.0, 4.0], [1e-6, 1e-6]).value == pytest.approx([0.0, 4.0])


def test_by_hand() -> None:
    # Variance 8 with errors of 1: true variance 7. Each keeps 7/8 of its distance of 2 from the mean of 2.
    drawn = shrink([0.0, 4.0], [1.0, 1.0])
    assert drawn.spread == pytest.approx(np.sqrt(7))
    assert drawn.value == pytest.approx([0.25, 3.75])
    # Posterior variance 7/8, and (1/8)² of the mean's variance 8/2
    assert drawn.high[0] - drawn.value[0] == pytest.approx(1.95996 * np.sqrt(7 / 8 + 4 / 64), abs=1e-4)


def test_it_lies_nearer_to_the_truth_than_each_for_itself_and_its_intervals_hold() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(0.6, 0.3, 2000)
    errors = random.uniform(0.1, 0.8, 2000)
    seen = truth + random.normal(0, errors)
    drawn = shrink(seen, errors)
    assert np.mean((drawn.value - truth) ** 2) < 0.6 * np.mean((seen - truth) ** 2)
    assert drawn.spread == pytest.approx(0.3, abs=0.03)
    assert 0.93 <= np.mean((drawn.low <= truth) & (truth <= drawn.high)) <= 0.97
    # The broken twin shrinks everything to the mean: what truly differs is lost.
    twin = np.full(2000, seen.mean())
    assert np.mean((twin - truth) ** 2) > np.mean((drawn.value - truth) ** 2)


@pytest.mark.parametrize(("estimates", "errors"), [([], []), ([1.0, 2.0], [0.0, 1.0])])
def test_nothing_to_shrink_is_refused(estimates: list[float], errors: list[float]) -> None:
    with pytest.raises(ValueError, match="standard errors"):
        shrink(estimates, errors)
