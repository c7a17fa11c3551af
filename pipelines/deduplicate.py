"""One story once: an article whose words were already collected becomes a copy of that one.

The copy we keep is the one collected first, and stays it. Exact copies only, so far; the signature
that near copies are found by is computed here and kept in the dataset.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from crawler.items import Article
from crawler.state import State
from crawler.state.journal import Journal
from pipelines.minhash import content_hash, signature

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class DeduplicatePipeline:
    """Gives every article its hashes and its cluster, and says whose copy it is."""

    def __init__(self, journal: Journal, min_words: int) -> None:
        self._journal = journal
        self._min_words = min_words

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(
            State.from_crawler(crawler).journal, crawler.settings.getint("DEDUPLICATE_MIN_WORDS")
        )

    def process_item(self, item: Article) -> Article:
        """The article with `content_hash`, `minhash`, `cluster_id` and, of a copy, whose it is."""
        article = replace(
            item,
            content_hash=content_hash(item.article_body),
            minhash=signature(item.article_body),
            cluster_id=item.article_id,
        )
        before = self._journal.story(article.article_id)
        if before and before.table == "articles":
            # Others may be called its copies: the story that is kept stays kept.
            return replace(article, cluster_id=before.cluster_id)
        first = self._journal.first_with(article.content_hash)
        if first is None or article.word_count < self._min_words:
            return article
        return replace(
            article,
            cluster_id=first.cluster_id,
            duplicate_of=first.article_id,
            similarity=1.0,
            duplicate_kind="exact",
        )
