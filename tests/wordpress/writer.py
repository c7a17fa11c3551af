"""Sentences from a vocabulary: slots are filled at random until none is left.

Texts are HTML as WordPress stores it. Apostrophes, dashes and quotation marks are typographic
already: WordPress would make them so when it shows a page, and the page shall show what the
database has.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Mapping, Sequence

_SLOT = re.compile(r"\{(\w+)\}")
_ELISION = re.compile(r"\b([Dd]|[Qq]u)e (?=[aeiouéèêâœAEIOUÉ])")


class Writer:
    """Writes in one language, with the dice of its caller."""

    def __init__(self, dice: random.Random, vocabulary: Mapping[str, Sequence[str]]) -> None:
        self.dice = dice
        self._vocabulary = vocabulary

    def line(self, kind: str) -> str:
        """Return a line of plain text of this kind, with the spaces a careful typist sets."""
        return _with_typographic_spaces(self._fill(self.dice.choice(self._vocabulary[kind])))

    def typed_line(self, kind: str) -> str:
        """Return a line as readers type it: every second one has plain spaces only."""
        line = self._fill(self.dice.choice(self._vocabulary[kind]))
        return _with_typographic_spaces(line) if self.chance(0.5) else line

    def some(self, kind: str, fewest: int, most: int) -> list[str]:
        """Return that many different entries of the vocabulary, as they are."""
        return self.dice.sample(self._vocabulary[kind], self.dice.randint(fewest, most))

    def chance(self, probability: float) -> bool:
        """Throw the dice."""
        return self.dice.random() < probability

    def marked_up(self, text: str) -> str:
        """Return the text as HTML; now and then two words are emphasised or linked."""
        words = html.escape(text, quote=False).split(" ")
        if len(words) > 4 and self.chance(0.15):
            first = self.dice.randrange(1, len(words) - 2)
            open_tag, close_tag = self.dice.choice(
                [
                    ("<em>", "</em>"),
                    ("<strong>", "</strong>"),
                    ('<a href="https://carnets.example/notes">', "</a>"),
                ]
            )
            words[first] = open_tag + words[first]
            words[first + 1] += close_tag
        return " ".join(words)

    def _fill(self, template: str) -> str:
        def phrase(slot: re.Match[str]) -> str:
            name = slot[1]
            text = self._fill(self.dice.choice(self._vocabulary[name.lower()]))
            return text[0].upper() + text[1:] if name[0].isupper() else text

        return _ELISION.sub("\\1’", _SLOT.sub(phrase, template))


def _with_typographic_spaces(text: str) -> str:
    # As the Imprimerie nationale sets French; English texts have no such spaces.
    text = text.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:")
    return re.sub(" ([;!?%])", "\u202f\\1", text)
