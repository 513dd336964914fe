"""Packages read, checked and trained again; damaged and hostile ones get one line."""

from __future__ import annotations

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from designer.__main__ import main
from designer.adapting import adapt
from designer.datasets import dataset_info, own
from designer.design import Design
from designer.errors import DatasetError, PackageError
from designer.exports.checksums import write_checksums
from designer.reproducing import compare, data_of_record, open_package, train_again
from designer.reproducing.comparing import Curve, Reproduction
from designer.reproducing.training import cautions
from designer.training import (
    Run,
    RunStore,
    TrainingSettings,
    export_arguments,
    run_in_this_process,
)
from designer.training.forgetting import forget_data
from designer.training.runs import MetricPoint
from tests.designer.exports.small_packages import instant_package, run_of

DNN = Design.from_template("dnn", input_shape=[4], task="multiclass", classes=3)
VERSIONS = {"python": "3.11", "tensorflow": "2.21.0"}


def record_of(**changes: object) -> dict:
    """Return the record of a run that never was."""
    return {
        "settings": TrainingSettings("iris", epochs=2).to_dict(),
        "data": {"name": "iris", "examples": 150},
        "checkpoint": "last",
        "state": "finished",
        "metrics": {"loss": 0.5, "val_loss": None},
        "epochs": [{"epoch": 1, "loss": 1.0}, {"epoch": 2, "loss": 0.5}],
        "steps": 8,
        "steps_in_all": 8,
        "epochs_in_all": 2,
        "changed": [],
        "versions": VERSIONS,
    } | changes


def package_in(folder: Path, **changes: object) -> Path:
    return instant_package(folder, DNN, units=(3,), record=record_of(**changes))


def package_of(run: Run) -> Path:
    """Furnish a package around a run, with a stand-in for the model."""
    arguments = export_arguments(run)
    folder = Path(mkdtemp(prefix="package-")) / "model"
    return instant_package(
        folder, Design.from_dict(run.design), arguments["notes"], record=arguments["record"]
    )


def zipped(folder: Path, name: str = "package.zip", before: str = "") -> Path:
    path = folder.parent / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, before + file.relative_to(folder).as_posix())
    return path


def change_record(folder: Path, change: Callable[[dict], object]) -> None:
    """Change the record as somebody who knows how to make new checksums."""
    values = json.loads((folder / "record.json").read_text())
    change(values)
    (folder / "record.json").write_text(json.dumps(values))
    write_checksums(folder)


# --- reading ----------------------------------------------------------------------------------


def test_a_package_is_read_from_its_zip_its_folder_and_a_zip_of_its_folder(tmp_path: Path) -> None:
    folder = package_in(tmp_path / "model")
    read = open_package(folder)
    assert read.design == DNN
    assert read.settings == TrainingSettings("iris", epochs=2)
    assert read.figures == {"loss": 0.5, "val_loss": None}
    for package in (zipped(folder), zipped(folder, "again.zip", "model/")):
        assert replace(open_package(package), name=read.name) == read


def test_what_was_changed_is_told(tmp_path: Path) -> None:
    folder = package_in(tmp_path / "model")
    (folder / "README.md").write_text("other")
    for package in (folder, zipped(folder)):
        with pytest.raises(PackageError, match=r"README\.md is not what it was when"):
            open_package(package)
    (folder / "README.md").unlink()
    for package in (folder, zipped(folder)):
        with pytest.raises(PackageError, match=r"README\.md is missing"):
            open_package(package)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r.update(version=2), "made by a later version"),
        (lambda r: r.update(format="other"), "no record of Model Designer"),
        (lambda r: r.update(trained=False), "holds an untrained model"),
        (lambda r: r.update(training=None), "keeps no record of how its model was trained"),
        (lambda r: r["design"].update(template="resnet51"), "There is no template 'resnet51'"),
        (lambda r: r["training"]["settings"].update(epochs=-1), "epochs must be a whole number"),
        (lambda r: r["training"]["settings"].update(magic=1), "no training setting 'magic'"),
        (lambda r: r["training"].update(epochs=3), "cannot be used"),
        (lambda r: r["training"].update(metrics={"loss": "low"}), "cannot be used"),
        (lambda r: r["training"].update(steps_in_all=1e400), "cannot be used"),
        (lambda r: r["training"].pop("data"), "cannot be used: it lacks 'data'"),
    ],
)
def test_records_that_cannot_be_used_are_told(
    change: Callable[[dict], object], words: str, tmp_path: Path
) -> None:
    folder = package_in(tmp_path / "model")
    change_record(folder, change)
    with pytest.raises(PackageError, match=words):
        open_package(folder)


