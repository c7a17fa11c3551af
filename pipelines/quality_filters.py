"""Filters by quality, off unless `QUALITY_FILTERS` names them: the rules of three papers.

Each is a list of rules, read from top to bottom, with the thresholds of its paper; the first that
an article breaks is told. What is refused is counted under the filter's own reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Self

from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.items import Article, Quality
from pipelines.refused import Refused
from pipelines.repetition import DUPLICATES, TOP

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Every character is a word there, and a mean word length says nothing.
_UNSPACED = ("zh", "ja", "th")

Rule = tuple[str, bool]


def _gopher(article: Article, quality: Quality) -> Iterator[Rule]:
    """Rae et al. 2021, A.1.1: what is hardly prose."""
    unspaced = article.language.partition("-")[0] in _UNSPACED
    yield "fewer than 50 words", article.word_count < 50
    yield "more than 100,000 words", article.word_count > 100_000
    yield "mean word length", not unspaced and not 3 <= quality.mean_word_length <= 10
    yield "symbols", (quality.symbol_words or 0) > 0.1
    yield "bullets", (quality.bullet_blocks or 0) > 0.9
    yield "ellipses", quality.ellipsis_blocks > 0.3
    yield "words without a letter", quality.alphabetic_words < 0.8
    yield "fewer than 2 stop words", quality.stop_words is not None and quality.stop_words < 2


def _repetition(article: Article, quality: Quality) -> Iterator[Rule]:
    """Rae et al. 2021, table A1: what says the same again and again."""
    yield "duplicate lines", (quality.duplicate_lines or 0) > 0.3
    yield "duplicate blocks", quality.duplicate_blocks > 0.3
    yield "characters in duplicate lines", (quality.duplicate_line_chars or 0) > 0.2
    yield "characters in duplicate blocks", (quality.duplicate_block_chars or 0) > 0.2
    for n, most in zip(TOP, (0.20, 0.18, 0.16), strict=True):
        yield f"most frequent {n}-gram", (getattr(quality, f"top_{n}grams") or 0) > most
    for n, most in zip(DUPLICATES, (0.15, 0.14, 0.13, 0.12, 0.11, 0.10), strict=True):
        yield f"duplicate {n}-grams", (getattr(quality, f"duplicate_{n}grams") or 0) > most


def _c4(article: Article, quality: Quality) -> Iterator[Rule]:
    """Raffel et al. 2020, 2.2: placeholders, code, fewer than five sentences."""
    yield "lorem ipsum", bool(quality.has_lorem_ipsum)
    yield "curly bracket", bool(quality.has_curly_bracket)
    yield "fewer than 5 sentences", (quality.sentences or 0) < 5


def _fineweb(article: Article, quality: Quality) -> Iterator[Rule]:
    """Penedo et al. 2024, 3.5: lists and menus that look like text."""
    yield "lines that end like a sentence", (quality.terminal_lines or 0) <= 0.12
    yield "characters in duplicate lines", (quality.duplicate_line_chars or 0) >= 0.1
    yield "short lines", (quality.short_lines or 0) >= 0.67


Filter = Callable[[Article, Quality], Iterator[Rule]]
FILTERS: Final[dict[str, tuple[Reason, Filter]]] = {
    "gopher": (Reason.QUALITY_GOPHER, _gopher),
    "repetition": (Reason.QUALITY_REPETITION, _repetition),
    "c4": (Reason.QUALITY_C4, _c4),
    "fineweb": (Reason.QUALITY_FINEWEB, _fineweb),
}


def broken_rule(name: str, article: Article) -> Refusal | None:
    """The first rule of a filter that an article breaks; one without measures breaks none."""
    reason, rules = FILTERS[name]
    if article.quality is None:
        return None
    for said, is_broken in rules(article, article.quality):
        if is_broken:
            return Refusal(reason, said)
    return None


class QualityFilterPipeline:
    """Lets articles go that break a rule of the filters that were asked for."""

    def __init__(self, filters: Sequence[str]) -> None:
        """`filters` are names of `FILTERS`."""
        self._filters = filters

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises: ConfigurationError for a filter that there is not."""
        filters: list[str] = crawler.settings.getlist("QUALITY_FILTERS")
        for name in filters:
            if name not in FILTERS:
                raise ConfigurationError(
                    f'QUALITY_FILTERS: "{name}" is no filter; they are {", ".join(FILTERS)}.'
                )
        return cls(filters)

    def process_item(self, item: Article) -> Article:
        """The article as it is. Raises: Refused."""
        for name in self._filters:
            if refusal := broken_rule(name, item):
                raise Refused(refusal)
        return item
