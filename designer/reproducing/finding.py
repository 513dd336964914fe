"""Whether the data of a package are here, and the same."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.datasets import dataset_info, load, own
from designer.datasets.fingerprint import fingerprint
from designer.errors import DatasetError, PackageError
from designer.reproducing.reading import Package


def data_of_record(package: Package, file: Path | None = None) -> tuple[str, bool]:
    """Return the name of the data set that a package's model was trained on, as it is called
    here, and whether it is known to be the same.

    Args:
        package: the package.
        file: own data that are brought along for it; ``None`` looks for them here.

    Returns:
        the name, and false where the package says too little to tell.

    Raises:
        PackageError: the data are not here, or are other ones.
        DatasetError: they cannot be loaded.
    """
    if not own.is_own(package.settings.dataset):
        if file is not None:
            raise PackageError(
                f"--data brings own data along; {package.name} was trained on"
                f" {package.settings.dataset}, which comes from its source."
            )
        name = package.settings.dataset
        try:
            dataset_info(name)
        except DatasetError as error:
            raise PackageError(f"{package.name} was trained on {name}. {error}") from None
        return name, _is_same(package, name)
    kept = package.data.get("own")
    if kept is None:
        # Exported by another than their owner, or after they were deleted.
        raise PackageError(
            f"{package.name} was trained on somebody's own data, and does not tell whose they are"
            " or how their file was read: none are used for it, and --data cannot bring them."
            " Where the owner of the data exports the run, its package tells, and can be done"
            " again."
        )
    if not isinstance(kept, Mapping):
        raise PackageError(f"{package.name}: what it says of its data cannot be used.")
    if file is not None:
        return _brought(package, kept, file)
    found = _here(package, kept)
    if found is None:
        title = package.data.get("title") or package.settings.dataset
        raise PackageError(
            f"{package.name} was trained on somebody's own data ({title}), which are not on this"
            " machine; a package holds their fingerprint alone. Bring them along: --data FILE."
        )
    return found, _is_same(package, found)


def _here(package: Package, kept: Mapping[str, Any]) -> str | None:
    """Return the own data set of this machine that the package means, if there is one."""
    with contextlib.suppress(DatasetError):
        return dataset_info(package.settings.dataset).name
    # Deleted and brought along again, it has another name.
    for info in own.own_datasets(own.owner_of_user()):
        told = own.description(info.name)
        if told.get("content") == kept.get("content") and told.get("choices") == kept.get(
            "choices"
        ):
            return info.name
    return None


def _brought(package: Package, kept: Mapping[str, Any], file: Path) -> tuple[str, bool]:
    """Bring a file along as it was decided then; what turns out to be another is not kept."""
    owner = own.owner_of_user()
    before = {info.name for info in own.own_datasets(owner)}
    choices = own.Choices.from_dict(kept.get("choices") or {})
    info, _, _ = own.bring_file(file, owner, lambda draft: choices)
    try:
        return info.name, _is_same(package, info.name)
    except PackageError as error:
        if info.name not in before:
            own.delete(info.name, owner)
        raise PackageError(f"{file.name}: {error}") from None


def _is_same(package: Package, name: str) -> bool:
    """Return whether a data set is known to be that of the package.

    Raises:
        PackageError: it is known to be another.
    """
    wanted = package.data.get("fingerprint")
    dataset = load(name, package.design["task"])
    if not wanted:
        return False
    if fingerprint(dataset) != wanted:
        there, then = len(dataset), package.data.get("examples")
        many = f" ({there:,} examples, {then:,} then)" if then not in (None, there) else ""
        raise PackageError(
            f"the data are not those that {package.name} was trained on{many}: the fingerprint of"
            f" {dataset.info.called} is another. What it says of them: "
            f"{package.data.get('source') or 'nothing'}."
        )
    return True
