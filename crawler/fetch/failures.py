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
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError

from crawler.errors import DatasetError, Reason, Refusal
from crawler.fetch.headers import header
from crawler.fetch.kinds import refusal_of_kind

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
# What the libraries for TLS call their errors, which Scrapy hands on as text.
_TLS = ("SSL", "certificate", "VerificationError")
# What Twisted raises where an answer is none: its own, and what its reading of numbers and transfer
# codings lets through.
_RULES = (ParseError, ValueError, KeyError)


class FetchRefusedError(IgnoreRequest):
    """A middleware will not send a request, or not take its answer."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def refusal_of_error(error: BaseException) -> Refusal:
    """Why an exchange gave no answer. What cannot be written is no such reason: raised."""
    if isinstance(error, sqlite3.Error | DatasetError):
        raise error
    if isinstance(error, FetchRefusedError):
        return error.refusal
    if isinstance(error, IgnoreRequest) and "redirections" in str(error):
        return Refusal(Reason.REDIRECT_LOOP, str(error))
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return Refusal(reason, _first_line(error))
    if any(sign in repr(error) for sign in _TLS):
        return Refusal(Reason.TLS, _first_line(error))
    if (broken := _broken_rule(error)) is not None:
        return Refusal(Reason.MALFORMED, broken)
    if isinstance(error, ValueError):  # of a redirect: an address that is none
        return Refusal(Reason.MALFORMED, _first_line(error))
    return Refusal(Reason.NETWORK, f"{type(error).__name__}: {_first_line(error)}")


def _broken_rule(error: BaseException) -> str | None:
    """What of an answer was not as HTTP wants it; None if that is not what was wrong."""
    failures: list[Failure] = getattr(error.__cause__, "reasons", [])
    for one in (failure.value for failure in failures):
        if isinstance(one, _RULES):
            return f"{type(one).__name__}: {one.args[0] if one.args else ''}"[:200]
    return None


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
    if status < 100:
        return Refusal(Reason.MALFORMED, said)
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
    return refusal_of_kind(response.body, kind)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]