def test_one_epoch_is_told_as_one() -> None:
    curve = Curve("loss", 0.0, 1)
    told = Reproduction("p", "run", "finished", False, 10, 1, (), (curve,), {}, ()).in_words()
    assert told[1] == "Over 1 epoch the curves are the same."
    assert told[2] == "10 epochs then, 1 now."


def test_packages_that_are_none_or_damaged_are_told(tmp_path: Path) -> None:
    whole = zipped(package_in(tmp_path / "model")).read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.zip").write_text("hello")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("holiday.jpg", b"x")
    place = whole.index(b"drawing.svg") + 40
    (tmp_path / "flipped.zip").write_bytes(
        whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :]
    )
    for name, words in (
        ("half.zip", "cannot be opened"),
        ("text.zip", "cannot be opened"),
        ("other.zip", r"no package of Model Designer, .* no record\.json"),
        ("flipped.zip", "drawing.svg cannot be read|drawing.svg is not what it was"),
        ("nowhere.zip", "There is no package at"),
    ):
        with pytest.raises(PackageError, match=words) as told:
            open_package(tmp_path / name)
        assert "\n" not in str(told.value)


def test_no_path_leads_out_of_a_package(tmp_path: Path) -> None:
    folder = package_in(tmp_path / "model")
    (tmp_path / "secret").write_text("secret")
    sums = (folder / "SHA256SUMS").read_text()
    (folder / "SHA256SUMS").write_text(f"{sums}{'0' * 64}  ../secret\n")
    with pytest.raises(PackageError, match=r"names a place outside: '\.\./secret'"):
        open_package(folder)
    (folder / "SHA256SUMS").write_text(sums)
    (folder / "drawing.svg").unlink()
    (folder / "drawing.svg").symlink_to(tmp_path / "secret")
    with pytest.raises(PackageError, match=r"drawing\.svg leads out of the package"):
        open_package(folder)
    for name, mode in (("../../evil", 0o100644), ("link", stat.S_IFLNK | 0o777)):
        package = zipped(package_in(tmp_path / f"for {len(name)}"), f"{len(name)}.zip")
        with zipfile.ZipFile(package, "a") as archive:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, "/etc/passwd")
        with pytest.raises(PackageError, match="is refused"):
            open_package(package)


def test_a_bomb_and_a_record_beyond_all_measure_are_refused(tmp_path: Path) -> None:
    folder = package_in(tmp_path / "model")
    (folder / "zeros").write_bytes(bytes(5_000_000))
    with pytest.raises(PackageError, match="zip bomb"):
        open_package(zipped(folder))
    (folder / "zeros").unlink()
    change_record(folder, lambda record: None)
    with (folder / "record.json").open("ab") as file:
        file.truncate(70_000_000)
    write_checksums(folder)
    with pytest.raises(PackageError, match="larger than the 64 MB"):
        open_package(folder)


# --- the data ---------------------------------------------------------------------------------


