"""Which of a page's embedded posts are the story's, and between which of its lines they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_certain, words_of
from crawler.extract.container import common_ancestor
from crawler.extract.document import text_of
from crawler.extract.embeds import bare_post

# A region around a post with more text than this beside it is more than the post's own box.
MAX_BESIDE = 120
# Words by which markup names a post's own box, though they mean furniture elsewhere.
_BOX = ("embed", "tweet", "video", "player", "media", "iframe", "oembed", "twitter", "instagram")


def with_bare_posts(shown: Iterable[Piece]) -> list[Piece]:
    """Return the pieces, those that are a post's address and nothing else as the post."""
    posts = ((piece, bare_post(piece.text)) for piece in shown)
    return [
        replace(piece, type="embed", text=post, level=None, link_length=0) if post else piece
        for piece, post in posts
    ]


def with_embeds(shown: Sequence[Piece], told: Sequence[Piece]) -> list[Piece]:
    """Return the story's pieces with the posts embedded among them, in reading order, each once.

    `shown` is all that the page shows. A post is the story's if no furniture is around it, and it
    stands below the headline and before the story's last line, or right after that.
    """
    posts = [index for index, piece in enumerate(shown) if piece.type == "embed"]
    container = common_ancestor(told)
    if not posts or container is None:
        return list(told)
    around = {container, *container.iterancestors()}
    places = _places(shown, told)
    first, last = places[0], _end(shown, places[-1])
    top = _below_headline(shown, first)
    own: dict[str, int] = {}
    for index in posts:
        piece = shown[index]
        if (
            top <= index <= last
            and (index < first or any(one in around for one in _line(piece)))
            and all(
                region in around or _is_box(region, name, piece) for region, name in piece.regions
            )
        ):
            own.setdefault(piece.text.partition("\n")[0], index)
    merged = [*zip(places, told, strict=True), *((index, shown[index]) for index in own.values())]
    return [piece for _, piece in sorted(merged, key=lambda placed: placed[0])]


def _line(piece: Piece) -> Iterator[object]:
    yield piece.element
    yield from piece.element.iterancestors()


def _places(shown: Sequence[Piece], told: Sequence[Piece]) -> list[int]:
    """Where each of the story's pieces stands among all; a piece may be a copy of the shown one."""
    where: dict[tuple[int, str], int] = {}
    for index, piece in enumerate(shown):
        where.setdefault((id(piece.element), piece.text), index)
    places: list[int] = []
    for piece in told:
        place = where.get((id(piece.element), piece.text), 0)
        places.append(max(place, places[-1] if places else 0))
    return places


def _end(shown: Sequence[Piece], last: int) -> int:
    """The index of the last post or caption in the row that follows the story's last line."""
    while last + 1 < len(shown) and shown[last + 1].type in ("embed", "caption"):
        last += 1
    return last


def _below_headline(shown: Sequence[Piece], first: int) -> int:
    """The index below which a post above the story's first line belongs to it."""
    for index in range(first, -1, -1):
        if shown[index].type == "heading" and shown[index].level == 1:
            return index
    return first


def _is_box(region: object, name: str, piece: Piece) -> bool:
    """Whether a region called furniture is only the post's own box."""
    words = words_of(name).split()
    if is_certain(name) and not any(word in _BOX for word in words):
        return False
    beside = len(text_of(region)) - len(text_of(piece.element))  # type: ignore[arg-type]
    return beside <= MAX_BESIDE
