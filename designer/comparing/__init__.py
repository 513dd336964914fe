"""Two designs side by side: their difference in words, in totals, and layer for layer."""

from __future__ import annotations

from designer.comparing.comparison import Comparison, compare, compare_summaries
from designer.comparing.matching import Change, LayerPair
from designer.comparing.totals import Total, TotalDifference

__all__ = [
    "Change",
    "Comparison",
    "LayerPair",
    "Total",
    "TotalDifference",
    "compare",
    "compare_summaries",
]
