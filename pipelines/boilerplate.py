"""What a site repeats is no part of its articles: learnt across pages and runs, then taken out.

A block counts for an article that has words of its own besides: a story that a site publishes ten
times, changed here and there, is ten times the same story and makes nothing furniture. What counts
as furniture is decided before each commit, over all that is known by then
(`pipelines.batch_cleaner`); until the next one it holds for every page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from crawler.items import Article
from crawler.state import State
from crawler.state.blocks import SeenBlock
from pipelines.blocks import Unit, clean, units_of
from pipelines.fingerprinting import hash_of_text

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

# The share of words that stood on no earlier page of the site. A brief under 100 words of furniture
# has more, a story that is published again with a changed paragraph less.
MIN_OWN_SHARE: Final = 0.2
# Live coverage of a day has some hundreds of blocks; what has more is a dump, and nobody's mirror.
MAX_UNITS: Final = 1_000

# The stats key's last part; its value is how many blocks were taken out.
TAKEN_OUT: Final = "boilerplate/blocks"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a block is furniture: in `min_articles`, and `min_share` of all that are more.

    Of few articles that asks for most of them, of many for a tenth: a quote that two or five share
    is not enough on any site with more. The articles that count are those of the time the block was
    in use, at least the last `memory`, or all that the site has.
    """

    min_articles: int
    min_share: float
    min_share_varying: float
    memory: int

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """As the settings say."""
        return cls(
            settings.getint("BOILERPLATE_MIN_ARTICLES"),
            settings.getfloat("BOILERPLATE_MIN_SHARE"),
            settings.getfloat("BOILERPLATE_MIN_SHARE_VARYING"),
            settings.getint("BOILERPLATE_MEMORY"),
        )

    def is_furniture(self, seen: SeenBlock, articles: int) -> bool:
        """Whether a block of a site with so many articles is furniture."""
        among = max(seen.last - seen.first + 1, min(articles, self.memory))
        share = self.min_share_varying if seen.varies else self.min_share
        return seen.articles >= self.min_articles + share * max(0, among - self.min_articles)


def counter(crawler: Crawler) -> Callable[[str, str, int], None]:
    """Counts, for a source, so many more of a thing: the last part of its stats key."""

    def count(source: str, thing: str, by: int) -> None:
        crawler.stats.inc_value(f"source/{source}/{thing}", by)

    return count


class BoilerplatePipeline:
    """Counts an article's blocks, and takes out those that are known to be its site's furniture."""

    def __init__(self, state: State, count: Callable[[str, str, int], None]) -> None:
        """`count` is what `counter` gives."""
        self._state = state
        self._count = count

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(State.from_crawler(crawler), counter(crawler))

    def process_item(self, item: Article) -> Article:
        """The article without furniture.

        One that was collected with it, before it was known as such, is left as it was: to clean it
        would make a version of a story that says nothing new.
        """
        story = self._state.journal.story(item.article_id)
        if story and story.text_hash == hash_of_text(
            item.headline, item.description, item.article_body
        ):
            return item
        found = {unit.key: unit for unit in units_of(item)}
        known = self._state.blocks.known(item.domain, found)
        furniture = {key for key, is_furniture in known.items() if is_furniture}
        if story is None and _says_something_new(found, known) and len(found) <= MAX_UNITS:
            with self._state.transaction():
                self._state.blocks.see(item.domain, {key: u.wording for key, u in found.items()})
        cleaned = clean(item, furniture)
        if cleaned is not item:
            self._count(item.source, TAKEN_OUT, len(item.blocks) - len(cleaned.blocks))
        return cleaned


def _says_something_new(found: Mapping[int, Unit], known: Mapping[int, bool]) -> bool:
    """Whether enough words of what is no furniture stood on no page of the site before."""
    words = sum(unit.words for key, unit in found.items() if not known.get(key))
    own = sum(unit.words for key, unit in found.items() if key not in known)
    return own > 0 and own >= MIN_OWN_SHARE * words
