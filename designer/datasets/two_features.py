"""Three classic data sets of two features, made with a fixed seed: what a network makes of them
can be drawn as a map. Nothing is downloaded."""

from __future__ import annotations

import numpy as np

from designer.datasets.cache import RawArrays
from designer.datasets.catalogue import DatasetInfo

SEED = 7


def fetch(info: DatasetInfo, *, timeout: float) -> RawArrays:
    """Return two_moons, circles or spirals: features float32 (n, 2), classes int64 (n, 1).

    Args:
        info: the entry.
        timeout: not needed here, as nothing is waited for.
    """
    features, classes = _MAKERS[info.name](info.examples)
    return RawArrays(features.astype(np.float32), classes.astype(np.int64)[:, np.newaxis])


def _moons(count: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_moons

    return make_moons(count, noise=0.2, random_state=SEED)


def _circles(count: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import make_circles

    return make_circles(count, noise=0.1, factor=0.45, random_state=SEED)


def _spirals(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Three arms, a class each, that turn by three quarters of a circle."""
    generator = np.random.default_rng(SEED)
    classes = np.arange(count) % 3
    along = np.sqrt(generator.random(count))  # as many to a length of the arm, far and near
    angle = 1.5 * np.pi * along + 2 * np.pi * classes / 3
    features = along[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    order = generator.permutation(count)
    return (features + generator.normal(0, 0.03, (count, 2)))[order], classes[order]


_MAKERS = {"two_moons": _moons, "circles": _circles, "spirals": _spirals}
