"""Data that people bring along: tables (CSV), pictures (a zip of class folders), arrays (.npz).

A file is received, looked through, corrected by a person, and kept as an ordinary data set under
a name of its own (``own-k3f9x2ab``), which ``dataset_info`` and ``load`` know like any other.
"""

from designer.datasets.own.bringing import bring_file, examine, keep, own_data, problems_of
from designer.datasets.own.drafts import KINDS, WAYS, Choices, Column, Draft, Problem
from designer.datasets.own.owners import owner_of_token, owner_of_user
from designer.datasets.own.receiving import discard, progress_of, receive
from designer.datasets.own.storing import delete, description, is_own, own_datasets
from designer.datasets.own.table_encoding import TableEncoding
from designer.datasets.own.tables import kind_of, targets_of

__all__ = [
    "KINDS",
    "WAYS",
    "Choices",
    "Column",
    "Draft",
    "Problem",
    "TableEncoding",
    "bring_file",
    "delete",
    "description",
    "discard",
    "examine",
    "is_own",
    "keep",
    "kind_of",
    "own_data",
    "own_datasets",
    "owner_of_token",
    "owner_of_user",
    "problems_of",
    "progress_of",
    "receive",
    "targets_of",
]
