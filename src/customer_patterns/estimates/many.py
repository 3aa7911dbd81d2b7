"""The loop that resamples very many customers: Poisson weights, drawn and summed at once. Needs numba.

Sixteen customers are drawn from one state of the generator: it consists of independent lanes, each a 32-bit xorshift
(Marsaglia 2003, J. Stat. Softw. 8, 14), and each number gives two weights of 16 bits. A weight is the number of
thresholds that its 16 bits reach; the thresholds are the Poisson distribution of mean one, cut at eight, in steps of
1/65,536, corrected in the commonest step so that the mean is exactly one.
"""

from __future__ import annotations

import numpy as np

from customer_patterns.estimates.compiling import compiled

LANES = 32
#: Customers looked at together.
_AT_ONCE = 2_048


def thresholds() -> np.ndarray:
    """Return from which 16-bit numbers on a weight is at least 1, 2, … 8; its mean is one, to the last digit."""
    chances = np.exp(-1) / np.cumprod(np.concatenate([[1.0], np.arange(1.0, 9.0)]))
    least = np.round(np.cumsum(chances)[:-1] * 65_536).astype(np.int64)
    # The mean weight is the sum over thresholds of the share of numbers at or above them.
    least[0] += (65_536 - least).sum() - 65_536
    return least.astype(np.int32)


@compiled
def resampled_sums(columns, least, seeds):
    """Sum columns over customers, each weighted by a Poisson number, once per resample.

    Parameters
    ----------
    columns
        Figures × customers, 32-bit; the number of customers is a multiple of 64, with zeros at the end.
    least
        The thresholds.
    seeds
        One row of ``LANES`` seeds per resample, none zero.

    Returns
    -------
    ndarray
        Resamples × figures, 64-bit.
    """
    figures, n = columns.shape
    resamples = len(seeds)
    sums, states = np.zeros((resamples, figures)), seeds.copy()
    state = np.empty(LANES, dtype=np.uint32)
    weight = np.empty(2 * LANES, dtype=np.float32)
    partial = np.empty((figures, 2 * LANES), dtype=np.float32)
    # Named one by one, they stay in registers, and a lane is a lane of the processor.
    a, b, c, d, e, g, h, i = least[0], least[1], least[2], least[3], least[4], least[5], least[6], least[7]
    # A few customers at a time for all resamples: they stay close to the processor, and sums of 32 bits stay short.
    for start in range(0, n, _AT_ONCE):
        stop = min(start + _AT_ONCE, n)
        for r in range(resamples):
            partial[:] = 0
            state[:] = states[r]
            for block in range(start, stop, 2 * LANES):
                for lane in range(LANES):
                    x = state[lane]
                    x = np.uint32(x ^ (x << np.uint32(13)))
                    x = np.uint32(x ^ (x >> np.uint32(17)))
                    x = np.uint32(x ^ (x << np.uint32(5)))
                    state[lane] = x
                    low, high = np.int32(x & np.uint32(65535)), np.int32(x >> np.uint32(16))
                    weight[lane] = np.int32(
                        np.int32(low >= a) + np.int32(low >= b) + np.int32(low >= c) + np.int32(low >= d)
                        + np.int32(low >= e) + np.int32(low >= g) + np.int32(low >= h) + np.int32(low >= i)
                    )  # fmt: skip
                    weight[LANES + lane] = np.int32(
                        np.int32(high >= a) + np.int32(high >= b) + np.int32(high >= c) + np.int32(high >= d)
                        + np.int32(high >= e) + np.int32(high >= g) + np.int32(high >= h) + np.int32(high >= i)
                    )  # fmt: skip
                for f in range(figures):
                    for lane in range(2 * LANES):
                        partial[f, lane] += weight[lane] * columns[f, block + lane]
            states[r] = state
            for f in range(figures):
                total = 0.0
                for lane in range(2 * LANES):
                    total += partial[f, lane]
                sums[r, f] += total
    return sums
