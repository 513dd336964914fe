"""What every test shares: a home of its own, and its place in the suite."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Before anything of ours is imported, and for every process a test starts.
os.environ["MODEL_DESIGNER_HOME"] = tempfile.mkdtemp(prefix="model-designer-tests-")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

ROOT = Path(__file__).resolve().parent.parent
