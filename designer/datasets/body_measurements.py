"""A synthetic data set after the book's examples: from measures of a body to age and gender.

Every person is made up. The medians below follow the shape of published growth charts
(rounded, and with the growth spurt of girls drawn a little stronger), so that the classes
overlap and the boundaries are curved: before the teens girls are the taller, boys overtake
them at about 13, and the nose grows between 6 and 18 years.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from designer.datasets.cache import RawArrays
from designer.datasets.catalogue import DatasetInfo

SEED = 20_210
FEMALE, MALE = 0, 1

# Ages in years at which a category begins; the last value ends "adult".
AGE_LIMITS = (0.0, 2.0, 6.0, 13.0, 18.0, 65.0)

# Median height in cm at an age in years; constant after the last age.
_HEIGHT_AGES = (0, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
_HEIGHT_FEMALE = (
    49.1, 65.7, 74.0, 85.7, 94.2, 101.0, 108.0, 115.2, 121.9, 128.2, 134.5, 140.8, 147.6, 153.4,
    157.4, 160.2, 161.6, 162.4, 162.9, 163.1,
)  # fmt: skip
_HEIGHT_MALE = (
    49.9, 67.6, 75.7, 87.1, 95.3, 102.5, 109.2, 115.7, 122.0, 128.1, 133.6, 138.8, 143.7, 149.3,
    156.8, 164.4, 170.2, 173.6, 175.3, 176.1,
)  # fmt: skip

# Median body mass index in kg/m² at an age in years.
_MASS_AGES = (0, 0.5, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 30, 50, 65)
_MASS_INDEX = (13.4, 17.0, 16.6, 16.3, 15.4, 15.3, 15.9, 16.8, 18.0, 19.2, 20.5, 21.5, 24.5, 26.5,
               27.0)  # fmt: skip

_NOSE_CHILD = 8.0  # cm², up to 6 years
_NOSE_GROWTH = {FEMALE: 7.0, MALE: 10.0}  # cm² gained between 6 and 18 years


def typical_height(age: np.ndarray, gender: int) -> np.ndarray:
    """Return the median height in cm at an age in years."""
    return np.interp(age, _HEIGHT_AGES, _HEIGHT_MALE if gender == MALE else _HEIGHT_FEMALE)


def typical_weight(age: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Return the median weight in kg of people of this age (years) and height (cm)."""
    return np.interp(age, _MASS_AGES, _MASS_INDEX) * (height / 100) ** 2


def typical_nose(age: np.ndarray, gender: int) -> np.ndarray:
    """Return the median surface of a nose in cm²: constant, but from 6 to 18 years it grows."""
    grown = np.clip((age - 6) / 12, 0, 1)
    return _NOSE_CHILD + _NOSE_GROWTH[gender] * grown * grown * (3 - 2 * grown)


def fetch(info: DatasetInfo, *, timeout: float) -> RawArrays:
    """Make the people: as many in each age category, half of them female.

    Args:
        info: the entry of ``body_measurements``.
        timeout: not needed here, as nothing is waited for.

    Returns:
        height, weight, gender and nose, float32 (n, 4), to a tenth of their unit; age category
        and gender as class indexes, int64 (n, 2). The same on every machine.
    """
    generator = np.random.default_rng(SEED)
    people = info.examples // (2 * (len(AGE_LIMITS) - 1))
    groups = []
    for category, (youngest, oldest) in enumerate(pairwise(AGE_LIMITS)):
        for gender in (FEMALE, MALE):
            # One person in each of ``people`` equal slices of the category's years.
            age = (
                youngest
                + (oldest - youngest) * (np.arange(people) + generator.random(people)) / people
            )
            height = typical_height(age, gender) * generator.normal(1, 0.035, people)
            weight = typical_weight(age, height) * np.exp(generator.normal(0, 0.12, people))
            nose = typical_nose(age, gender) * generator.normal(1, 0.07, people)
            same = np.full(people, gender)
            groups.append(
                np.column_stack([height, weight, same, nose, np.full(people, category), same])
            )
    rows = generator.permutation(np.concatenate(groups))
    return RawArrays(np.round(rows[:, :4], 1).astype(np.float32), rows[:, 4:].astype(np.int64))
