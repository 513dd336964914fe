"""Training settings: defaults, JSON, and refusals that name the field."""

from __future__ import annotations

from typing import Any

import pytest

from designer.training.settings import SettingsError, TrainingSettings


def test_settings_go_through_json() -> None:
    settings = TrainingSettings(dataset="iris", task="multiclass", learning_rate=1, epochs=3)
    assert TrainingSettings.from_json(settings.to_json()) == settings
    assert settings.learning_rate == 1.0
    assert settings.replace(epochs=4).epochs == 4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dataset", ""),
        ("task", 3),
        ("epochs", 0),
        ("epochs", 2.5),
        ("epochs", True),
        ("batch_size", "32"),
        ("batch_size", 10**9),
        ("learning_rate", 0),
        ("learning_rate", float("nan")),
        ("seed", -1),
        ("validation", 0),
        ("test", 1.0),
        ("scaling", "standardize"),
    ],
)
def test_a_bad_value_is_refused_with_its_field(field: str, value: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        TrainingSettings.from_dict({"dataset": "iris", field: value})
    assert caught.value.field == field
    assert field in str(caught.value) or "Known" in str(caught.value)


def test_splits_must_leave_something_to_train_on() -> None:
    with pytest.raises(SettingsError, match="100%"):
        TrainingSettings(dataset="iris", validation=0.5, test=0.5)


def test_unknown_settings_and_text_that_is_no_json_are_refused() -> None:
    with pytest.raises(SettingsError, match="Did you mean 'epochs'"):
        TrainingSettings.from_dict({"dataset": "iris", "epoch": 3})
    with pytest.raises(SettingsError, match="name a dataset"):
        TrainingSettings.from_dict({})
    with pytest.raises(SettingsError, match="not JSON"):
        TrainingSettings.from_json("{")