def test_other_data_of_the_same_name_are_refused(tmp_path: Path) -> None:
    other = {"name": "iris", "examples": 150, "fingerprint": "sha256:0", "source": "Fisher"}
    package = open_package(package_in(tmp_path / "model", data=other))
    with pytest.raises(PackageError, match=r"the data are not those that .*Fisher"):
        data_of_record(package)
    with pytest.raises(PackageError, match="--data brings own data along"):
        data_of_record(package, tmp_path / "x.csv")
    unknown = open_package(package_in(tmp_path / "old"))
    assert data_of_record(unknown) == ("iris", False), "an earlier version kept no fingerprint"
    assert "no fingerprint" in cautions(unknown, False)[0]
    gone = replace(package, settings=TrainingSettings("irises"))
    with pytest.raises(PackageError, match="was trained on irises"):
        data_of_record(gone)


def test_own_data_that_a_package_does_not_tell_of_are_not_used(tmp_path: Path) -> None:
    file, owner = tmp_path / "mine.csv", own.owner_of_user()
    file.write_text(TABLE)
    info, _, _ = own.bring_file(file, owner, lambda draft: own.Choices(targets=("kind",)))
    design = adapt(Design.from_template("dnn"), info)
    told = {"name": info.name, "examples": 60}  # as another than their owner exports them
    record = record_of(settings=TrainingSettings(info.name).to_dict(), data=told)
    folder = instant_package(tmp_path / "model", design, units=(2,), record=record)
    package = open_package(folder)
    for brought in (None, file):
        with pytest.raises(PackageError, match="somebody's own data, and does not tell whose"):
            data_of_record(package, brought)
    own.delete(info.name, owner)


# --- telling ----------------------------------------------------------------------------------


def test_figures_and_curves_are_held_against_each_other(tmp_path: Path) -> None:
    package = open_package(package_in(tmp_path / "model"))
    run = replace(run_stub(), metrics={"loss": 0.5, "val_loss": float("nan")}, versions=VERSIONS)
    points = [
        MetricPoint(1, 4, 1, "epoch", {"loss": 1.0}, 0),
        MetricPoint(2, 8, 2, "epoch", {"loss": 0.5}, 0),
    ]
    same = compare(package, run, points)
    assert same.identical
    assert same.in_words()[-1] == "Identical: every figure is the same to the last digit."
    json.dumps(same.to_dict(), allow_nan=False)

    points[1] = replace(points[1], values={"loss": 0.75})
    other = compare(package, replace(run, versions={**VERSIONS, "tensorflow": "2.22.0"}), points)
    assert not other.identical
    assert [(c.name, c.largest_difference, c.epoch) for c in other.curves] == [("loss", 0.25, 2)]
    assert other.to_dict()["versions"] == {"tensorflow": {"before": "2.21.0", "now": "2.22.0"}}
    text = "\n".join(other.in_words())
    assert "differ by at most 0.25 (loss, epoch 2)" in text
    assert "tensorflow 2.21.0 then, 2.22.0 now" in text
    assert not compare(package, run, points[:1]).identical, "an epoch is missing"
    assert not compare(package, replace(run, metrics={"loss": 0.5}), points[:1]).identical


def run_stub() -> Run:
    store = RunStore()
    try:
        run = store.create(DNN, TrainingSettings("iris"))
        store.end(run.id, "stopped")  # no engine is to train it
        return store.run(run.id)
    finally:
        store.close()


def test_why_it_may_come_out_otherwise_is_told(tmp_path: Path) -> None:
    changed = [{"epoch": 2, "learning_rate": 0.1}]
    package = open_package(
        package_in(tmp_path / "model", state="stopped", steps=7, changed=changed)
    )
    told = cautions(package, True)
    assert told[0].startswith("In epoch 2 somebody changed learning_rate to 0.1")
    assert told[1] == "It was stopped within epoch 2; here it is stopped after epoch 1."


# --- for real ---------------------------------------------------------------------------------


@cache
def of_iris() -> Path:
    return package_of(run_of("multiclass"))


