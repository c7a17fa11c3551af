"""What finding near-duplicates costs as the index grows, in CPU time and on disk.

    python -m tests.benchmarks.near_duplicates [ARTICLES...]

The index is filled with the fingerprints of made-up articles: each of some hundreds of words, and
of its site's legal note, which all articles of a site share. Then texts are measured on their way
through the stage and into the log: hashes, search, and their part of what the index costs to grow.
One in ten is a copy of another, with lines around it. `bytes` is what an article takes, in the
state and in the files beside it. On a virtual machine with two busy cores:

    articles      1,000   10,000   100,000   1,000,000
    CPU ms         .394     .433      .547        .806
    bytes         1,262    1,393     1,449       1,456

How good it is, on 1,838 labelled texts (1,223 stories, their copies of twelve kinds, and false
friends), beside datatrove 0.10.1 (tests/benchmarks/minhash_peer.py):

                                       precision  recall  stories lost  CPU ms a text
    scrapy deduplicate                      .999    .998             1            .27
    datatrove, its defaults                 .022    .531           429           5.85
    datatrove, split at white space         .022    .533           428            .85
    the same, numbers left as they are      .967    .523            15            .85

It reads every number as 0, so that weather, stock and match reports become one text; the last line
is of a copy of that script that was changed to leave them.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from crawler.items import Article
from crawler.state import DataFolder, State
from crawler.state.journal import Story
from pipelines.deduplicate import DeduplicatePipeline
from pipelines.minhash import PERMUTATIONS, signature
from pipelines.resemblance import VOCABULARY_BYTES
from pipelines.schema import table_of

SIZES = (1_000, 10_000, 100_000, 1_000_000)
MEASURED = 1_000
COPIES_EACH = 10  # every tenth text is a copy
SITES = 500
WORDS = 400
NOTE_WORDS = 60
BATCH = 10_000
NOW = datetime(2026, 11, 23, tzinfo=UTC)

_VOCABULARY = [f"mot{number}" for number in range(20_000)]
# The frequency of a word falls with its rank (Zipf).
_WEIGHTS = np.cumsum(1 / np.arange(10, len(_VOCABULARY) + 10)).tolist()


@dataclass(frozen=True, slots=True)
class Cost:
    """What an article costs with so many in the index: ms of CPU, bytes on disk."""

    articles: int
    cpu_ms: float
    growing_ms: float
    bytes: float
    found: int
    """How many of the copies were found."""
    copies: int


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=words))


def _notes() -> list[str]:
    return [_text(random.Random(site), NOTE_WORDS) for site in range(SITES)]


def _fill(state: State, count: int) -> None:
    """Log made-up fingerprints.

    The least of n random numbers in 0..1 is as good as exponential with a mean of 1/n; that of a
    text with a note is the lesser of both.
    """
    chance = np.random.default_rng(count)
    of_notes = np.array([np.frombuffer(signature(note), "<u4") for note in _notes()])
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        least = chance.exponential(2.0**32 / WORDS, (size, PERMUTATIONS))
        of_texts = np.minimum(least, 2**32 - 1).astype(np.uint32)
        signatures = np.minimum(of_texts, of_notes[chance.integers(0, SITES, size)])
        with state.transaction():
            for row in signatures:
                vocabulary = chance.bytes(VOCABULARY_BYTES)
                number = f"{chance.integers(2**62):032x}"
                state.fingerprints.add(number, NOW, NOW, row.tobytes(), vocabulary)


def _texts() -> Iterator[str]:
    """Texts of their own, and copies of the one before."""
    chance, notes, text = random.Random(0), _notes(), ""
    for number in range(MEASURED):
        if number % COPIES_EACH == COPIES_EACH - 1:
            yield f"{_text(chance, 10)} {text} {chance.choice(notes)}"
        else:
            text = _text(chance, WORDS)
            yield f"{text} {chance.choice(notes)}"


def _story(article: Article) -> Story:
    return Story(
        article.article_id, table_of(article), "2026-11", article.content_hash, "",
        article.cluster_id, 1, NOW,
    )  # fmt: skip


def _measure(state: State, folder: DataFolder) -> tuple[float, int]:
    """CPU ms an article, and how many copies were found."""
    stage = DeduplicatePipeline(state, folder.postings, 15, timedelta(days=60))
    articles = [
        Article(
            url="", headline="", article_body=text, article_id=f"{number:032x}",
            word_count=WORDS, date_published=NOW,
        )
        for number, text in enumerate(_texts())
    ]  # fmt: skip
    # The first opens the index, which a run does once.
    stage.process_item(articles[0])
    found, began = 0, time.process_time()
    for article in articles:
        judged = stage.process_item(article)
        found += judged.duplicate_of is not None
        with state.transaction():
            state.fingerprints.add(article.article_id, NOW, NOW, judged.minhash, judged.vocabulary)
            state.journal.remember(_story(judged))
    return (time.process_time() - began) / len(articles) * 1_000, found


def measure(articles: int) -> Cost:
    """What an article costs beside so many others."""
    with TemporaryDirectory() as name:
        folder = DataFolder(Path(name))
        state = State(folder.state)
        _fill(state, articles)
        began = time.process_time()
        stage = DeduplicatePipeline(state, folder.postings, 15, timedelta(days=60))
        stage.process_item(Article(url="", headline="", article_body=_text(random.Random(1), 99),
                                   word_count=99, date_published=NOW))  # fmt: skip
        growing = (time.process_time() - began) / articles * 1_000
        cpu_ms, found = _measure(state, folder)
        state.close()
        size = sum(path.stat().st_size for path in Path(name).rglob("*") if path.is_file())
        return Cost(
            articles, cpu_ms, growing, size / (articles + MEASURED), found, MEASURED // COPIES_EACH
        )


def main(sizes: list[int]) -> None:
    """Print a line a size."""
    print(
        f"{'articles':>9} {'CPU ms':>7} {'of these to grow':>17} {'bytes':>6} {'copies found':>13}"
    )
    for articles in sizes:
        cost = measure(articles)
        print(
            f"{cost.articles:9,} {cost.cpu_ms + cost.growing_ms:7.3f} {cost.growing_ms:17.3f}"
            f" {cost.bytes:6.0f} {cost.found:6} of {cost.copies}"
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
