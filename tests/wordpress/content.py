"""What is written on the test site: posts and their discussions from a seeded generator.

The same posts every time and no two of them alike, in French and some in English, with what real
blogs have and crawlers get wrong: headings, lists, quotes, links, threads, typographic spaces,
comments that wait for a moderator, spam.
"""

from __future__ import annotations

import html
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from tests.wordpress.writer import Writer

SEED = 20230301
FIRST_DAY = datetime(2023, 3, 1, tzinfo=UTC)
TWO_YEARS = timedelta(days=731)
PARIS = ZoneInfo("Europe/Paris")  # the site's own clock

_VOCABULARY = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8"))
_PEOPLE = _VOCABULARY["people"]

DEEPEST_REPLY = 3  # WordPress indents five levels; flatter threads leave no doubt about parents


@dataclass(frozen=True, slots=True)
class DraftComment:
    """A comment to be posted. `parent` counts this post's drafts from 0, `approved` is WordPress's
    word: 1 shown, 0 waiting, spam."""

    author: str
    author_url: str
    text: str
    date: str
    approved: Literal["1", "0", "spam"] = "1"
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A post to be published. Texts are HTML as WordPress stores it, dates UTC in SQL's form."""

    headline: str
    body: str
    excerpt: str
    author: str
    date: str
    categories: list[str]
    tags: list[str]
    comments: list[DraftComment]

    def hidden_comments(self) -> list[DraftComment]:
        """Return those that readers must not see."""
        return [comment for comment in self.comments if comment.approved != "1"]


class Newsroom:
    """Writes posts, never the same headline twice."""

    def __init__(self) -> None:
        self._dice = random.Random(SEED)
        self._headlines: set[str] = set()

    def archive(self, count: int) -> list[Draft]:
        """Write the posts of two years, at all hours of the day, and their discussions."""
        steps = [(number + self._dice.random()) / count for number in range(count)]
        return [self._post(FIRST_DAY + TWO_YEARS * step, timedelta(hours=5)) for step in steps]

    def breaking_news(self, count: int, moment: datetime) -> list[Draft]:
        """Write posts of this moment, discussed within the same second."""
        return [self._post(moment, timedelta()) for _ in range(count)]

    def _post(self, moment: datetime, pace: timedelta) -> Draft:
        language = "french" if self._dice.random() < 0.85 else "english"
        writer = Writer(self._dice, _VOCABULARY[language])
        headline = writer.line("headline")
        while headline in self._headlines:
            headline = writer.line("headline")
        self._headlines.add(headline)
        return Draft(
            headline=html.escape(headline, quote=False),
            body=_as_blocks(writer) if writer.chance(0.5) else _as_classic_text(writer),
            excerpt=writer.line("lede") if writer.chance(0.3) else "",
            author=self._dice.choice(_PEOPLE["authors"]),
            date=_sql(moment),
            categories=writer.some("categories", 1, 2),
            tags=writer.some("tags", 0, 4),
            comments=list(_discussion(writer, moment, pace)) if writer.chance(2 / 3) else [],
        )


def _sections(writer: Writer) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of a body in order: p, h2 and blockquote with one text, ul with several."""
    yield "p", [writer.marked_up(writer.line("lede"))]
    is_brief = writer.chance(0.05)
    for section in range(0 if is_brief else writer.dice.randint(2, 4)):
        if section:
            yield "h2", [writer.marked_up(writer.line("heading"))]
        for _ in range(writer.dice.randint(2, 3)):
            sentences = [writer.line("sentence") for _ in range(writer.dice.randint(3, 5))]
            yield "p", [" ".join(map(writer.marked_up, sentences))]
        if writer.chance(0.3):
            items = [writer.line("item") for _ in range(writer.dice.randint(3, 5))]
            yield "ul", [writer.marked_up(item) for item in items]
        if writer.chance(0.3):
            yield "blockquote", [writer.marked_up(writer.line("quote"))]
    yield "p", [writer.marked_up(writer.line("sentence"))]


def _as_blocks(writer: Writer) -> str:
    """Write a body as the block editor saves it."""
    names = {"p": "paragraph", "h2": "heading", "ul": "list", "li": "list-item"}
    names["blockquote"] = "quote"

    def block(tag: str, inner: str) -> str:
        return f"<!-- wp:{names[tag]} -->\n<{tag}>{inner}</{tag}>\n<!-- /wp:{names[tag]} -->"

    inner_tag = {"ul": "li", "blockquote": "p"}
    parts = []
    for tag, texts in _sections(writer):
        inner = texts if tag not in inner_tag else [block(inner_tag[tag], text) for text in texts]
        parts.append(block(tag, "\n".join(inner)))
    return "\n\n".join(parts)


def _as_classic_text(writer: Writer) -> str:
    """Write a body as the old editor saved it: bare paragraphs, the start page cut after one."""
    parts = []
    for tag, texts in _sections(writer):
        if tag == "p":
            parts.append(texts[0])
        elif tag == "ul":
            parts.append("<ul>\n" + "\n".join(f"<li>{text}</li>" for text in texts) + "\n</ul>")
        else:
            parts.append(f"<{tag}>{texts[0]}</{tag}>")
    parts.insert(1, "<!--more-->")
    return "\n\n".join(parts)


def _discussion(writer: Writer, moment: datetime, pace: timedelta) -> Iterator[DraftComment]:
    """Yield one to six comments, answers below what they answer, and sometimes unwanted ones."""
    depths: list[int] = []
    for number in range(writer.dice.randint(1, 6)):
        moment += pace * writer.dice.expovariate(1)
        answerable = [earlier for earlier, depth in enumerate(depths) if depth < DEEPEST_REPLY]
        parent = writer.dice.choice(answerable) if number and writer.chance(0.45) else None
        depths.append(0 if parent is None else depths[parent] + 1)
        yield DraftComment(
            author=html.escape(writer.dice.choice(_PEOPLE["commenters"]), quote=False),
            author_url="https://carnets.example/moi" if writer.chance(0.2) else "",
            text=_comment_text(writer, "comment" if parent is None else "reply"),
            date=_sql(moment),
            parent=parent,
        )
    if writer.chance(0.1):
        approved: Literal["0", "spam"] = "spam" if writer.chance(0.5) else "0"
        text = _comment_text(writer, "comment")
        yield DraftComment("Caché", "https://spam.example/", text, _sql(moment), approved)


def _comment_text(writer: Writer, kind: str) -> str:
    """Write a comment: mostly a line, sometimes paragraphs, a broken line or a quotation."""
    paragraphs = [writer.marked_up(writer.typed_line(kind))]
    if writer.chance(0.3):
        paragraphs.append(" ".join(writer.marked_up(writer.typed_line("comment")) for _ in "ab"))
    if writer.chance(0.1):
        paragraphs.append("\n".join(writer.marked_up(writer.typed_line("comment")) for _ in "ab"))
    if writer.chance(0.1):
        quotation = writer.marked_up(writer.line("sentence"))
        paragraphs.insert(0, f"<blockquote>{quotation}</blockquote>")
    return "\n\n".join(paragraphs)


def _sql(moment: datetime) -> str:
    # WordPress keeps local time. In October an hour comes twice, and it takes both for the second.
    if (moment + timedelta(hours=1)).astimezone(PARIS).fold:
        moment = moment.replace(minute=0, second=0) - timedelta(seconds=1)
    return moment.strftime("%Y-%m-%d %H:%M:%S")
