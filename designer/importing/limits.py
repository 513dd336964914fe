"""How much of a file is looked at. Each limit is named in the refusal that enforces it."""

from __future__ import annotations

from designer.graph import MOST_LAYERS as MOST_LAYERS

LARGEST_FILE = 2 * 1024**3
"""Bytes of a file that a browser sends; VGG16's package has 0.5 billion."""

LARGEST_JSON = 16 * 1024 * 1024
"""Bytes of a design, or of a model's layers as JSON; DenseNet121 has 0.4 million."""

MOST_VALUES = 1_500_000
"""Values of a JSON text, roughly."""

DEEPEST = 100
"""How many lists and objects may stand in one another in a file."""

MOST_WIRES = 50_000
"""Connections between layers; ResNet152 has 600."""

DEEPEST_MODELS = 8
"""How many models may stand in one another."""

MOST_ENTRIES = 20_000
"""Files in an archive."""

MOST_TEXTS = 200_000
"""Texts of an HDF5 file that are looked at; a model of Keras 2 has a few for each of its layers."""

LARGEST_LIST = 8 * 1024 * 1024
"""Bytes of the list of files at an archive's end, which is read before anything else."""

LARGEST_SIZE = 10**9
"""The largest number that a layer's size may have: more is no network but a slip or a trap."""

LONGEST_NAME = 80
"""Characters of a layer's or a model's name that are kept."""

MOST_STEPS = 300_000
"""Layers that are tried, in all, when a network is looked for among our templates."""
