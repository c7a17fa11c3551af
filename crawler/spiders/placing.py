"""An article with what the run and the exchange know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from scrapy.http import Response

from crawler.discovery.urls import article_id, registrable_domain, same_site
from crawler.fetch.headers import header
from crawler.items import Article
from crawler.sources import Source
from crawler.state.urls import DueUrl


def placed(
    article: Article,
    response: Response,
    source: Source,
    due: DueUrl,
    run_id: str,
    downloaded: datetime,
) -> Article:
    """The article as a row of a run, whether its page came over the network or from an archive."""
    own = article_id(_own_url(article))
    return replace(
        article,
        article_id=own,
        requested_id=due.article_id if due.article_id != own else "",
        source=source.name,
        domain=registrable_domain(article.url),
        run_id=run_id,
        date_first_seen=due.first_seen,
        date_downloaded=downloaded,
        http_status=response.status,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
    )


def _own_url(article: Article) -> str:
    """The URL that identifies an article: the canonical one, unless that is the home page."""
    canonical = article.canonical_url
    if canonical and same_site(canonical, article.url) and canonical.rstrip("/").count("/") > 2:
        return canonical
    return article.url
