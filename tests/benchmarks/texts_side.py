"""Read many short reviews in a process of its own: ``python -m tests.benchmarks.texts_side <texts>``.

Prints one line of JSON: CPU seconds of the reading alone (texts in memory before, themes, praise, blame and topics in
memory after), the process's largest memory in GB, and what came of it.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

#: Share of Chinese reviews, and of reviews with stars.
_CHINESE, _RATED = 0.4, 0.9


def reviews(texts: int, *, seed: int = 20170111) -> pd.DataFrame:
    """Draw short reviews of one to three sentences from the phrases of the simulated companion, by many writers."""
    from customer_patterns.sources.companion import phrases_en, phrases_zh
    from customer_patterns.sources.companion.feedback import _compose

    rng = np.random.default_rng(seed)
    banks = {"en": phrases_en, "zh": phrases_zh}
    language = np.where(rng.random(texts) < _CHINESE, "zh", "en")
    stars = rng.choice([1, 2, 3, 4, 5], texts, p=[0.12, 0.12, 0.16, 0.25, 0.35])
    said = [_compose(rng, banks[one], "plain", int(star))[0] for one, star in zip(language, stars, strict=True)]
    return pd.DataFrame(
        {
            "feedback_id": [f"r{number:07d}" for number in range(texts)],
            "customer_id": None,
            "writer": [f"w{number}" for number in rng.integers(0, texts // 2, texts)],
            "language": None,
            "rating": pd.Series(stars).astype("Int64").where(rng.random(texts) < _RATED),
            "text": said,
        }
    )


def measure(texts: int) -> dict[str, float]:
    """Read them once."""
    from customer_patterns.satisfaction.text.reading import read_frame
    from customer_patterns.satisfaction.text.themes import text_themes

    table = reviews(texts)
    before = time.process_time()
    reading = read_frame(table)
    themes = text_themes(reading)
    seconds = time.process_time() - before
    return {
        "seconds": seconds,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "themes": len(themes),
        "topics": sum(len(found.names) for found in reading.topics.values()),
        "right": min(float(found.right.value) for found in reading.sentiment.values()),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
