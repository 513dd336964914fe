"""The commands of ``python -m designer``: a file a command or a few close kin.

To add a command, add a file with ``add(declare)`` that declares it through
:func:`designer.commands.parsing.declaring`, and name it in :data:`MODULES`. What a command needs
is imported where it runs: ``summary`` must not wait for TensorFlow.
"""

from __future__ import annotations

from designer.commands import (
    code,
    diff,
    draw,
    export,
    figures,
    importing,
    listing,
    reproduce,
    runs,
    train,
)

#: In the order in which help lists them.
MODULES = (listing, figures, diff, code, train, runs, export, reproduce, importing, draw)
