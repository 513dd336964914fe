"""How much may be brought along. Each limit is named in the refusal that enforces it."""

from __future__ import annotations

MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a file as it is received."""

LARGEST_KEPT = 8 * GIGABYTE
"""Bytes of a data set as it is kept on disk."""

FREE_AFTERWARDS = 500 * MEGABYTE
"""Bytes of the disk that are left to everybody else."""

MOST_DATASETS = 50
"""Data sets of one owner."""

MOST_ROWS = 10_000_000
MOST_COLUMNS = 5_000
MOST_FEATURES = 20_000
"""Numbers an example, once categories have become columns."""

LONGEST_VALUE = 100_000
"""Characters of one value of a table: more is a quote that was never closed."""

MOST_CATEGORIES = 200
"""Different values of a column that can go in: each becomes a number of its own."""

MOST_CLASSES = 1_000
"""Different values of a column that can be predicted."""

MOST_COUNTED = 2_000
"""Different values of a column that are counted; beyond that it is text."""

MOST_ENTRIES = 300_000
"""Files in an archive."""

LONGEST_LIST = 60 * MEGABYTE
"""Bytes of an archive's list of files, which is read at once."""

LONGEST_LIST_OF_ARRAYS = MEGABYTE
"""Bytes of the list of an archive of arrays: there are a few of them."""

LARGEST_UNPACKED = 6 * GIGABYTE
"""Bytes that all files of an archive together may unpack to."""

LARGEST_RATIO = 200
"""How many times larger than its packed form a file may unpack to. Pictures are packed already and
hardly grow; ten files of zeros, packed, grow a thousand times."""

ALWAYS_UNPACKED = MEGABYTE
"""Bytes that a file may unpack to whatever its ratio."""

LARGEST_PICTURE = 60_000_000
"""Pixels of a picture; it is read from its header before anything is unpacked."""

LARGEST_SIDE = 512
"""Pixels of a side of the pictures as they are kept."""

EXAMPLES_NAMED = 5
"""How many cases of a problem are named, beside their count."""
