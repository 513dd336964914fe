"""The rules of the house: which way imports point, what may be loaded, what the README promises."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: A floor may import itself and those below it.
FLOORS = ("designer", "components", "pages")

HEAVY = {"tensorflow", "keras", "sklearn", "mlxtend", "tensorboard", "mlflow"}

#: Only worker processes import these; their docstrings say so.
WORKERS_ONLY = {"designer/keras_model.py"}


def source_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the first part of every module that is imported, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


def imported_at_module_level(tree: ast.Module) -> set[str]:
    """Return what is imported as the module is, outside ``if TYPE_CHECKING``."""
    found: set[str] = set()
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update(imported(node))
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            waiting.extend(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            waiting.extend(child for child in ast.walk(node) if isinstance(child, ast.Import))
            waiting.extend(child for child in ast.walk(node) if isinstance(child, ast.ImportFrom))
    return found


def test_a_press_is_heard_by_a_callback_or_by_pressed() -> None:
    """See ``components/pressing.py``: what ``st.button`` returns can be lost."""
    calls = [
        (path, call)
        for path in source_files("components", "pages")
        if path.name != "pressing.py"
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("button", "form_submit_button")
    ]
    assert calls
    for path, call in calls:
        named = {keyword.arg for keyword in call.keywords}
        assert "on_click" in named, f"{path.relative_to(ROOT)}, line {call.lineno}"


def test_what_waits_asks_by_a_pulse() -> None:
    # Why not by a timer of Streamlit's, components/pulse.py says.
    for path in source_files("components", "pages"):
        named = {
            keyword.arg
            for call in ast.walk(ast.parse(path.read_text()))
            if isinstance(call, ast.Call)
            for keyword in call.keywords
        }
        assert "run_every" not in named, path.relative_to(ROOT)


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_point_one_way(floor: str) -> None:
    above = set(FLOORS[FLOORS.index(floor) + 1 :]) | {"tests", "benchmarks"}
    for path in source_files(floor):
        wrong = above & set(imported(ast.parse(path.read_text())))
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_the_backend_does_not_know_streamlit() -> None:
    for path in source_files("designer"):
        names = set(imported(ast.parse(path.read_text())))
        assert not names & {"streamlit", "plotly"}, path.relative_to(ROOT)


def test_pages_leave_tensorflow_to_workers() -> None:
    for path in source_files("pages", "components"):
        assert not HEAVY & set(imported(ast.parse(path.read_text()))), path.relative_to(ROOT)


def test_modules_with_tensorflow_say_whose_they_are() -> None:
    found = set()
    for path in source_files("designer"):
        tree = ast.parse(path.read_text())
        if HEAVY & imported_at_module_level(tree):
            found.add(path.relative_to(ROOT).as_posix())
            assert "worker" in (ast.get_docstring(tree) or "").lower(), path
    rooms = ("designer/training/", "designer/looking/")
    outside = {name for name in found if not name.startswith(rooms)}
    assert outside == WORKERS_ONLY


IMPORT_ALL = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


def loaded_by(modules: list[str]) -> set[str]:
    """Import modules in a fresh process and return every top-level package that is then there."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, json.dumps(modules)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def modules_of(folder: str) -> list[str]:
    """Return every module below a folder that may be imported without TensorFlow."""
    names = []
    for path in source_files(folder):
        heavy = HEAVY & imported_at_module_level(ast.parse(path.read_text()))
        if not heavy and path.name != "__main__.py":
            relative = path.relative_to(ROOT).with_suffix("")
            names.append(".".join(relative.parts).removesuffix(".__init__"))
    return names


def test_the_backend_is_light() -> None:
    loaded = loaded_by(modules_of("designer"))
    assert not loaded & (HEAVY | {"streamlit", "pandas"})


def test_the_components_are_light() -> None:
    assert not loaded_by(modules_of("components")) & HEAVY


def test_designs_need_nothing_but_python() -> None:
    loaded = loaded_by(["designer"])
    assert not loaded & (HEAVY | {"streamlit", "pandas", "numpy", "sqlalchemy", "psutil"})


def test_the_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    commands = set(re.findall(r"\bmake ([a-z-]+)\b", _code(readme)))
    assert {"run", "test"} <= commands <= targets


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    names = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert sorted(names) == sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.png"))
    for name in names:
        assert 10_000 < (ROOT / name).stat().st_size < 300_000, name


def test_continuous_integration_runs_the_tests_of_the_readme() -> None:
    assert (ROOT / ".ci/run").read_text().strip().endswith("make test")


def _code(markdown: str) -> str:
    """Return what stands in code blocks and between backticks."""
    blocks = re.findall(r"```.*?```", markdown, re.S)
    return "\n".join([*blocks, *re.findall(r"`[^`\n]+`", markdown)])
