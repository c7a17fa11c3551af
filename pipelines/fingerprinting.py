"""What of a text is compared, from the text itself or from the fingerprints it already has."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.known import known
from pipelines.minhash import (
    content_hash_of,
    signature_of,
    tokens,
    tokens_of_body,
    word_hashes,
)
from pipelines.resemblance import VOCABULARY_BYTES, Fingerprint, fingerprint_of, vocabulary_of

# Of which words are there nothing is known: then what was cut or edited throughout is not found,
# only what has most of its five-word shingles in common.
UNKNOWN_WORDS = bytes(VOCABULARY_BYTES)


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """A text's fingerprints; texts too short to tell apart are not compared."""

    content_hash: str
    prints: Fingerprint
    is_compared: bool


def fingerprinted(
    text: str | None,
    min_words: int,
    minhash: bytes | None = None,
    content_hash: str = "",
    word_count: int | None = None,
) -> Fingerprinted:
    """The fingerprints of a text. A MinHash that is known is not made again.

    Where there is no text, `minhash` and `content_hash` must be known; without a count of the words
    it is compared.
    """
    if text is not None:
        words = tokens(text)
        hashes = word_hashes(words)
        prints = Fingerprint(minhash or signature_of(hashes), vocabulary_of(hashes))
        return Fingerprinted(content_hash_of(words, text), prints, len(words) >= min_words)
    assert minhash is not None
    is_long = word_count is None or word_count >= min_words
    return Fingerprinted(content_hash, Fingerprint(minhash, UNKNOWN_WORDS), is_long)


@known(lambda body: body)
def hashes_of_body(body: str) -> tuple[str, Fingerprint]:
    """The `content_hash` of an article's body, and what it is compared by."""
    words = tokens_of_body(body)
    return content_hash_of(words, body), fingerprint_of(words)


@known(lambda headline, description, body: (str(headline), str(description), str(body)))
def hash_of_text(headline: str, description: str | None, body: str) -> str:
    """The hash of all that a reader would call the article: with another one it is a version."""
    parts = (str(headline), str(description))  # whatever they are: the schema will have its say
    words = [word for part in parts for word in tokens(part)] + tokens_of_body(str(body))
    return content_hash_of(words, f"{headline}\n{description}\n{body}")
