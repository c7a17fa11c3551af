"""The stage that keeps out what was erased: what nobody could know before the page was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from crawler.errors import Reason, Refusal
from crawler.items import Article, Comment
from crawler.state import State
from crawler.state.tombstones import Tombstones
from pipelines.erasure.names import name_key
from pipelines.refused import Refused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ErasurePipeline:
    """Refuses articles by an erased author or under an erased address; drops erased commenters.

    A refusal's detail says nothing: it would bring back what was erased.
    """

    def __init__(self, tombstones: Tombstones, count: Callable[[str, str], None]) -> None:
        """`count` is told the source, and what was kept out: a stats key's last part."""
        self._tombstones = tombstones
        self._count = count

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        def count(source: str, thing: str) -> None:
            crawler.stats.inc_value(f"source/{source}/{thing}")

        return cls(State.from_crawler(crawler).tombstones, count)

    def process_item(self, item: Article) -> Article:
        """The article without comments by erased people. Raises: Refused."""
        if self._tombstones.covers("article", item.article_id):
            raise Refused(Refusal(Reason.ERASED_URL))
        if self._tombstones.covers("domain", item.domain):
            raise Refused(Refusal(Reason.ERASED_DOMAIN))
        if any(map(self._is_erased, item.authors)):
            raise Refused(Refusal(Reason.ERASED_AUTHOR))
        gone = {c.comment_id for c in item.comments if c.author and self._is_erased(c.author)}
        for _ in gone:
            self._count(item.source, "erased/comments")
        return replace(item, comments=_without(gone, item.comments)) if gone else item

    def _is_erased(self, name: str) -> bool:
        return self._tombstones.covers("author", name_key(name))


def _without(gone: set[str], comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    """The other comments; a reply to one that is gone is a reply to nobody."""
    return tuple(
        replace(comment, parent_id=None) if comment.parent_id in gone else comment
        for comment in comments
        if comment.comment_id not in gone
    )
