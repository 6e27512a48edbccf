"""The shape of the notebooks; test_cli.py executes them."""

import ast

import nbformat
import pytest

import burdenlab as bl

NOTEBOOKS = sorted(bl.project_path("notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_one_question_in_the_title(notebook):
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    title = first.source.splitlines()[0]
    assert title.startswith("# ")
    assert title.endswith(("?", "？"))


def test_three_parts(notebook):
    headings = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    assert [h.split()[1] for h in headings if h.startswith("## ")] == ["问题", "证据", "局限"]


def test_nothing_is_kept_of_a_run(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_parameters_are_literals_in_one_cell(notebook):
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for statement in ast.parse(tagged[0].source).body:
        assert isinstance(statement, ast.Assign)
        ast.literal_eval(statement.value)


def test_cells_are_short_and_hold_no_logic(notebook):
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(notebook.cells) <= 30
    for source in code:
        assert len(source.splitlines()) <= 12, source
        assert not source.lstrip().startswith(("%", "!"))
        kinds = (ast.FunctionDef, ast.ClassDef, ast.While, ast.Try)
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(source)))


def test_it_ends_with_what_must_hold(notebook):
    assert "assert" in [cell.source for cell in notebook.cells if cell.cell_type == "code"][-1]


def test_it_needs_no_module_that_another_has_imported(notebook):
    """One kernel runs them all: what is not a public name of the package is there by chance."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    used = {node.attr for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute) and _is_package(node)}
    assert used
    assert used <= set(bl.__all__)


def _is_package(node):
    return isinstance(node.value, ast.Name) and node.value.id == "bl"
