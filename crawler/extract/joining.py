"""The pages of an article that is cut into several, joined into one: each thing told once.

What every page repeats (headline, lede, furniture) is kept from the first that shows it; comments
are those of all pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.extract.blocks import body_text
from crawler.extract.survey import fold
from crawler.items import Article, Block, Comment, Image

# A shorter line may be said twice in a story ("Yes."); a paragraph that comes again is furniture.
MIN_PARAGRAPH = 60
# Of two headlines this share of the words is the same where both are one article's.
SAME_WORDS = 0.6


def continues(first: Article, later: Article) -> bool:
    """Whether a page is a later one of the article, and not another article that it links to.

    It says so itself, or bears the headline, whole or but for a page's number.
    """
    if later.pages.first is not None or (
        later.canonical_url is not None and later.canonical_url == first.canonical_url
    ):
        return True
    ours, theirs = fold(first.headline), fold(later.headline)
    if ours.startswith(theirs) or theirs.startswith(ours):
        return True
    own, other = set(ours.split()), set(theirs.split())
    return len(own & other) >= SAME_WORDS * len(own | other)


def join_pages(pages: Sequence[Article]) -> Article:
    """Return the article that the pages tell together: the first page, with the others' text."""
    first, *later = pages
    told = list(first.blocks)
    seen = {fold(text) for text in (first.headline, first.description or "") if text}
    body = [first.article_body]
    for page in later:
        seen.update(fold(block.text) for block in told)
        added = _new_blocks(page.blocks, seen, fold(page.headline))
        told += added
        body.append(body_text(added))
    comments = _comments(pages)
    dates = [page.date_modified for page in pages if page.date_modified is not None]
    return replace(
        first,
        article_body="\n\n".join(filter(None, body)),
        blocks=tuple(told),
        authors=next((page.authors for page in pages if page.authors), ()),
        keywords=next((page.keywords for page in pages if page.keywords), ()),
        date_modified=max(dates, default=None),
        images=_images(pages),
        comments=comments,
        comment_count=max(first.comment_count or 0, len(comments)) or None,
    )


def adds(first: Article, later: Article) -> bool:
    """Whether a page has text or comments that the article does not have yet."""
    joined = join_pages((first, later))
    return len(joined.blocks) > len(first.blocks) or len(joined.comments) > len(first.comments)


def _new_blocks(blocks: Sequence[Block], seen: set[str], headline: str) -> list[Block]:
    """The page's blocks without what earlier pages told, at its head and foot in any length."""
    known = [fold(block.text) in seen or fold(block.text) == headline for block in blocks]
    start, end = 0, len(blocks)
    while start < end and known[start]:
        start += 1
    while end > start and known[end - 1]:
        end -= 1
    return [
        block
        for block, is_known in zip(blocks[start:end], known[start:end], strict=True)
        if not (is_known and (len(block.text) >= MIN_PARAGRAPH or block.type == "embed"))
    ]


def _images(pages: Sequence[Article]) -> tuple[Image, ...]:
    kept: dict[str, Image] = {}
    for page in pages:
        for image in page.images:
            kept.setdefault(image.url, image)
    return tuple(kept.values())


def _comments(pages: Sequence[Article]) -> tuple[Comment, ...]:
    """Every page's comments, none twice; an id that two comments bear is made one of its own."""
    kept: dict[str, Comment] = {}
    said: dict[tuple[object, ...], str] = {}
    for number, page in enumerate(pages, start=1):
        renamed: dict[str, str] = {}
        for comment in page.comments:
            words = (comment.author, comment.date_created, comment.text)
            if words in said:
                renamed[comment.comment_id] = said[words]
                continue
            own = comment.comment_id
            if own in kept:
                own = f"{own}/{number}"
            renamed[comment.comment_id] = said[words] = own
            kept[own] = _placed(comment, own, renamed, len(kept))
    return tuple(kept.values())


def _placed(comment: Comment, own: str, renamed: Mapping[str, str], position: int) -> Comment:
    parent = comment.parent_id
    return replace(
        comment,
        comment_id=own,
        parent_id=renamed.get(parent, parent) if parent is not None else None,
        position=position,
    )
