"""Before each commit: furniture that the batch itself made known is taken out of the batch.

So the first commit of a site is as clean as the later ones. What is cleaned goes the rest of the
way again, so that its hashes, measures, copies and versions are those of the text that is written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, Self

from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.items import Article
from crawler.state import State
from pipelines.blocks import clean
from pipelines.boilerplate import TAKEN_OUT, BoilerplatePipeline, Rule, counter
from pipelines.dataset.rows import article_of, unpack
from pipelines.refused import Refused
from pipelines.stage import StagePipeline

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# In the log: enough of a block to know it by, and of a site's blocks to see what they are.
_SHOWN_CHARS = 60
_SHOWN_BLOCKS = 10


class Stage(Protocol):
    """What an article goes through between boilerplate and the journal."""

    def process_item(self, item: Article) -> Article:
        """A changed article. Raises: Refused."""


class BatchCleaner:
    """Judges the blocks of all sites that have new articles, and cleans what is staged of them."""

    def __init__(
        self,
        state: State,
        rule: Rule,
        stages: Callable[[], tuple[Sequence[Stage], StagePipeline]],
        count: Callable[[str, str, int], None],
    ) -> None:
        """`stages` makes what comes after boilerplate, when it is needed, up to the last stage."""
        self._state = state
        self._rule = rule
        self._stages = stages
        self._count = count

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        def stages() -> tuple[Sequence[Stage], StagePipeline]:
            paths = crawler.settings.get_component_priority_dict_with_base("ITEM_PIPELINES")
            classes = [load_object(path) for path in build_component_list(paths)]
            last = classes.index(StagePipeline)
            has_boilerplate = BoilerplatePipeline in classes  # not where shards are merged
            first = classes.index(BoilerplatePipeline) + 1 if has_boilerplate else 0
            *between, stage = [
                build_from_crawler(cls, crawler) for cls in classes[first : last + 1]
            ]
            return between, stage

        rule = Rule.of(crawler.settings)
        return cls(State.from_crawler(crawler), rule, stages, counter(crawler))

    def clean(self, run_id: str) -> None:
        """Clean the batch, all of it or nothing. Counts what is of this run.

        Raises: sqlite3.Error if the state cannot be written.
        """
        with self._state.transaction():
            self._state.batch.forget_committed()
            furniture = dict(self._judge())
            if furniture:
                for article_id, signature in self._affected(furniture).items():
                    self._state.batch.take_back(article_id)
                    self._state.fingerprints.take_back(article_id, signature)
                self._stage_again(furniture, run_id)

    def _judge(self) -> Iterator[tuple[str, Set[int]]]:
        """The furniture of every site that has some that was not known."""
        blocks = self._state.blocks
        for domain, articles in blocks.unjudged().items():
            seen = list(blocks.seen(domain, self._rule.min_articles))
            found = {one.block for one in seen if self._rule.is_furniture(one, articles)}
            is_more = any(one.block in found and not one.is_furniture for one in seen)
            blocks.judge(domain, found, self._rule.memory)
            if is_more:
                yield domain, found

    def _affected(self, furniture: Mapping[str, Set[int]]) -> dict[str, bytes]:
        """What is cleaned, and the copies of that, which may be none any more: their signatures.

        Told to the log.
        """
        told = {domain: _Told() for domain in furniture}
        changed: dict[str, bytes] = {}
        copies: list[tuple[str, str, bytes]] = []
        for staged in self._state.batch.versions():
            article = article_of(unpack(staged.rows))
            cleaned = clean(article, furniture.get(article.domain, frozenset()))
            if cleaned is not article:
                changed[article.article_id] = article.minhash
                told[article.domain].add(article, cleaned)
            elif article.duplicate_of:
                copies.append((article.article_id, article.duplicate_of, article.minhash))
        for domain, changes in told.items():
            if changes.articles:
                logger.info("%s: %s", domain, changes)
        return changed | {
            copy: minhash for copy, original, minhash in copies if original in changed
        }

    def _stage_again(self, furniture: Mapping[str, Set[int]], run_id: str) -> None:
        between, last = self._stages()
        for staged in self._state.batch.give_back():
            before = _as_extracted(article_of(unpack(staged.rows)))
            article = clean(before, furniture.get(before.domain, frozenset()))
            outcome = self._outcome(article, between, last)
            if article.run_id == run_id:
                self._count(article.source, "revised" if staged.replaces else staged.table, -1)
                self._count(article.source, outcome, 1)
                if article is not before:
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


def _as_extracted(article: Article) -> Article:
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
