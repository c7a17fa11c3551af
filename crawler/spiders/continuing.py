"""An article that goes on on further pages: what was told so far, and which page to ask for next.

Only who asks and what for is decided here; the spider sends the requests as it does any other, so
that robots.txt, guards and delays hold for a second page as for the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.discovery.urls import article_id, same_site
from crawler.errors import Reason, Refusal
from crawler.items import Article


@dataclass(frozen=True, slots=True)
class Telling:
    """An article as far as its pages were read, and which page is to be asked for, if any.

    `asked` are the addresses of all pages that were; `missing` is why one of them did not come, or
    why no further one was asked for.
    """

    article: Article
    most: int
    next_url: str | None = None
    asked: tuple[str, ...] = ()
    missing: Refusal | None = None

    @classmethod
    def of(cls, article: Article, most: int) -> Telling:
        """Begin with a first page; the article may have `most` pages."""
        begun = cls(article, most, asked=(article.url,))
        pages = article.pages
        return begun._then(pages.whole if pages.next else None) or begun._go_on(pages.next)

    def told(self, url: str, outcome: Article | Refusal) -> Telling:
        """Take in what the page that was asked for gave; `url` is its own, after redirects."""
        asked_for_all = self.next_url == self.article.pages.whole
        more = self._add(url, outcome, asked_for_all)
        if asked_for_all and more is None:
            return self._go_on(self.article.pages.next)
        return more if more is not None else replace(self, next_url=None)

    def _add(self, url: str, outcome: Article | Refusal, asked_for_all: bool) -> Telling | None:
        """With the page's text; None if it is not this article's or says nothing new."""
        if isinstance(outcome, Refusal):
            return None if asked_for_all else replace(self, next_url=None, missing=outcome)
        # Loads the readers of pages, which are the workers': most runs meet no second page.
        from crawler.extract.joining import adds, continues, join_pages  # noqa: PLC0415

        seen = {article_id(page) for page in self.asked if page != self.next_url}
        if article_id(url) in seen or not continues(self.article, outcome):
            return None
        if not adds(self.article, outcome):
            return None
        joined = join_pages((self.article, outcome))
        if asked_for_all:
            return replace(self, article=joined, next_url=None)
        return replace(self, article=joined)._go_on(outcome.pages.next or outcome.pages.onward)

    def _go_on(self, url: str | None) -> Telling:
        done = replace(self, next_url=None)
        if url is None:
            return done
        if len(self.asked) >= self.most and article_id(url) not in map(article_id, self.asked):
            return replace(done, missing=Refusal(Reason.TOO_MANY_PAGES, f"more than {self.most}"))
        return self._then(url) or done

    def _then(self, url: str | None) -> Telling | None:
        """With the page to ask for; None if it was asked for before or is on another site."""
        if url is None or not same_site(url, self.article.url):
            return None
        if article_id(url) in map(article_id, self.asked):
            return None
        return replace(self, next_url=url, asked=(*self.asked, url))
