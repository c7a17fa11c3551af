"""datatrove's MinHash deduplication on a file of texts, for tests/benchmarks/near_duplicates.py.

    pip install "datatrove[processing]" spacy    # in an environment of its own
    python minhash_peer.py DOCUMENTS.jsonl[.gz] OUT.jsonl [white-space]

Its defaults: its words of English, in lower case and with every number as 0, five-word shingles, 14
bands of 8 rows. With `white-space` words are what stands between spaces. OUT has what `scrapy
deduplicate` writes, as far as it says: id, cluster_id, duplicate_of. Prints the CPU time a text of
its four steps.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.dedup import minhash
from datatrove.utils.word_tokenizers import WordTokenizer


class _Words(WordTokenizer):  # type: ignore[misc] # the package has no types
    def word_tokenize(self, text: str) -> list[str]:
        return text.split()

    sent_tokenize = span_tokenize = word_tokenize


def _documents(path: Path) -> Iterator[Document]:
    opened: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield Document(text=row["text"], id=row["id"])


def _clusters(source: Path, folder: str, language: str | _Words) -> dict[Any, int]:
    """The cluster of every text that has copies."""
    signatures, buckets, removed = (f"{folder}/{name}" for name in ("signatures", "buckets", "ids"))
    config = minhash.MinhashConfig()
    signing = minhash.MinhashDedupSignature(signatures, config, language=language)
    signing.run(_documents(source), 0, 1)
    for rank in range(config.num_buckets):
        matching = minhash.MinhashDedupBuckets(signatures, buckets, config=config)
        matching.run(None, rank, config.num_buckets)
    minhash.MinhashDedupCluster(buckets, removed, config, save_cluster_id=True).run(None, 0, 1)
    kept = minhash.MinhashDedupFilter(removed, _Kept(), load_cluster_ids=True)
    documents = list(_documents(source))
    for _ in kept.run(documents, 0, 1):
        pass
    return {one.id: one.metadata["minhash_cluster_id"] for one in documents if one.metadata}


class _Kept:
    """Takes what is filtered out, and leaves it where it is."""

    def __enter__(self) -> _Kept:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def write(self, document: Document, rank: int = 0) -> None:
        pass


def main(source: Path, target: Path, words: str = "") -> None:
    """Cluster, write, say what it took."""
    began = time.process_time()
    with TemporaryDirectory() as folder:
        clusters = _clusters(source, folder, _Words() if words == "white-space" else "eng")
    seconds = time.process_time() - began
    first: dict[int, Any] = {}
    count = 0
    with target.open("w", encoding="utf-8") as file:
        for document in _documents(source):
            count += 1
            cluster = clusters.get(document.id, -1)
            kept = document.id if cluster < 0 else first.setdefault(cluster, document.id)
            copied = kept if kept != document.id else None
            row = {"id": document.id, "cluster_id": kept, "duplicate_of": copied}
            file.write(json.dumps(row) + "\n")
    print(f"{seconds / count * 1_000:.2f} ms of CPU a text, {count} texts")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
