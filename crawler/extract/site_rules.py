"""Which page object reads a URL: the site's own rule, else the general page. Offline.

Rules register themselves through `web_poet.handle_urls` when `crawler.sites` is imported, which
happens here, by name and on first use: they build on `crawler.extract.page`, so this package could
not import them while it is itself being imported.
"""

from __future__ import annotations

from functools import cache

import tldextract.tldextract
from web_poet import consume_modules, default_registry

from crawler.extract.page import ArticlePage
from crawler.items import Article
from crawler.suffixes import SUFFIXES


def page_class(url: str) -> type[ArticlePage]:
    """Return the site rule for a URL, else the general page."""
    _load()
    found = default_registry.page_cls_for_item(url, Article)
    return found if found is not None and issubclass(found, ArticlePage) else ArticlePage


@cache
def _load() -> None:
    # web-poet matches hosts through tldextract's global extractor, which would fetch the list of
    # public suffixes on first use and keep it in the home folder; the bundled list does.
    tldextract.tldextract.TLD_EXTRACTOR = SUFFIXES
    consume_modules("crawler.sites")
