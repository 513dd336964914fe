"""Which of our designs a network is: looked for with the templates' own expansions.

There is no second grammar here. A template expands into a builder that, instead of adding a layer,
looks for it among the layers of the network (:mod:`matching`); a parameter that is asked for and
not yet known is tried with the values that the network shows (:mod:`values`). So a new block
pattern is recognised once it can be built, as long as its fields are of the known kinds. What
comes out is then expanded once more and compared, layer by layer.
"""

from __future__ import annotations

from designer.importing.recognising.recognise import Recognised, recognise, same_layers

__all__ = ["Recognised", "recognise", "same_layers"]
