"""Made-up heads and results for the tests of what is worked out from them."""

from __future__ import annotations

import numpy as np

from designer.evaluating import Head, Subject


def head(truth: list[int], said: list[int], classes: int = 3) -> Head:
    """Return a head that is 70% sure of each class it says."""
    scores = np.full((len(said), classes), 0.3 / max(1, classes - 1), np.float32)
    scores[np.arange(len(said)), said] = 0.7
    return Head("kind", tuple("abcdefgh"[:classes]), np.array(truth, np.int32), scores)


def subject(task: str, *classes: int, outputs: int = 1, picture: bool = False) -> Subject:
    names = tuple(tuple(f"c{head}-{n}" for n in range(count)) for head, count in enumerate(classes))
    count = outputs if task == "regression" else max(1, len(classes))
    return Subject(
        task,
        "Made up",
        picture,
        (0, 255) if picture else None,
        names,
        tuple(f"target {n}" for n in range(count)),
        () if picture else ("x", "y"),
    )


def softmax(seed: int, count: int, classes: int) -> np.ndarray:
    logits = np.random.default_rng(seed).normal(size=(count, classes)) * 2
    powers = np.exp(logits)
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
