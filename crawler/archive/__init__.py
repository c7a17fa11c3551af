"""Raw exchanges as the web gave them, in the format of web archives (WARC 1.1, ISO 28500:2017)."""

from crawler.archive.exchange import Exchange, Stored
from crawler.archive.recovery import recover
from crawler.archive.writer import WarcWriter

__all__ = ["Exchange", "Stored", "WarcWriter", "recover"]
