"""What a site calls itself, so that titles, bylines and keywords can be rid of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from crawler.extract.structured import Structured
from crawler.extract.survey import fold

_SEPARATOR = re.compile(r"\s+[|•·»«–—-]+\s+|\s*[|｜ǀㅣ¦_]\s*|(?<=[^\x00-\x7f])-+(?=\S)")
# A part of the site's name is its name too ("Gazette" of "La Gazette") from this length on; shorter
# is a word. Scripts without spaces say as much in fewer characters.
MIN_PART = 4
MIN_WIDE_PART = 2


def site_names(structured: Structured, publisher: str) -> frozenset[str]:
    """Return the site's names, folded and without spaces: as publisher, host, og:site_name."""
    host = (urlsplit(structured.document.url).hostname or "").removeprefix("www.")
    stated = (publisher, structured.first_meta("og:site_name", "application-name"))
    names = {joined(name) for name in stated if name}
    names |= {joined(host), joined(host.partition(".")[0])}
    return frozenset(name for name in names if name)


def is_site_name(text: str, names: Collection[str]) -> bool:
    """Whether a text is one of the site's names, or a part of one that stands for it."""
    folded = joined(text)
    least = MIN_PART if folded.isascii() else MIN_WIDE_PART
    return folded in names or (
        len(folded) >= least
        and any(name.startswith(folded) or (folded.isascii() and folded in name) for name in names)
    )


def title_suffix(title: str) -> str:
    """Return what stands behind a title's last separator: on most pages the site's name."""
    return _SEPARATOR.split(title)[-1] if _SEPARATOR.search(title) else ""


def joined(text: str) -> str:
    """Fold a text for comparison, spaces too."""
    return fold(text).replace(" ", "")
