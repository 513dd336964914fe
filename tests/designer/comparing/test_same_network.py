"""Whether two graphs stand for one network, whatever their layers are called."""

from __future__ import annotations

from designer.comparing.same import is_same_network
from designer.graph import GraphBuilder, LayerGraph


def residual(*, shortcut_first: bool = True, swapped: bool = False, name: str = "x") -> LayerGraph:
    g = GraphBuilder()
    x = g.add("InputLayer", f"{name}_inputs", shape=(8, 8, 3))

    def convolution(size: int) -> str:
        return g.add("Conv2D", f"{name}_{size}", x, filters=3, kernel_size=(size, size))

    if shortcut_first:
        link, main = convolution(1), convolution(3)
    else:
        main, link = convolution(3), convolution(1)
    ways = (main, link) if swapped else (link, main)
    return g.graph([g.add("Add", f"{name}_add", ways)])


def test_names_and_the_order_of_branches_do_not_matter() -> None:
    usual = residual()
    assert is_same_network(usual, residual(name="other"))
    assert is_same_network(usual, residual(shortcut_first=False))
    assert is_same_network(usual, residual(swapped=True))


def chain(*sizes: int, tied: bool = True) -> LayerGraph:
    g = GraphBuilder()
    x = start = g.add("InputLayer", "inputs", shape=(8,))
    for place, units in enumerate(sizes):
        x = g.add("Dense", f"d{place}", x if tied else start, units=units)
    return g.graph([x])


def test_arguments_order_and_wiring_matter() -> None:
    assert is_same_network(chain(4, 2), chain(4, 2))
    assert not is_same_network(chain(4, 2), chain(2, 4))
    assert not is_same_network(chain(4, 2), chain(4, 3))
    assert not is_same_network(chain(4, 2), chain(4, 2, tied=False))
    assert not is_same_network(chain(4, 2), chain(4, 2, 2))
