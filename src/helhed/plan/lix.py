"""The LIX reading ease of a text: how hard it is to read, from the length of its sentences and words."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
# A sentence ends at . ! ? or : before a space. "1. marts" and "kl. 10" go on: a small letter or a digit follows.
_SENTENCE_END = re.compile(r"[.!?]+[»”\"')]*\s+(?![a-zæøå\d])|:\s+|\n+")
#: Words of more letters than this count as long.
LONG_WORD_LETTERS = 6
#: Björnsson's levels: the score at which each begins.
LEVELS = {"very_easy": 0, "easy": 25, "medium": 35, "hard": 45, "very_hard": 55}


@dataclass(frozen=True)
class Reading:
    """What the reading score of a text is made of."""

    n_words: int
    n_sentences: int
    n_long_words: int

    @property
    def score(self) -> float | None:
        """Return words per sentence plus the per cent of long words; None for a text without words."""
        if not self.n_words:
            return None
        return self.n_words / self.n_sentences + 100 * self.n_long_words / self.n_words


def read(text: str) -> Reading:
    """Return the number of words, sentences and long words of a text.

    Every line of the text that holds a word ends a sentence, so that lists are not read as one long sentence.

    Examples
    --------
    >>> read("Vi hjælper. Sagsbehandleren ringer 1. marts.")
    Reading(n_words=6, n_sentences=2, n_long_words=2)
    """
    words = _WORD.findall(text)
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    return Reading(len(words), len(sentences), sum(len(word) > LONG_WORD_LETTERS for word in words))


def lix(text: str) -> float | None:
    """Return the LIX of a text; None when it holds no words.

    LIX = words / sentences + 100 * long words / words, where long words have more than six letters.

    Source: C. H. Björnsson, Läsbarhet (1968).

    Examples
    --------
    >>> lix("Vi ses. Vi ringer til dig.")
    3.0
    """
    return read(text).score


def level(score: float) -> str:
    """Return Björnsson's level of a LIX score: a key of `LEVELS`."""
    return [name for name, start in LEVELS.items() if score >= start][-1]
