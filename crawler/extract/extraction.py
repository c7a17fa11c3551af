"""Bytes in, an `Article` or a `Refusal` out: the one way into this package.

The same bytes and URL always give the same answer, in any process; nothing is fetched, and nothing
is raised, whatever the bytes are.
"""

from __future__ import annotations

from web_poet import HttpResponse
from web_poet.fields import item_from_fields_sync

from crawler.errors import Reason, Refusal
from crawler.extract.site_rules import page_class
from crawler.items import Article

# A refusal's detail is for one line of a report.
_MAX_DETAIL = 200


def extract(body: bytes, url: str, *, encoding: str | None = None) -> Article | Refusal:
    """Return the article in a page, or why there is none.

    `url` is the page's own, after redirects; `encoding` the charset of the HTTP header, if any.
    """
    headers = {"Content-Type": f"text/html; charset={encoding}"} if encoding else {}
    try:
        page = page_class(url)(HttpResponse(url, body, headers=headers))
        refused = page.refusal()
        return refused if refused is not None else item_from_fields_sync(page, Article)
    except Exception as error:  # one odd page must not stop a run: it is refused and counted
        return Refusal(Reason.EXTRACTION_FAILED, f"{type(error).__name__}: {error}"[:_MAX_DETAIL])
