"""A form for a what-if in JupyterLab: sliders, their numbers as the language writes them, and what they give."""

from collections.abc import Callable, Mapping

from IPython.display import Markdown, display
from ipywidgets import HBox, Label, interactive

from helhed.profile import value_in_words
from helhed.texts import text


def show_what_if(say: Callable[..., str], controls: Mapping[str, tuple], lang: str) -> None:
    """Show a slider for each control and, below, what ``say`` answers to their values, anew while a slider is moved.

    Parameters
    ----------
    say
        Gets the controls' values by name and returns sentences (Markdown).
    controls
        ipywidgets abbreviations, such as ``{"places": (5, 60)}``; a fourth number is the value to begin with. What a
        control is called stands in the text catalogue as ``outputs.slider_<name>``.
    """
    ranges = {name: control[:3] for name, control in controls.items()}
    form = interactive(lambda **values: display(Markdown(say(**values))), **ranges)
    *sliders, answer = form.children
    for slider, (name, control) in zip(sliders, controls.items(), strict=True):
        slider.description = text(f"outputs.slider_{name}", lang)
        slider.style.description_width = "initial"
        slider.layout.width = "32rem"
        slider.value = control[3] if len(control) > 3 else slider.value
    form.children = (*(_with_number(slider, lang) for slider in sliders), answer)
    display(form)


def _with_number(slider, lang: str) -> HBox:
    """Return a slider with its number beside it: the slider's own is written with a point in every language."""
    slider.readout = False
    number = Label()

    def write(_change=None) -> None:
        number.value = value_in_words(round(slider.value, 6), lang)

    write()
    slider.observe(write, "value")
    return HBox([slider, number])
