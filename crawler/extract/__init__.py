"""Takes the article out of a page: bytes in, `Article` or `Refusal` out; pure and picklable.

What reads a page is loaded by the first that is read. A crawl only hands pages on to its workers:
it has these names, and neither the memory nor the time that the rest takes.
"""

from crawler.errors import Refusal
from crawler.items import Article

__all__ = ["extract", "warm_up"]


def extract(body: bytes, url: str, *, encoding: str | None = None) -> Article | Refusal:
    """Return the article in a page, or why there is none.

    `url` is the page's own, after redirects; `encoding` the charset of the HTTP header, if any.
    """
    from crawler.extract import extraction  # noqa: PLC0415

    return extraction.extract(body, url, encoding=encoding)


def warm_up() -> None:
    """Load what the first page would load."""
    from crawler.extract import extraction  # noqa: PLC0415

    extraction.warm_up()
