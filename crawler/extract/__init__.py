"""Takes the article out of a page: bytes in, `Article` or `Refusal` out; pure and picklable."""

from crawler.extract.extraction import extract, warm_up

__all__ = ["extract", "warm_up"]
