"""Errors of predicted numbers, by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from designer.evaluating import rank_regression, residuals, words


def test_agrees_with_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    truth = generator.normal(150, 40, 300)
    predicted = truth + generator.normal(5, 20, 300)
    found = residuals("progress", truth, predicted)
    assert found.mean_error == pytest.approx(np.mean(predicted - truth))
    assert found.mean_absolute_error == pytest.approx(metrics.mean_absolute_error(truth, predicted))
    squared = metrics.mean_squared_error(truth, predicted)
    assert found.root_mean_squared_error == pytest.approx(squared**0.5)
    assert found.r2 == pytest.approx(metrics.r2_score(truth, predicted))


def test_sentences() -> None:
    assert words.errors(residuals("x", np.array([1.0, 3]), np.array([2.0, 4]))) == (
        "It is off by 1 in the mean. It tends to guess too high, by 1. "
        "It explains 0% of the variance."
    )
    assert "never changes" in words.errors(residuals("x", np.ones(3), np.zeros(3)))
    worse = residuals("x", np.array([0.0, 1]), np.array([9.0, -9]))
    assert "Always saying the mean would be better" in words.errors(worse)


def test_each_output_counts_in_its_own_deviations() -> None:
    truth = np.array([[0, 0], [1000, 1], [2000, 2]], np.float32)
    predicted = truth.copy()
    predicted[0, 0] += 900  # about one standard deviation
    predicted[2, 1] += 3  # more than three
    assert rank_regression(truth, predicted).rows.tolist() == [2, 0, 1]
    predicted[1, 1] = np.nan
    assert rank_regression(truth, predicted).rows[0] == 1
