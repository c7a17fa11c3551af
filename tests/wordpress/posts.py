"""What readers of the test site may see, as its database has it: the truth a crawl is held to."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PostedComment:
    """A comment readers see. `order` counts from 0 down the page; `parent` is such an order."""

    text: str
    author: str
    date: datetime
    parent: int | None
    order: int


@dataclass(frozen=True, slots=True)
class Post:
    """A post readers see. `body` has a line for each paragraph, heading and item of a list."""

    url: str
    headline: str
    author: str
    date: datetime
    body: str
    comments: tuple[PostedComment, ...]


def parse_posts(rows: str) -> list[Post]:
    """Return the posts that php/posts.php has printed as JSON, oldest first."""
    tables = json.loads(rows)
    comments = defaultdict(list)
    for row in tables["comments"]:
        comments[row["post_id"]].append(row)
    return [
        Post(
            url=row["url"],
            headline=_visible_text(row["headline"]),
            author=_visible_text(row["author"]),
            date=_utc(row["date"]),
            body=re.sub(r"\n+", "\n", _visible_text(row["body"])),
            comments=tuple(_down_the_page(comments[row["id"]])),
        )
        for row in tables["posts"]
    ]


def _down_the_page(rows: list[dict[str, Any]]) -> Iterator[PostedComment]:
    """Yield the comments in WordPress's order: by age, but answers below what they answer."""
    answers = defaultdict(list)
    for row in rows:
        answers[row["parent_id"]].append(row)
    order_of: dict[str, int] = {}
    waiting = answers["0"][::-1]
    while waiting:
        row = waiting.pop()
        waiting.extend(answers[row["id"]][::-1])
        order_of[row["id"]] = len(order_of)
        yield PostedComment(
            text=_visible_text(row["text"]),
            author=_visible_text(row["author"]),
            date=_utc(row["date"]),
            parent=order_of.get(row["parent_id"]),
            order=order_of[row["id"]],
        )


def _visible_text(stored: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", stored)).strip()


def _utc(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
