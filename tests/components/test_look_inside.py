"""Which layers can be seen, and how weights, heat and maps are painted."""

from __future__ import annotations

import numpy as np

from components.boundary_view import COLOURS, painted
from components.inside_pictures import diverging, heat_colours, heat_over
from components.look_inside import layers_with_filters
from designer import Design, summarize
from designer.training.boundary import Boundary


def names(template: str, shape: tuple[int, ...]) -> list[str]:
    design = Design.from_template(template, input_shape=list(shape))
    return [layer.name for layer in layers_with_filters(summarize(design), shape)]


def test_layers_whose_weights_are_pictures() -> None:
    assert names("cnn", (28, 28, 1)) == ["group1_block1_conv"]
    resnet = names("resnet50", (224, 224, 3))
    assert resnet[0].startswith("stem")
    assert "group1_block1_conv2" in resnet
    assert "group1_block1_conv1" not in resnet, "one pixel is no picture"
    flat = names("image_dnn", (28, 28))
    assert len(flat) == 1, "only the first dense layer looks at the picture itself"


def test_weights_have_one_scale_for_all() -> None:
    pictures = diverging(np.array([[[1.0, 0.0]], [[-0.5, -1.0]]]))
    assert pictures[0][0, 1].tolist() == [250, 250, 250]
    assert pictures[0][0, 0, 0] > pictures[0][0, 0, 2], "orange speaks for"
    assert pictures[1][0, 1, 2] > pictures[1][0, 1, 0], "blue speaks against"
    assert pictures[1][0, 0].sum() > pictures[1][0, 1].sum(), "half as much is paler"
    coloured = diverging(np.zeros((2, 3, 3, 3)))
    assert coloured[0].shape == (3, 3, 3)
    assert coloured[0].min() == coloured[0].max() == 128


def test_heat_lies_over_pictures_in_grey_and_in_colour() -> None:
    heat = np.array([[0.0, 1.0]])
    assert heat_colours(heat)[0, 1].tolist() == [240, 249, 33]
    for picture in (np.zeros((1, 2), np.uint8), np.zeros((1, 2, 3), np.uint8)):
        over = heat_over(picture, heat)
        assert over.shape == (1, 2, 3)
        assert over[0, 1].sum() > over[0, 0].sum()


def boundary(outputs: np.ndarray) -> Boundary:
    side = outputs.shape[0]
    axis = np.linspace(0, 1, side)
    points, truths = np.array([[0.25, 0.9]]), np.array([1])
    return Boundary(axis, axis, outputs, points, truths, 1, 1)


def nearest(pixel: np.ndarray) -> int:
    """Return the class whose colour, made paler, a pixel has."""
    direction = (255 - COLOURS) / np.linalg.norm(255 - COLOURS, axis=1, keepdims=True)
    return int((direction @ (255.0 - pixel)).argmax())


def test_the_map_is_the_right_way_up() -> None:
    outputs = np.zeros((20, 20, 3), np.float32)
    outputs[:10, :, 0] = 1  # small y
    outputs[10:, :10, 1] = 1
    outputs[10:, 10:, 2] = 1
    picture = painted(boundary(outputs), 200)
    assert nearest(picture[180, 100]) == 0, "small y is below"
    assert nearest(picture[60, 20]) == 1
    assert nearest(picture[60, 180]) == 2
    assert picture[20, 50].tolist() == COLOURS[1].tolist(), "the example of class 1"


def test_one_output_is_a_chance_or_a_number() -> None:
    ramp = np.repeat(np.linspace(0, 1, 20, dtype=np.float32)[None, :, None], 20, axis=0)
    for outputs in (ramp, 300 * ramp - 20):
        picture = painted(boundary(outputs), 100)
        assert nearest(picture[90, 5]) == 0
        assert nearest(picture[90, 95]) == 1
    assert painted(boundary(np.full((20, 20, 1), np.nan, np.float32)), 50).shape == (50, 50, 3)
