"""`scrapy deduplicate`: which texts of a file tell one story, and the copy of each to keep."""

from __future__ import annotations

import argparse
from array import array
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from crawler.command import ColporteurCommand
from crawler.documents import Id, id_type, read_documents, write_rows
from crawler.errors import ConfigurationError
from pipelines.clusters import Membership, memberships
from pipelines.minhash import content_hash_of, tokens
from pipelines.resemblance import Fingerprints, fingerprint_of


class Command(ColporteurCommand):
    """Cluster the near-duplicates of any file of texts."""

    def syntax(self) -> str:
        return "[options] FILE -o OUT"

    def short_desc(self) -> str:
        return "Near-duplicate clusters of any file of texts"

    def long_desc(self) -> str:
        return (
            "FILE is JSON lines (.jsonl, .jsonl.gz) or Parquet with id, text and, if it likes, "
            "date; OUT is either, by its ending: for each text, in FILE's order, id, cluster_id "
            "(the id of the text to keep), duplicate_of (the same, null for the kept one), "
            "similarity (to the kept one, 0 to 1) and duplicate_kind (exact, near, contained). "
            "Kept is the earliest by date, else the first in FILE, unless it is a cut of a "
            "text that is there whole. Takes 1 kB of memory a text, and holds no text itself."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="OUT", help="the file to write")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read, cluster, write. Raises: ConfigurationError."""
        if len(args) != 1:
            raise ConfigurationError("give one FILE of texts, JSON lines or Parquet.")
        if not opts.output:
            raise ConfigurationError("say with -o OUT which file to write.")
        min_words = self.project_settings.getint("DEDUPLICATE_MIN_WORDS")
        ids, found = _cluster(Path(args[0]), min_words)
        kind = id_type(ids)
        schema = pa.schema(
            [
                pa.field("id", kind, nullable=False),
                pa.field("cluster_id", kind, nullable=False),
                pa.field("duplicate_of", kind),
                pa.field("similarity", pa.float32()),
                pa.field("duplicate_kind", pa.string()),
            ]
        )
        if kind == pa.string() and opts.output.endswith(".parquet"):
            ids = [str(one) for one in ids]
        write_rows(Path(opts.output), _rows(ids, found), schema)
        copies = sum(member.kind is not None for member in found)
        print(f"{len(ids)} texts, {len(ids) - copies} stories, {copies} copies.")


def _cluster(path: Path, min_words: int) -> tuple[list[Id], list[Membership]]:
    ids: list[Id] = []
    dates: list[datetime | None] = []
    content_hashes: list[str] = []
    word_counts = array("q")
    signatures, vocabularies = bytearray(), bytearray()
    for document in read_documents(path):
        words = tokens(document.text)
        prints = fingerprint_of(words)
        ids.append(document.id)
        dates.append(document.date)
        content_hashes.append(content_hash_of(words, document.text))
        word_counts.append(len(words))
        signatures += prints.signature
        vocabularies += prints.vocabulary
    fingerprints = Fingerprints.of_bytes(signatures, vocabularies)
    compared = [count >= min_words for count in word_counts]
    return ids, memberships(fingerprints, content_hashes, dates, compared)


def _rows(ids: list[Id], found: list[Membership]) -> Iterator[dict[str, Any]]:
    for own_id, member in zip(ids, found, strict=True):
        kept = ids[member.cluster]
        yield {
            "id": own_id,
            "cluster_id": kept,
            "duplicate_of": kept if member.kind else None,
            "similarity": member.similarity,
            "duplicate_kind": member.kind,
        }
