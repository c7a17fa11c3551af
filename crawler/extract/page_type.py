"""Whether a page is an article at all, and if not, what it is.

Signs for and against are weighed: what the page calls itself, the shape of its URL, what stands
around its text and how the text is told. Short news is kept, a page of links to news is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.errors import Reason, Refusal
from crawler.extract.blocks import Piece
from crawler.extract.document import Document
from crawler.extract.evidence import gather
from crawler.extract.metadata import Metadata
from crawler.extract.signs import AGAINST, BIAS, FOR, Sign
from crawler.extract.structured import Structured

# Log-odds below which a page is refused. Below zero, since a collector is sent to pages that feeds
# and sitemaps call articles: where `tests/benchmarks/page_type.py`, which writes it, keeps .985 of
# the articles of sites held out, at a precision of .965.
THRESHOLD = -0.70
# A sign that weighs less on a page is not worth a word.
MIN_TOLD = 0.2


def refuse(
    document: Document,
    structured: Structured,
    metadata: Metadata,
    pieces: Sequence[Piece],
    body: Sequence[Piece],
) -> Refusal | None:
    """Return why the page is no article, or None.

    The refusal's detail names the signs against, the heaviest first; its reason is that of the
    heaviest that is peculiar to a kind of page. Without one it is some page that offers a service.
    """
    evidence = gather(document, structured, metadata, pieces, body)
    weight = BIAS + sum(sign.weight * sign.measure(evidence) for sign in FOR)
    against: list[tuple[float, Sign]] = sorted(
        ((sign.weight * sign.measure(evidence), sign) for sign in AGAINST),
        key=lambda weighed: weighed[0],
    )
    if weight + sum(weighed for weighed, _ in against) >= THRESHOLD:
        return None
    told = [sign for weighed, sign in against if weighed <= -MIN_TOLD]
    reasons = (sign.reason for sign in told if sign.reason is not None)
    return Refusal(
        next(reasons, Reason.SERVICE_PAGE), ", ".join(sign.name for sign in told) or "no sign for"
    )
