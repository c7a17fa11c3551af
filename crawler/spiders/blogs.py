"""Reads the API of a WordPress: its posts, what it has no longer, and where readers have written.

A post that is deleted is named by no answer, and a comment makes no post newer: both are found out
by one small request each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

from crawler.discovery.wordpress import (
    POSTS_PER_PAGE,
    comments_url,
    parse_comments,
    parse_posts,
    posts_url,
    total_url,
)
from crawler.errors import Refusal
from crawler.fetch.listings import Answer
from crawler.spiders.extraction import Aside
from crawler.spiders.finding import Ask
from crawler.spiders.listing_pages import Page
from crawler.state.listed import Listed, Part
from crawler.state.listings import Validators

WAY = "wordpress"
# WordPress compares whole seconds, strictly: one second back, the newest post is named again and
# one that was saved in the same second is not missed.
_SAME_SECOND = timedelta(seconds=1)
# Pages of a hundred comments: what was written since, or the posts are seen again by plan only.
_COMMENT_PAGES_MAX = 10


class BlogReader:
    """One reading of one API. `newest_modified` is that of the newest post, once it was read."""

    def __init__(
        self,
        root: str,
        ask: Ask,
        get: Callable[[str], Awaitable[Answer | None]],
        refused: Callable[[str, Refusal], None],
        listed: Listed,
        aside: Aside,
    ) -> None:
        """`get` notes a refusal, `ask` gives it; `refused` notes one of ours; `aside` reads."""
        self._root = root
        self._ask = ask
        self._get = get
        self._refused = refused
        self._listed = listed
        self._aside = aside
        self.newest_modified: datetime | None = None
        self.is_whole = False

    async def read(self, since: datetime | None) -> AsyncIterator[Page]:
        """All posts, or those changed `since`; all too where some of them are no longer there."""
        async for page in self._posts(since):
            yield page
        if not self.is_whole:
            return
        if since is not None and await self._has_lost_posts():
            async for page in self._posts(None):
                yield page
        comments = await self._commented()
        if comments:
            yield comments

    async def _posts(self, since: datetime | None) -> AsyncIterator[Page]:
        modified_after = since - _SAME_SECOND if since else None
        newest, number, self.is_whole = since, 1, False
        while True:
            url = posts_url(self._root, number, modified_after)
            answer = await self._get(url)
            if answer is None:
                return
            posts = await self._aside(parse_posts, answer.body, answer.url)
            if isinstance(posts, Refusal):
                self._refused(url, posts)
                return
            is_last = posts.count < POSTS_PER_PAGE or number == answer.pages
            whole = since is None
            part = Part(self._root, WAY, whole and number == 1, whole and is_last)
            yield Page(url, posts.candidates, part=part if posts.count or not whole else None)
            moments = [post.date_modified for post in posts.candidates if post.date_modified]
            newest = max([*moments, newest] if newest else moments, default=None)
            if is_last:
                break
            number += 1
        self.newest_modified = newest
        self.is_whole = True
        if since is None:
            self._listed.counted(self._root, self._listed.uncounted(self._root, answer.total))

    async def _has_lost_posts(self) -> bool:
        """Whether the API has fewer posts than it named, or others."""
        before = self._listed.last_uncounted(self._root)
        if before is None:
            return False
        answer = await self._ask(total_url(self._root), Validators())
        if isinstance(answer, Refusal) or answer.total is None:
            return False
        return self._listed.uncounted(self._root, answer.total) != before

    async def _commented(self) -> Page | None:
        """Where comments were written since the last reading; the first one only begins to count.

        A site that tells of none is asked again each time, and nothing is made of its refusal.
        """
        known = self._listed.newest_comment(self._root)
        newest, urls = known or 0, set[str]()
        for number in range(1, _COMMENT_PAGES_MAX + 1):
            url = comments_url(self._root, number)
            answer = await self._ask(url, Validators())
            if isinstance(answer, Refusal):
                return None
            told = await self._aside(parse_comments, answer.body, answer.url)
            if told is None or isinstance(told, Refusal):
                return None
            newest = max([newest, *(comment.number for comment in told)])
            new = [comment for comment in told if known is not None and comment.number > known]
            urls.update(comment.url for comment in new)
            if len(new) < len(told) or not told:
                break
        self._listed.commented(self._root, newest)
        return Page(self._root, (), discussed=frozenset(urls)) if urls else None
