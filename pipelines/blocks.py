"""The blocks of a text as units that a site can repeat, and the text without those it does repeat.

A list is one unit. What introduces (a heading, a line that ends in a colon or a question mark, one
or two words, a short line with a number) is one with what it introduces: "Ingredients" or "Serves
four, 20 minutes" above another list each week is another unit each week, "Newsletter" above the
same call is always the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import groupby
from typing import Final

from crawler.items import Article, Block
from pipelines.minhash import tokens

# "Ingredients", "The facts", "Go deeper": as a paragraph of its own such a line is a heading.
LABEL_WORDS: Final = 2
# Fewer words with a number are a line of data ("Serves 4", "Final score: 3-1").
VARYING_MIN_WORDS: Final = 8

_NUMBERS = re.compile(r"\d+(?: \d+)*")
_INTRODUCES = (":", "?", "\uff1a", "\uff1f")
NOT_IN_BODY = ("caption", "embed")


@dataclass(frozen=True, slots=True)
class Unit:
    """Blocks that are taken out together or not at all; `start` and `end` are their positions.

    `key` is the 64-bit hash of their words, all numbers alike, and `wording` with the numbers.
    """

    start: int
    end: int
    words: int
    key: int
    wording: int
    introduces: bool = False


def units_of(article: Article) -> list[Unit]:
    """All that a site may repeat: the units of the body, and a description that says it again."""
    lede = _unit_of(article.description or "")
    return [*_units(article.blocks or _paragraphs(article)), *([lede] if lede else [])]


def clean(article: Article, furniture: Set[int]) -> Article:
    """The article without the units whose keys are `furniture`; itself if it has none.

    A text is never emptied: what would leave nothing but headings is left whole.
    """
    if not furniture:
        return article
    kept = _without(article.blocks, furniture)
    if body_of(article.blocks) == article.article_body:
        body = body_of(kept)
    else:
        body = body_of(_without(_paragraphs(article), furniture))
    lede = _unit_of(article.description or "")
    is_repeated = lede is not None and lede.key in furniture
    if body == article.article_body and kept == article.blocks and not is_repeated:
        return article
    return replace(
        article,
        article_body=body,
        blocks=kept,
        description=None if is_repeated else article.description,
    )


def _units(blocks: Sequence[Block]) -> list[Unit]:
    """The units that have words, in their order. Captions and posts are none."""
    found: list[Unit] = []
    for unit in reversed(list(_alone(blocks))):
        # At the very end there is nothing to introduce, and that too is always the same.
        following = found[-1].key if found else 0
        found.append(_with_following(unit, following) if unit.introduces else unit)
    return found[::-1]


def _with_following(unit: Unit, following: int) -> Unit:
    return replace(unit, key=_hash(f"{unit.key}\n{following}"))


def _unit_of(text: str) -> Unit | None:
    """A text as a unit of its own; None where it has no word."""
    return next(_alone([Block("paragraph", text)]), None)


def _paragraphs(article: Article) -> tuple[Block, ...]:
    """The body as blocks, where it came without or with others."""
    return tuple(Block("paragraph", text) for text in article.article_body.split("\n\n"))


def _without(blocks: Sequence[Block], furniture: Set[int]) -> tuple[Block, ...]:
    found = _units(blocks)
    if all(unit.introduces or unit.key in furniture for unit in found):
        return tuple(blocks)
    out = {
        index
        for unit in found
        if unit.key in furniture
        for index in range(unit.start, unit.end)
        if blocks[index].type not in NOT_IN_BODY
    }
    return tuple(block for index, block in enumerate(blocks) if index not in out)


def body_of(blocks: Sequence[Block]) -> str:
    """The body that is made of blocks."""
    return "\n\n".join(block.text for block in blocks if block.type not in NOT_IN_BODY)


def _alone(blocks: Sequence[Block]) -> Iterator[Unit]:
    """The units, what introduces not yet one with what comes after."""
    told = ((index, block) for index, block in enumerate(blocks) if block.type not in NOT_IN_BODY)
    for is_list, group in groupby(told, key=lambda pair: pair[1].type == "list_item"):
        pairs = list(group)
        for part in [pairs] if is_list else [[pair] for pair in pairs]:
            text = "\n".join(block.text for _, block in part)
            words = tokens(text)
            if words:
                yield _unit(part[0][0], part[-1][0] + 1, text, words, part[0][1])


def _unit(start: int, end: int, text: str, words: list[str], first: Block) -> Unit:
    said = " ".join(words)
    alike = _NUMBERS.sub("0", said)
    is_data = alike != said and len(words) < VARYING_MIN_WORDS
    wording = _hash(said)
    introduces = first.type == "heading" or (
        first.type == "paragraph"
        and (is_data or len(words) <= LABEL_WORDS or text.rstrip().endswith(_INTRODUCES))
    )
    key = wording if is_data or alike == said else _hash(alike)
    return Unit(start, end, len(words), key, wording, introduces)


def _hash(text: str) -> int:
    """64 bits with a sign, as SQLite stores integers."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
