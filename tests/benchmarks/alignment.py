"""Which of a page's pieces a known body consists of: labels for learning.

A piece belongs to the body by the share of its 4-grams of words that stand there, and only where
the pieces that do so follow each other as they do in the body: a copy elsewhere is no part of it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence

GRAM = 4
# With fewer words a piece is looked for word for word between its neighbours.
MIN_WORDS = 5
# With this share of its words in the body, a piece stands there.
STANDS = 0.5
# A phrase that comes more often is tried at its first places only.
MAX_PLACES = 5
# How far a short piece may stand from where its neighbours' own places would have it.
SLACK = 8

_WORD = re.compile(r"\w+")
_WIDE = re.compile(r"([぀-ヿ㐀-鿿가-힯฀-๿])")


def words(text: str, *, folded: bool = True) -> list[str]:
    """Return a text's words, a character each in scripts that put no spaces."""
    if folded:
        text = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(_WIDE.sub(r" \1 ", text))


def grams(said: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the runs of four words, or the one run of fewer."""
    return [tuple(said[i : i + GRAM]) for i in range(max(1, len(said) - GRAM + 1))] if said else []


def align(texts: Sequence[str], body: str) -> list[float]:
    """Return for each text the share of it, 0 to 1, that stands in the body at its place."""
    told = words(body)
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, gram in enumerate(grams(told)):
        places[gram].append(place)
    said = [words(text) for text in texts]
    shares, starts = [0.0] * len(said), {}
    for index, piece in enumerate(said):
        if len(piece) >= MIN_WORDS:
            known = [gram for gram in grams(piece) if gram in places]
            share = len(known) / len(grams(piece))
            if share >= STANDS:
                shares[index], starts[index] = share, places[known[0]][:MAX_PLACES]
    chain = _chain(said, starts)
    shares = [share if index in chain else 0.0 for index, share in enumerate(shares)]
    for index, piece in enumerate(said):
        if 0 < len(piece) < MIN_WORDS and _stands_between(index, piece, told, said, chain):
            shares[index] = 1.0
    return shares


def _chain(said: Sequence[Sequence[str]], starts: dict[int, list[int]]) -> dict[int, int]:
    """The heaviest run of pieces whose places rise: a longest increasing subsequence in words."""
    steps = sorted(
        ((index, place) for index, found in starts.items() for place in found),
        key=lambda step: (step[0], -step[1]),
    )
    rank = {place: at for at, place in enumerate(sorted({place for _, place in steps}), start=1)}
    best = [(0, -1)] * (len(rank) + 1)  # a Fenwick tree over places: the best chain up to there
    before, end = [-1] * len(steps), (0, -1)
    for number, (index, place) in enumerate(steps):
        at, reached = rank[place] - 1, (0, -1)
        while at > 0:
            reached, at = max(reached, best[at]), at & (at - 1)
        before[number] = reached[1]
        reached = (reached[0] + len(said[index]), number)
        end, at = max(end, reached), rank[place]
        while at < len(best):
            best[at], at = max(best[at], reached), at + (at & -at)
    chain, number = {}, end[1]
    while number >= 0:
        chain[steps[number][0]] = steps[number][1]
        number = before[number]
    return chain


def _stands_between(
    index: int,
    piece: Sequence[str],
    told: Sequence[str],
    said: Sequence[Sequence[str]],
    chain: dict[int, int],
) -> bool:
    """Whether a short piece stands in the body between its neighbours' places."""
    placed = sorted(chain)
    at = bisect(placed, index)
    low = chain[placed[at - 1]] + len(said[placed[at - 1]]) - SLACK if at else 0
    high = chain[placed[at]] + GRAM if at < len(placed) else len(told)
    return any(
        told[place : place + len(piece)] == list(piece)
        for place in range(max(0, low), min(high, len(told) - len(piece) + 1))
    )
