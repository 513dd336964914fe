"""The data sets that come with scikit-learn. Nothing is downloaded."""

from __future__ import annotations

import numpy as np

from designer.datasets.cache import RawArrays
from designer.datasets.catalogue import DatasetInfo


def fetch(info: DatasetInfo, *, timeout: float) -> RawArrays:
    """Return iris, wine, breast_cancer, diabetes or digits as scikit-learn has them.

    Diabetes is taken in its own units (``scaled=False``), so that its first rows can be read
    and that the scaling is learned from the training part alone.

    Args:
        info: the entry; its name is scikit-learn's.
        timeout: not needed here, as nothing is waited for.

    Returns:
        tables float32 (n, columns); digits uint8 (n, 8, 8, 1) with pixels from 0 to 16.
    """
    from sklearn import datasets

    options = {"scaled": False} if info.name == "diabetes" else {}
    features, target = getattr(datasets, f"load_{info.name}")(return_X_y=True, **options)
    features = features.reshape(-1, *info.raw_shape)
    return RawArrays(
        features.astype(np.uint8 if info.kind == "image" else np.float32),
        target[:, np.newaxis].astype(np.int64 if info.targets[0].classes else np.float32),
    )