@pytest.mark.keras
def test_a_run_comes_out_identical(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["reproduce", str(zipped(of_iris())), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    run = run_of("multiclass")
    assert told["identical"] is True
    assert told["run"] != run.id
    assert {one["name"]: one["before"] for one in told["figures"]} == run.metrics
    assert {one["name"]: one["now"] for one in told["figures"]} == run.metrics
    assert all(one["largest_difference"] == 0 for one in told["curves"])
    assert told["versions"] == {}
    assert told["cautions"] == []
    assert main(["reproduce", str(of_iris())]) == 0
    assert capsys.readouterr().out.endswith("to the last digit.\n")


@pytest.mark.keras
def test_another_seed_does_not_come_out_identical() -> None:
    folder = Path(mkdtemp()) / "model"
    shutil.copytree(of_iris(), folder)
    change_record(folder, lambda r: r["training"]["settings"].update(seed=6))
    package = open_package(folder)
    run = train_again(package, "iris")
    store = RunStore()
    result = compare(package, run, store.metrics(run.id, kind="epoch"))
    store.close()
    assert not result.identical
    assert max(curve.largest_difference or 0 for curve in result.curves) > 1e-3


@pytest.mark.keras
def test_a_convolutional_run_with_a_schedule_that_was_stopped_comes_out_identical() -> None:
    design = adapt(Design.from_template("cnn"), dataset_info("digits"))
    settings = TrainingSettings(
        "digits", epochs=40, batch_size=128, schedule="cosine", keep="best",
        augmentation={"rotation": 10.0},  # type: ignore[arg-type]
    )  # fmt: skip
    first = run_in_this_process(design, settings, last_epoch=2)
    assert first.state == "stopped"
    package = open_package(package_of(first))
    assert len(package.epochs) == 2
    assert data_of_record(package) == ("digits", True)
    assert cautions(package, True) == []
    run = train_again(package, "digits")
    assert run.state == "stopped"
    store = RunStore()
    result = compare(package, run, store.metrics(run.id, kind="epoch"))
    store.close()
    assert all(curve.largest_difference == 0 for curve in result.curves)
    assert result.identical, result.in_words()


def _row(number: int) -> str:
    return f"{number % 7},{'red' if number % 3 else 'blue'},k{number % 2}"


TABLE = "\n".join(["length,colour,kind", *map(_row, range(60))])


@pytest.mark.keras
def test_own_data_are_found_brought_along_or_asked_for(tmp_path: Path) -> None:
    file, owner = tmp_path / "mine.csv", own.owner_of_user()
    file.write_text(TABLE)
    choices = own.Choices(targets=("kind",))
    info, _, _ = own.bring_file(file, owner, lambda draft: choices)
    design = adapt(Design.from_template("dnn"), info)
    run = run_in_this_process(design, TrainingSettings(info.name, epochs=1))
    assert run.state == "finished", run.reason
    folder = package_of(run)
    text = (folder / "record.json").read_text()
    assert owner not in text
    assert "mine.csv" not in text
    package = open_package(folder)
    assert data_of_record(package) == (info.name, True)

    store = RunStore()
    forget_data(store, info.name, owner)
    with pytest.raises(PackageError, match=r"own data \(mine\), which are not .* --data FILE"):
        data_of_record(package)
    other = tmp_path / "other.csv"
    other.write_text(TABLE.replace("6,red", "60,red"))
    with pytest.raises(PackageError, match=r"other\.csv: the data are not those"):
        data_of_record(package, other)
    assert not own.own_datasets(owner), "what is not the same is not kept"
    (tmp_path / "none.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DatasetError, match="kind"):
        data_of_record(package, tmp_path / "none.csv")

    again, is_same = data_of_record(package, file)
    assert is_same
    assert again != info.name
    assert data_of_record(package) == (again, True), "it is found without --data from now on"
    second = train_again(package, again)
    assert compare(package, second, store.metrics(second.id, kind="epoch")).identical
    store.close()
    own.delete(again, owner)


def test_bad_packages_are_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.zip").write_bytes(io.BytesIO(b"nothing").getvalue())
    assert main(["reproduce", str(tmp_path / "x.zip"), "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert told.err.startswith("designer: x.zip: The archive cannot be opened")
