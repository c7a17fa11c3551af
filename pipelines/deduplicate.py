"""One story once: an article that tells a collected story in nearly the same words is its copy.

The copy we keep is the one collected first, and stays it; the others say how close they are to it.
What is compared was published within a window of days (pipelines.near_copies).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from crawler.items import Article
from crawler.state import DataFolder, State
from crawler.state.journal import Story
from pipelines.fingerprinting import hashes_of_body
from pipelines.near_copies import NearCopies
from pipelines.resemblance import Fingerprint

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class DeduplicatePipeline:
    """Gives every article its hashes and its cluster, and says whose copy it is."""

    def __init__(self, state: State, postings: Path, min_words: int, window: timedelta) -> None:
        self._state = state
        self._postings = postings
        self._min_words = min_words
        self._window = window
        self._opened: tuple[int, NearCopies] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(
            State.from_crawler(crawler),
            DataFolder.from_settings(crawler.settings).postings,
            crawler.settings.getint("DEDUPLICATE_MIN_WORDS"),
            timedelta(days=crawler.settings.getfloat("DEDUPLICATE_WINDOW_DAYS")),
        )

    @property
    def _near_copies(self) -> NearCopies:
        """Opened for the first article, when the run has the state in order, and after a commit."""
        commits = self._state.journal.commits
        if self._opened is None or self._opened[0] != commits:
            near = NearCopies(self._state.fingerprints, self._postings, self._window)
            self._opened = (commits, near)
        return self._opened[1]

    def process_item(self, item: Article) -> Article:
        """The article with its hashes, `cluster_id` and, of a copy, whose it is and how close."""
        content_hash, prints = hashes_of_body(item.article_body)
        is_compared = item.word_count >= self._min_words
        article = replace(
            item,
            content_hash=content_hash,
            minhash=prints.signature,
            vocabulary=prints.vocabulary if is_compared else b"",
            cluster_id=item.article_id,
        )
        before = self._state.journal.story(article.article_id)
        if before and before.table == "articles":
            # Others may be called its copies: the story that is kept stays kept.
            return replace(article, cluster_id=before.cluster_id)
        if not is_compared:
            return article
        return self._exact_copy(article) or self._near_copy(article, prints, before) or article

    def _exact_copy(self, article: Article) -> Article | None:
        first = self._state.journal.first_with(article.content_hash)
        if first is None:
            return None
        return replace(
            article,
            cluster_id=first.cluster_id,
            duplicate_of=first.article_id,
            similarity=1.0,
            duplicate_kind="exact",
        )

    def _near_copy(
        self, article: Article, prints: Fingerprint, before: Story | None
    ) -> Article | None:
        """A copy of the story that the most similar text tells; of its own one, if that is met."""
        found = [
            (kept, match)
            for match in self._near_copies.find(prints, article.date_published)
            if match.article_id != article.article_id and (kept := self._kept(match.article_id))
        ]
        if before:
            found.sort(key=lambda one: one[0].cluster_id != before.cluster_id)
        if not found:
            return None
        kept, match = found[0]
        if match.article_id != kept.article_id:
            # It was recognised by another copy, or by an earlier version of the kept text.
            match = self._near_copies.likeness(prints, kept.article_id) or match
        return replace(
            article,
            cluster_id=kept.cluster_id,
            duplicate_of=kept.article_id,
            similarity=match.similarity,
            duplicate_kind="contained" if match.is_contained else "near",
        )

    def _kept(self, article_id: str) -> Story | None:
        """The story that is kept of those that an article tells."""
        story = self._state.journal.story(article_id)
        if story and story.table != "articles":
            # A cluster is named after the article that is kept.
            story = self._state.journal.story(story.cluster_id)
        return story if story and story.table == "articles" else None
