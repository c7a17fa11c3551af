"""A page's comments as one thread: each with an id of its own, and no reply in circles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from crawler.items import Comment
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
    for comment in elements(value, Comment, tell):
        if is_blank(comment.text):
            tell(Flaw.BLANK)
            continue
        comment_id = name(comment.comment_id, tell) or ""
        twin = kept.get(comment_id)
        if twin and twin.text == comment.text:
            tell(Flaw.TWICE)  # once among the best, once in its place
            continue
        if twin or not comment_id:
            comment_id = f"{comment_id}#{len(kept)}"
        kept[comment_id] = comment
    return kept


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
