"""The newspaper's texts: `texts/<host>/<slug>.md`, read into `Story` values, oldest first.

Every text is invented for this project. Its front matter says which story it copies or only
resembles, so that a test can ask the deduplication whether it saw the same.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.items import Block, Comment, DuplicateKind

TEXTS = Path(__file__).parent / "texts"
FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Product:
    """What the price widget below an article advertises."""

    name: str
    price: str


@dataclass(frozen=True, slots=True)
class App:
    """What the application box below an article rates, out of five."""

    name: str
    maker: str
    rating: str
    votes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One text as one of the hosts publishes it.

    `copy_of` and `friend_of` name another story's slug. A copy tells the same text (`copy_kind`
    says how closely); a friend only looks alike: the same template, or a shared quotation. Slugs
    are unique over all hosts.
    """

    host: str
    slug: str
    title: str
    chapo: str
    authors: tuple[str, ...]
    published: datetime
    modified: datetime
    section: str
    tags: tuple[str, ...]
    language: str
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...] = ()
    product: Product | None = None
    app: App | None = None
    copy_of: str | None = None
    copy_kind: DuplicateKind | None = None
    friend_of: str | None = None

    @property
    def body(self) -> str:
        """The lede and the blocks, blank line between: what a reader would copy out by hand."""
        return "\n\n".join([self.chapo, *(block.text for block in self.blocks)])


def load_stories(folder: Path = TEXTS) -> tuple[Story, ...]:
    """Every story below `folder`. An exact copy borrows its original's lede and blocks."""
    stories = {path.stem: parse_story(path) for path in sorted(folder.glob("*/*.md"))}
    for story in stories.values():
        if story.copy_kind == "exact" and story.copy_of:
            original = stories[story.copy_of]
            stories[story.slug] = replace(story, chapo=original.chapo, blocks=original.blocks)
    return tuple(sorted(stories.values(), key=lambda story: (story.published, story.slug)))


def parse_story(path: Path) -> Story:
    """Read one file; its folder is the host and its name the slug."""
    _, front, body = path.read_text(encoding="utf-8").split(FENCE, 2)
    fields: dict[str, Any] = tomllib.loads(front)
    product, app = fields.get("product"), fields.get("app")
    return Story(
        host=path.parent.name,
        slug=path.stem,
        title=fields["title"],
        chapo=fields.get("chapo", ""),
        authors=tuple(fields["authors"]),
        published=fields["date"],
        modified=fields.get("modified", fields["date"]),
        section=fields["section"],
        tags=tuple(fields.get("tags", ())),
        language=fields["language"],
        blocks=parse_blocks(body),
        comments=tuple(_comments(fields.get("comments", ()))),
        product=Product(**product) if product else None,
        app=App(**app) if app else None,
        copy_of=fields.get("copy_of"),
        copy_kind=fields.get("copy_kind"),
        friend_of=fields.get("friend_of"),
    )


def parse_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of our small Markdown: `## ` heading, `> ` quote, `- ` item, else paragraph.

    A blank line ends a block; list items stand one a line.
    """
    blocks: list[Block] = []
    for chunk in filter(None, (part.strip() for part in text.split("\n\n"))):
        if chunk.startswith("- "):
            items = chunk.removeprefix("- ").split("\n- ")
            blocks += [Block("list_item", " ".join(item.split("\n")), 1) for item in items]
        elif chunk.startswith("## "):
            blocks.append(Block("heading", chunk.removeprefix("## "), 2))
        elif chunk.startswith("> "):
            lines = (line.removeprefix("> ") for line in chunk.split("\n"))
            blocks.append(Block("quote", " ".join(lines)))
        else:
            blocks.append(Block("paragraph", " ".join(chunk.split("\n"))))
    return tuple(blocks)


def _comments(entries: Iterable[Mapping[str, Any]]) -> Iterable[Comment]:
    """In the file's order, which is the reading order; ids are unique over all texts."""
    for position, entry in enumerate(entries):
        parent = entry.get("reply_to")
        yield Comment(
            comment_id=str(entry["id"]),
            parent_id=str(parent) if parent else None,
            author=entry["author"],
            date_created=entry["date"],
            text=entry["text"],
            position=position,
        )
