"""langdetect's own answers from langdetect's own profiles, at a third of its price.

Its method (N. Shuyo, Language Detection Library for Java, 2010) is a naive Bayes over grams of one
to three letters: seven trials multiply the likelihoods of grams drawn at random, until one language
is all but sure. langdetect does so letter by letter and number by number. Here the grams of a word
are found once for all texts, the draws of a trial are taken together, and the tables hold only what
is not zero. The draws are those of `random.Random(0)`, and so the labels and scores are the same.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain, count
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from langdetect.detector import Detector
from langdetect.detector_factory import PROFILES_DIRECTORY
from langdetect.utils.ngram import NGram

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MAX_CHARS: Final = 10_000
# Words of one source are much the same; the grams of a word take some 300 bytes. What is longer is
# no word, but a clause of a language that is written without spaces.
WORDS_KEPT: Final = 20_000
_WORD_CHARS: Final = 24
# Draws after the first are weighed in fives. A trial takes 50 as a rule, and 1,001 at the most.
_GROUP: Final = 5
_GROUPS_AT_ONCE: Final = 12
_MAX_GROUPS: Final = Detector.ITERATION_LIMIT // _GROUP
_TRIALS: Final = 7
# Seven trials take 290 draws as a rule.
_DRAWS_AT_ONCE: Final = 320
# More 32-bit numbers than seven trials of 1,001 draws use, where half of them are thrown away.
_STREAM: Final = 1 << 15
_LATIN = re.compile("[A-z]")
# From the combining marks on, without Latin Extended Additional.
_NOT_LATIN = re.compile("[\u0300-\u1dff\u1f00-\U0010ffff]")


class _Normalized(dict[int, str]):
    """What langdetect reads a character as, looked up once: a table for `str.translate`."""

    def __missing__(self, point: int) -> str:
        normal: str = NGram.normalize(chr(point))
        self[point] = normal
        return normal


class Profiles:
    """The languages of langdetect, by name, and how likely each gram is in each of them."""

    def __init__(self) -> None:
        """Read the profiles of the package, sorted: floats are summed in that order."""
        paths = sorted(Path(PROFILES_DIRECTORY).glob("[!.]*"))
        profiles = [json.loads(path.read_text("utf-8")) for path in paths]
        self.languages: list[str] = [one["name"] for one in profiles]
        freqs: list[dict[str, int]] = [one["freq"] for one in profiles]
        grams = list(chain.from_iterable(freqs))
        numbered: defaultdict[str, int] = defaultdict(count().__next__)
        row = np.fromiter(map(numbered.__getitem__, grams), np.int64, len(grams))
        self._rows = dict(numbered)
        language = np.repeat(np.arange(len(freqs)), list(map(len, freqs)))
        times = np.fromiter(chain.from_iterable(one.values() for one in freqs), np.float64)
        of_size = np.array([one["n_words"] for one in profiles], np.float64)
        sizes = np.fromiter(map(len, grams), np.int64, len(grams))
        order = np.argsort(row, kind="stable")
        self._starts = np.searchsorted(row[order], np.arange(len(self._rows) + 1))
        self._share = (times / of_size[language, sizes - 1])[order]
        self._language = language[order]
        self._normalized = _Normalized()
        self._grams_of = lru_cache(WORDS_KEPT)(self._grams)
        self._stream = _stream()

    def probabilities(self, text: str) -> Floats | None:
        """How likely each language is; None where no gram of the text is known."""
        rows = np.array(list(self._rows_of(_cleaned(text))), dtype=np.int64)
        if not len(rows):
            return None
        bits = self._stream >> np.uint32(32 - len(rows).bit_length())
        drawn = np.flatnonzero(bits < len(rows))
        draws = _Draws(self._likelihoods, rows, bits, drawn)
        position, spare = 0, None
        found = np.zeros(len(self.languages))
        for _ in range(_TRIALS):
            if spare is None:
                (normal, spare), position = _gauss(self._stream, position), position + 4
            else:
                normal, spare = spare, None
            alpha = Detector.ALPHA_DEFAULT + normal * Detector.ALPHA_WIDTH
            first = int(np.searchsorted(drawn, position))
            odds, used = _trial(draws, first, alpha / Detector.BASE_FREQ)
            position = int(drawn[first + used - 1]) + 1
            found += odds / _TRIALS
        return found

    def _rows_of(self, text: str) -> Iterable[int]:
        *words, last = text.translate(self._normalized).split(" ")
        spaced = (f" {word} " for word in words if word)
        return chain.from_iterable(
            self._grams_of(word) if len(word) <= _WORD_CHARS else self._grams(word)
            for word in chain(spaced, [f" {last}"])
        )

    def _grams(self, word: str) -> tuple[int, ...]:
        """The known grams of a word between spaces; none ends within a word in capitals."""
        found = []
        for end in range(2, len(word) + 1):
            if word[end - 1].isupper() and word[end - 2].isupper():
                continue
            for size in range(1, min(end, NGram.N_GRAM) + 1):
                row = self._rows.get(word[end - size : end])
                if row is not None:
                    found.append(row)
        return tuple(found)

    def _likelihoods(self, rows: Rows) -> Floats:
        """The rows (N,) of all languages (N, L)."""
        starts, ends = self._starts[rows], self._starts[rows + 1]
        sizes = ends - starts
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        cells = np.repeat(starts, sizes) + within
        dense = np.zeros((len(rows), len(self.languages)))
        dense[np.repeat(np.arange(len(rows)), sizes), self._language[cells]] = self._share[cells]
        return dense


class _Draws:
    """How likely the grams are that are drawn of a text: some hundred looked up at once, for all
    trials, as most take forty of them.
    """

    def __init__(
        self,
        likelihoods: Callable[[Rows], Floats],
        rows: Rows,
        bits: npt.NDArray[np.uint32],
        drawn: npt.NDArray[np.intp],
    ) -> None:
        """`drawn` is which of `bits` name a row."""
        self._likelihoods = likelihoods
        self._rows = rows
        self._bits = bits
        self._drawn = drawn
        self._known = likelihoods(self._picked(0, _DRAWS_AT_ONCE))

    def __call__(self, first: int, count: int) -> Floats:
        """The draws (N,) from the first of them on, of all languages (N, L)."""
        known = len(self._known)
        if first + count > known:
            more = self._likelihoods(self._picked(known, first + count + _DRAWS_AT_ONCE))
            self._known = np.concatenate([self._known, more])
        return self._known[first : first + count]

    def _picked(self, start: int, end: int) -> Rows:
        return self._rows[self._bits[self._drawn[start:end]]]


def _trial(draws: _Draws, first: int, weight: float) -> tuple[Floats, int]:
    """What is believed once one language is all but sure, and how many draws that took."""
    ahead = draws(first, 1 + _GROUP * _GROUPS_AT_ONCE) + weight
    odds = ahead[0] / ahead[0].sum()
    ahead, used = ahead[1:], 1
    while odds.max() <= Detector.CONV_THRESHOLD and used <= Detector.ITERATION_LIMIT:
        groups = min(_GROUPS_AT_ONCE, _MAX_GROUPS - used // _GROUP)
        if used > 1:
            ahead = draws(first + used, _GROUP * groups) + weight
        steps = ahead.reshape(groups, _GROUP, -1).prod(axis=1)
        steps[0] *= odds
        steps = np.cumprod(steps, axis=0)
        steps /= steps.sum(axis=1, keepdims=True)
        sure = np.flatnonzero(steps.max(axis=1) > Detector.CONV_THRESHOLD)
        last = int(sure[0]) if len(sure) else groups - 1
        odds = steps[last]
        used += _GROUP * (last + 1)
    return odds, used


def _cleaned(text: str) -> str:
    """Without addresses, and without what is Latin where little of a text is."""
    if "://" in text:
        text = Detector.URL_RE.sub(" ", text)
    if "@" in text:
        text = Detector.MAIL_RE.sub(" ", text)
    text = NGram.normalize_vi(text)[:MAX_CHARS]
    others = len(_NOT_LATIN.findall(text))
    if others and 2 * len(_LATIN.findall(text)) < others:
        return _LATIN.sub("", text)
    return text


def _stream() -> npt.NDArray[np.uint32]:
    drawn = random.Random(0).randbytes(4 * _STREAM)  # noqa: S311 # langdetect's
    return np.frombuffer(drawn, "<u4").astype(np.uint32)


def _gauss(stream: npt.NDArray[np.uint32], at: int) -> tuple[float, float]:
    """The two normal deviates that `random.gauss` makes of the next two numbers of `random`."""
    first, second = (
        ((int(stream[i]) >> 5) * 67_108_864 + (int(stream[i + 1]) >> 6)) / 9_007_199_254_740_992
        for i in (at, at + 2)
    )
    angle, radius = first * math.tau, math.sqrt(-2.0 * math.log(1.0 - second))
    return math.cos(angle) * radius, math.sin(angle) * radius
