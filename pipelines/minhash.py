"""The fingerprints of a text: its words, a hash that equal texts share, a MinHash near ones share.

Both fingerprints are columns of the dataset and are compared across runs and years: they depend on
the text alone, and the tests hold their values.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import blake2b, shake_256
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

PERMUTATIONS: Final = 128  # a standard error of at most .045 on the estimated Jaccard
SHINGLE_WORDS: Final = 5  # shorter shingles merge weather, stock and match reports (DESIGN)
SIGNATURE_BYTES: Final = PERMUTATIONS * 4

# What a text without a word has for a signature. It resembles nothing, not even itself.
EMPTY_SIGNATURE: Final = b"\xff" * SIGNATURE_BYTES

# Shingles are hashed this many at a time: 1 MiB of products, which stays in the cache.
_SLICE = 1024

# Scripts written without spaces, where a character stands for a word: Thai, Lao, Burmese, Khmer,
# kana and Han. (Korean has spaces.)
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)


def _character_class(belongs: npt.NDArray[np.bool_]) -> str:
    """The inside of a regular expression's `[...]` for the BMP characters that belong."""
    edges = np.flatnonzero(np.diff(belongs, prepend=False, append=False))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return "".join(f"\\u{start:04x}-\\u{end - 1:04x}" for start, end in pairs)


# `\w` would break Hindi at every vowel sign, which is a combining mark, and take the underscore.
# Beyond the BMP one wide range does, up to the emoji: many ranges there make `re` ten times slower.
@cache
def _token() -> re.Pattern[str]:
    """Made for the first text: it looks at every character there is, and most runs have no text."""
    bmp = list(map(chr, range(0x10000)))
    is_mark = np.array([kind[0] == "M" for kind in map(unicodedata.category, bmp)])
    is_unspaced = np.zeros(len(bmp), np.bool_)
    for run in re.finditer(f"[{_UNSPACED}]+", "".join(bmp)):
        is_unspaced[slice(*run.span())] = True
    marks = _character_class(is_mark)
    letters = _character_class((np.array(list(map(str.isalnum, bmp))) | is_mark) & ~is_unspaced)
    return re.compile(rf"[{letters}\U00010000-\U0001efff]+|[{_UNSPACED}][{marks}]*")


def tokens(text: str) -> list[str]:
    """The words of a text, alike however they are typed: NFKC, case folded, punctuation left out.

    An apostrophe or a hyphen parts two words (`l'eau` is two). In scripts without spaces every
    character, with its marks, is a word.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\N{SOFT HYPHEN}", "")
    return _token().findall(folded)


# An article is tokenised once for all stages: each asks for the words of the same body.
tokens_of_body = lru_cache(maxsize=1)(tokens)
"""The same, remembered for the last body. Nobody may change the list."""


def content_hash(text: str) -> str:
    """32 hex digits (BLAKE2b, 128 bit) that two texts share if they say the same words in order.

    It is the hash of `tokens`, so white space, case, punctuation and the manner of typing quotes
    make no other text. A text without a word (emoji, say) is hashed as it stands.
    """
    return content_hash_of(tokens(text), text)


def content_hash_of(words: list[str], text: str) -> str:
    """The `content_hash` of a text whose `tokens` are known."""
    said = " ".join(words) or text.strip()
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# Multiply-add-shift, h(x) = ((a x + b) mod 2^64) >> 32 for 32-bit x: strongly universal
# (Dietzfelbinger 1996; Thorup 2015, "High Speed Hashing for Integers and Strings", 3.3). The
# random a and b come from SHAKE-256, which no version of numpy can change.
_coefficients = np.frombuffer(shake_256(b"colporteur minhash 1").digest(PERMUTATIONS * 16), "<u8")
_A, _B = _coefficients.astype(np.uint64).reshape(2, PERMUTATIONS, 1)


def word_hashes(words: list[str]) -> npt.NDArray[np.uint64]:
    """A 32-bit hash for every word."""
    hashes = {word: crc32(word.encode()) for word in dict.fromkeys(words)}
    return np.fromiter(map(hashes.__getitem__, words), np.uint64, len(words))


def _shingles(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A 32-bit hash for every five words in a row, or one for all the words of a shorter text."""
    width = min(SHINGLE_WORDS, len(hashes))
    count = len(hashes) - width + 1
    mixed = np.zeros(count, np.uint64)
    for i in range(width):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[i : i + count]
    # The finaliser of SplitMix64 (Steele et al. 2014) spreads every bit over the upper half.
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed >> np.uint64(32)


def signature(text: str) -> bytes:
    """The MinHash (Broder 1997) of a text: 128 unsigned 32-bit numbers, little-endian, 512 bytes.

    `EMPTY_SIGNATURE` for a text without a word.
    """
    return signature_of(word_hashes(tokens(text)))


def signature_of(hashes: npt.NDArray[np.uint64]) -> bytes:
    """The `signature` of a text whose `word_hashes` are known."""
    if not len(hashes):
        return EMPTY_SIGNATURE
    shingles = _shingles(hashes)
    least = np.full(PERMUTATIONS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(shingles), _SLICE):
        permuted = _A * shingles[start : start + _SLICE]
        permuted += _B
        np.minimum(least, permuted.min(axis=1), out=least)
    return (least >> np.uint64(32)).astype("<u4").tobytes()


def jaccard(a: bytes, b: bytes) -> float:
    """The estimated share of shingles that two texts have in common, 0 to 1, of their signatures.

    0 where either text had no word. ValueError where either is no signature.
    """
    if len(a) != SIGNATURE_BYTES or len(b) != SIGNATURE_BYTES:
        raise ValueError(f"a signature has {SIGNATURE_BYTES} bytes, got {len(a)} and {len(b)}")
    if EMPTY_SIGNATURE in (a, b):
        return 0.0
    equal = np.frombuffer(a, "<u4") == np.frombuffer(b, "<u4")
    return float(np.count_nonzero(equal) / PERMUTATIONS)
