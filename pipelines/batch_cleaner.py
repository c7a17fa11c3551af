"""Before each commit: furniture that the batch itself made known is taken out of the batch.

So the first commit of a site is as clean as the later ones. What is cleaned goes the rest of the
way again, so that its hashes, measures, copies and versions are those of the text that is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, Self

from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.items import Article
from crawler.state import State
from crawler.state.journal import StagedRows
from pipelines import Refused
from pipelines.blocks import clean
from pipelines.boilerplate import TAKEN_OUT, BoilerplatePipeline, Rule
from pipelines.dataset.rows import article_of, unpack
from pipelines.stage import StagePipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# In the log: enough of a block to know it by, and of a site's blocks to see what they are.
_SHOWN_CHARS = 60
_SHOWN_BLOCKS = 10


class Stage(Protocol):
    """What an article goes through between boilerplate and the journal."""

    def process_item(self, item: Article) -> Article:
        """A changed article. Raises: Refused."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A staged version, and of a copy whose it is."""

    staged: StagedRows
    duplicate_of: str | None
    is_changed: bool

    @property
    def outcome(self) -> str:
        """What its stage counted."""
        return "revised" if self.staged.replaces else self.staged.table


class BatchCleaner:
    """Judges the blocks of all sites that have new articles, and cleans what is staged of them."""

    def __init__(
        self,
        state: State,
        rule: Rule,
        stages: Callable[[], tuple[Sequence[Stage], StagePipeline]],
        count: Callable[[str, str, int], None],
    ) -> None:
        """`stages` makes those that come after boilerplate, when they are needed.

        `count` is told the source, the stats key's last part and how many more it is.
        """
        self._state = state
        self._rule = rule
        self._stages = stages
        self._count = count

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        def count(source: str, thing: str, by: int) -> None:
            crawler.stats.inc_value(f"source/{source}/{thing}", by)

        def stages() -> tuple[Sequence[Stage], StagePipeline]:
            paths = build_component_list(
                crawler.settings.get_component_priority_dict_with_base("ITEM_PIPELINES")
            )
            classes = [load_object(path) for path in paths]
            later = classes[classes.index(BoilerplatePipeline) + 1 :]
            *between, last = [build_from_crawler(stage, crawler) for stage in later]
            return between, last

        rule = Rule.of(crawler.settings)
        return cls(State.from_crawler(crawler), rule, stages, count)

    def clean(self, run_id: str) -> None:
        """Clean the batch, all of it or nothing. Counts what is of this run.

        Raises: sqlite3.Error if the state cannot be written.
        """
        with self._state.transaction():
            self._state.batch.forget_committed()
            furniture = dict(self._judge())
            if furniture:
                self._stage_again(_affected(self._waiting(furniture)), furniture, run_id)

    def _judge(self) -> Iterator[tuple[str, Set[int]]]:
        """The furniture of every site that has some that was not known."""
        blocks = self._state.blocks
        for domain, articles in blocks.unjudged().items():
            seen = list(blocks.seen(domain))
            found = {one.block for one in seen if self._rule.is_furniture(one, articles)}
            is_more = any(one.block in found and not one.is_furniture for one in seen)
            blocks.judge(domain, found, self._rule.memory)
            if is_more:
                yield domain, found

    def _waiting(self, furniture: Mapping[str, Set[int]]) -> Iterator[_Waiting]:
        """What is staged, in the order it came; each site's changes are told to the log."""
        told: dict[str, _Told] = {domain: _Told() for domain in furniture}
        for staged in self._state.batch.versions():
            article = article_of(unpack(staged.rows))
            cleaned = clean(article, furniture.get(article.domain, frozenset()))
            is_changed = cleaned is not article
            if is_changed:
                told[article.domain].add(article, cleaned)
            yield _Waiting(staged, article.duplicate_of, is_changed)
        for domain, changes in told.items():
            if changes.articles:
                logger.info("%s: %s", domain, changes)

    def _stage_again(
        self, waiting: Sequence[_Waiting], furniture: Mapping[str, Set[int]], run_id: str
    ) -> None:
        for one in waiting:
            self._state.batch.take_back(one.staged.article_id)
        between, last = self._stages()
        for one in waiting:
            before = _as_cleaned(article_of(unpack(one.staged.rows)))
            article = clean(before, furniture.get(before.domain, frozenset()))
            outcome = self._outcome(article, between, last)
            if article.run_id == run_id:
                self._count(article.source, one.outcome, -1)
                self._count(article.source, outcome, 1)
                if one.is_changed:
                    taken = len(before.blocks) - len(article.blocks)
                    self._count(article.source, TAKEN_OUT, taken)

    def _outcome(self, article: Article, between: Sequence[Stage], last: StagePipeline) -> str:
        """What becomes of an article that goes the rest of the way again."""
        try:
            for stage in between:
                article = stage.process_item(article)
            return last.stage_again(article)
        except Refused as refused:
            now = datetime.now(UTC)
            self._state.urls.refused(article.article_id, refused.refusal, now)
            return f"refused/{refused.refusal.reason}"


def _affected(waiting: Iterable[_Waiting]) -> list[_Waiting]:
    """Those that change, and the copies of those: they may be no copies any more."""
    maybe = [one for one in waiting if one.is_changed or one.duplicate_of]
    changed = {one.staged.article_id for one in maybe if one.is_changed}
    return [one for one in maybe if one.is_changed or one.duplicate_of in changed]


def _as_cleaned(article: Article) -> Article:
    """An article without what later stages found out about it."""
    return replace(
        article,
        cluster_id="",
        cluster_size=1,
        revision=1,
        revision_count=1,
        duplicate_of=None,
        similarity=None,
        duplicate_kind=None,
    )


class _Told:
    """What the log says of a site: how many articles are cleaned, and of what."""

    def __init__(self) -> None:
        self.articles = 0
        self._shown: dict[str, None] = {}

    def add(self, article: Article, cleaned: Article) -> None:
        """One more article."""
        self.articles += 1
        if len(self._shown) < _SHOWN_BLOCKS:
            left = {block.text for block in cleaned.blocks}
            gone = (block.text for block in article.blocks if block.text not in left)
            self._shown |= dict.fromkeys(repr(text[:_SHOWN_CHARS]) for text in gone)

    def __str__(self) -> str:
        shown = ", ".join(list(self._shown)[:_SHOWN_BLOCKS])
        return f"furniture is taken out of {self.articles} articles, such as {shown}"
