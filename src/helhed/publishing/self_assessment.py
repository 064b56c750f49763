"""Self-assessments: declared once in ``self_assessments/<name>.toml``, and scored.

Each question is answered with a level, the lowest being 0. A part's share is its points out of those it can give. The
result is the best band that both the whole and its weakest part reach: a strong part does not make up for a weak one.
Nothing is concluded before every question is answered. `helhed.publishing.self_assessment_documents` writes the page
and the Word file; the workbook of `helhed.publishing.self_assessment_sheet` counts with formulas by the same rule.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from helhed.errors import Problem, WrongCall

_FOLDER = "self_assessments"


@dataclass(frozen=True)
class Item:
    """One question, and the invented answer of the filled example."""

    words: Mapping[str, str]
    example: int
    example_note: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """The questions on one matter: ``title``, ``meaning`` and whom the filled example names as responsible."""

    id: str
    title: Mapping[str, str]
    meaning: Mapping[str, str]
    example_owner: Mapping[str, str]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Band:
    """What a result means, from these shares (0-1) on: of all points, and of the points of the weakest part."""

    least_share: float
    least_part_share: float
    title: Mapping[str, str]
    meaning: Mapping[str, str]


@dataclass(frozen=True)
class SelfAssessment:
    """One declared self-assessment; ``words`` holds its title, purpose, who and time by language."""

    name: str
    file: str
    example_file: str
    sources: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]
    levels: tuple[Mapping[str, str], ...]
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]

    @property
    def top(self) -> int:
        """Return the points of the highest level; the lowest gives 0."""
        return len(self.levels) - 1

    @property
    def n_items(self) -> int:
        """Return how many questions there are."""
        return sum(len(part.items) for part in self.parts)

    def example(self) -> dict[str, list[int | None]]:
        """Return the answers of the filled example, which are invented, by part."""
        return {part.id: [item.example for item in part.items] for part in self.parts}


@dataclass(frozen=True)
class PartScore:
    """What a part came to: points given, points it can give, questions answered, and the share (0-1) of its points."""

    points: int
    most: int
    n_answered: int

    @property
    def share(self) -> float:
        """Return the points out of those that the part can give; an open question gives none."""
        return self.points / self.most


@dataclass(frozen=True)
class Score:
    """The scores by part, and the band reached; no band while a question is open."""

    parts: Mapping[str, PartScore]
    band: Band | None
    n_open: int

    @property
    def share(self) -> float:
        """Return all points out of those that can be given."""
        return sum(part.points for part in self.parts.values()) / sum(part.most for part in self.parts.values())

    @property
    def weakest(self) -> list[str]:
        """Return the parts with the lowest share; several when they are equal."""
        lowest = min(part.share for part in self.parts.values())
        return [name for name, part in self.parts.items() if part.share == lowest]


@cache
def self_assessments() -> dict[str, SelfAssessment]:
    """Return every declared self-assessment by its name."""
    folder = resources.files("helhed.publishing").joinpath(_FOLDER)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {name: _read(name, file) for file in files for name in [file.name.removesuffix(".toml")]}


def score(assessment: SelfAssessment, answers: Mapping[str, Sequence[int | None]]) -> Score:
    """Return what the answers come to.

    Parameters
    ----------
    assessment
        From `self_assessments`.
    answers
        Part to the level of each of its questions, in order; None where a question is open.

    Raises
    ------
    WrongCall
        If a part is unknown, has another number of answers than questions, or an answer is not a level.
    """
    _check(assessment, answers)
    parts = {
        part.id: PartScore(
            points=sum(answer or 0 for answer in answers.get(part.id, ())),
            most=assessment.top * len(part.items),
            n_answered=sum(answer is not None for answer in answers.get(part.id, ())),
        )
        for part in assessment.parts
    }
    n_open = assessment.n_items - sum(part.n_answered for part in parts.values())
    counted = Score(parts, None, n_open)
    if n_open:
        return counted
    weakest = min(part.share for part in parts.values())
    reached = (b for b in assessment.bands if counted.share >= b.least_share and weakest >= b.least_part_share)
    return Score(parts, next(reached), n_open)


def _check(assessment: SelfAssessment, answers: Mapping[str, Sequence[int | None]]) -> None:
    expected = {part.id: len(part.items) for part in assessment.parts}
    problems = [
        Problem("self_assessment.wrong_part", value=str(part), details={"parts": ", ".join(expected)})
        for part in answers
        if part not in expected
    ]
    problems += [
        Problem("self_assessment.wrong_number", value=part, details={"n": str(n)})
        for part, n in expected.items()
        if part in answers and len(answers[part]) != n
    ]
    problems += [
        Problem("self_assessment.wrong_answer", value=str(answer), details={"top": str(assessment.top)})
        for given in answers.values()
        for answer in given
        if answer is not None and answer not in range(assessment.top + 1)
    ]
    if problems:
        raise WrongCall(problems, "en")


def _read(name: str, file) -> SelfAssessment:
    declared = tomllib.loads(file.read_text(encoding="utf-8"))
    levels = sorted(declared["levels"], key=lambda level: level["score"])
    return SelfAssessment(
        name=name,
        file=declared["file"],
        example_file=declared["example_file"],
        sources=tuple(declared["sources"]),
        words={key: declared[key] for key in ("title", "purpose", "who", "time")},
        levels=tuple(levels),
        parts=tuple(
            Part(
                part["id"],
                part["title"],
                part["meaning"],
                part["example_owner"],
                tuple(_item(item) for item in part["items"]),
            )
            for part in declared["parts"]
        ),
        bands=tuple(Band(**band) for band in declared["bands"]),
    )


def _item(item: dict) -> Item:
    return Item({lang: item[lang] for lang in ("da", "en")}, item["example"], item.get("example_note", {}))
