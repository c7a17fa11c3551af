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
# Short, and with something for each reader: dates in words and in data, comments, a second block.
_ANY_PAGE = b"""<!doctype html><html lang="fr"><head><title>Le pont</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Le pont",
"datePublished": "2026-03-02T08:00:00+01:00", "keywords": "ponts"}</script></head><body><article>
<h1>Le pont</h1><p>Par Jeanne Martin, le 2 mars 2026</p><p>Le pont de bois est ouvert.</p><h2>Un
chantier</h2><p>Il a dur\xc3\xa9 dix ans.</p></article><ol class="comments"><li class="comment">
<cite>Paul</cite> <time>3 mars 2026</time><p>Enfin.</p></li></ol></body></html>"""


def warm_up() -> None:
    """Load what the first page would load: site rules, suffixes, words of languages.

    dateparser is for one page in 250, and a third of all: whoever needs it pays for it.
    """
    extract(_ANY_PAGE, "https://example.org/2026/03/02/le-pont/")


def extract(body: bytes, url: str, *, encoding: str | None = None) -> Article | Refusal:
    """Return the article in a page, or why there is none.

    `url` is the page's own, after redirects; `encoding` the charset of the HTTP header, if any.
    """
    headers = {"Content-Type": f"text/html; charset={encoding}"} if encoding else {}
    try:
        page = page_class(url)(HttpResponse(url, body, headers=headers))
        try:
            refused = page.refusal()
            return refused if refused is not None else item_from_fields_sync(page, Article)
        finally:  # what it remembers holds it: it would wait, with its tree, to be collected
            vars(page).clear()
    except Exception as error:  # one odd page must not stop a run: it is refused and counted
        return Refusal(Reason.EXTRACTION_FAILED, f"{type(error).__name__}: {error}"[:_MAX_DETAIL])
