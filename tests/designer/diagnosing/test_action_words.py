"""What the buttons say."""

from __future__ import annotations

import pytest

from designer.diagnosing import action_words


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"change": {"learning_rate": 0.0001}}, "Go on with learning rate 0.0001"),
        ({"settings": {"learning_rate": 3.0}}, "Start again with learning rate 3"),
        (
            {"change": {"early_stopping": 3}},
            "Go on with an early stop after 3 epochs without improvement",
        ),
        ({"settings": {"augmentation": {"zoom": 0.1}}}, "Start again with varied pictures"),
        ({"settings": {"class_weights": "balanced"}}, "Start again with balanced class weights"),
        ({"design": {"hidden": [64, 64]}}, "Start again with hidden layers of 64 units"),
        ({"design": {"hidden": [64, 32]}}, "Start again with hidden layers of 64, 32 units"),
        ({"design": {"activation": "relu"}}, "Start again with ReLU"),
        ({"design": {"hidden_dropout": 0.3}}, "Start again with hidden dropout 0.3"),
        ({"design": {"l2": 0.0005}}, "Start again with a weight penalty (L2) of 0.0005"),
        (
            {"settings": {"early_stopping": 3, "keep": "best"}},
            "Start again with an early stop after 3 epochs without improvement and the best"
            " weights kept",
        ),
    ],
)
def test_a_button_says_what_it_does(action: dict, words: str) -> None:
    assert action_words(action) == words
