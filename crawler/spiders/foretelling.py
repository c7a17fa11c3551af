"""What a worker does with a page: it takes the article out, and answers what will be asked of it.

Loaded by workers, so without Scrapy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler import extract
from crawler.discovery.urls import registrable_domain
from crawler.errors import Refusal
from crawler.items import Article
from pipelines import foretelling
from pipelines.foretelling import Foretelling
from pipelines.known import Answer


def read(
    body: bytes, url: str, foretelling: Foretelling, *, encoding: str | None = None
) -> tuple[Article, Sequence[Answer]] | Refusal:
    """The article in a page with the answers for its stages, or why there is none."""
    article = extract.extract(body, url, encoding=encoding)
    if isinstance(article, Refusal):
        return article
    at_home = replace(article, domain=registrable_domain(article.url))
    return article, foretelling.answers(at_home)


def warm_up() -> None:
    """Load what the first page would load."""
    extract.warm_up()
    foretelling.warm_up()
