"""Small real runs, and packages of them: made once, shared by all tests of a process."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from designer.adapting import adapt
from designer.datasets import dataset_info
from designer.design import Design
from designer.exports import ExportFormat, export
from designer.exports.contents import Contents, Proof
from designer.exports.notes import ExportNotes
from designer.exports.packaging import furnish
from designer.summary import summarize
from designer.training import Run, TrainingSettings, export_arguments, run_in_this_process

#: What each kind of task is learned from.
OF_TASK = {
    "regression": ("dnn", "diabetes"),
    "binary": ("dnn", "breast_cancer"),
    "multiclass": ("dnn", "iris"),
    "multilabel": ("dnn", "body_measurements"),
    "multitask": ("dnn", "body_measurements"),
    "pictures": ("image_dnn", "digits"),
}


@cache
def run_of(kind: str) -> Run:
    """Return a run of two epochs."""
    template, dataset = OF_TASK[kind]
    info = dataset_info(dataset)
    task = "multiclass" if kind == "pictures" else kind
    design = adapt(Design.from_template(template, task=task), info, keep={"task"})
    run = run_in_this_process(design, TrainingSettings(dataset, epochs=2, seed=5))
    assert run.state == "finished", run.reason
    return run


def package_of(kind: str, format: str = "saved_model") -> Path:
    """Return the zip of a new package."""
    out = Path(mkdtemp(prefix="package-")) / f"{kind}.zip"
    export(format=format, out=str(out), **export_arguments(run_of(kind)))
    return out


def unpacked(package: Path) -> Path:
    """Return a new folder with nothing in it but what is in a package."""
    folder = Path(mkdtemp(prefix="unpacked-"))
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def run_loader(folder: Path, *arguments: str, status: int = 0) -> list[str]:
    """Run ``load.py`` in a fresh process that knows nothing of ours; return its lines."""
    kept = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "MODEL_DESIGNER_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in kept}
    guard = (
        "import runpy, sys; sys.modules['designer'] = None;"
        " sys.argv[0] = 'load.py'; runpy.run_path('load.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", guard, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == status, done.stderr[-2000:]
    return (done.stderr if status else done.stdout).splitlines()


class Instant(ExportFormat):
    """A stand-in for a model that loads at once: it puts out the mean of what goes in."""

    name = "instant"
    title = "Instant"
    description = "For tests."
    file_name = "instant.txt"
    requirements = ("numpy",)

    def write(self, model, design, path, how) -> None:
        path.write_text("nothing")

    def loading_code(self, path: str) -> str:
        return f'''\
import numpy as np

units = [int(number) for number in open({path!r}).read().split()]


def predict(batch):
    """Return rows that grow from 0 to the mean of the batch."""
    mean = float(np.mean(batch))
    return [np.tile(np.linspace(0, mean, count), (len(batch), 1)) for count in units]
'''


def instant_package(
    folder: Path,
    design: Design,
    notes: dict | None = None,
    *,
    units: tuple[int, ...] = (1,),
    record: dict | None = None,
    trained: bool = True,
) -> Path:
    """Furnish a folder around a stand-in for the model, without TensorFlow."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "instant.txt").write_text(" ".join(map(str, units)))
    contents = Contents(
        format=Instant(),
        location="instant.txt",
        title='A "model" | of mine',
        summary=summarize(design),
        notes=ExportNotes.from_dict(notes),
        trained=trained,
        proof=Proof(0.0, 1e-5, 4, "a fresh process", {"Python": "3.11", "numpy": np.__version__}),
        record=record,
    )
    furnish(folder, contents)
    return folder
