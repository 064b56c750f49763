"""An executed notebook as a page: what the caption of a figure says is not said again below it."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from helhed.publishing.notebook_page import page_of_notebook

CAPTION = "**Fewer wait.** Of 40 families 12 wait."


def outputs_of_page(sentences: str) -> list:
    words = {"name": "fig-a", "caption": CAPTION.replace("*", ""), "alt": "Bars"}
    figure = new_output("display_data", {"image/png": "aWs="}, metadata={"helhed": words})
    said = new_output("display_data", {"text/markdown": f"**What this shows.** {sentences}"})
    page = page_of_notebook(new_notebook(cells=[new_code_cell("step.say()", outputs=[figure, said])]))
    return [output for cell in page.cells for output in cell.outputs]


def test_a_sentence_of_the_caption_is_not_repeated():
    _, said = outputs_of_page("Fewer wait. Of 40 families 12 wait. Look at the longest wait.")
    assert said.data["text/markdown"] == "**What this shows.** Look at the longest wait."


def test_what_says_only_the_caption_is_left_out():
    (figure,) = outputs_of_page("Fewer wait. Of 40 families 12 wait.")
    assert figure.metadata["helhed"]["alt"] == "Bars"
