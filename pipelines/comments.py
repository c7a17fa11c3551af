"""A page's comments as one thread: each with an id of its own, and no reply in circles.

A comment is known again by its id. Where the page gives none, its place would be another at each
visit, as newer ones come above it: it is known by who says what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Final

from crawler.items import BY_POSITION, Comment
from pipelines.minhash import tokens
from pipelines.values import Flaw, Tell, count, date, elements, is_blank, name, prose

# A million characters of one comment is an attack on the reader.
MAX_COMMENT_CHARS: Final = 100_000


def sound_comments(value: object, downloaded: datetime | None, tell: Tell) -> tuple[Comment, ...]:
    """The comments in reading order, each with an id of its own and a parent that is there."""
    kept = _kept(value, tell)
    parents = _without_circles(
        {
            comment_id: comment.parent_id if comment.parent_id in kept else None
            for comment_id, comment in kept.items()
        }
    )
    if any(parents[own] != comment.parent_id for own, comment in kept.items()):
        tell(Flaw.NO_PARENT)
    return tuple(
        replace(
            comment,
            comment_id=comment_id,
            parent_id=parents[comment_id],
            position=position,
            text=prose(comment.text, MAX_COMMENT_CHARS, tell) or "",
            author=name(comment.author, tell),
            date_created=date(comment.date_created, downloaded, tell),
            upvotes=count(comment.upvotes, tell),
        )
        for position, (comment_id, comment) in enumerate(kept.items())
    )


def _kept(value: object, tell: Tell) -> dict[str, Comment]:
    """The comments that say something, by ids that are unique on their page."""
    kept: dict[str, Comment] = {}
    given: Counter[str] = Counter()
    for comment in _by_their_words(elements(value, Comment, tell)):
        if is_blank(comment.text):
            tell(Flaw.BLANK)
            continue
        comment_id = name(comment.comment_id, tell) or ""
        twin = kept.get(comment_id)
        if twin and twin.text == comment.text:
            tell(Flaw.TWICE)  # once among the best, once in its place
            continue
        if twin or not comment_id:
            comment_id = _numbered(f"{comment_id}#{_words_of(comment)}", given)
        kept[comment_id] = comment
    return kept


def _by_their_words(comments: Sequence[Comment]) -> list[Comment]:
    """The comments, those without an id of the page's known by their words."""
    names: dict[str, str] = {}
    given: Counter[str] = Counter()
    for comment in comments:
        own = str(comment.comment_id)
        if own.startswith(BY_POSITION) and own not in names:
            names[own] = _numbered(f"words-{_words_of(comment)}", given)
    return [
        replace(
            comment,
            comment_id=names.get(str(comment.comment_id), comment.comment_id),
            parent_id=names.get(str(comment.parent_id), comment.parent_id),
        )
        for comment in comments
    ]


def _words_of(comment: Comment) -> str:
    words = " ".join(tokens(str(comment.text))) or str(comment.text).strip()
    said = f"{comment.author}\0{words}".encode("utf-8", "surrogatepass")
    return blake2b(said, digest_size=8).hexdigest()


def _numbered(wanted: str, given: Counter[str]) -> str:
    """The wanted id; of those who say the very same, each further one has a number."""
    given[wanted] += 1
    return wanted if given[wanted] == 1 else f"{wanted}-{given[wanted]}"


def _without_circles(parents: Mapping[str, str | None]) -> dict[str, str | None]:
    """The replies' links with every circle opened at its first comment in reading order."""
    opened = dict(parents)
    rooted: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        step: str | None = start
        while step is not None and step not in rooted and step not in path:
            path[step] = None
            step = opened[step]
        if step in path:
            opened[step] = None
        rooted.update(path)
    return opened
