"""The board with the key numbers of all steps on one page."""

from collections.abc import Mapping

from matplotlib.patches import FancyBboxPatch

from helhed.figures.style import BLUE, GREY, INK, canvas, sign
from helhed.outputs import Picture
from helhed.texts import text

#: Columns of the board: name, and for each card the key number, its low and high (or a text with the interval), and the
#: key number it came from.
BOARD = (
    ("target", (("n_families_known",), ("n_eligible",), ("n_enrolled",))),
    (
        "staffing",
        (
            ("places", "places_low", "places_high"),
            ("waiting_weeks", "waiting_weeks_low", "waiting_weeks_high"),
            ("cost_per_family_dkk",),
        ),
    ),
    (
        "follow",
        (("absence_share_enrolled_last",), ("who5_last",), ("child_cases_closed_share",)),
    ),
    (
        "account",
        (
            ("absence_effect",),
            ("spending_first_year_change_dkk", "spending_first_year_change_interval"),
            ("break_even_never_share",),
        ),
    ),
)
#: Key numbers that a card compares with.
_CAME_FROM = {"absence_share_enrolled_last": "absence_share_enrolled_first", "who5_last": "who5_first"}


def overview_picture(numbers: Mapping[str, str], lang: str, is_synthetic: bool) -> Picture:
    """Return the board: one column per step, one card per key number with its interval where there is one.

    Parameters
    ----------
    numbers
        Key number to its text in the language (see `helhed.publishing.decision.collect`). An effect is shown only
        where its verdict is not "cannot say".
    lang, is_synthetic
        Language; whether the data are invented.
    """
    given = _with_effect(numbers)
    figure, ax = canvas(4.6)
    ax.set_axis_off()
    ax.set_xlim(0, 4)
    ax.set_ylim(0, 3.35)
    cards = []
    for column, (name, keys) in enumerate(BOARD):
        ax.text(column + 0.05, 3.15, text(f"decide.overview_{name}", lang), fontsize=10, weight="bold", color=INK)
        for row, card in enumerate(keys):
            cards.append(_draw_card(ax, (column, 2 - row), card, given, lang))
    sign(figure, lang, text("decide.source", lang), is_synthetic)
    n_known = sum(card[0] in given for _, keys in BOARD for card in keys)
    caption = text("decide.overview_caption", lang, n_known=n_known, n_cards=len(cards))
    alt = text("decide.overview_alt", lang, n_cards=len(cards), list="; ".join(cards))
    return Picture(figure, "fig-decide-overview", caption, alt)


def _with_effect(numbers: Mapping[str, str]) -> dict[str, str]:
    is_certain = numbers.get("effect_verdict_absence_share", "cannot_say") != "cannot_say"
    return {**numbers, "absence_effect": numbers["effect_absence_share"]} if is_certain else dict(numbers)


def _draw_card(ax, place: tuple[int, int], card: tuple[str, ...], numbers: Mapping[str, str], lang: str) -> str:
    column, row = place
    ax.add_patch(
        FancyBboxPatch((column + 0.06, row + 0.08), 0.88, 0.84, "round,pad=0,rounding_size=0.05", fc="#F4F7FA", ec=GREY)
    )
    is_known = card[0] in numbers
    value = numbers[card[0]] if is_known else text("decide.card_cannot_say", lang)
    label = text(f"decide.card_{card[0]}", lang)
    size = 15 if is_known and len(value) < 9 else 11
    ax.text(column + 0.5, row + 0.62, value, fontsize=size, weight="bold", color=BLUE, ha="center", va="center")
    ax.text(column + 0.5, row + 0.36, _wrapped(label), fontsize=7.5, color=INK, ha="center", va="center")
    ax.text(column + 0.5, row + 0.16, _range(card, numbers, lang), fontsize=7, color=GREY, ha="center", va="center")
    return f"{label}: {value}".replace("\n", " ")


def _range(card: tuple[str, ...], numbers: Mapping[str, str], lang: str) -> str:
    if card[0] not in numbers:
        return ""
    if card[0] in _CAME_FROM and _CAME_FROM[card[0]] in numbers:
        return text("decide.card_from", lang, value=numbers[_CAME_FROM[card[0]]])
    ends = [numbers[name] for name in card[1:] if name in numbers]
    if len(ends) == 2:
        return text("evaluation.interval", lang, low=ends[0], high=ends[1])
    return ends[0] if ends else ""


def _wrapped(label: str, width: int = 24) -> str:
    if len(label) <= width:
        return label
    cut = label.rfind(" ", 0, width)
    return f"{label[:cut]}\n{label[cut + 1 :]}"
