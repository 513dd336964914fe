"""What a linter would say of generated source."""

from __future__ import annotations

import ast


def check_source(source: str) -> None:
    """Fail if the source has long lines, trailing blanks, or names that nothing uses."""
    tree = ast.parse(source)
    for line in source.splitlines():
        assert len(line) <= 100, line
        assert line == line.rstrip(), repr(line)
        assert line.isprintable(), repr(line)
    assert source.endswith("\n")
    assert not source.endswith("\n\n")
    _check_scope(tree.body, set(), top=True)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert node.name in used, f"{node.name} is never called"
            arguments = {argument.arg for argument in node.args.args}
            inside = _loaded(node.body)
            assert arguments <= inside, f"{node.name}: {arguments - inside} never used"
            assert ast.get_docstring(node), f"{node.name} says nothing"
            _check_scope(node.body, arguments)


def _loaded(body: list[ast.stmt]) -> set[str]:
    return {
        node.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _check_scope(body: list[ast.stmt], known: set[str], top: bool = False) -> None:
    stored = {
        node.id
        for statement in body
        if not isinstance(statement, ast.FunctionDef)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    unused = stored - _loaded(body) - {"model"}
    assert not unused, f"{unused} assigned and never used"
