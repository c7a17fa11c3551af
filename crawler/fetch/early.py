"""What fetching loads of Scrapy, loaded before there are many modules and frames to look through.

Two modules of Scrapy have deprecated classes, for each of which it looks at every frame above and,
frame by frame, at every module that is loaded. In the depth of its engine that takes .12 s of the
start of a run, here half of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

# What looks at frames comes first: nothing shall stand between that would load it.
_MODULES: Final = (
    "scrapy.core.downloader.tls",
    "scrapy.core.downloader.contextfactory",
    "crawler.fetch.transport",
)


def load() -> None:
    """Load the download handlers."""
    for name in _MODULES:
        import_module(name)
