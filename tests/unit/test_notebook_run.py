"""One notebook: parameters are checked before it starts, a failure leaves no file, equal runs are equal files."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helhed.errors import DataNeedsWork, StepFailed, WrongCall
from helhed.publishing.notebook_run import check_parameters, run_notebook
from helhed.publishing.runner import STEPS, steps_between

PARAMETERS = 'lang: str = "da"  # language\nplaces: int = 0  # families\nshare: float = 0.5  # 0-1'
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture
def notebook(tmp_path):
    def make(code):
        cells = [
            new_code_cell(PARAMETERS, id="c0", metadata={"tags": ["parameters"]}),
            new_code_cell(code, id="c1"),
        ]
        file = tmp_path / "1_step.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata=KERNEL), file)
        return file

    return make


def test_unknown_parameter_and_wrong_type_are_refused_together(notebook):
    with pytest.raises(WrongCall) as caught:
        check_parameters(notebook("1"), {"lang": "en", "place": 3, "places": "three", "share": 1}, "en")
    assert len(caught.value.problems) == 2
    assert "“place”" in str(caught.value) and "“three”" in str(caught.value)


def test_a_boolean_is_no_number(notebook):
    with pytest.raises(WrongCall, match="places"):
        check_parameters(notebook("1"), {"places": True}, "en")


def test_equal_runs_are_equal_files(notebook, tmp_path):
    file = notebook("print(places)")
    outputs = [tmp_path / "a" / "1_step.ipynb", tmp_path / "b" / "1_step.ipynb"]
    for output in outputs:
        run_notebook(file, output, {"lang": "en", "places": 4})
        assert [path.name for path in output.parent.iterdir()] == ["1_step.ipynb"]
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert "4\\n" in outputs[0].read_text()


def test_an_error_of_the_users_data_comes_out_as_itself_and_leaves_no_file(notebook, tmp_path):
    code = "from helhed.errors import DataNeedsWork, Problem\n"
    code += "raise DataNeedsWork(Problem('profile.missing_file', file='x.csv'), lang)"
    with pytest.raises(DataNeedsWork, match="x.csv: There is no profile"):
        run_notebook(notebook(code), tmp_path / "out" / "1_step.ipynb", {"lang": "en"})
    assert list((tmp_path / "out").iterdir()) == []


def test_a_fault_of_ours_names_places_in_the_code_but_no_value(notebook, tmp_path):
    with pytest.raises(StepFailed, match="1_step") as caught:
        run_notebook(notebook("secret = 'Jens Hansen'\nint(secret)"), tmp_path / "1_step.ipynb", {"lang": "en"})
    assert caught.value.where[0] == "ValueError"
    assert "Jens" not in str(caught.value) + "".join(caught.value.where)


def test_choice_of_steps():
    assert steps_between("0-6", "en") == STEPS
    assert steps_between("4", "en") == (STEPS[4],)
    for wrong in ("7", "x", "3-1", "-1", "1-2-3"):
        with pytest.raises(WrongCall):
            steps_between(wrong, "en")
