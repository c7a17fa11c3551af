"""What a fetched page of a source is: its article, or why there is none."""

from __future__ import annotations

from scrapy.http import Response, TextResponse

from crawler.discovery.urls import registrable_domain, same_site
from crawler.errors import Reason, Refusal
from crawler.fetch.failures import refusal_of_page
from crawler.items import Article
from crawler.sources import Source
from crawler.spiders.extraction import Extract


def belongs(source: Source, url: str) -> bool:
    """Whether a URL is the source's own or on a host that it declares."""
    return same_site(source.url, url) or any(
        same_site(f"https://{domain}/", url) for domain in source.allowed_domains
    )


async def article_of(response: Response, source: Source, extract: Extract) -> Article | Refusal:
    """The article as its page tells it; what the run knows of it is not filled in."""
    refusal = refusal_of_page(response)
    if refusal:
        return refusal
    if not belongs(source, response.url):
        return Refusal(Reason.REDIRECTED_AWAY, registrable_domain(response.url))
    encoding = response._declared_encoding() if isinstance(response, TextResponse) else None
    return await extract(response.body, response.url, encoding=encoding)
