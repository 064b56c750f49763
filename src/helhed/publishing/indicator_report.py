"""What the committee is told of the indicators, from one place: the slides and the memo say the same."""

from dataclasses import dataclass

import pandas as pd

from helhed import texts
from helhed.monitoring import not_cause_sentence
from helhed.monitoring.outputs import summary, summary_sentences
from helhed.outputs import Picture
from helhed.profile import Profile
from helhed.texts import text


@dataclass(frozen=True)
class Report:
    """The indicators of one municipality, ready to be told in one language.

    Parameters
    ----------
    profile
        The municipality's profile.
    cards
        The chosen indicators, see `helhed.monitoring.outputs.cards`.
    families
        A sentence on families in and out.
    pictures
        Figures in the order in which they are told, the dashboard first.
    lang
        ``da`` or ``en``.
    """

    profile: Profile
    cards: pd.DataFrame
    families: str
    pictures: tuple[Picture, ...]
    lang: str

    @property
    def title(self) -> str:
        """Return what the report is called."""
        return text("monitoring_outputs.report_title", self.lang, name=self.profile.name)

    @property
    def period(self) -> str:
        """Return the days that the data cover, in words."""
        days = {key: texts.day(self.profile[f"data.{key}_date"], self.lang) for key in ("from", "to")}
        return text("monitoring_outputs.report_period", self.lang, from_day=days["from"], to_day=days["to"])

    @property
    def warning(self) -> str:
        """Return that the data are invented; nothing when they are not."""
        if not self.profile.is_synthetic:
            return ""
        return text("outputs.synthetic_banner", self.lang, name=self.profile.name)

    @property
    def in_short(self) -> list[str]:
        """Return how many families, and the indicators by what can be said of them."""
        return [self.families, *summary_sentences(self.cards, self.lang)]

    @property
    def silent(self) -> list[str]:
        """Return the sentences on the indicators about which nothing can be said yet."""
        names = summary(self.cards)["silent"]
        return self.cards.loc[self.cards["name"].isin(names), "sentence"].tolist()

    @property
    def reading(self) -> list[str]:
        """Return how the numbers are to be read, and what they do not say."""
        threshold = texts.number(self.profile["disclosure.threshold"], self.lang)
        families = texts.number(self.profile["monitoring.min_families"], self.lang)
        share = texts.percent(self.profile["monitoring.confidence"], self.lang)
        return [
            text("monitoring_outputs.read_interval", self.lang, share=share),
            text("monitoring_outputs.read_few", self.lang, threshold=threshold, families=families),
            not_cause_sentence(self.lang),
        ]

    @property
    def questions(self) -> list[str]:
        """Return what the committee may ask of the team, by what was found."""
        found = summary(self.cards)
        keys = [key for key in ("unwished", "silent") if found[key]]
        return [text(f"monitoring_outputs.ask_{key}", self.lang) for key in (*keys, "always")]

    def heading_of(self, picture: Picture) -> str:
        """Return the short title over a picture."""
        return text(f"monitoring_outputs.slide_{picture.name.rpartition('-')[2]}", self.lang)
