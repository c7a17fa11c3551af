"""Archived pages as the answers that the network would have given."""

from __future__ import annotations

from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes

from crawler.archive.reader import Page
from crawler.errors import Refusal
from crawler.fetch.archived_rights import RIGHTS
from crawler.fetch.integrity import unpacked

# What markup begins with, once white space and byte order marks are gone; no packed stream does.
_MARKUP = b"<"
_BEFORE_MARKUP = b" \t\r\n\f\v\xef\xbb\xbf"


def answer_of(page: Page, limit: int) -> Response | Refusal:
    """The answer, unpacked to at most `limit` bytes; or why it cannot be.

    Many archives hold a body unpacked, below the headers that it came with.
    """
    headers = Headers()
    for name, value in page.headers:
        headers.appendlist(name, value)
    body = unpacked(Response(page.url, page.status, headers, page.body), limit)
    if isinstance(body, Refusal):
        if not page.body.lstrip(_BEFORE_MARKUP).startswith(_MARKUP):
            return body
        body = page.body
    headers.pop("Content-Encoding", None)
    kind = responsetypes.from_args(headers=headers, url=page.url, body=body)
    request = Request(page.url, meta={RIGHTS: (page.about.get("rights"), page.date)})
    return kind(page.url, status=page.status, headers=headers, body=body, request=request)
