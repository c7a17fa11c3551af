"""What requests carry with them for the middlewares: whose they are, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http import Request

if TYPE_CHECKING:
    from crawler.sources import Source

# The `Source` that a request is made for. robots.txt and the like are made for none.
SOURCE = "source"
# The `Exchange` that a download was, where an archive is kept; until it is in there.
EXCHANGE = "exchange"
# Set for what a page asks for while it is rendered.
ASSET = "asset"
# Set for pages that may be articles, not for listings.
PAGE = "page"


def source_of(request: Request) -> Source | None:
    """Whose request it is, redirects included."""
    source: Source | None = request.meta.get(SOURCE)
    return source
