"""The product's figures as ratios: ``python -m benchmarks [NAME…]`` (see ``--help``).

Both sides of a ratio are measured in one run on the same machine, in turns, so that what else
the machine does falls on both. A group of figures is a module here with one function,
``measure``; ``benchmarks.catalogue`` lists them. ``scripts/`` holds the other sides: what a
person would write without Model Designer.
"""
