"""What the figures depend on: when, on what, with which versions. No names, no folders."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime
from importlib import metadata

import psutil


def surroundings() -> dict[str, str]:
    """Return date, machine and versions, in words."""
    versions = [f"Python {platform.python_version()}"]
    for title, packages in (
        ("Streamlit", ["streamlit"]),
        ("TensorFlow", ["tensorflow-cpu", "tensorflow"]),
        ("Keras", ["keras"]),
        ("NumPy", ["numpy"]),
    ):
        versions.append(f"{title} {_version(packages)}")
    versions.append(f"Chromium {_chromium_version()}")
    memory = psutil.virtual_memory().total / 2**30
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
        f" {memory:.0f} GiB of memory",
        "Versions": ", ".join(versions),
        "Load at the start (programs that want a core)": load,
    }


def _version(packages: list[str]) -> str:
    for package in packages:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return "unknown"


def _chromium_version() -> str:
    program = shutil.which("chromium")
    if program is None:
        return "missing"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", said.stdout)
    return found.group() if found else "unknown"
