"""Measures of a text, after Gopher (Rae et al. 2021): annotations for whoever filters later.

Nothing is dropped here. Words are those of the fingerprints (`pipelines.minhash.tokens`).
"""

from __future__ import annotations

from dataclasses import replace

from crawler.items import Article, Quality
from pipelines.minhash import tokens

_DECIMALS = 4  # of a share over a few hundred words, more would be noise that compresses badly

# What may stand behind an ellipsis at the end of a block: `[…]`, `(...)`, `« … »`.
_CLOSERS = "])}»”’\"' \u00a0\u202f\t\n"


def word_count(text: str) -> int:
    """How many words a text has; where words have no spaces between them, how many characters."""
    return len(tokens(text))


def _blocks(article: Article) -> list[str]:
    """The texts of the blocks, or the paragraphs of a body that came without blocks."""
    texts = [block.text for block in article.blocks] or article.article_body.split("\n\n")
    return [text for text in map(str.strip, texts) if text]


def measure(article: Article) -> Quality:
    """The measures of an article's body and blocks; all 0 where it has neither word nor block.

    A block repeats another if the same text stands before it. In scripts without spaces every
    character is a word, so their mean word length lies near 1.
    """
    words = tokens(article.article_body)
    blocks = _blocks(article)
    with_letter = sum(any(map(str.isalpha, word)) for word in words)
    ellipses = sum(block.rstrip(_CLOSERS).endswith(("…", "...")) for block in blocks)

    def share(part: int, of: list[str]) -> float:
        return round(part / len(of), _DECIMALS) if of else 0.0

    return Quality(
        mean_word_length=share(sum(map(len, words)), words),
        alphabetic_words=share(with_letter, words),
        duplicate_blocks=share(len(blocks) - len(set(blocks)), blocks),
        ellipsis_blocks=share(ellipses, blocks),
    )


class QualityPipeline:
    """Fills in `word_count` and `quality`."""

    def process_item(self, item: Article) -> Article:
        return replace(item, word_count=word_count(item.article_body), quality=measure(item))
