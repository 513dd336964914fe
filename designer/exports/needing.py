"""What a package needs to be used, with the versions it was checked with."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from designer.exports.contents import Contents

REQUIREMENTS_FILE = "requirements.txt"

_PICTURES = "pillow"
"""What the loader script reads pictures with."""


def requirements(contents: Contents) -> str:
    """Return ``requirements.txt``: what ``load.py`` imports, each with its version."""
    known = [name for name in contents.format.requirements if version_of(name, contents)]
    if len(known) < len(contents.format.requirements):  # something else did instead of one of them
        known += contents.format.runtime().packages
    names = list(dict.fromkeys((*known, "numpy")))
    if contents.takes_pictures:
        names.append(_PICTURES)
    python = contents.proof.versions.get("Python")
    lines = [f"# Checked with Python {python}." if python else "# What load.py imports."]
    for name in names:
        found = version_of(name, contents)
        pinned = f"=={found}" if found else ""
        if name == "tensorflow" and found:
            # The same code; without what graphics cards need, where that is offered by itself.
            usual = 'sys_platform == "linux" and platform_machine == "x86_64"'
            other = 'sys_platform != "linux" or platform_machine != "x86_64"'
            lines += [f"tensorflow-cpu{pinned}; {usual}", f"tensorflow{pinned}; {other}"]
        else:
            lines.append(f"{name}{pinned}")
    return "\n".join(lines) + "\n"


def version_of(name: str, contents: Contents) -> str:
    """Return the version of a package that the export was checked with; empty if not known."""
    known = {key.lower().replace("_", "-"): value for key, value in contents.proof.versions.items()}
    if name.lower() in known:
        return known[name.lower()]
    for distribution in (name, f"{name}-cpu"):
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return ""
