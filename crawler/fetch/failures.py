"""Every way an exchange can fail, mapped in this one place to a typed refusal."""

from __future__ import annotations

import sqlite3

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError

from crawler.errors import Reason, Refusal
from crawler.fetch.headers import header

# What a page may call itself. Servers that say nothing are read, and judged by what they sent.
HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")

_REASONS: tuple[tuple[type[Exception], Reason], ...] = (
    (CannotResolveHostError, Reason.UNRESOLVED),
    (DownloadConnectionRefusedError, Reason.CONNECTION),
    (ConnectError, Reason.CONNECTION),
    (DownloadTimeoutError, Reason.TIMEOUT),
    (ResponseDataLossError, Reason.TRUNCATED),
    (DownloadCancelledError, Reason.TOO_LARGE),
    (UnsupportedURLSchemeError, Reason.SCHEME),
)


class FetchRefusedError(IgnoreRequest):
    """A middleware will not send a request, or not take its answer."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def refusal_of_error(error: BaseException) -> Refusal:
    """Why an exchange gave no answer. A state that cannot be written is no such reason: raised."""
    if isinstance(error, sqlite3.Error):
        raise error
    if isinstance(error, FetchRefusedError):
        return error.refusal
    if isinstance(error, IgnoreRequest) and "redirections" in str(error):
        return Refusal(Reason.REDIRECT_LOOP, str(error))
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return Refusal(reason, _first_line(error))
    if "SSL" in repr(error) or "certificate" in repr(error):
        return Refusal(Reason.TLS, _first_line(error))
    return Refusal(Reason.NETWORK, f"{type(error).__name__}: {_first_line(error)}")


def refusal_of_status(status: int) -> Refusal | None:
    """Why an answer with this status is not the page; None for one that is."""
    if 200 <= status < 300:
        return None
    said = f"HTTP {status}"
    if status in (404, 410):
        return Refusal(Reason.GONE, said)
    if status in (401, 402, 403, 451):
        return Refusal(Reason.FORBIDDEN, said)
    if status == 429:
        return Refusal(Reason.TOO_MANY_REQUESTS, said)
    if status >= 500:
        return Refusal(Reason.SERVER_ERROR, said)
    return Refusal(Reason.CLIENT_ERROR, said)


def refusal_of_page(response: Response) -> Refusal | None:
    """Why an answer is no HTML page that came whole; None for one that is."""
    refusal = refusal_of_status(response.status)
    if refusal:
        return refusal
    if "dataloss" in response.flags:  # "partial" is only a server that names no length
        return Refusal(Reason.TRUNCATED, "the connection ended before the page did")
    kind = header(response, "Content-Type") or ""
    media_type = kind.partition(";")[0].strip().lower()
    if media_type and media_type not in HTML_TYPES:
        return Refusal(Reason.NOT_HTML, media_type[:80])
    return None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]
